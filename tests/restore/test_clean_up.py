"""What a restore leaves behind is removed; what cannot be removed is a warning that says what to do."""

import pytest

from chaosimagecorrupt.errors import Unreachable
from chaosimagecorrupt.restore.clean_up import clean_up
from chaosimagecorrupt.restore.restore import restore

from ..simulated_cluster import IMAGE
from .corrupted_web import CorruptedWeb


def test_nothing_is_left_and_no_warning() -> None:
    web = CorruptedWeb()
    assert restore(web.target)["warnings"] == []
    assert web.traces() == []


def test_replica_sets_that_the_role_does_not_let_us_list_are_a_warning() -> None:
    web = CorruptedWeb("list replicasets")
    [warning] = restore(web.target)["warnings"]
    assert warning.startswith("traces of the fault may be left, because the cluster could not be searched for them: ")
    assert (web.image(), web.corrupt_replica_set() != "") == (IMAGE, True)


def test_the_rollout_history_stays_when_it_is_not_to_be_cleaned() -> None:
    web = CorruptedWeb()
    name = web.corrupt_replica_set()
    assert restore(web.target, clean_history=False)["warnings"] == []
    assert web.corrupt_replica_set() == name
    assert [t for t in web.traces() if not t.startswith("ReplicaSet")] == []


def test_what_one_process_left_is_removed_by_the_next() -> None:
    web = CorruptedWeb()
    restore(web.target, clean_history=False)
    web.settle()
    assert clean_up(web.target, [web.entry], clean_history=True) == []
    assert web.traces() == []


def test_a_deployment_that_is_gone_leaves_nothing_to_clean() -> None:
    web = CorruptedWeb()
    web.delete()
    assert clean_up(web.target, [web.entry], clean_history=True) == []


def test_an_api_server_that_does_not_answer_is_an_error_so_that_the_caller_can_try_again() -> None:
    web = CorruptedWeb()
    web.client.troubles = ["drop"] * 3
    with pytest.raises(Unreachable):
        clean_up(web.target, [web.entry], clean_history=True)
