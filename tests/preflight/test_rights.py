"""The rights."""

from chaosimagecorrupt.preflight.optional_rights import OPERATOR_RIGHTS, PULL_CHECK_RIGHTS, WORKLOAD_RIGHTS
from chaosimagecorrupt.preflight.rights import RIGHTS

ALL = (*RIGHTS, *WORKLOAD_RIGHTS, *PULL_CHECK_RIGHTS, *OPERATOR_RIGHTS)


def test_a_right_is_listed_once_in_each_role() -> None:
    names = [(right.full_name, right.role) for right in ALL]
    assert len(names) == len(set(names))


def test_a_right_is_there_for_a_feature() -> None:
    assert all(right.features for right in ALL)
