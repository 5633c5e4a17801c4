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
    "an entry is text": (broken("clusters", 0, to="c"), "clusters holds something that is not a map"),
    "an entry has no name": (broken("users", 0, "name", to=...), "no user 'u'; there is none"),
    "a name is a number": (broken("users", 0, "name", to=5), "users holds a name that is not text; put it in quotes"),
    "a name is there twice": (broken("users", to=[GOOD["users"][0]] * 2), "users holds 'u' several times"),
    "a user is text": (broken(*USER, to="me"), "user 'u' is not a map"),
    "a cluster is empty": (broken("clusters", 0, "cluster", to=...), "cluster 'c' names no server"),
    "current context is a number": (broken("current-context", to=5), "current-context is not text"),
    "another kind": (broken("kind", to="Pod"), "holds no kubeconfig, but another kind: Pod"),
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
        broken(*USER, to={"client-certificate": "no.crt", "client-key-data": PEM}),
        "client-certificate: there is no file .*no.crt",
    ),
    "no key": (
        broken(*USER, to={"client-certificate-data": PEM, "client-key": "/no/key"}),
        "client-key: there is no file /no/key",
    ),
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
    "text",
    [
        broken(*CONTEXT, "user", to=...),
        broken(*CONTEXT, "user", to=""),
        broken(*USER, to={}),
        broken(*USER, to=None),
        broken(*USER, to=...),
        broken(*USER, "token", to=None),
        broken("users", 0, to={"name": "u", "token": SECRET}),
    ],
)
def test_a_user_is_not_needed(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "c").write_text(text)
    monkeypatch.setenv("KUBECONFIG", str(tmp_path / "c"))
    assert address() == "https://c.invalid"


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("preferences",), {}),
        (("preferences",), None),
        (("extensions",), None),
        (("kind",), ""),
        (("clusters", 1), None),
        (("users", 1), {"user": {"token": 5}}),
        ((*CONTEXT, "namespace"), ""),
        ((*CLUSTER, "extensions"), None),
    ],
)
def test_what_kubectl_does_not_mind_is_accepted(
    path: tuple[str | int, ...], value: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = copy.deepcopy(GOOD)
    at: Any = config
    for key in path[:-1]:
        at = at[key]
    if isinstance(at, list):
        at.append(value)
    else:
        at[path[-1]] = value
    (tmp_path / "c").write_text(yaml.safe_dump(config))
    monkeypatch.setenv("KUBECONFIG", f"{tmp_path / 'missing'}:{tmp_path / 'c'}:")
    assert address() == "https://c.invalid"


def test_an_empty_current_context_leaves_it_to_the_next_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a").write_text("current-context: ''\nclusters: null\nusers: []\n")
    b = kubeconfig(tmp_path / "b", "https://b.invalid")
    monkeypatch.setenv("KUBECONFIG", f"{tmp_path / 'a'}:{b}")
    assert address() == "https://b.invalid"


def test_an_entry_is_not_filled_up_from_the_next_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a").write_text("clusters: [{name: one, cluster: {tls-server-name: a.invalid}}]\n")
    b = kubeconfig(tmp_path / "b", "https://b.invalid")
    monkeypatch.setenv("KUBECONFIG", f"{tmp_path / 'a'}:{b}")
    with pytest.raises(Refused, match="a: cluster 'one' names no server"):
        connect()


def test_a_home_of_nobody_is_a_file_that_does_not_exist(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KUBECONFIG", "~no-such-user/config")
    with pytest.raises(Refused, match="KUBECONFIG names ~no-such-user/config, which does not exist"):
        connect()
