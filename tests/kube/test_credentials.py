"""Credentials reach the server, are read again when they are refused, and are shown nowhere."""

import base64
import os
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from kubernetes.config import incluster_config

from chaosimagecorrupt.errors import ClusterError, ImageCorruptError, Refused, Unreachable
from chaosimagecorrupt.kube.client import Cluster, Patience, connect
from chaosimagecorrupt.kube.requests import get_request
from chaosimagecorrupt.kube.resources import DEPLOYMENTS
from chaosimagecorrupt.kube.settings import read_settings
from chaosimagecorrupt.kube.timing import ClientTiming

from ..fixtures_http import NS, Shop
from ..servers import Scripted, answer, drop, status
from .configured import (
    EXEC,
    GET,
    SECRET,
    everything,
    kubeconfig,
    plugin,
)

pytestmark = pytest.mark.usefixtures("nothing_configured")


@pytest.mark.parametrize(
    ("secrets", "sent"),
    [
        ({"KUBERNETES_API_KEY": "t", "KUBERNETES_API_KEY_PREFIX": "Token"}, "Token t"),
        ({"KUBERNETES_API_KEY": "t\n"}, "Bearer t"),
        ({"KUBERNETES_USERNAME": "me", "KUBERNETES_PASSWORD": "pw"}, "Basic bWU6cHc="),
        ({"KUBERNETES_USERNAME": "me", "KUBERNETES_PASSWORD": "\N{EURO SIGN}"}, "Basic bWU64oKs"),
        ({"KUBERNETES_API_KEY": "t", "KUBERNETES_USERNAME": "me", "KUBERNETES_PASSWORD": "pw"}, "Bearer t"),
        ({}, None),
    ],
)
def test_credentials_reach_the_server(secrets: dict[str, str], sent: str | None) -> None:
    with Scripted(answer()) as server:
        connect({"KUBERNETES_HOST": server.url, **secrets}).send(GET)
        assert server.header("Authorization") == sent


@pytest.mark.parametrize(
    "user",
    [
        {"token": "t"},
        {"tokenFile": "t"},
        {"exec": {"command": "./plugin", "apiVersion": EXEC, "interactiveMode": "Never"}},
    ],
)
def test_tokens_of_a_kubeconfig_reach_the_server(
    user: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "folder"  # what is relative is relative to the kubeconfig
    folder.mkdir()
    (folder / "t").write_text("t\n")
    plugin(folder / "plugin")
    with Scripted(answer()) as server:
        monkeypatch.setenv("KUBECONFIG", str(kubeconfig(folder / "c", server.url, user=user)))
        connect().send(GET)
        assert server.header("Authorization") == "Bearer t"


# Credentials that change


class Tomorrow(datetime):
    """The clock of the `kubernetes` package, a day ahead: what it has read is old."""

    @classmethod
    def now(cls, tz: Any = None) -> Any:
        return super().now(tz) + timedelta(days=1)


def test_a_token_file_is_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "t").write_text("old")
    with Scripted(answer()) as server:
        monkeypatch.setenv("KUBECONFIG", str(kubeconfig(tmp_path / "c", server.url, user={"tokenFile": "t"})))
        cluster, sent = Cluster.of(read_settings(None, os.environ), ClientTiming(token_age=0.0)), []
        for become in (lambda: None, lambda: (tmp_path / "t").write_text("new"), (tmp_path / "t").unlink):
            become()
            cluster.send(GET)
            sent.append(server.header("Authorization"))
    assert sent == ["Bearer old", "Bearer new", "Bearer new"]


@pytest.mark.parametrize(
    "user", [{"tokenFile": "t"}, {"exec": {"command": "./plugin", "apiVersion": EXEC, "interactiveMode": "Never"}}]
)
def test_credentials_that_are_refused_are_read_again(
    user: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "t").write_text("old")
    plugin(tmp_path / "plugin", "", token="$(cat t)")
    with Scripted(status(401, "Unauthorized"), answer({"kind": "x"})) as server:
        monkeypatch.setenv("KUBECONFIG", str(kubeconfig(tmp_path / "c", server.url, user=user)))
        cluster = connect()
        for path in ("t", "c"):
            (tmp_path / path).write_text("new")
        assert cluster.send(GET) == {"kind": "x"}
        assert (server.header("Authorization"), len(server.requests)) == ("Bearer new", 2)


def test_a_plugin_is_not_run_again_and_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plugin(tmp_path / "plugin", "echo run >> runs")
    user = {"exec": {"command": "./plugin", "apiVersion": EXEC, "interactiveMode": "Never"}}
    with Scripted(status(401, "Unauthorized")) as server:
        monkeypatch.setenv("KUBECONFIG", str(kubeconfig(tmp_path / "c", server.url, user=user)))
        for _ in range(5):
            with pytest.raises(ClusterError, match="401"):
                connect().send(GET)
    assert (tmp_path / "runs").read_text().split() == ["run", "run"]


def test_credentials_that_cannot_be_read_for_a_moment_are_an_error_that_may_pass(
    pod: Path, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    cluster, get = connect(), get_request(DEPLOYMENTS, NS, shop.name)
    (pod / "token").rename(pod / "away")
    monkeypatch.setattr(incluster_config, "datetime", SimpleNamespace(datetime=Tomorrow, timedelta=timedelta))
    with pytest.raises(ClusterError, match=r"cannot be read again: .*No such file") as raised:
        cluster.send(get)
    assert raised.value.is_transient and not raised.value.maybe_acted
    (pod / "away").rename(pod / "token")
    assert cluster.send(get)["kind"] == "Deployment"


@pytest.mark.parametrize(
    ("key", "token"),
    [
        ("KUBERNETES_API_KEY", f"{SECRET}\r\nX: y"),
        ("KUBERNETES_API_KEY", f"{SECRET}\x00"),
        ("KUBERNETES_API_KEY", f"{SECRET}\N{EURO SIGN}"),
    ],
)
def test_a_secret_that_no_header_can_carry_is_refused_without_showing_it(key: str, token: str) -> None:
    with Scripted(answer()) as server:
        with pytest.raises(Refused, match="hold a character that HTTP cannot carry") as refused:
            connect({"KUBERNETES_HOST": server.url, "KUBERNETES_USERNAME": "me", key: token}).send(GET)
        assert SECRET not in everything(refused.value) and server.requests == []


@pytest.mark.parametrize("key", ["KUBERNETES_API_KEY", "KUBERNETES_PASSWORD"])
def test_a_secret_is_in_no_log_and_in_no_error(key: str, log: pytest.LogCaptureFixture) -> None:
    steps = [status(401, "Unauthorized"), status(403, "no"), status(500, "no"), drop, answer(b"<html>"), answer([])]
    with Scripted(*steps) as server:
        secrets = {"KUBERNETES_HOST": server.url, "KUBERNETES_USERNAME": "me", key: SECRET}
        cluster = connect(secrets).with_patience(Patience(connect=1, read=1, retry_for=0.15))
        for _ in steps:
            with pytest.raises(ImageCorruptError) as raised:
                cluster.send(GET)
            assert SECRET not in everything(raised.value)
        assert server.header("Authorization") is not None
    with pytest.raises(Unreachable):
        cluster.send(GET)
    encoded = base64.b64encode(f"me:{SECRET}".encode()).decode()
    assert log.records and SECRET not in log.text and encoded not in log.text


def test_a_credential_plugin_that_fails_shows_no_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, log: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "failing").write_text('#!/bin/sh\necho "no access with $KEY" >&2\nexit 3\n')
    (tmp_path / "failing").chmod(0o755)
    env = [{"name": "KEY", "value": SECRET}]
    failing = {"apiVersion": EXEC, "env": env, "command": "./failing", "interactiveMode": "Never"}
    monkeypatch.setenv("KUBECONFIG", str(kubeconfig(tmp_path / "c", "https://c.invalid", user={"exec": failing})))
    with pytest.raises(Refused, match=r"failed with exit code 3 \(no access with \*\*\*\)") as refused:
        connect()
    assert SECRET not in everything(refused.value)
    assert SECRET not in log.text
