"""Hostile input, broken kubeconfigs, locales and pipes: one line that says what to do, and never a traceback."""

import json

import pytest

from chaosimagecorrupt.cli import image_corrupt

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
def test_what_cannot_be_a_name_is_refused_without_a_request(command, shop, subcommand, name):
    with shop.no_request():
        error = command(subcommand, name).error
    assert error.startswith("name: '") and len(error) < 300
    assert "\x1b" not in error


@pytest.mark.parametrize("name", BAD_NAMES.values(), ids=BAD_NAMES)
@pytest.mark.parametrize("subcommand", [("status",), ("sweep",), ("restore", "--all"), ("watch", "web")], ids=str)
def test_what_cannot_be_a_namespace_is_refused_without_a_request(command, shop, subcommand, name):
    with shop.no_request():
        assert command(*subcommand, "-n", name).error.startswith("ns: '")


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
def test_a_broken_kubeconfig_is_one_line_that_names_it(command, tmp_path, content, subcommand):
    path = tmp_path / "kubeconfig"
    path.write_bytes(content)
    assert str(path) in command(*subcommand, "--kubeconfig", str(path)).error


def test_a_kubeconfig_that_is_no_file_is_named(command, tmp_path):
    assert command("status", "--kubeconfig", "nothing").error == "--kubeconfig: there is no file nothing"
    assert str(tmp_path) in command("status", "--kubeconfig", str(tmp_path)).error


def test_an_unknown_context_is_answered_with_those_that_are_there(command, shop):
    assert command("status", "--context", "[red]prod").error.endswith("no context '[red]prod'; there is 'simulator'")


def test_a_context_that_no_kubeconfig_could_hold_is_not_overlooked(command, tmp_path, monkeypatch):
    monkeypatch.delenv("KUBECONFIG", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("KUBERNETES_HOST", "https://127.0.0.1:1")
    assert "there is no kubeconfig (~/.kube/config)" in command("status", "--context", "prod").error


WRONG_USAGE = [
    (),
    ("preflight",),
    ("nothing",),
    ("restore",),
    ("restore", "web", "--all"),
    ("status", "--output", "xml"),
    ("watch", "a", "b"),
    ("report",),
]


@pytest.mark.parametrize("arguments", WRONG_USAGE, ids=str)
def test_wrong_usage_is_exit_code_2(command, shop, arguments):
    done = command(*arguments)
    assert (done.code, "Usage: " in done.err) == (2, True)


def test_every_subcommand_explains_itself(command):
    for name in image_corrupt.list_commands(None):
        assert command(name, "--help").out.startswith(f"Usage: image-corrupt {name} ")
    assert "Exit codes: 0 done; 1 " in command("--help").out


BAD_JOURNALS = {
    "binary": b"\x00\xff\xfe",
    "empty": b"",
    "number": b"5",
    "null": b"null",
    "list": b"[[]]",
    "deep": b"[" * 100_000,
    "a number of many digits": b"1" * 10_000,
    "run is text": b'{"run": "x", "experiment": {}}',
    "run of numbers": b'{"run": [1, null], "experiment": {"title": 5}}',
    "experiment is a list": b'{"run": [], "experiment": [1]}',
    "times are no times": b'{"run": [], "experiment": {}, "start": 5, "end": {}, "chaosimagecorrupt": 7}',
}


@pytest.mark.parametrize("content", BAD_JOURNALS.values(), ids=BAD_JOURNALS)
@pytest.mark.parametrize("form", ["html", "json"])
def test_a_file_that_is_no_journal_is_one_line(command, tmp_path, content, form):
    path = tmp_path / "[red]journal.json"
    path.write_bytes(content)
    assert str(path) in command("report", str(path), "--format", form).error


def test_a_folder_and_a_missing_file_are_no_journals(command, tmp_path):
    assert str(tmp_path) in command("report", str(tmp_path)).error
    assert "nothing.json" in command("report", "nothing.json").error


def test_ascii_output_shows_what_it_can(chaos, shop, corrupt):
    corrupt()
    record = {"app": {"image": "é\U0001f600", "id": "x", "by": "jörg@host"}}
    annotations = {"chaos.operatorchaos.io/image-corrupt": json.dumps(record)}
    shop.api.patch(shop.ns, "web", {"metadata": {"annotations": annotations}})
    for locale in ({"LC_ALL": "C"}, {"PYTHONIOENCODING": "ascii"}):
        done = chaos("status", "-n", shop.ns, **locale)
        assert (done.code, "@host" in done.out) == (0, True)
    (row,) = chaos("status", "-n", shop.ns, "-o", "json", PYTHONIOENCODING="ascii").json
    assert row["by"] == "jörg@host"


def test_a_reader_that_has_gone_is_exit_code_141(start, shop):
    process = start("status", "-n", shop.ns)
    process.stdout.close()
    assert process.wait(60) == 141
    assert process.stderr.read() == ""
