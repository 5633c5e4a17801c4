import base64
import copy
import json
import os
import shutil
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import trustme
import yaml
from kubernetes.client import Configuration
from kubernetes.config import incluster_config

from chaosimagecorrupt.actions import corrupt_image
from chaosimagecorrupt.errors import ClusterError, ImageCorruptError, Refused, Unreachable
from chaosimagecorrupt.kube import client as connection
from chaosimagecorrupt.kube import configuration
from chaosimagecorrupt.kube.client import Cluster, Patience, connect
from chaosimagecorrupt.kube.configuration import configuration_of
from chaosimagecorrupt.kube.requests import get_request
from chaosimagecorrupt.kube.resources import DEPLOYMENTS
from chaosimagecorrupt.kube.settings import Settings, read_settings
from chaosimagecorrupt.kube.timing import Timing
from chaosimagecorrupt.probes import deployment_available, image_corrupted, pods_ready, resource_condition
from chaosimagecorrupt.rollbacks import restore_image
from chaosimagecorrupt.simulator import Simulator

from ..fixtures_http import NS, Shop
from ..servers import Proxy, Scripted, answer, drop, status

GET = get_request(DEPLOYMENTS, NS, "web")
SECRET = "s3cr3t-t0ken"
EXEC = "client.authentication.k8s.io/v1"
PEM = base64.b64encode(b"-----BEGIN CERTIFICATE-----\n").decode()


@pytest.fixture(autouse=True)
def nothing_configured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither this machine's kubeconfig nor its environment nor an earlier test's connection counts."""
    for key in [k for k in os.environ if k.startswith("KUBE") or k.lower().endswith("_proxy")]:
        monkeypatch.delenv(key)
    connection._clusters.clear()
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)


def kubeconfig(path: Path, server: str, name: str = "one", user: Any = None, **cluster: Any) -> Path:
    """Write a kubeconfig with one context."""
    config = {
        "clusters": [{"name": name, "cluster": {"server": server, **cluster}}],
        "users": [{"name": name, "user": {"token": SECRET} if user is None else user}],
        "contexts": [{"name": name, "context": {"cluster": name, "user": name}}],
        "current-context": name,
    }
    path.write_text(yaml.safe_dump(config))
    return path


def plugin(path: Path, before: str = "", token: str = "t") -> None:
    """Write a credential plugin that hands out a token."""
    credential = {"apiVersion": EXEC, "kind": "ExecCredential", "status": {"token": "TOKEN"}}
    said = json.dumps(credential).replace("TOKEN", f"'\"{token}\"'")
    path.write_text(f"#!/bin/sh\n{before}\necho '{said}'\n")
    path.chmod(0o755)


def address(secrets: dict[str, str] | None = None) -> str:
    return connect(secrets).address


# Which cluster


def test_an_endpoint_in_secrets_beats_kubeconfig(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KUBECONFIG", str(kubeconfig(tmp_path / "c", "https://kubeconfig.invalid")))
    with Scripted(answer({"kind": "Deployment"})) as server:
        secrets = {"KUBERNETES_HOST": server.url, "KUBERNETES_API_KEY": SECRET}
        assert connect(secrets).send(GET) == {"kind": "Deployment"}
        assert server.header("Authorization") == f"Bearer {SECRET}"


def test_kubeconfig_beats_an_endpoint_in_the_environment_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, log: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("KUBECONFIG", str(kubeconfig(tmp_path / "c", "https://kubeconfig.invalid")))
    monkeypatch.setenv("KUBERNETES_HOST", "https://env.invalid")
    assert address() == "https://kubeconfig.invalid"
    assert "KUBERNETES_HOST of the environment is not used" in log.text


def test_an_endpoint_in_the_environment_is_used_without_a_kubeconfig(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KUBERNETES_HOST", "https://env.invalid/")
    assert address() == "https://env.invalid"


def test_the_home_kubeconfig_is_found(tmp_path: Path) -> None:
    (tmp_path / ".kube").mkdir()
    kubeconfig(tmp_path / ".kube/config", "https://home.invalid")
    assert address() == "https://home.invalid"


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


def test_files_that_are_all_missing_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KUBECONFIG", "/no/such/a:/no/such/b")
    with pytest.raises(Refused, match="KUBECONFIG names /no/such/a:/no/such/b, which does not exist"):
        connect()


def test_without_any_configuration_it_is_said_what_was_looked_for() -> None:
    with pytest.raises(Refused, match=r"no cluster is configured: there is no ~/.kube/config"):
        connect()


# The service account's files have fixed places, so the `kubernetes` package's constants are pointed elsewhere.


@pytest.fixture
def pod(tmp_path: Path, simulator: Simulator, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The service account's folder of a pod of the simulated cluster."""
    config = yaml.safe_load(simulator.kubeconfig.read_text())
    authority = base64.b64decode(config["clusters"][0]["cluster"]["certificate-authority-data"])
    (tmp_path / "ca.crt").write_bytes(authority)
    (tmp_path / "token").write_text(simulator.token)
    monkeypatch.setattr(incluster_config, "SERVICE_TOKEN_FILENAME", str(tmp_path / "token"))
    monkeypatch.setattr(incluster_config, "SERVICE_CERT_FILENAME", str(tmp_path / "ca.crt"))
    monkeypatch.setattr(configuration, "_TOKEN", tmp_path / "token")
    monkeypatch.setenv("KUBERNETES_SERVICE_HOST", "127.0.0.1")
    monkeypatch.setenv("KUBERNETES_SERVICE_PORT", simulator.url.rpartition(":")[2])
    return tmp_path


def test_inside_a_pod_the_service_account_is_found(pod: Path, shop: Shop) -> None:
    assert deployment_available(shop.name, NS) is True


def test_inside_a_pod_with_a_broken_service_account_it_is_said(pod: Path) -> None:
    (pod / "ca.crt").unlink()
    with pytest.raises(Refused, match="Service certification file does not exist"):
        connect()


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


def everything(x: BaseException) -> str:
    """What a log that shows tracebacks shows of an error."""
    return "".join(traceback.format_exception(x))


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


@pytest.mark.parametrize(
    ("secrets", "said"),
    [
        ({"KUBERNETES_HOST": "c.invalid:6443"}, "'c.invalid:6443' must start with https://"),
        ({"KUBERNETES_HOST": "https://"}, "is no address"),
        ({"KUBERNETES_HOST": "https://c.invalid:99999"}, "is no address"),
        ({"KUBERNETES_HOST": "https://[::1"}, "is no address"),
        ({"KUBERNETES_HOST": f"https://me:{SECRET}@c.invalid"}, "KUBERNETES_USERNAME"),
        ({"KUBERNETES_HOST": "https://c.invalid", "KUBERNETES_CERT_FILE": "/no/c"}, "KUBERNETES_CERT_FILE:.* /no/c"),
        ({"KUBERNETES_HOST": "https://c.invalid", "KUBERNETES_KEY_FILE": "/no/k"}, "KUBERNETES_KEY_FILE:.* /no/k"),
        ({"KUBERNETES_HOST": "https://c.invalid", "KUBERNETES_CA_CERT_FILE": "/no"}, "KUBERNETES_CA_CERT_FILE:.* /no"),
        (
            {"KUBERNETES_HOST": "https://c.invalid", "KUBERNETES_VERIFY_SSL": "maybe"},
            "'maybe' is neither true nor false",
        ),
    ],
)
def test_a_broken_endpoint_is_one_clear_refusal(secrets: dict[str, str], said: str) -> None:
    with pytest.raises(Refused, match=said) as refused:
        connect(secrets)
    assert SECRET not in everything(refused.value)


# TLS and credentials

AUTHORITY = trustme.CA()


def tls() -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    AUTHORITY.issue_cert("127.0.0.1").configure_cert(context)
    return context


def test_a_server_with_an_unknown_certificate_is_refused_at_once() -> None:
    with Scripted(answer(), tls=tls()) as server:
        started = time.monotonic()
        with pytest.raises(Unreachable, match=f"{server.url} is not reachable: .*certificate verify failed"):
            connect({"KUBERNETES_HOST": server.url, "KUBERNETES_API_KEY": SECRET}).send(GET)
        assert time.monotonic() - started < 10 and server.seen == []  # it would be repeated for 15


def test_a_server_of_the_named_authority_is_trusted(tmp_path: Path) -> None:
    AUTHORITY.cert_pem.write_to_path(tmp_path / "ca")
    with Scripted(answer(), tls=tls()) as server:
        assert connect({"KUBERNETES_HOST": server.url, "KUBERNETES_CA_CERT_FILE": str(tmp_path / "ca")}).send(GET) == {}


@pytest.mark.filterwarnings("ignore::urllib3.exceptions.InsecureRequestWarning")  # it is what is asked for
@pytest.mark.parametrize("where", ["secrets", "kubeconfig"])
def test_tls_that_is_switched_off_warns(
    where: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, log: pytest.LogCaptureFixture
) -> None:
    with Scripted(answer(), tls=tls()) as server:
        secrets = {"KUBERNETES_HOST": server.url, "KUBERNETES_VERIFY_SSL": "false"}
        path = kubeconfig(tmp_path / "c", server.url, **{"insecure-skip-tls-verify": True})
        monkeypatch.setenv("KUBECONFIG", str(path))
        assert connect(secrets if where == "secrets" else None).send(GET) == {}
    assert f"TLS: the certificate of {server.url} is not verified" in log.text


def test_tls_can_be_switched_on_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Scripted(answer(), tls=tls()) as server:
        path = kubeconfig(tmp_path / "c", server.url, **{"insecure-skip-tls-verify": True})
        monkeypatch.setenv("KUBECONFIG", str(path))
        with pytest.raises(Unreachable, match="certificate verify failed"):
            connect({"KUBERNETES_VERIFY_SSL": "true"}).send(GET)


@pytest.mark.parametrize(
    ("secrets", "sent"),
    [
        ({"KUBERNETES_API_KEY": "t", "KUBERNETES_API_KEY_PREFIX": "Token"}, "Token t"),
        ({"KUBERNETES_API_KEY": "t\n"}, "Bearer t"),
        ({"KUBERNETES_USERNAME": "me", "KUBERNETES_PASSWORD": "pw"}, "Basic bWU6cHc="),
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
        {"exec": {"command": "./plugin", "apiVersion": EXEC}},
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


def with_certificates(folder: Path, server: str, authority: trustme.CA, *, as_data: bool, **cluster: Any) -> Path:
    """Write a kubeconfig with a client certificate, in it or beside it."""
    mine = authority.issue_cert("me.invalid")
    pems = {
        "certificate-authority": authority.cert_pem.bytes(),
        "client-certificate": mine.cert_chain_pems[0].bytes(),
        "client-key": mine.private_key_pem.bytes(),
    }
    for name, pem in pems.items():
        (folder / name).write_bytes(pem)
    shown = {f"{n}-data": base64.b64encode(p).decode() for n, p in pems.items()} if as_data else {n: n for n in pems}
    user = {k: v for k, v in shown.items() if k.startswith("client")}
    return kubeconfig(folder / "c", server, user=user, **{k: v for k, v in shown.items() if k not in user}, **cluster)


def tls_for_known(authority: trustme.CA, name: str = "127.0.0.1") -> ssl.SSLContext:
    """What a server speaks that wants to see a client's certificate."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert(name).configure_cert(context)
    authority.configure_trust(context)
    context.verify_mode = ssl.CERT_REQUIRED
    return context


@pytest.mark.parametrize("as_data", [True, False])
def test_a_client_certificate_reaches_the_server(
    as_data: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Scripted(answer(), tls=tls_for_known(AUTHORITY)) as server:
        monkeypatch.setenv("KUBECONFIG", str(with_certificates(tmp_path, server.url, AUTHORITY, as_data=as_data)))
        assert connect().send(GET) == {}


@pytest.mark.parametrize("as_data", [True, False])
def test_connections_are_made_when_all_files_are_gone(
    as_data: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority, folder = trustme.CA(), tmp_path / "folder"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    with Scripted(answer(), tls=tls_for_known(authority)) as server:
        monkeypatch.setenv("KUBECONFIG", str(with_certificates(folder, server.url, authority, as_data=as_data)))
        cluster = connect()
        shutil.rmtree(folder)
        assert cluster.send(GET) == {}


def test_the_servers_certificate_may_be_for_another_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Scripted(answer(), tls=tls_for_known(AUTHORITY, "api.invalid")) as server:
        named = {"tls-server-name": "api.invalid"}
        path = with_certificates(tmp_path, server.url, AUTHORITY, as_data=True, **named)
        monkeypatch.setenv("KUBECONFIG", str(path))
        assert connect().send(GET) == {}


def test_the_proxy_of_the_kubeconfig_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Scripted(answer(), tls=tls_for_known(AUTHORITY)) as server, Proxy(server.url, tunnel=True) as proxy:
        asked = {"proxy-url": proxy.url}
        path = with_certificates(tmp_path, server.url, AUTHORITY, as_data=True, **asked)
        monkeypatch.setenv("KUBECONFIG", str(path))
        assert connect().send(GET) == {}
        assert proxy.opened == 1


@pytest.mark.parametrize(("not_for", "opened"), [(None, 1), ("127.0.0.1", 0)])
def test_the_proxy_of_the_environment_is_asked_unless_it_is_not_to_be(
    not_for: str | None, opened: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Scripted(answer(), tls=tls_for_known(AUTHORITY)) as server, Proxy(server.url, tunnel=True) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        configuration = type.__call__(Configuration)
        configuration.host = server.url
        if not configuration.proxy:
            pytest.skip("this version of `kubernetes` does not read HTTPS_PROXY")
        if not_for:
            monkeypatch.setenv("NO_PROXY", not_for)
        monkeypatch.setenv("KUBECONFIG", str(with_certificates(tmp_path, server.url, AUTHORITY, as_data=True)))
        assert connect().send(GET) == {}
        assert proxy.opened == opened


def test_a_certificate_without_its_key_is_one_clear_refusal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KUBECONFIG", str(with_certificates(tmp_path, "https://c.invalid", AUTHORITY, as_data=False)))
    AUTHORITY.issue_cert("other.invalid").private_key_pem.write_to_path(tmp_path / "client-key")
    with pytest.raises(Refused, match=r"the certificates for https://c.invalid cannot be used: .*mismatch"):
        connect()


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
        cluster, sent = Cluster.of(read_settings(None, os.environ), Timing(token_age=0.0)), []
        for become in (lambda: None, lambda: (tmp_path / "t").write_text("new"), (tmp_path / "t").unlink):
            become()
            cluster.send(GET)
            sent.append(server.header("Authorization"))
    assert sent == ["Bearer old", "Bearer new", "Bearer new"]


@pytest.mark.parametrize("user", [{"tokenFile": "t"}, {"exec": {"command": "./plugin", "apiVersion": EXEC}}])
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
        assert (server.header("Authorization"), len(server.seen)) == ("Bearer new", 2)


def test_a_client_certificate_that_is_refused_is_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[str] = []

    def show(handler: Any) -> None:
        shown.append(str(handler.connection.getpeercert()["subjectAltName"][0][1]))
        status(401, "Unauthorized")(handler)

    with Scripted(show, show, tls=tls_for_known(AUTHORITY)) as server:
        monkeypatch.setenv("KUBECONFIG", str(with_certificates(tmp_path, server.url, AUTHORITY, as_data=False)))
        cluster = connect()
        other = AUTHORITY.issue_cert("renewed.invalid")
        other.cert_chain_pems[0].write_to_path(tmp_path / "client-certificate")
        other.private_key_pem.write_to_path(tmp_path / "client-key")
        with pytest.raises(ClusterError, match="401"):
            cluster.send(GET)
    assert shown == ["me.invalid", "renewed.invalid"]


def test_a_plugin_is_not_run_again_and_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plugin(tmp_path / "plugin", "echo run >> runs")
    user = {"exec": {"command": "./plugin", "apiVersion": EXEC}}
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
        ("KUBERNETES_PASSWORD", f"{SECRET}\N{EURO SIGN}"),
    ],
)
def test_a_secret_that_no_header_can_carry_is_refused_without_showing_it(key: str, token: str) -> None:
    with Scripted(answer()) as server:
        with pytest.raises(Refused, match="hold a character that HTTP cannot carry") as refused:
            connect({"KUBERNETES_HOST": server.url, "KUBERNETES_USERNAME": "me", key: token}).send(GET)
        assert SECRET not in everything(refused.value) and server.seen == []


@pytest.mark.parametrize("key", ["KUBERNETES_API_KEY", "KUBERNETES_PASSWORD"])
def test_a_secret_is_in_no_log_and_in_no_error(key: str, log: pytest.LogCaptureFixture) -> None:
    steps = [status(401, "Unauthorized"), status(403, "no"), status(500, "no"), drop, answer(b"<html>"), answer([])]
    with Scripted(*steps) as server:
        secrets = {"KUBERNETES_HOST": server.url, "KUBERNETES_USERNAME": "me", key: SECRET}
        cluster = connect(secrets)
        cluster.patience = Patience(connect=1, read=1, retry_for=0.15)
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
    failing = {"apiVersion": EXEC, "env": [{"name": "KEY", "value": SECRET}], "command": "false"}
    monkeypatch.setenv("KUBECONFIG", str(kubeconfig(tmp_path / "c", "https://c.invalid", user={"exec": failing})))
    with pytest.raises(Refused, match="credential plugin of user 'one' gave no credentials"):
        connect()
    assert SECRET not in log.text


# One client, one connection


def test_all_activities_share_one_kept_alive_connection(
    shop: Shop, simulator: Simulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = yaml.safe_load(simulator.kubeconfig.read_text())
    shop.second_after_patches()
    with Proxy(simulator.url) as proxy:
        config["clusters"][0]["cluster"]["server"] = proxy.url
        (tmp_path / "c").write_text(yaml.safe_dump(config))
        monkeypatch.setenv("KUBECONFIG", str(tmp_path / "c"))
        corrupt_image(shop.name, NS, guard=False)
        assert [image_corrupted(shop.name, NS), pods_ready(shop.name, NS, secrets={})] == [True, False]
        restore_image(shop.name, NS, clean_history=False)
        assert resource_condition("apps/v1", "Deployment", shop.name, "Available", ns=NS) is True
        assert proxy.opened == 1


def test_threads_that_come_at_once_share_one_client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plugin(tmp_path / "plugin", "sleep 0.1")  # so that all have come before the first is done
    user = {"exec": {"command": "./plugin", "apiVersion": EXEC}}
    monkeypatch.setenv("KUBECONFIG", str(kubeconfig(tmp_path / "c", "https://shared.invalid", user=user)))
    found: list[Cluster] = []
    barrier = threading.Barrier(8)

    def come() -> None:
        barrier.wait()
        found.append(connect())

    threads = [threading.Thread(target=come) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8 and len(set(map(id, found))) == 1


def test_other_settings_get_another_client() -> None:
    host = {"KUBERNETES_HOST": "https://other.invalid"}
    assert connect(host) is connect(dict(host)) is not connect({**host, "KUBERNETES_API_KEY": "t"})


def test_the_process_wide_default_of_other_extensions_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KUBECONFIG", str(kubeconfig(tmp_path / "c", "https://mine.invalid")))
    connect()
    assert Configuration.get_default_copy().host != "https://mine.invalid"


# What is imported

IMPORTS = """
import sys
import kubernetes.client, kubernetes.config
before = set(sys.modules)
from chaosimagecorrupt import actions, probes, rollbacks
name, ns = sys.argv[1:]
actions.corrupt_image(name, ns, guard=False)
probes.image_pull_failing(name, ns, timeout=0)
probes.resource_condition("apps/v1", "Deployment", name, "Available", ns=ns, timeout=1)
rollbacks.restore_image(name, ns, clean_history=False)
print(*(m for m in sorted(set(sys.modules) - before) if m.startswith("kubernetes.")))
"""


def test_the_typed_models_are_not_imported(shop: Shop, simulator: Simulator) -> None:
    shop.second_after_patches()
    ran = subprocess.run(
        [sys.executable, "-c", IMPORTS, shop.name, NS],
        env={**os.environ, "KUBECONFIG": str(simulator.kubeconfig)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout.split() == []


def test_a_configuration_of_no_settings_at_all_is_refused() -> None:
    with pytest.raises(Refused):
        configuration_of(Settings())


def test_an_error_of_the_api_server_keeps_its_status() -> None:
    with (
        Scripted(status(418, "I'm a teapot")) as server,
        pytest.raises(ClusterError, match="418, I'm a teapot") as raised,
    ):
        connect({"KUBERNETES_HOST": server.url}).send(GET)
    assert raised.value.status == 418
