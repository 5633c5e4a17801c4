"""Access reviews."""

import pytest

from chaosimagecorrupt.simulator.types import Object

from ..calls import PureCalls
from .access import grant

REVIEWS = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"
pytestmark = pytest.mark.usefixtures("account")


def test_may_i(calls: PureCalls, bot: str) -> None:
    asked = {"group": "apps", "resource": "deployments", "verb": "get", "namespace": "default", "name": "web"}
    for expected in (False, True):
        answer = calls("POST", REVIEWS, {"spec": {"resourceAttributes": asked}}, token=bot)
        assert (answer.status, answer.body["status"]["allowed"]) == (201, expected)
        if not expected:
            grant(calls, {"verbs": ["get"]})


def test_may_i_see_a_path(calls: PureCalls, bot: str) -> None:
    spec = {"nonResourceAttributes": {"verb": "get", "path": "/api/v1"}}
    assert calls("POST", REVIEWS, {"spec": spec}, token=bot).body["status"]["allowed"] is True
    spec["nonResourceAttributes"]["path"] = "/metrics"
    assert calls("POST", REVIEWS, {"spec": spec}, token=bot).body["status"]["allowed"] is False


@pytest.mark.parametrize("spec", [{}, {"resourceAttributes": {}, "nonResourceAttributes": {}}])
def test_a_review_of_nothing(calls: PureCalls, spec: Object) -> None:
    assert calls("POST", REVIEWS, {"spec": spec}).status == 400


def test_what_may_i(calls: PureCalls, bot: str) -> None:
    grant(calls, {"verbs": ["get"]})
    path = "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews"
    status = calls("POST", path, {"spec": {"namespace": "default"}}, token=bot).body["status"]
    given = {"apiGroups": ["apps"], "resources": ["deployments"], "verbs": ["get"]}
    assert given in status["resourceRules"]
    assert calls("POST", path, {"spec": {}}, token=bot).status == 400


def test_who_am_i(calls: PureCalls, bot: str) -> None:
    path = "/apis/authentication.k8s.io/v1/selfsubjectreviews"
    info = calls("POST", path, {}, token=bot).body["status"]["userInfo"]
    assert info["username"] == "system:serviceaccount:default:bot"
    assert "system:serviceaccounts:default" in info["groups"]


def test_reviews_are_objects(calls: PureCalls) -> None:
    assert calls("POST", "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", [1]).status == 400
