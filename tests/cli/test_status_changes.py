"""The rows that are printed again because they changed."""

from chaosimagecorrupt.cli.status_changes import ChangedRows
from chaosimagecorrupt.cli.status_text import Layout

from ..manifests import NOW
from .faults import a_fault

ONE = Layout(all_namespaces=False, wide=False)
TITLES = "NAME   READY   WAITING        SINCE   EXPIRES IN"
WEB = "web    1/3     ErrImagePull   45s     3m12s"


def test_the_titles_are_printed_once_and_then_what_changes() -> None:
    rows = ChangedRows(ONE)
    assert rows.update([a_fault()], NOW) == [TITLES, WEB]
    assert rows.update([a_fault()], NOW + 1) == []
    assert rows.update([a_fault(ready=2)], NOW + 2) == ["web    2/3     ErrImagePull   47s     3m10s"]


def test_a_fault_that_is_gone_is_a_last_row() -> None:
    rows = ChangedRows(ONE)
    rows.update([a_fault(), a_fault("api")], NOW)
    assert rows.update([a_fault("api")], NOW + 1) == ["web    1/3     ErrImagePull   46s     gone"]
    assert rows.update([a_fault("api")], NOW + 2) == []


def test_a_ttl_that_ends_is_a_change() -> None:
    rows = ChangedRows(ONE)
    rows.update([a_fault(left=10)], NOW)
    assert rows.update([a_fault(left=10)], NOW + 9) == []
    assert rows.update([a_fault(left=10)], NOW + 10) == ["web    1/3     ErrImagePull   55s     expired"]


def test_columns_stay_as_wide_as_they_were() -> None:
    rows = ChangedRows(ONE)
    rows.update([a_fault("checkout", waiting="ImagePullBackOff")], NOW)
    (row,) = rows.update([a_fault("checkout", waiting="ErrImagePull")], NOW)
    assert row == "checkout   1/3     ErrImagePull       45s     3m12s"


def test_where_there_is_nothing_nothing_is_printed() -> None:
    rows = ChangedRows(ONE)
    assert rows.update([], NOW) == []
    assert rows.update([a_fault()], NOW) == [TITLES, WEB]
