"""A credential plugin is run as kubectl runs it; one that gives nothing is named, with what to do."""

import base64
import json
import os
from pathlib import Path
from typing import Any

import pytest

from chaosimagecorrupt.errors import ClusterError, Refused
from chaosimagecorrupt.kube.client import Cluster, connect
from chaosimagecorrupt.kube.exec_plugin import Credential, check_plugin, run_plugin
from chaosimagecorrupt.kube.settings import read_settings
from chaosimagecorrupt.kube.timing import ClientTiming

from ..servers import Scripted, answer
from .configured import AUTHORITY, EXEC, GET, SECRET, everything, kubeconfig, tls_for_known

BETA = f"{EXEC}beta1"
PLUGIN: dict[str, Any] = {"command": "p", "apiVersion": EXEC, "interactiveMode": "Never"}
CLUSTER = {"server": "https://c.invalid"}


def script(folder: Path, body: str, **fields: Any) -> dict[str, Any]:
    """Write a plugin; return the `exec` that runs it."""
    path = folder / "plugin"
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)
    return {**PLUGIN, "command": str(path), **fields}


def writes(folder: Path, written: Any, **fields: Any) -> dict[str, Any]:
    """Write a plugin that writes this: text, or an ExecCredential with this status."""
    if isinstance(written, dict):
        written = json.dumps({"apiVersion": EXEC, "kind": "ExecCredential", "status": written})
    (folder / "written").write_text(written)
    return script(folder, f"cat {folder}/written", **fields)


def run(plugin: dict[str, Any], **cluster: Any) -> Credential:
    check_plugin(plugin, "exec")
    return run_plugin(plugin, {**CLUSTER, **cluster}, "me")


def info(folder: Path, fields: dict[str, Any], **cluster: Any) -> Any:
    """What a plugin is told in KUBERNETES_EXEC_INFO."""
    writes(folder, {"token": "t"})
    run(script(folder, f'echo "$KUBERNETES_EXEC_INFO" > {folder}/info; cat {folder}/written', **fields), **cluster)
    return json.loads((folder / "info").read_text())


def test_a_token_is_handed_out(tmp_path: Path) -> None:
    given = run(writes(tmp_path, {"token": "t", "expirationTimestamp": "2020-01-01T00:00:00Z"}))
    assert given == Credential("t", None, None, 1577836800.0)
    assert "t'" not in repr(given)


def test_arguments_and_variables_reach_it(tmp_path: Path) -> None:
    env = [{"name": "A", "value": "a"}, {"name": "B"}]
    said = json.dumps({"apiVersion": EXEC, "kind": "ExecCredential", "status": {"token": "%s"}})
    body = f"printf '{said}' \"$1/$A/$B/$#\""
    assert run(script(tmp_path, body, args=["x", None], env=env)).token == "x/a//2"


@pytest.mark.parametrize("fields", [{"args": None, "env": None}, {"args": [], "env": []}])
def test_no_arguments_and_no_variables(fields: dict[str, Any], tmp_path: Path) -> None:
    plugin = {k: v for k, v in writes(tmp_path, {"token": "t"}, **fields).items() if v is not None}
    assert run(plugin).token == "t"


def test_it_is_told_what_it_is_asked_for(tmp_path: Path) -> None:
    assert info(tmp_path, {}) == {"apiVersion": EXEC, "kind": "ExecCredential", "spec": {"interactive": False}}


def test_it_is_told_of_the_cluster_if_it_wants_to_be(tmp_path: Path) -> None:
    (tmp_path / "ca").write_bytes(AUTHORITY.cert_pem.bytes())
    extension = {"name": "client.authentication.k8s.io/exec", "extension": {"audience": "x"}}
    more = {"tls-server-name": "a.invalid", "certificate-authority": str(tmp_path / "ca"), "other": 1}
    told = info(tmp_path, {"provideClusterInfo": True}, extensions=[{"name": "y"}, extension], **more)
    assert told["spec"]["cluster"] == {
        "server": "https://c.invalid",
        "tls-server-name": "a.invalid",
        "certificate-authority-data": base64.b64encode(AUTHORITY.cert_pem.bytes()).decode(),
        "config": {"audience": "x"},
    }


@pytest.mark.parametrize("extensions", [None, "x", [None], [{"name": ["x"]}]])
def test_extensions_of_other_shapes_are_not_told(extensions: Any, tmp_path: Path) -> None:
    assert info(tmp_path, {"provideClusterInfo": True}, extensions=extensions)["spec"]["cluster"] == CLUSTER


def test_version_v1beta1_needs_no_interactive_mode() -> None:
    check_plugin({"command": "p", "apiVersion": BETA}, "exec")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"apiVersion": None}, "no apiVersion; use client.authentication.k8s.io/v1 or"),
        ({"apiVersion": f"{EXEC}alpha1"}, "apiVersion client.authentication.k8s.io/v1alpha1 is not supported; use"),
        ({"interactiveMode": None}, "no interactiveMode; set it to IfAvailable, Never or Always"),
        ({"interactiveMode": "Sometimes"}, "interactiveMode must be IfAvailable, Never or Always"),
        ({"args": "x"}, "args is not a list of texts"),
        ({"args": [1]}, "args is not a list of texts"),
        ({"env": {"A": "a"}}, "env is not a list of maps"),
        ({"env": ["A=a"]}, "env is not a list of maps"),
        ({"env": [{"value": "a"}]}, "env holds a variable without a name"),
        ({"env": [{"name": "A", "value": 1}]}, "env: a name or value is not text"),
    ],
)
def test_an_exec_that_kubectl_cannot_use_is_refused(change: dict[str, Any], said: str) -> None:
    with pytest.raises(Refused, match=said):
        check_plugin({k: v for k, v in {**PLUGIN, **change}.items() if v is not None}, "exec")


def test_a_terminal_that_is_not_there_is_missed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", None)
    with pytest.raises(Refused, match=r"needs a terminal \(interactiveMode: Always\), and there is none"):
        run(writes(tmp_path, {"token": "t"}, interactiveMode="Always"))
    assert run(writes(tmp_path, {"token": "t"}, interactiveMode="IfAvailable")).token == "t"


@pytest.mark.parametrize(
    ("hint", "said"),
    [
        ("get it:\n  brew install \x1b[1mit", r"get it: brew install \\x1b\[1mit"),
        ("", "install it, or correct the command in the kubeconfig"),
    ],
)
@pytest.mark.parametrize("command", ["no-such-plugin", "/no/such/plugin"])
def test_one_that_is_missing_is_named_with_how_to_install_it(command: str, hint: str, said: str) -> None:
    named = f"the credential plugin '{command}' of user 'me' is not installed; {said}"
    with pytest.raises(Refused, match=named) as refused:
        run({**PLUGIN, "command": command, **({"installHint": hint} if hint else {})})
    assert str(refused.value).isprintable()


def test_one_that_fails_is_named_with_what_it_said_and_its_hint(tmp_path: Path) -> None:
    env = [{"name": "KEY", "value": SECRET}]
    plugin = script(tmp_path, 'echo first >&2; echo "no $KEY" >&2; exit 3', env=env, installHint="log in")
    with pytest.raises(Refused, match=r"plugin' of user 'me' failed with exit code 3 \(no \*\*\*\); log in") as refused:
        run(plugin)
    assert SECRET not in everything(refused.value)
    with pytest.raises(Refused, match=r"failed with exit code 1; run it by hand"):
        run(script(tmp_path, "exit 1"))


@pytest.mark.parametrize(
    "change", [{"command": "/"}, {"command": "a\x00b"}, {"args": ["\x00"]}, {"args": ["\ud800"]}, {"command": "\ud800"}]
)
def test_one_that_cannot_be_run_is_named(change: dict[str, Any]) -> None:
    with pytest.raises(
        Refused, match=r"the credential plugin '.*' of user 'me' cannot be run: .*; (install|correct) "
    ) as x:
        run({**PLUGIN, "command": "true", **change})
    assert str(x.value).isprintable()


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("hello", "did not write JSON; run it by hand"),
        ("", "did not write JSON"),
        ("[" * 100_000, "did not write JSON"),
        ("[1]", "wrote no ExecCredential"),
        ('{"kind": "Pod", "apiVersion": "v1"}', "wrote no ExecCredential"),
        (
            f'{{"kind": "ExecCredential", "apiVersion": "{BETA}"}}',
            "speaks .*v1beta1, but the kubeconfig asks for .*/v1;",
        ),
        (f'{{"kind": "ExecCredential", "apiVersion": "{EXEC}"}}', "wrote no status"),
        ({}, "wrote neither a token nor a certificate"),
        ({"token": "", "clientKeyData": None}, "wrote neither a token nor a certificate"),
        ({"token": 5}, "wrote a token that is not text"),
        ({"token": "t", "clientKeyData": SECRET}, "wrote only one of a certificate and its key"),
        ({"token": "t", "expirationTimestamp": "soon"}, "wrote an expirationTimestamp that is no time in RFC 3339"),
        ({"token": "t", "expirationTimestamp": "2020-01-01"}, "wrote an expirationTimestamp that is no time"),
        ({"token": "t", "expirationTimestamp": 5}, "wrote an expirationTimestamp that is no time"),
    ],
)
def test_output_that_is_no_credential_is_refused(written: Any, said: str, tmp_path: Path) -> None:
    with pytest.raises(Refused, match=f"the credential plugin '.*/plugin' of user 'me' {said}") as refused:
        run(writes(tmp_path, written))
    assert str(refused.value).isprintable() and SECRET not in everything(refused.value)


@pytest.mark.usefixtures("nothing_configured")
def test_a_certificate_and_a_token_are_both_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mine = AUTHORITY.issue_cert("me.invalid")
    certificate, key = mine.cert_chain_pems[0].bytes().decode(), mine.private_key_pem.bytes().decode()
    status = {"token": "t", "clientCertificateData": certificate, "clientKeyData": key}
    authority = base64.b64encode(AUTHORITY.cert_pem.bytes()).decode()
    with Scripted(answer(), tls=tls_for_known(AUTHORITY)) as server:
        user = {"exec": writes(tmp_path, status)}
        path = kubeconfig(tmp_path / "c", server.url, user=user, **{"certificate-authority-data": authority})
        monkeypatch.setenv("KUBECONFIG", str(path))
        connect().send(GET)
        assert server.header("Authorization") == "Bearer t"


@pytest.mark.usefixtures("nothing_configured")
def test_a_token_that_has_expired_is_fetched_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    status = {"token": "$(cat t)", "expirationTimestamp": "2020-01-01T00:00:00Z"}
    said = json.dumps({"apiVersion": EXEC, "kind": "ExecCredential", "status": status})
    plugin = script(tmp_path, f"cd {tmp_path}\ncat <<END\n{said}\nEND")
    with Scripted(answer()) as server:
        monkeypatch.setenv("KUBECONFIG", str(kubeconfig(tmp_path / "c", server.url, user={"exec": plugin})))
        (tmp_path / "t").write_text("old")
        cluster = Cluster.of(read_settings(None, os.environ), ClientTiming(renewal_pause=0.0))
        (tmp_path / "t").write_text("new")
        cluster.send(GET)
        assert server.header("Authorization") == "Bearer new"
        (tmp_path / "plugin").unlink()
        with pytest.raises(ClusterError, match=r"cannot be read again: the credential plugin .* is not installed"):
            cluster.send(GET)
