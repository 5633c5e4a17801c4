"""`as` and its companions in a kubeconfig are sent, with every request and as kubectl does; never ignored."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from chaosimagecorrupt.actions import corrupt_image
from chaosimagecorrupt.errors import Forbidden, Refused
from chaosimagecorrupt.kube.client import connect
from chaosimagecorrupt.kube.impersonation import impersonation_headers
from chaosimagecorrupt.kube.requests import get_request
from chaosimagecorrupt.kube.resources import DEPLOYMENTS

from ..faulty_simulator import FaultySimulator
from ..fixtures_http import NS, Shop
from ..servers import Scripted, answer, status
from .configured import GET, kubeconfig

pytestmark = pytest.mark.usefixtures("nothing_configured")

# what kubectl 1.32 sends for it, but for the case of the escapes, which means nothing
ALL = {
    "as": "jane",
    "as-uid": "7",
    "as-groups": ["a", "b, c"],
    "as-user-extra": {"Acme.com/Pro%ject é~|": ["x", "y"], "z": [], "n": [None]},
}
SENT = [
    ("Impersonate-User", "jane"),
    ("Impersonate-Uid", "7"),
    ("Impersonate-Group", "a"),
    ("Impersonate-Group", "b, c"),
    ("Impersonate-Extra-Acme.com%2FPro%25ject%20%C3%A9~|", "x"),
    ("Impersonate-Extra-Acme.com%2FPro%25ject%20%C3%A9~|", "y"),
    ("Impersonate-Extra-n", ""),
]


def test_all_of_it_reaches_the_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Scripted(answer()) as server:
        monkeypatch.setenv("KUBECONFIG", str(kubeconfig(tmp_path / "c", server.url, user={"token": "t", **ALL})))
        connect().send(GET)
        assert sorted(server.headers("Impersonate-")) == sorted(SENT)
        assert server.header("Authorization") == "Bearer t"


def test_it_is_sent_after_a_renewal_of_credentials_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "t").write_text("t")
    with Scripted(status(401, "Unauthorized"), answer()) as server:
        user = {"tokenFile": "t", "as": "jane"}
        monkeypatch.setenv("KUBECONFIG", str(kubeconfig(tmp_path / "c", server.url, user=user)))
        connect().send(GET)
        assert (len(server.requests), server.headers("Impersonate-")) == (2, [("Impersonate-User", "jane")])


def test_a_name_is_sent_as_utf8(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Scripted(answer()) as server:
        monkeypatch.setenv("KUBECONFIG", str(kubeconfig(tmp_path / "c", server.url, user={"as": "jäne"})))
        connect().send(GET)
        assert (server.header("Impersonate-User") or "").encode("latin-1").decode() == "jäne"


def test_nothing_is_sent_without_it() -> None:
    assert impersonation_headers({"token": "t"}, "u") == ()


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"as": 5}, "as is not text"),
        ({"as": "a\nb"}, "a character that HTTP cannot carry"),
        ({"as": "\ud800"}, "a character that HTTP cannot carry"),
        ({"as": "j", "as-uid": 7}, "as-uid is not text"),
        ({"as": "j", "as-groups": "a"}, "as-groups is not a list"),
        ({"as": "j", "as-groups": [1]}, "as-groups is not text"),
        ({"as": "j", "as-user-extra": ["a"]}, "as-user-extra is not a map"),
        ({"as": "j", "as-user-extra": {"a": "b"}}, "as-user-extra is not a list"),
        ({"as": "j", "as-user-extra": {1: ["b"]}}, "as-user-extra is not text"),
        ({"as": "j", "as-user-extra": {"\ud800": ["b"]}}, "a character that HTTP cannot carry"),
    ],
)
def test_what_cannot_be_sent_is_refused(fields: dict[str, Any], said: str) -> None:
    with pytest.raises(Refused, match=said):
        impersonation_headers(fields, "u")


def test_several_groups_that_a_proxy_would_get_as_one_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = {"proxy-url": "http://127.0.0.1:1"}
    path = kubeconfig(tmp_path / "c", "http://c.invalid", user={"as": "j", "as-groups": ["a", "b"]}, **asked)
    monkeypatch.setenv("KUBECONFIG", str(path))
    with pytest.raises(Refused, match=r"several groups cannot be sent to http://c.invalid through a proxy; use https"):
        connect()


def test_a_fault_has_the_rights_of_who_is_impersonated(
    shop: Shop, simulator: FaultySimulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = yaml.safe_load(simulator.kubeconfig.read_text())
    config["users"][0]["user"]["as"] = reader = f"system:serviceaccount:{NS}:reader"
    (tmp_path / "c").write_text(yaml.safe_dump(config))
    monkeypatch.setenv("KUBECONFIG", str(tmp_path / "c"))
    with pytest.raises(Forbidden, match=f'User "{reader}" cannot get resource "deployments"'):
        corrupt_image(shop.name, NS, guard=False)
    assert "registry.invalid" not in str(shop.cluster.send(get_request(DEPLOYMENTS, NS, shop.name)))
