"""The cluster is the one that the caller means, by its context, its address or its UID."""

from typing import Any

import pytest

from chaosimagecorrupt.errors import ClusterError, Refused
from chaosimagecorrupt.fault.cluster import check_cluster, check_expected_cluster, connect_to

from ..in_process_client import web_place
from ..restricted_client import RestrictedClient

OTHER_UID = "0b6b6a9e-6c1c-4d0e-9d0f-6c1f5b1a2b3c"


class Connection(RestrictedClient):
    """A connection to https://here by the context `lab`."""

    def __init__(self, *forbidden: str) -> None:
        super().__init__(web_place(), "here", *forbidden)
        self.context = "lab"
        found: Any = self._place.ask("GET", "/api/v1/namespaces/kube-system").body
        self.uid, self.before = str(found["metadata"]["uid"]), self.left

    def asked(self) -> int:
        """Return how many requests were sent."""
        return self.before - self.left


@pytest.mark.parametrize("expected", ["", "lab", "https://here", "https://here/"])
def test_nothing_is_read_of_the_expected_cluster(expected: str) -> None:
    connection = Connection()
    check_cluster(connection, expected)
    assert connection.asked() == 0


@pytest.mark.parametrize("expected", ["prod", "https://her", "https://here:6443", "LAB", OTHER_UID[:-1]])
def test_another_cluster_is_refused_before_anything_is_read(expected: str) -> None:
    connection = Connection()
    with pytest.raises(Refused, match=f"'{expected}' is expected, but this is https://here, context 'lab'; name"):
        check_cluster(connection, expected)
    assert connection.asked() == 0


def test_a_uid_is_compared_with_that_of_the_namespace_kube_system_alone() -> None:
    connection = Connection()
    check_cluster(connection, connection.uid)
    check_cluster(connection, connection.uid.upper())
    with pytest.raises(Refused, match=f"'{OTHER_UID}' is expected.*, UID {connection.uid}"):
        check_cluster(connection, OTHER_UID)
    assert connection.asked() == 3


def test_a_uid_that_may_not_be_read_is_refused_with_the_right() -> None:
    with pytest.raises(Refused, match=r'^cluster: .* cannot be found out: .*get namespaces "kube-system"'):
        check_cluster(Connection("get namespaces"), OTHER_UID)


def test_an_api_server_in_trouble_is_an_error_and_no_refusal() -> None:
    connection = Connection()
    connection.troubles = ["500"] * 3
    with pytest.raises(ClusterError, match="500"):
        check_cluster(connection, OTHER_UID)


@pytest.mark.parametrize(("value", "expected"), [(None, ""), ("", ""), (" lab ", "lab")])
def test_nothing_stands_for_any_cluster(value: object, expected: str) -> None:
    assert check_expected_cluster(value) == expected


@pytest.mark.parametrize("value", [5, True, ["lab"], {}])
def test_a_cluster_that_is_no_text_is_refused(value: object) -> None:
    with pytest.raises(Refused, match=r"^cluster: must be text"):
        check_expected_cluster(value)


def test_a_cluster_that_is_no_text_is_refused_before_the_kubeconfig_is_read() -> None:
    with pytest.raises(Refused, match=r"^cluster: must be text"):
        connect_to(5, {"KUBECONFIG": "/no/such/file"})
