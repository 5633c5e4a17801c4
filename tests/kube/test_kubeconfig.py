"""Kubeconfigs are read as kubectl reads them, and a broken one is one clear refusal."""

import copy
import os
from pathlib import Path
from typing import Any

import pytest
import yaml

from chaosimagecorrupt.errors import Refused
from chaosimagecorrupt.kube.client import connect

from .configured import PEM, SECRET, address, everything, kubeconfig

pytestmark = pytest.mark.usefixtures("nothing_configured")


def test_the_first_current_context_of_several_files_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    a = kubeconfig(tmp_path / "a", "https://a.invalid", "a")
    b = kubeconfig(tmp_path / "b", "https://b.invalid", "b")
    monkeypatch.setenv("KUBECONFIG", f"{tmp_path / 'missing'}:{a}:{b}")
    assert address() == "https://a.invalid"
    assert address({"KUBERNETES_CONTEXT": "b"}) == "https://b.invalid"


def test_what_two_files_name_alike_is_of_the_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    a = kubeconfig(tmp_path / "a", "https://a.invalid")
    b = kubeconfig(tmp_path / "b", "https://b.invalid")
    monkeypatch.setenv("KUBECONFIG", f"{a}:{b}")
    assert address() == "https://a.invalid"


def test_context_cluster_and_user_may_be_in_different_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = yaml.safe_load(kubeconfig(tmp_path / "whole", "https://split.invalid").read_text())
    for key in ("clusters", "users", "contexts", "current-context"):
        (tmp_path / key).write_text(yaml.safe_dump({key: whole[key]}))
    (tmp_path / "empty").touch()
    paths = ["empty", "current-context", "users", "clusters", "contexts"]
    monkeypatch.setenv("KUBECONFIG", os.pathsep.join(paths))
    assert address() == "https://split.invalid"


# Broken kubeconfigs

GOOD: dict[str, Any] = {
    "clusters": [{"name": "c", "cluster": {"server": "https://c.invalid"}}],
    "users": [{"name": "u", "user": {"token": SECRET}}],
    "contexts": [{"name": "x", "context": {"cluster": "c", "user": "u"}}],
    "current-context": "x",
}


def broken(*path: str | int, to: Any) -> str:
    """A kubeconfig with one thing wrong; `to` ... removes it."""
    config = copy.deepcopy(GOOD)
    at: Any = config
    for key in path[:-1]:
        at = at[key]
    if to is ...:
        del at[path[-1]]
    else:
        at[path[-1]] = to
    return yaml.safe_dump(config)


CLUSTER, USER, CONTEXT = ("clusters", 0, "cluster"), ("users", 0, "user"), ("contexts", 0, "context")


BROKEN = {
    "empty": ("", "no current-context"),
    "a comment": ("# nothing\n", "no current-context"),
    "not YAML": (f"users: [{{token: {SECRET}\n  - ]", "is not YAML.*line 2"),
    "a tab": (f"users:\n\ttoken: {SECRET}\n", "is not YAML"),
    "binary": ("\x00\x01", "is not YAML"),
    "a list": ("- a\n- b\n", "holds no kubeconfig, but a list"),
    "text": ("hello", "holds no kubeconfig, but a str"),
    "no contexts": (broken("contexts", to=...), "no context 'x'"),
    "no current context": (broken("current-context", to=...), "no current-context; .*there is 'x'"),
    "missing context": (broken("current-context", to="prod"), "no context 'prod'; there is 'x'"),
    "missing user": (broken(*CONTEXT, "user", to="me"), "no user 'me'; there is 'u'"),
    "missing cluster": (broken(*CONTEXT, "cluster", to="k"), "no cluster 'k'; there is 'c'"),
    "no cluster in the context": (broken(*CONTEXT, "cluster", to=...), "context 'x' names no cluster"),
    "contexts are a map": (broken("contexts", to={"x": {}}), "contexts is not a list"),
    "users are text": (broken("users", to="u"), "users is not a list"),
    "an entry is text": (broken("clusters", 0, to="c"), "clusters holds something that has no name"),
    "an entry has no name": (broken("users", 0, "name", to=...), "users holds something that has no name"),
    "an entry is empty": (broken("users", 0, "user", to=...), "user 'u' is empty or not a map"),
    "a secret at the wrong level": (
        broken("users", 0, to={"name": "u", "token": SECRET}),
        "user 'u' is empty or not a map",
    ),
    "no server": (broken(*CLUSTER, "server", to=...), "cluster 'c' names no server"),
    "server is a number": (broken(*CLUSTER, "server", to=6443), "cluster 'c': server is not text"),
    "password is a number": (broken(*USER, to={"username": "me", "password": 1234}), "user 'u': password is not text"),
    "plugin without command": (broken(*USER, to={"exec": {"command": None}}), "user 'u': exec names no command"),
    "no base64": (broken(*CLUSTER, "certificate-authority-data", to="%%%"), "certificate-authority-data is not base64"),
    "cut base64": (broken(*USER, "client-key-data", to=PEM[:-3]), "client-key-data is not base64"),
    "base64 of nonsense": (
        broken(*USER, "client-certificate-data", to="aGVsbG8="),
        "client-certificate-data.*not.*PEM",
    ),
    "no authority": (broken(*CLUSTER, "certificate-authority", to="/no/ca"), "certificate-authority.*no file /no/ca"),
    "no certificate": (
        broken(*USER, "client-certificate", to="no.crt"),
        "client-certificate: there is no file .*no.crt",
    ),
    "no key": (broken(*USER, "client-key", to="/no/key"), "client-key: there is no file /no/key"),
    "no token file": (broken(*USER, to={"tokenFile": "/no/token"}), "tokenFile: there is no file /no/token"),
    "half a switch": (
        broken(*CLUSTER, "insecure-skip-tls-verify", to="no"),
        "insecure-skip-tls-verify is neither true nor false",
    ),
    "server without scheme": (broken(*CLUSTER, "server", to="c.invalid"), "'c.invalid' must start with https://"),
    "server is no address": (broken(*CLUSTER, "server", to="https://[::1"), "is no address"),
}


@pytest.mark.parametrize(("text", "said"), BROKEN.values(), ids=list(BROKEN))
def test_a_broken_kubeconfig_is_one_clear_refusal(
    text: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "broken"
    path.write_text(text)
    monkeypatch.setenv("KUBECONFIG", str(path))
    with pytest.raises(Refused, match=said) as refused:
        connect()
    assert str(refused.value).isprintable() and SECRET not in everything(refused.value)


def test_a_kubeconfig_that_cannot_be_read_is_one_clear_refusal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KUBECONFIG", str(tmp_path))  # a folder: root may read any file
    with pytest.raises(Refused, match="Is a directory"):
        connect()


@pytest.mark.parametrize(
    "text", [broken(*CONTEXT, "user", to=...), broken(*USER, to={}), broken(*USER, "token", to=None)]
)
def test_a_user_is_not_needed(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "c").write_text(text)
    monkeypatch.setenv("KUBECONFIG", str(tmp_path / "c"))
    assert address() == "https://c.invalid"
