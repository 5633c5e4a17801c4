"""What a method says about its targets, whatever its activities look like."""

from typing import Any

import pytest

from chaosimagecorrupt.control.method import Method, injects

PROVIDER = {"module": "chaosimagecorrupt.actions", "func": "corrupt_image"}
INJECTS = {
    "an injection": ({"provider": {**PROVIDER, "arguments": {"name": "web"}}}, True),
    "a dry run": ({"provider": {**PROVIDER, "arguments": {"dry_run": True}}}, False),
    "no arguments": ({"provider": PROVIDER}, True),
    "another module": ({"provider": {**PROVIDER, "module": "chaosk8s.actions"}}, False),
    "a process with a list": ({"provider": {"type": "process", "path": "true", "arguments": ["-c", "x"]}}, False),
    "no provider": ({"ref": "something"}, False),
}


@pytest.mark.parametrize(("activity", "expected"), INJECTS.values(), ids=list(INJECTS))
def test_an_activity_injects_unless_it_is_a_dry_run(activity: dict[str, Any], expected: bool) -> None:
    assert injects(activity) is expected


def test_the_first_tag_of_a_name_counts_and_odd_tags_do_not() -> None:
    method = Method({"tags": [5, "danger", "danger:high", "danger:low"]}, None, None)
    assert (method.tag("danger"), method.tag("component")) == ("high", None)


def test_a_method_without_probes_names_no_operator() -> None:
    assert Method({"method": [{"provider": PROVIDER}, "odd"]}, None, None).operator() == (None, None)
