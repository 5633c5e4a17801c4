"""What selectors match, and by which terms that is found."""

from chaosimagecorrupt.simulator.selector import EVERYTHING, Selector, field_value, label_term, terms_of
from chaosimagecorrupt.simulator.types import Object

POD: Object = {
    "metadata": {"name": "a", "labels": {"app": "web", "tier": ""}},
    "spec": {"nodeName": "node-1", "hostNetwork": True},
}
WEB = Selector(lambda obj: True, (frozenset([("metadata.labels[app]", "web")]),))
NEVER = Selector(lambda obj: False)


def test_an_object_is_found_by_labels_name_and_node() -> None:
    labels = {label_term("app", "web"), label_term("tier", "")}
    assert terms_of(POD) == {*labels, ("metadata.name", "a"), ("spec.nodeName", "node-1")}


def test_an_object_without_labels_and_node() -> None:
    assert terms_of({"metadata": {"name": "a", "labels": None}}) == {("metadata.name", "a"), ("spec.nodeName", "")}


def test_two_selectors_match_what_both_match() -> None:
    assert (WEB & WEB).matches(POD) and not (WEB & NEVER).matches(POD)
    assert (WEB & NEVER).terms == WEB.terms


def test_everything_restricts_nothing() -> None:
    assert EVERYTHING.matches(POD) and EVERYTHING & WEB is WEB and WEB & EVERYTHING is WEB


def test_values_of_fields_are_text() -> None:
    assert [field_value(POD, path) for path in ("metadata.name", "spec.hostNetwork", "spec.unschedulable")] == [
        "a",
        "true",
        "false",
    ]
    assert field_value(POD, "status.phase") == "" and field_value({"spec": "text"}, "spec.nodeName") == ""
