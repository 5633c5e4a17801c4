"""Who sends a request."""

from typing import Any

import pytest

from chaosimagecorrupt.simulator.api import Request, Response, User

from ..calls import DEPLOYMENTS, WEB, PureCalls
from .access import ACCOUNTS, grant

pytestmark = pytest.mark.usefixtures("account")


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
