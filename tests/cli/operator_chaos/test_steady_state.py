"""The checks of a steady state."""

from typing import Any

import pytest

from chaosimagecorrupt.cli.operator_chaos.sections import Section
from chaosimagecorrupt.cli.operator_chaos.steady_state import SteadyStateCheck, SteadyStateChecks, read_checks
from chaosimagecorrupt.errors import Refused

from .chaos_experiments import AVAILABLE


def read(*checks: object) -> SteadyStateChecks:
    return read_checks(Section("steadyState", {"checks": list(checks)}))


def test_a_condition_and_a_resource() -> None:
    role: dict[str, Any] = {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole", "name": "system:node"}
    found = read({**AVAILABLE, "namespace": "shop"}, {"type": "resourceExists", **role})
    assert found.known == [
        SteadyStateCheck("apps/v1", "Deployment", "web", "shop", "Available"),
        SteadyStateCheck(role["apiVersion"], "ClusterRole", "system:node", ""),
    ]
    assert (found.skipped, found.namespace) == ([], "shop")


def test_a_check_of_another_type_is_named_and_its_fields_are_not() -> None:
    section = Section("", {"checks": [{"type": "replicaCount", "kind": "Deployment", "expectedReplicas": 2}]})
    assert read_checks(section) == ([], ["checks[0]: a check of the type replicaCount has no counterpart"], "")
    assert [*section.unread()] == []


def test_the_namespace_is_the_first_that_a_check_names_of_whatever_type() -> None:
    replicas = {"type": "replicaCount", "namespace": "bank"}
    assert read(AVAILABLE, replicas, {**AVAILABLE, "namespace": "shop"}).namespace == "bank"
    assert read(AVAILABLE).namespace == ""


@pytest.mark.parametrize(
    ("check", "expected"),
    [
        ({"type": ""}, r"\.type is missing"),
        ({"kind": None}, r"\.kind is missing"),
        ({"name": ""}, r"\.name is missing"),
        ({"conditionType": None}, r"\.conditionType is missing"),
        ({"kind": "KnativeServing"}, r"\.apiVersion is missing"),
        ({"apiVersion": "apps/../v1"}, r"\.apiVersion: 'apps/../v1' is not valid"),
        ({"kind": "${kind}"}, r"\.kind: '\${kind}' is not valid"),
        ({"name": "../web"}, r"\.name: '../web' is not valid"),
        ({"namespace": "Shop"}, r"\.namespace: 'Shop' is not valid"),
        ({"conditionType": "A\x1b"}, r"\.conditionType: 'A\\x1b' is not valid"),
        ({"name": "x" * 300}, r"\.name: 'x+…' is not valid"),
    ],
)
def test_what_cannot_be_checked_is_refused(check: dict[str, object], expected: str) -> None:
    with pytest.raises(Refused, match=rf"^steadyState\.checks\[0\]{expected}$"):
        read({**AVAILABLE, **check})
