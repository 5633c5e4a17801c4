"""Clusters and users of a kubeconfig count as they do for kubectl: what is empty is not set."""

import base64
from pathlib import Path
from typing import Any

import pytest

from chaosimagecorrupt.errors import Refused
from chaosimagecorrupt.kube.client import connect
from chaosimagecorrupt.kube.kubeconfig_entry import checked_cluster, checked_context, checked_user

from ..servers import Scripted, answer
from .configured import AUTHORITY, EXEC, GET, PEM, SECRET, everything, kubeconfig

pytestmark = pytest.mark.usefixtures("nothing_configured")

SERVER = "https://c.invalid"
PLUGIN = {"command": "p", "apiVersion": EXEC, "interactiveMode": "Never"}
EMPTY = [None, ""]


def cluster(**fields: Any) -> dict[str, Any]:
    return checked_cluster({"server": SERVER, **fields}, "c", Path("/"))


def user(**fields: Any) -> dict[str, Any]:
    return checked_user(fields, "u", Path("/"))


@pytest.mark.parametrize("empty", EMPTY)
@pytest.mark.parametrize(
    "field",
    [
        "certificate-authority",
        "certificate-authority-data",
        "tls-server-name",
        "proxy-url",
        "insecure-skip-tls-verify",
        "extensions",
    ],
)
def test_an_empty_field_of_a_cluster_is_not_set(field: str, empty: Any) -> None:
    assert cluster(**{field: empty}) == {"server": SERVER}


@pytest.mark.parametrize("empty", EMPTY)
@pytest.mark.parametrize(
    "field",
    [
        "tokenFile",
        "client-certificate",
        "client-certificate-data",
        "client-key",
        "client-key-data",
        "username",
        "password",
        "as",
        "as-uid",
        "as-groups",
        "as-user-extra",
        "exec",
        "auth-provider",
        "extensions",
    ],
)
def test_an_empty_field_of_a_user_is_not_set(field: str, empty: Any) -> None:
    assert user(token="t", **{field: empty}) == {"token": "t"}
    assert user(**{field: empty, "token": empty}) == {}


@pytest.mark.parametrize("field", ["as-groups", "as-user-extra"])
def test_empty_lists_of_impersonation_are_not_set(field: str) -> None:
    assert user(**{field: [] if field == "as-groups" else {}}) == {}


def test_a_query_in_the_address_does_not_count() -> None:
    assert cluster(server=f"{SERVER}:6443/prefix?a=b#c") == {"server": f"{SERVER}:6443/prefix"}


@pytest.mark.parametrize("empty", EMPTY)
def test_an_empty_field_of_a_context_is_not_set(empty: Any) -> None:
    assert checked_context({"cluster": "c", "user": empty, "namespace": empty}, "x") == {"cluster": "c"}
    with pytest.raises(Refused, match="x names no cluster"):
        checked_context({"cluster": empty}, "x")


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"server": ""}, "c names no server"),
        ({"server": "https://.c"}, "is no address"),
        ({"server": f"https://{'a' * 64}.invalid"}, "is no address"),
        ({"insecure-skip-tls-verify": True, "certificate-authority-data": PEM}, "together with certificate-authority-"),
        ({"certificate-authority": "/ca", "certificate-authority-data": PEM}, "both certificate-authority and"),
        ({"tls-server-name": ".a"}, "tls-server-name is no host name"),
        ({"tls-server-name": "a\x00b"}, "tls-server-name is no host name"),
        ({"proxy-url": "x"}, "proxy-url must start with http://, https:// or socks5://"),
        ({"proxy-url": "ftp://a"}, "proxy-url must start with"),
        ({"proxy-url": "127.0.0.1:80"}, "proxy-url must start with"),
        ({"proxy-url": "http://"}, "proxy-url is no address"),
        ({"proxy-url": f"http://me:{SECRET}@h:99999"}, "proxy-url is no address"),
        ({"proxy-url": f"socks5://me:{SECRET}@a b"}, "proxy-url is no address"),
    ],
)
def test_a_cluster_that_kubectl_cannot_use_is_refused(fields: dict[str, Any], said: str) -> None:
    with pytest.raises(Refused, match=said) as refused:
        cluster(**fields)
    assert SECRET not in everything(refused.value)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"token": SECRET, "username": "me"}, "both a token and username or password"),
        ({"token": 5}, "token is not text; put it in quotes"),
        ({"client-certificate-data": PEM}, "a client certificate without its key"),
        ({"client-certificate": "/c", "client-certificate-data": PEM}, "both client-certificate and"),
        ({"client-certificate-data": PEM, "client-key": "/k", "client-key-data": PEM}, "both client-key and"),
        ({"as-groups": ["a"]}, "as-groups without `as`"),
        ({"as-uid": "7"}, "as-uid without `as`"),
        ({"as-user-extra": {"a": ["b"]}}, "as-user-extra without `as`"),
        ({"exec": {}}, "exec names no command"),
        ({"exec": {**PLUGIN, "command": ""}}, "exec names no command"),
        ({"exec": "x"}, "exec is not a map"),
    ],
)
def test_a_user_that_kubectl_cannot_use_is_refused(fields: dict[str, Any], said: str) -> None:
    with pytest.raises(Refused, match=said) as refused:
        user(**fields)
    assert SECRET not in everything(refused.value)


@pytest.mark.parametrize(
    ("provider", "said"),
    [
        ({"name": "gcp", "config": {"access-token": SECRET}}, "gke-gcloud-auth-plugin"),
        ({"name": "azure"}, "kubelogin convert-kubeconfig"),
        ({"name": "oidc"}, "kubectl oidc-login"),
        ({"name": ["gcp"]}, "an exec plugin, such as gke-gcloud-auth-plugin"),
        ({}, "an exec plugin, such as gke-gcloud-auth-plugin"),
    ],
)
def test_an_auth_provider_is_refused_with_what_to_use(provider: dict[str, Any], said: str) -> None:
    with pytest.raises(Refused, match=f"u: auth-provider is not supported; use .*{said}") as refused:
        user(**{"auth-provider": provider, "token": SECRET})
    assert str(refused.value).isprintable() and SECRET not in everything(refused.value)


@pytest.mark.parametrize(
    "fields", [{"token": "t"}, {"username": "me"}, {"client-certificate-data": PEM, "client-key-data": PEM}]
)
def test_a_plugin_is_not_asked_by_who_has_credentials(fields: dict[str, Any]) -> None:
    assert user(**fields, exec=PLUGIN) == fields


def test_a_key_without_a_certificate_does_not_count() -> None:
    assert user(**{"token": "t", "client-key": "/no/key"}) == {"token": "t"}


def test_a_token_file_that_can_be_read_counts_before_a_token(tmp_path: Path) -> None:
    (tmp_path / "t").write_text("t")
    assert user(token="t", tokenFile=str(tmp_path / "t")) == {"tokenFile": str(tmp_path / "t")}
    assert user(token="t", tokenFile=str(tmp_path / "missing")) == {"token": "t"}


def test_a_token_file_that_is_empty_is_refused(tmp_path: Path) -> None:
    (tmp_path / "t").write_text("\n")
    with pytest.raises(Refused, match=r"tokenFile: .* is empty"):
        user(tokenFile=str(tmp_path / "t"))


@pytest.mark.parametrize(
    ("fields", "pair"), [({"username": "me"}, "me:"), ({"username": "mé", "password": "€"}, "mé:€")]
)
def test_a_user_name_is_sent_as_kubectl_does(
    fields: dict[str, str], pair: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Scripted(answer()) as server:
        monkeypatch.setenv("KUBECONFIG", str(kubeconfig(tmp_path / "c", server.url, user=fields)))
        connect().send(GET)
        assert server.header("Authorization") == f"Basic {base64.b64encode(pair.encode()).decode()}"


def test_an_encrypted_key_is_refused_and_asks_for_no_password(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mine = AUTHORITY.issue_cert("me.invalid")
    encrypted = b"-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n"
    pems = {"client-certificate-data": mine.cert_chain_pems[0].bytes(), "client-key-data": encrypted}
    fields = {key: base64.b64encode(pem).decode() for key, pem in pems.items()}
    monkeypatch.setenv("KUBECONFIG", str(kubeconfig(tmp_path / "c", SERVER, user=fields)))
    with pytest.raises(Refused, match=r"the certificates for https://c.invalid cannot be used"):
        connect()
