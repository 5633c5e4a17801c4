"""A kubeconfig's `as` is sent with each request, so that nobody's rights are taken for another's."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from chaosimagecorrupt.errors import Forbidden, Refused
from chaosimagecorrupt.kube.client import connect
from chaosimagecorrupt.kube.impersonation import impersonation_headers
from chaosimagecorrupt.kube.requests import list_request
from chaosimagecorrupt.kube.resources import DEPLOYMENTS

from ..faulty_simulator import FaultySimulator

pytestmark = pytest.mark.usefixtures("nothing_configured")


def test_every_part_has_its_header() -> None:
    user = {
        "token": "t",
        "as": "jane",
        "as-uid": "u1",
        "as-groups": ["a", "b"],
        "as-user-extra": {"example.com/scopes": ["view", "edit"], "Acme%": ["1"]},
    }
    assert impersonation_headers(user, "user 'u'") == (
        ("Impersonate-User", "jane"),
        ("Impersonate-Uid", "u1"),
        ("Impersonate-Group", "a"),
        ("Impersonate-Group", "b"),
        ("Impersonate-Extra-example.com%2Fscopes", "view"),
        ("Impersonate-Extra-example.com%2Fscopes", "edit"),
        ("Impersonate-Extra-Acme%25", "1"),
    )


BROKEN: dict[str, Any] = {
    "groups without a user": ({"as-groups": ["a"]}, "as-groups without as"),
    "a uid without a user": ({"as-uid": "1"}, "as-uid without as"),
    "a number": ({"as": 5}, "as is not text"),
    "a line break": ({"as": "a\nb"}, "no HTTP header can carry"),
    "groups that are no list": ({"as": "a", "as-groups": "b"}, "as-groups is not a list"),
    "extra that is no map": ({"as": "a", "as-user-extra": ["b"]}, "as-user-extra is not a map"),
    "extra whose values are no list": ({"as": "a", "as-user-extra": {"b": "c"}}, "as-user-extra is not a list"),
}


@pytest.mark.parametrize(("user", "said"), BROKEN.values(), ids=list(BROKEN))
def test_what_is_not_valid_is_refused(user: dict[str, Any], said: str) -> None:
    with pytest.raises(Refused, match=said):
        impersonation_headers(user, "user 'u'")


def acting(simulator: FaultySimulator, folder: Path, monkeypatch: pytest.MonkeyPatch, **changed: Any) -> None:
    """Have the kubeconfig act as another user."""
    config = yaml.safe_load(simulator.kubeconfig.read_text())
    config["users"][0]["user"] |= changed
    (folder / "config").write_text(yaml.safe_dump(config))
    monkeypatch.setenv("KUBECONFIG", str(folder / "config"))


def test_the_api_server_answers_by_the_rights_of_the_other_user(
    simulator: FaultySimulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    acting(simulator, tmp_path, monkeypatch, **{"as": "system:serviceaccount:default:reader"})
    with pytest.raises(Forbidden, match="system:serviceaccount:default:reader"):
        connect().send(list_request(DEPLOYMENTS, "default"))


def test_the_groups_count(simulator: FaultySimulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    acting(simulator, tmp_path, monkeypatch, **{"as": "jane", "as-groups": ["devs", "system:masters"]})
    assert connect().send(list_request(DEPLOYMENTS, "default"))["items"] == []
