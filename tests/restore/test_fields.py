"""The fields go back to their owners, or a warning says that they do not."""

from functools import partial

import pytest

from chaosimagecorrupt.record.snapshot import Snapshot
from chaosimagecorrupt.restore.clean_up import clean_up
from chaosimagecorrupt.restore.fields import give_fields_back_at_once
from chaosimagecorrupt.restore.restore import put_back, restore

from ..simulated_cluster import IMAGE
from .corrupted_web import CorruptedWeb


def test_a_deployment_that_changes_all_the_time_keeps_its_managed_fields_with_a_warning() -> None:
    web = CorruptedWeb()
    web.client.meanwhile = {n: partial(web.patch, {"metadata": {"labels": {"n": str(n)}}}) for n in range(3, 60)}
    [warning] = restore(web.target, clean_history=False)["warnings"]
    assert warning.startswith("managedFields still name chaosimagecorrupt, because the Deployment is being changed")
    assert (web.image(), web.traces()[0]) == (IMAGE, "Deployment: manager chaosimagecorrupt")


def test_they_are_given_back_without_another_read_right_after_the_image() -> None:
    web = CorruptedWeb()
    restoration = put_back(web.target)
    assert restoration.after is not None
    latest = give_fields_back_at_once(web.target, Snapshot(restoration.after), restoration.known)
    assert latest is not None and "Deployment: manager chaosimagecorrupt" not in web.traces()
    assert clean_up(web.target, restoration.known, clean_history=True, latest=latest) == []
    assert web.traces() == []


@pytest.mark.parametrize("trouble", ["drop", "409", "422", "403", "500"])
def test_when_that_fails_the_clean_up_tries_again(trouble: str) -> None:
    web = CorruptedWeb()
    web.client.troubles = [None, None, *[trouble] * (3 if trouble in ("drop", "500") else 1)]  # read, patched
    assert restore(web.target)["warnings"] == []
    assert (web.image(), web.traces()) == (IMAGE, [])
