"""The rights."""

from chaosimagecorrupt.preflight.rights import OPERATOR_RIGHTS, PULL_CHECK_RIGHTS, RIGHTS


def test_a_right_is_listed_once() -> None:
    names = [right.full_name for right in (*RIGHTS, *PULL_CHECK_RIGHTS, *OPERATOR_RIGHTS)]
    assert len(names) == len(set(names))


def test_a_right_is_there_for_a_feature() -> None:
    assert all(right.features for right in (*RIGHTS, *PULL_CHECK_RIGHTS, *OPERATOR_RIGHTS))
