"""The options that the subcommands share: hostile names and broken kubeconfigs are one line, never a traceback."""

from pathlib import Path

import pytest

from tests.cluster.simulated import Place

from .conftest import Run

NAMED = ("preflight", "init", "watch", "restore")
BAD_NAMES = {
    "slash": "a/b",
    "up": "../../../api/v1/secrets",
    "query": "web?dryRun=All",
    "control": "\x1b[2Jweb",
    "line end": "web\nError: all is well",
    "markup": "[red]web[/red]",
    "long": "a" * 100_000,
    "empty": "",
    "upper case": "Web",
    "not ASCII": "wéb",
    "surrogate": "\udc80",
}


@pytest.mark.parametrize("name", BAD_NAMES.values(), ids=BAD_NAMES)
@pytest.mark.parametrize("subcommand", NAMED)
def test_what_cannot_be_a_name_is_refused_without_a_request(
    command: Run, shop: Place, subcommand: str, name: str
) -> None:
    with shop.no_request():
        error = command(subcommand, name).usage_error
    assert error.startswith("NAME: '") and len(error) < 300
    assert "\x1b" not in error


@pytest.mark.parametrize("name", BAD_NAMES.values(), ids=BAD_NAMES)
@pytest.mark.parametrize("subcommand", [("status",), ("sweep",), ("restore", "--all"), ("watch", "web")], ids=str)
def test_what_cannot_be_a_namespace_is_refused_without_a_request(
    command: Run, shop: Place, subcommand: tuple[str, ...], name: str
) -> None:
    with shop.no_request():
        assert command(*subcommand, "-n", name).usage_error.startswith("-n: '")


@pytest.mark.parametrize("name", ["deployment/web", "deploy/web", "deployments.apps/web", "deployment.apps/web"])
def test_a_name_may_be_written_as_kubectl_prints_it(command: Run, shop: Place, name: str) -> None:
    shop.deploy()
    assert command("restore", name, "-n", shop.ns, "--dry-run").code == 0


@pytest.mark.parametrize("subcommand", [("sweep",), ("restore", "--all")], ids=str)
def test_all_namespaces_and_one_namespace_exclude_each_other(
    command: Run, shop: Place, subcommand: tuple[str, ...]
) -> None:
    with shop.no_request():
        assert command(*subcommand, "-A", "-n", shop.ns).usage_error.startswith("-A and -n exclude each other")


def test_a_named_deployment_is_not_in_all_namespaces(command: Run, shop: Place) -> None:
    with shop.no_request():
        assert command("restore", "web", "-A").usage_error.startswith("-A goes with --all")


@pytest.mark.parametrize("subcommand", [("sweep", "--interval", "1h"), ("restore", "--all")], ids=str)
def test_what_is_no_label_selector_is_wrong_usage(command: Run, shop: Place, subcommand: tuple[str, ...]) -> None:
    assert command(*subcommand, "-l", "app in (").usage_error.startswith("-l: 'app in (' is not a label selector: ")


BAD_KUBECONFIGS = {
    "binary": b"\x7fELF\x00\xff\xfe",
    "empty": b"",
    "number": b"5",
    "list": b"- a\n- b\n",
    "no YAML": b"a: [",
    "deep": b"[" * 50_000,
    "a date that there is not": b"a: 2001-99-99",
    "contexts is text": b"contexts: x\ncurrent-context: a",
    "contexts of numbers": b"contexts: [1, 2]\ncurrent-context: a",
    "name is a number": b"contexts: [{name: 1, context: {}}]\ncurrent-context: a",
    "no context": b"current-context: a",
    "context is null": b"contexts: [{name: a}]\ncurrent-context: a",
    "no server": b"contexts: [{name: a, context: {cluster: c}}]\nclusters: [{name: c, cluster: {}}]",
    "server is no address": b"""
contexts: [{name: a, context: {cluster: c}}]
clusters: [{name: c, cluster: {server: "ftp://x"}}]
current-context: a
""",
    "python object": b"!!python/object/apply:os.system ['echo no']",
}


@pytest.mark.parametrize("content", BAD_KUBECONFIGS.values(), ids=BAD_KUBECONFIGS)
@pytest.mark.parametrize("subcommand", [("status",), ("preflight", "web")], ids=str)
def test_a_broken_kubeconfig_is_one_line_that_names_it(
    command: Run, tmp_path: Path, content: bytes, subcommand: tuple[str, ...]
) -> None:
    path = tmp_path / "kubeconfig"
    path.write_bytes(content)
    assert str(path) in command(*subcommand, "--kubeconfig", str(path)).error


def test_a_kubeconfig_that_is_no_file_is_named(command: Run, tmp_path: Path) -> None:
    assert command("status", "--kubeconfig", "nothing").error == "--kubeconfig: there is no file nothing"
    assert str(tmp_path) in command("status", "--kubeconfig", str(tmp_path)).error


def test_an_unknown_context_is_answered_with_those_that_are_there(command: Run, shop: Place) -> None:
    assert command("status", "--context", "[red]prod").error.endswith("no context '[red]prod'; there is 'simulator'")


def test_a_context_that_no_kubeconfig_could_hold_is_not_overlooked(
    command: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("KUBECONFIG", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("KUBERNETES_HOST", "https://127.0.0.1:1")
    assert "there is no kubeconfig (~/.kube/config)" in command("status", "--context", "prod").error
