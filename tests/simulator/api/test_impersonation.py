"""A user who may asks as another, and is then no more than that one."""

import pytest

from chaosimagecorrupt.simulator.api import Request, Response

from ..calls import WEB, PureCalls
from .access import grant

pytestmark = pytest.mark.usefixtures("account")

REVIEW = "/apis/authentication.k8s.io/v1/selfsubjectreviews"
USER = {"verbs": ["impersonate"], "apiGroups": [""], "resources": ["users"], "resourceNames": ["jane"]}


def ask(calls: PureCalls, token: str, *headers: tuple[str, str], path: str = WEB, method: str = "GET") -> Response:
    sent = {"authorization": f"Bearer {token}", "content-type": "application/json"}
    answer = calls.api.handle(Request(method, path, {}, sent, b"{}", impersonation=headers))
    assert isinstance(answer, Response)
    return answer


def who(calls: PureCalls, *headers: tuple[str, str]) -> dict[str, object]:
    info: dict[str, object] = ask(calls, calls.token, *headers, path=REVIEW, method="POST").json()["status"]["userInfo"]
    return info


def test_the_rights_are_those_of_the_other(calls: PureCalls) -> None:
    answer = ask(calls, calls.token, ("impersonate-user", "jane"))
    assert answer.status == 403 and 'User "jane" cannot get resource "deployments"' in answer.json()["message"]
    grant(calls, {"verbs": ["get"]}, {"kind": "Group", "name": "viewers"})
    headers = [("impersonate-user", "jane"), ("impersonate-group", "a"), ("impersonate-group", "viewers")]
    assert ask(calls, calls.token, *headers).status == 200


def test_who_may_not_impersonate_is_refused(calls: PureCalls, bot: str) -> None:
    grant(calls, {"verbs": ["get"]})
    answer = ask(calls, bot, ("impersonate-user", "jane"))
    assert answer.status == 403
    assert answer.json()["message"] == (
        'users "jane" is forbidden: User "system:serviceaccount:default:bot" cannot impersonate resource "users" in '
        'API group "" at the cluster scope'
    )


@pytest.mark.parametrize(
    ("header", "resource"),
    [
        (("impersonate-group", "system:masters"), 'resource "groups" in API group ""'),
        (("impersonate-uid", "7"), 'resource "uids" in API group "authentication.k8s.io"'),
        (("impersonate-extra-a%2fb", "x"), 'resource "userextras/a/b" in API group "authentication.k8s.io"'),
    ],
)
def test_each_part_needs_its_own_right(calls: PureCalls, bot: str, header: tuple[str, str], resource: str) -> None:
    grant(calls, USER, cluster=True)
    grant(calls, {"verbs": ["get"]}, {"kind": "User", "name": "jane"})
    assert ask(calls, bot, ("impersonate-user", "jane")).status == 200
    answer = ask(calls, bot, ("impersonate-user", "jane"), header)
    assert answer.status == 403 and f"cannot impersonate {resource}" in answer.json()["message"]


def test_a_service_account_is_in_its_groups(calls: PureCalls, bot: str) -> None:
    name = "system:serviceaccount:default:bot"
    groups = ["system:serviceaccounts", "system:serviceaccounts:default", "system:authenticated"]
    assert who(calls, ("impersonate-user", name)) == {"username": name, "groups": groups}
    assert ask(calls, bot, ("impersonate-user", name)).status == 403


def test_other_users_are_authenticated(calls: PureCalls) -> None:
    assert who(calls, ("impersonate-user", "jane"))["groups"] == ["system:authenticated"]
    grant(calls, {"verbs": ["get"]}, {"kind": "Group", "name": "system:unauthenticated"})
    assert ask(calls, calls.token, ("impersonate-user", "jane")).status == 403
    assert ask(calls, calls.token, ("impersonate-user", "system:anonymous")).status == 200


def test_groups_without_a_user_are_an_error(calls: PureCalls) -> None:
    assert ask(calls, calls.token, ("impersonate-group", "a")).status == 500
