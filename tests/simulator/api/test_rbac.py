"""Which requests roles and their bindings allow."""

import pytest

from chaosimagecorrupt.simulator.types import Object

from ..calls import DEPLOYMENTS, MERGE, WEB, PureCalls, deployment
from .access import ROLES, grant

pytestmark = pytest.mark.usefixtures("account")


def test_nothing_is_allowed_without_a_role(calls: PureCalls, bot: str) -> None:
    refused = calls("GET", WEB, token=bot)
    assert (refused.status, refused.message) == (
        403,
        'deployments.apps "web" is forbidden: User "system:serviceaccount:default:bot" cannot get resource '
        '"deployments" in API group "apps" in the namespace "default"',
    )


@pytest.mark.parametrize(
    ("method", "path", "verb"),
    [
        ("GET", DEPLOYMENTS, "list"),
        ("GET", f"{DEPLOYMENTS}?watch=true", "watch"),
        ("POST", DEPLOYMENTS, "create"),
        ("PUT", WEB, "update"),
        ("PATCH", WEB, "patch"),
        ("DELETE", WEB, "delete"),
        ("DELETE", DEPLOYMENTS, "deletecollection"),
    ],
)
def test_each_verb_by_its_name(calls: PureCalls, bot: str, method: str, path: str, verb: str) -> None:
    body = None if method in ("GET", "DELETE") else deployment()
    kind = MERGE if method == "PATCH" else "application/json"
    assert f'cannot {verb} resource "deployments"' in calls(method, path, body, kind, bot).message
    grant(calls, {"verbs": [verb]})
    assert calls(method, path, body, kind, bot).status in (200, 201, 409)


def test_a_list_of_all_namespaces_is_of_the_cluster(calls: PureCalls, bot: str) -> None:
    grant(calls, {"verbs": ["list"]})
    assert calls("GET", "/apis/apps/v1/deployments", token=bot).message.endswith("at the cluster scope")


def test_a_cluster_role_reaches_everywhere(calls: PureCalls, bot: str) -> None:
    grant(calls, {"verbs": ["list"]}, cluster=True)
    assert calls("GET", "/apis/apps/v1/deployments", token=bot).status == 200


def test_a_binding_in_a_namespace_reaches_no_further(calls: PureCalls, bot: str) -> None:
    grant(calls, {"verbs": ["list"]})
    calls("POST", "/api/v1/namespaces", {"metadata": {"name": "other"}})
    assert calls("GET", DEPLOYMENTS, token=bot).status == 200
    assert calls("GET", "/apis/apps/v1/namespaces/other/deployments", token=bot).status == 403


def test_a_rule_may_name_its_objects(calls: PureCalls, bot: str) -> None:
    grant(calls, {"verbs": ["get", "list"], "resourceNames": ["web"]})
    assert calls("GET", WEB, token=bot).status == 200
    assert calls("GET", f"{DEPLOYMENTS}/other", token=bot).status == 403
    assert calls("GET", DEPLOYMENTS, token=bot).status == 403


@pytest.mark.parametrize("verb", ["list", "watch"])
def test_a_selection_of_one_name_is_of_that_object(calls: PureCalls, bot: str, verb: str) -> None:
    grant(calls, {"verbs": [verb], "resourceNames": ["web"]})
    watch = "&watch=true" if verb == "watch" else ""
    assert calls("GET", f"{DEPLOYMENTS}?fieldSelector=metadata.name%3Dweb{watch}", token=bot).status == 200
    refused = calls("GET", f"{DEPLOYMENTS}?fieldSelector=metadata.name%3Dother{watch}", token=bot)
    assert refused.message.startswith('deployments.apps "other" is forbidden: ')


@pytest.mark.parametrize(
    ("resources", "status"),
    [(["deployments"], 403), (["deployments/scale"], 200), (["*/scale"], 200), (["*"], 200)],
)
def test_a_subresource_needs_a_rule_of_its_own(calls: PureCalls, bot: str, resources: list[str], status: int) -> None:
    grant(calls, {"verbs": ["get"], "resources": resources})
    answer = calls("GET", f"{WEB}/scale", token=bot)
    assert answer.status == status
    if status == 403:
        assert 'cannot get resource "deployments/scale"' in answer.message


@pytest.mark.parametrize(
    "rule", [{"verbs": ["*"]}, {"verbs": ["get"], "apiGroups": ["*"]}, {"verbs": ["get"], "resources": ["*"]}]
)
def test_stars_match_everything(calls: PureCalls, bot: str, rule: Object) -> None:
    grant(calls, rule)
    assert calls("GET", WEB, token=bot).status == 200


@pytest.mark.parametrize("rule", [{"verbs": ["get"], "apiGroups": [""]}, {"verbs": ["get"], "resources": ["pods"]}])
def test_a_rule_for_something_else_does_not_help(calls: PureCalls, bot: str, rule: Object) -> None:
    grant(calls, rule)
    assert calls("GET", WEB, token=bot).status == 403


def test_a_role_that_is_removed_allows_no_more(calls: PureCalls, bot: str) -> None:
    grant(calls, {"verbs": ["get"]})
    calls("DELETE", f"{ROLES}/given")
    assert calls("GET", WEB, token=bot).status == 403


@pytest.mark.parametrize(
    ("method", "path", "words"),
    [
        (
            "GET",
            "/apis/apps/v1/namespaces/default/controllers",
            'cannot list resource "controllers" in API group "apps"',
        ),
        ("GET", "/apis/apps/v1beta1/namespaces/default/deployments", 'cannot list resource "deployments"'),
        ("GET", "/apis/nope.example.com/v1/things/a", 'cannot get resource "things" in API group "nope.example.com"'),
        ("POST", WEB, 'cannot create resource "deployments"'),
    ],
)
def test_who_may_not_ask_does_not_learn_whether_a_resource_is_served(
    calls: PureCalls, bot: str, method: str, path: str, words: str
) -> None:
    refused = calls(method, path, {} if method == "POST" else None, token=bot)
    assert (refused.status, words in refused.message) == (403, True)
    assert calls(method, path, {} if method == "POST" else None).status in (404, 405)
