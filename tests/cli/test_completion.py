"""Shell completion of subcommands, options, contexts, namespaces and names."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from click.shell_completion import ShellComplete

from chaosimagecorrupt.cli import image_corrupt
from tests.cluster.simulated import Place

from ..faulty_simulator import FaultySimulator
from .conftest import CHAOS, Corrupt


@pytest.fixture
def complete(capfd: pytest.CaptureFixture[str]) -> Callable[..., list[str]]:
    """Return what completes a line in this process; nothing may be printed on the way."""

    def run(*line: str) -> list[str]:
        completion = ShellComplete(image_corrupt, {}, "image-corrupt", "_COMPLETE")
        found = [item.value for item in completion.get_completions(list(line[:-1]), line[-1])]
        assert capfd.readouterr() == ("", "")
        return found

    return run


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_chaos_completes_in_each_shell(shop: Place, tmp_path: Path, shell: str) -> None:
    variables = {
        "_CHAOS_COMPLETE": f"{shell}_complete",
        "COMP_WORDS": "chaos image-corrupt re",
        "COMP_CWORD": "re" if shell == "fish" else "2",
    }
    done = subprocess.run(CHAOS[:1], env={**os.environ, **variables}, capture_output=True, text=True, timeout=60)
    assert "report" in done.stdout and "restore" in done.stdout
    assert (done.stderr, "sweep" in done.stdout) == ("", False)


def test_options_complete(complete: Callable[..., list[str]]) -> None:
    assert complete("status", "--un") == ["--unlabelled"]
    assert complete("status", "--output", "") == ["text", "wide", "json"]


def test_contexts_complete(complete: Callable[..., list[str]], shop: Place) -> None:
    assert complete("status", "--context", "sim") == ["simulator"]


def test_namespaces_complete(complete: Callable[..., list[str]], shop: Place) -> None:
    assert complete("status", "-n", "istio") == ["istio-system"]


def test_names_complete_in_the_namespace_that_is_named(complete: Callable[..., list[str]], shop: Place) -> None:
    assert complete("preflight", "-n", "istio-system", "") == ["istiod"]
    assert complete("preflight", "-n", "nope", "") == []


def test_restore_completes_only_what_is_corrupted(
    complete: Callable[..., list[str]], shop: Place, corrupt: Corrupt
) -> None:
    shop.deploy("well")
    corrupt("bad")
    assert complete("restore", "-n", shop.ns, "") == ["bad"]


@pytest.mark.parametrize("content", ["a: [", "5", "current-context: x", ""])
@pytest.mark.parametrize("line", [("--context", ""), ("-n", ""), ("",)], ids=str)
def test_a_broken_kubeconfig_completes_to_nothing(
    complete: Callable[..., list[str]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    content: str,
    line: tuple[str, ...],
) -> None:
    path = tmp_path / "kubeconfig"
    path.write_text(content)
    monkeypatch.setenv("KUBECONFIG", str(path))
    assert complete("preflight", *line) == []


def test_an_api_server_that_is_away_completes_to_nothing(
    complete: Callable[..., list[str]], shop: Place, simulator: FaultySimulator
) -> None:
    simulator.faults.refuse()
    assert complete("preflight", "-n", "") == []
    assert complete("watch", "") == []
