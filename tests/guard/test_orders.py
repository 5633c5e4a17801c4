"""The orders of a guard survive the way through the pipe."""

from chaosimagecorrupt.guard.orders import Orders, Task
from chaosimagecorrupt.kube.settings import Settings
from chaosimagecorrupt.record.entry import Entry


def test_what_is_written_is_read_back() -> None:
    owners = {"image": [["argocd", "Apply", "2026-11-22T14:00:00Z"]]}
    entry = Entry("app", "v1", "bad\n", "id1", generation=2, deadline=10, original_deadline=600, owners=owners)
    tasks = (Task("web", "shop", entry, 1.5), Task("api", "shop", Entry("app", None), 2.0))
    orders = Orders(tasks, Settings(host="https://c", token="secret", verify=False), "/tmp/guard.log", '{"users": []}')
    assert Orders.from_line(orders.to_line()) == orders


def test_what_is_secret_is_not_shown() -> None:
    assert "hidden" not in repr(Orders((), Settings(token="hidden"), "/dev/null", '{"token": "hidden"}'))


def test_they_are_one_line() -> None:
    orders = Orders((Task("web", "shop", Entry("app", "a\nb"), 1.0),), Settings(), "/dev/null")
    assert orders.to_line().count(b"\n") == 1 and orders.to_line().endswith(b"\n")
