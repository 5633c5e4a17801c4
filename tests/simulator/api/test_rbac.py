"""Who may do what, and how it is told."""

from typing import Any

import pytest

from chaosimagecorrupt.simulator.api import Request, Response, User
from chaosimagecorrupt.simulator.api.rbac import Attributes, allowed
from chaosimagecorrupt.simulator.types import Json

from ..calls import DEPLOYMENTS, MERGE, WEB, PureCalls, deployment

RBAC = "/apis/rbac.authorization.k8s.io/v1"
ROLES = f"{RBAC}/namespaces/default/roles"
BINDINGS = f"{RBAC}/namespaces/default/rolebindings"
ACCOUNTS = "/api/v1/namespaces/default/serviceaccounts"
REVIEWS = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"
BOT = {"kind": "ServiceAccount", "name": "bot", "namespace": "default"}


@pytest.fixture
def calls() -> PureCalls:
    calls = PureCalls()
    calls("POST", ACCOUNTS, {"metadata": {"name": "bot"}})
    calls("POST", DEPLOYMENTS, deployment())
    return calls


@pytest.fixture
def bot(calls: PureCalls) -> str:
    return calls.account_token("default", "bot")


def grant(calls: PureCalls, rule: Json, subject: Json = BOT, cluster: bool = False) -> None:
    kind = "ClusterRole" if cluster else "Role"
    prefix = f"{RBAC}/cluster" if cluster else f"{RBAC}/namespaces/default/"
    full = {"apiGroups": ["apps"], "resources": ["deployments"], **rule}
    role = {"metadata": {"name": "given"}, "rules": [full]}
    assert calls("POST", f"{prefix}roles", role).status == 201
    reference = {"kind": kind, "name": "given", "apiGroup": "rbac.authorization.k8s.io"}
    binding = {"metadata": {"name": "given"}, "roleRef": reference, "subjects": [subject]}
    assert calls("POST", f"{prefix}rolebindings", binding).status == 201


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
def test_stars_match_everything(calls: PureCalls, bot: str, rule: Json) -> None:
    grant(calls, rule)
    assert calls("GET", WEB, token=bot).status == 200


@pytest.mark.parametrize("rule", [{"verbs": ["get"], "apiGroups": [""]}, {"verbs": ["get"], "resources": ["pods"]}])
def test_a_rule_for_something_else_does_not_help(calls: PureCalls, bot: str, rule: Json) -> None:
    grant(calls, rule)
    assert calls("GET", WEB, token=bot).status == 403


def test_a_role_that_is_removed_allows_no_more(calls: PureCalls, bot: str) -> None:
    grant(calls, {"verbs": ["get"]})
    calls("DELETE", f"{ROLES}/given")
    assert calls("GET", WEB, token=bot).status == 403


@pytest.mark.parametrize("group", ["system:serviceaccounts", "system:serviceaccounts:default", "system:authenticated"])
def test_service_accounts_are_in_their_groups(calls: PureCalls, bot: str, group: str) -> None:
    grant(calls, {"verbs": ["get"]}, {"kind": "Group", "name": group})
    assert calls("GET", WEB, token=bot).status == 200


def test_a_token_ends_with_its_account(calls: PureCalls, bot: str) -> None:
    calls("DELETE", f"{ACCOUNTS}/bot")
    calls("POST", ACCOUNTS, {"metadata": {"name": "bot"}})
    assert calls("GET", WEB, token=bot).status == 401


def test_a_token_expires(calls: PureCalls) -> None:
    made = calls("POST", f"{ACCOUNTS}/bot/token", {"spec": {"expirationSeconds": 600}}).body["status"]
    grant(calls, {"verbs": ["get"]})
    assert made["expirationTimestamp"] == "2023-11-14T22:23:20Z"
    assert calls("GET", WEB, token=made["token"]).status == 200
    calls.advance(601)
    assert calls("GET", WEB, token=made["token"]).status == 401


def test_a_token_of_no_account(calls: PureCalls) -> None:
    assert calls("POST", f"{ACCOUNTS}/nobody/token", {}).status == 404


def test_a_certificate_names_a_user_and_its_groups(calls: PureCalls) -> None:
    grant(calls, {"verbs": ["get"]}, {"kind": "Group", "name": "viewers"})

    def get(user: User) -> int:
        answer = calls.api.handle(Request("GET", WEB, certificate=user))
        assert isinstance(answer, Response)
        return answer.status

    assert get(User("jane", ("viewers",))) == 200
    assert get(User("jane")) == 403


def test_nobody_in_particular_may_ask_for_the_version_only(calls: PureCalls) -> None:
    def get(path: str) -> tuple[int, Any]:
        answer = calls.api.handle(Request("GET", path))
        assert isinstance(answer, Response)
        return answer.status, answer.json()

    assert get("/version")[0] == 200
    status, body = get("/apis")
    assert (status, body["message"]) == (403, 'forbidden: User "system:anonymous" cannot get path "/apis"')
    assert 'User "system:anonymous" cannot list' in get(DEPLOYMENTS)[1]["message"]


@pytest.mark.parametrize("header", ["Basic abc", "Bearer nonsense"])
def test_unknown_credentials(calls: PureCalls, header: str) -> None:
    answer = calls.api.handle(Request("GET", WEB, headers={"authorization": header}))
    assert isinstance(answer, Response)
    assert (answer.status, answer.json()["message"]) == (401, "Unauthorized")


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
def test_a_review_of_nothing(calls: PureCalls, spec: Json) -> None:
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


@pytest.mark.parametrize(
    ("role", "verb", "may"),
    [("view", "get", True), ("view", "patch", False), ("edit", "patch", True), ("admin", "delete", True)],
)
def test_the_default_roles(calls: PureCalls, role: str, verb: str, may: bool) -> None:
    reference = {"kind": "ClusterRole", "name": role, "apiGroup": "rbac.authorization.k8s.io"}
    calls("POST", BINDINGS, {"metadata": {"name": "b"}, "roleRef": reference, "subjects": [BOT]})
    user = User("system:serviceaccount:default:bot")
    assert allowed(calls.store, user, Attributes(verb, "apps", "deployments", namespace="default")) is may


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        (ROLES, {"rules": [{"apiGroups": [""], "resources": ["pods"]}]}, "rules[0].verbs"),
        (ROLES, {"rules": [{"verbs": ["get"], "resources": ["pods"]}]}, "rules[0].apiGroups"),
        (ROLES, {"rules": [{"verbs": ["get"], "apiGroups": [""]}]}, "rules[0].resources"),
        (BINDINGS, {"roleRef": {"kind": "Role"}}, "roleRef.name"),
        (BINDINGS, {"roleRef": {"kind": "Rule", "name": "x"}}, "roleRef.kind"),
        (BINDINGS, {"roleRef": {"kind": "Role", "name": "x"}, "subjects": [{"kind": "Cat", "name": "x"}]}, "kind"),
    ],
)
def test_roles_and_bindings_that_are_invalid(calls: PureCalls, path: str, body: Json, field: str) -> None:
    answer = calls("POST", path, {"metadata": {"name": "x"}, **body})
    assert (answer.status, answer.fields[0].endswith(field)) == (422, True)


def test_the_role_of_a_binding_is_final(calls: PureCalls) -> None:
    grant(calls, {"verbs": ["get"]})
    answer = calls("PATCH", f"{BINDINGS}/given", {"roleRef": {"name": "other"}}, MERGE)
    assert (answer.status, answer.fields) == (422, ["roleRef"])
