"""What a method says about its targets, whatever its activities look like."""

from pathlib import Path
from typing import Any

import pytest

from chaosimagecorrupt.control.method import Method, injects
from chaosimagecorrupt.workload.target import Target

KUBECONFIG = """
apiVersion: v1
kind: Config
current-context: here
contexts: [{name: here, context: {cluster: here, user: me}}]
clusters: [{name: here, cluster: {server: "https://127.0.0.1:1"}}]
users: [{name: me, user: {token: abc}}]
"""
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
    assert Method({"method": [{"provider": PROVIDER}, "odd"]}, None, None).operators() == []


def asked(**arguments: Any) -> dict[str, Any]:
    """An activity that asks a resource; what it names by default."""
    default = {"api_version": "shop.example/v1", "kind": "Shop", "name": "main", "ns": "shop"}
    provider = {"module": "chaosimagecorrupt.probes", "func": "resource_condition"}
    return {"provider": {**provider, "arguments": {**default, **arguments}}}


def test_every_resource_that_the_method_asks_is_an_operator(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    several = [{"type": "Ready", "status": "${status}"}, {"type": "Progressing", "status": True, "reason": "Stuck"}]
    method = [
        asked(conditions=several),
        asked(kind="Till", ns="", condition_type="Ready", status="False", reason=""),
        asked(condition_type="Open", status="Unknown"),
        asked(name="no/name", condition_type="Ready"),
        asked(name="nothing-is-asked"),
        asked(ns="elsewhere", condition_type="Other"),
    ]
    (tmp_path / "kubeconfig").write_text(KUBECONFIG)
    monkeypatch.setenv("KUBECONFIG", str(tmp_path / "kubeconfig"))
    found = [each.operator for each in Method({"method": method}, {"status": "False"}, None).operators()]
    assert [(str(each), each.namespace, list(map(str, each.conditions))) for each in found] == [
        ("Shop main", "shop", ["Ready=False", "Progressing=True (Stuck)", "Open=Unknown"]),
        ("Till main", None, ["Ready=False"]),
    ]


def checked(**arguments: Any) -> dict[str, Any]:
    """A call of `original_pullable`; what it names by default."""
    provider = {"module": "chaosimagecorrupt.probes", "func": "original_pullable"}
    return {"provider": {**provider, "arguments": {"name": "${name}", "ns": "shop", **arguments}}}


NAMED, UNNAMED = {"name": "web", "ns": "shop", "container_name": "app"}, {"name": "web", "ns": "shop"}


@pytest.mark.parametrize(
    ("corrupts", "arguments", "expected"),
    [
        (UNNAMED, {}, True),
        (NAMED, {"container_name": "app"}, True),
        (NAMED, {"container_name": "side"}, False),
        (NAMED, {}, False),
        (UNNAMED, {"kind": "Deployment"}, True),
        (UNNAMED, {"kind": "StatefulSet"}, False),
        (UNNAMED, {"kind": "Pod"}, False),
        (UNNAMED, {"name": "other"}, False),
        (UNNAMED, {"ns": "default"}, False),
        (UNNAMED, {"name": "Not A Name"}, False),
    ],
    ids=[
        "the first container",
        "its container",
        "another one",
        "perhaps another one",
        "kind",
        "another kind",
        "no kind",
        "name",
        "namespace",
        "no name",
    ],
)
def test_which_check_of_a_pull_is_about_the_image_of_a_fault(
    corrupts: dict[str, Any],
    arguments: dict[str, Any],
    expected: bool,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    (tmp_path / "config").write_text(KUBECONFIG)
    monkeypatch.setenv("KUBECONFIG", str(tmp_path / "config"))
    method = Method({"method": [{"provider": {**PROVIDER, "arguments": corrupts}}]}, {"name": "web"}, None)
    target = Target.of("web", "shop", None)
    assert method.checks_pull(checked(**arguments), target, ["app"]) is expected
