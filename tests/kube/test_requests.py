import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chaosimagecorrupt.errors import ClusterError, Conflict, Expired, Forbidden, NotFound, Unauthorized
from chaosimagecorrupt.kube import requests
from chaosimagecorrupt.kube.requests import Request
from chaosimagecorrupt.kube.resources import EVENTS_K8S_IO, Resource

from ..recorded import RECORDINGS
from ..strategies import quickly

DEPLOYMENTS = Resource("apps", "v1", "deployments")
PODS = Resource("", "v1", "pods")
NAMESPACES = Resource("", "v1", "namespaces", namespaced=False)
GET = requests.get_request(DEPLOYMENTS, "rec-api", "web")


def answers() -> list[tuple[int, dict[str, Any]]]:
    """Status and body of everything that the real API server refused."""
    pairs = [json.loads(line) for line in (RECORDINGS / "api.jsonl").read_text().splitlines()]
    return [(p["response"]["status"], p["response"]["body"]) for p in pairs if p["response"]["status"] >= 400]


def query(request: Request) -> dict[str, list[str]]:
    return parse_qs(urlsplit(request.url).query)


@pytest.mark.parametrize(
    ("resource", "namespace", "name", "path"),
    [
        (DEPLOYMENTS, "shop", "web", "/apis/apps/v1/namespaces/shop/deployments/web"),
        (DEPLOYMENTS, "shop", None, "/apis/apps/v1/namespaces/shop/deployments"),
        (DEPLOYMENTS, None, None, "/apis/apps/v1/deployments"),
        (PODS, "shop", "web-1", "/api/v1/namespaces/shop/pods/web-1"),
        (NAMESPACES, None, "shop", "/api/v1/namespaces/shop"),
        (NAMESPACES, "ignored", "shop", "/api/v1/namespaces/shop"),
    ],
)
def test_paths_are_those_of_the_api(resource: Resource, namespace: str | None, name: str | None, path: str) -> None:
    assert resource.path(namespace, name) == path


@given(st.text(min_size=1), st.text(min_size=1))
@quickly
def test_a_name_never_leaves_its_place_in_the_url(namespace: str, name: str) -> None:
    path = PODS.path(namespace, name)
    assert path.count("/") == 6 and "?" not in path and "#" not in path and path.isascii() and path.isprintable()


def test_a_kind_is_called_as_roles_call_it() -> None:
    assert (DEPLOYMENTS.full_name, PODS.full_name) == ("deployments.apps", "pods")


@pytest.mark.parametrize(
    ("request_", "what"),
    [
        (GET, 'get deployments.apps "web" in namespace "rec-api"'),
        (requests.list_request(PODS, "shop"), 'list pods in namespace "shop"'),
        (requests.list_request(PODS, None), "list pods"),
        (requests.watch_request(requests.list_request(PODS, "shop"), "5"), 'watch pods in namespace "shop"'),
        (requests.get_request(NAMESPACES, "x", "shop"), 'get namespaces "shop"'),
        (
            requests.patch_request(DEPLOYMENTS, "shop", "web", {"metadata": {}}),
            'patch deployments.apps "web" in namespace "shop"',
        ),
    ],
)
def test_a_request_says_verb_and_resource_for_errors(request_: Request, what: str) -> None:
    assert request_.what == what


def test_what_a_request_says_has_no_raw_control_character() -> None:
    assert requests.get_request(PODS, "a\x1b", "b\nc").what == 'get pods "b\\nc" in namespace "a\\x1b"'


def test_a_watch_follows_what_was_listed() -> None:
    listed = requests.list_request(PODS, "shop", {"labelSelector": "app=web,x in (a)", "limit": "500"})
    watch = requests.watch_request(requests.continue_request(listed, "token"), "7")
    assert (watch.method, watch.path) == ("GET", listed.path)
    assert query(watch) == {
        "labelSelector": ["app=web,x in (a)"],
        "watch": ["true"],
        "allowWatchBookmarks": ["true"],
        "resourceVersion": ["7"],
        "timeoutSeconds": ["30"],
    }


def test_the_next_page_is_asked_for_with_the_same_selectors() -> None:
    listed = requests.list_request(PODS, "shop", {"labelSelector": "app=web", "limit": "500"})
    page = requests.continue_request(listed, "a/b=")
    assert query(page) == {"labelSelector": ["app=web"], "limit": ["500"], "continue": ["a/b="]}
    assert page.what == listed.what


def test_a_request_without_a_query_has_none_in_its_url() -> None:
    assert GET.url == "/apis/apps/v1/namespaces/rec-api/deployments/web"


@pytest.mark.parametrize("dry_run", [False, True])
def test_a_patch_names_the_field_manager_and_its_kind(dry_run: bool) -> None:
    body = {"metadata": {"resourceVersion": "5"}}
    request = requests.patch_request(DEPLOYMENTS, "shop", "web", body, dry_run=dry_run)
    dry = {"dryRun": ["All"]} if dry_run else {}
    assert query(request) == {"fieldManager": ["chaosimagecorrupt"], **dry}
    assert (request.method, request.body) == ("PATCH", body)
    assert request.content_type == "application/strategic-merge-patch+json"


@pytest.mark.parametrize(("metadata", "repeatable"), [({"resourceVersion": "5"}, True), ({"labels": {}}, False)])
def test_a_patch_may_be_repeated_only_with_a_version(metadata: dict[str, Any], repeatable: bool) -> None:
    assert requests.patch_request(DEPLOYMENTS, "shop", "web", {"metadata": metadata}).repeatable is repeatable


@pytest.mark.parametrize(("path", "repeatable"), [("/metadata/resourceVersion", True), ("/metadata/labels", False)])
def test_a_json_patch_may_be_repeated_only_when_it_tests_the_version_first(path: str, repeatable: bool) -> None:
    patch = [{"op": "test", "path": path, "value": "5"}, {"op": "remove", "path": "/metadata/managedFields/0"}]
    request = requests.json_patch_request(DEPLOYMENTS, "shop", "web", patch)
    assert (request.repeatable, request.body) == (repeatable, patch)
    assert request.content_type == "application/json-patch+json"
    assert query(request) == {"fieldManager": ["chaosimagecorrupt"]}


def test_an_object_that_is_an_answer_by_itself_is_posted() -> None:
    reviews = Resource("authorization.k8s.io", "v1", "selfsubjectaccessreviews", namespaced=False)
    request = requests.review_request(reviews, {"spec": {}}, "ask what is allowed")
    assert (request.method, request.body, request.what) == ("POST", {"spec": {}}, "ask what is allowed")
    assert request.path == "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"


def test_an_object_is_created_in_its_namespace_under_our_name() -> None:
    request = requests.create_request(EVENTS_K8S_IO, {"kind": "Event"}, "shop")
    assert (request.method, request.body) == ("POST", {"kind": "Event"})
    assert request.path == "/apis/events.k8s.io/v1/namespaces/shop/events"
    assert request.what == 'create events.events.k8s.io in namespace "shop"'
    assert query(request) == {"fieldManager": ["chaosimagecorrupt"]}


def test_a_delete_is_refused_for_any_other_version_than_the_one_that_was_read() -> None:
    found = {"metadata": {"name": "web-1", "namespace": "shop", "uid": "u", "resourceVersion": "5", "labels": {}}}
    request = requests.delete_request(PODS, found)
    assert (request.method, request.path) == ("DELETE", "/api/v1/namespaces/shop/pods/web-1")
    assert request.body["preconditions"] == {"uid": "u", "resourceVersion": "5"}


@pytest.mark.parametrize(("uid", "preconditions"), [("u", {"uid": "u"}), (None, None)])
def test_a_delete_by_name_spares_only_an_object_with_another_uid(uid: str | None, preconditions: object) -> None:
    request = requests.delete_by_name_request(PODS, "shop", "web-1", uid)
    assert (request.method, request.path) == ("DELETE", "/api/v1/namespaces/shop/pods/web-1")
    assert request.body.get("preconditions") == preconditions
    assert request.what == 'delete pods "web-1" in namespace "shop"'


@pytest.mark.parametrize(("status", "body"), answers())
def test_what_the_api_server_said_is_in_the_error(status: int, body: dict[str, Any]) -> None:
    error = requests.error_of(GET, status, json.dumps(body).encode())
    said = body["message"] if isinstance(body, dict) else body.strip()
    assert error.status == status and str(error).isprintable()
    assert said[:200] in str(error)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (404, NotFound),
        (409, Conflict),
        (410, Expired),
        (403, Forbidden),
        (400, ClusterError),
        (401, Unauthorized),
        (415, ClusterError),
        (422, ClusterError),
        (429, ClusterError),
        (500, ClusterError),
        (503, ClusterError),
    ],
)
def test_each_status_is_its_own_error(status: int, kind: type[ClusterError]) -> None:
    assert type(requests.error_of(GET, status, b'{"message": "x"}')) is kind


def test_a_missing_permission_names_verb_and_resource() -> None:
    body = next(body for status, body in answers() if status == 403)
    text = str(requests.error_of(GET, 403, json.dumps(body).encode()))
    assert 'the role does not allow to get deployments.apps "web" in namespace "rec-api"; grant the verb' in text
    assert "system:serviceaccount:rec-api:weak" in text


@pytest.mark.parametrize(
    "message",
    [
        'admission webhook "validate.kyverno.svc-fail" denied the request: require-signed-images: not signed',
        'pods "web-1" is forbidden: exceeded quota: small, requested: pods=1, used: pods=5, limited: pods=5',
        'pods "web-1" is forbidden: violates PodSecurity "restricted:latest": allowPrivilegeEscalation != false',
        'deployments.apps "web" is forbidden: unable to create new content in namespace shop because it is being '
        "terminated",
    ],
)
def test_a_denial_of_admission_is_no_missing_permission(message: str) -> None:
    error = requests.error_of(GET, 403, json.dumps({"message": message}).encode())
    assert str(error) == f'could not get deployments.apps "web" in namespace "rec-api": 403, {message}'


def test_bad_credentials_say_what_to_do() -> None:
    assert "does not accept these credentials (401, Unauthorized); log in again" in str(
        requests.error_of(GET, 401, b'{"message": "Unauthorized"}')
    )


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" \n",
        b"<html>\x1b[2J</html>",
        b"\xff\xfe",
        b"null",
        b"[]",
        b"{}",
        b'{"message": null}',
        b'{"message": {}}',
        b"[" * 100000,
        b"x" * 100000,
        b'{"message": "a\\nb\\u202e"}',
    ],
)
def test_whatever_a_proxy_answers_becomes_one_plain_line(body: bytes) -> None:
    text = str(requests.error_of(GET, 502, body))
    assert text.startswith('could not get deployments.apps "web" in namespace "rec-api": 502, ')
    assert text.isprintable() and len(text) < 600
