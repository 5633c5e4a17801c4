"""A request may act as another user if its sender has the verb `impersonate`."""

import pytest

from chaosimagecorrupt.simulator.api.bootstrap import bootstrap
from chaosimagecorrupt.simulator.api.errors import ApiError
from chaosimagecorrupt.simulator.api.impersonation import impersonated
from chaosimagecorrupt.simulator.api.request import Request, User

from ..controller_cluster import ControllerCluster

ADMIN, NOBODY = User("admin", ("system:masters",)), User("nobody")


def acting(sender: User, **headers: str) -> User:
    store = ControllerCluster().store
    bootstrap(store)
    sent = {f"impersonate-{name.replace('_', '-')}": value for name, value in headers.items()}
    return impersonated(store, sender, Request("GET", "/", {}, sent))


def test_without_headers_the_sender_is_the_user() -> None:
    assert acting(NOBODY) is NOBODY


def test_the_headers_name_user_groups_and_uid() -> None:
    found = acting(ADMIN, user="jane", group="a\nb", uid="1", extra_scopes="view")
    assert found == User("jane", ("a", "b", "system:authenticated"), "1")


def test_a_service_account_is_in_its_groups() -> None:
    found = acting(ADMIN, user="system:serviceaccount:shop:reader")
    assert "system:serviceaccounts:shop" in found.groups


@pytest.mark.parametrize("user", ["jane", "system:serviceaccount:shop:reader"])
def test_a_sender_without_the_right_is_refused(user: str) -> None:
    with pytest.raises(ApiError) as refused:
        acting(NOBODY, user=user)
    assert refused.value.code == 403


def test_groups_need_a_user() -> None:
    with pytest.raises(ApiError):
        acting(ADMIN, group="a")
