"""Pod Security admission refuses what `restricted` does not allow, in the API server's words."""

from typing import Any

import pytest

from chaosimagecorrupt.simulator.controllers.errors import StatusError
from chaosimagecorrupt.simulator.controllers.pod_security import check_pod_security

ALLOWED: dict[str, Any] = {
    "allowPrivilegeEscalation": False,
    "capabilities": {"drop": ["ALL"]},
    "runAsNonRoot": True,
    "seccompProfile": {"type": "RuntimeDefault"},
}


def check(level: str | None, **changed: Any) -> None:
    labels = {"pod-security.kubernetes.io/enforce": level} if level else {}
    pod = {
        "metadata": {"name": "web-1"},
        "spec": {"containers": [{"name": "app", "securityContext": {**ALLOWED, **changed}}]},
    }
    check_pod_security({"metadata": {"name": "shop", "labels": labels}}, pod)


@pytest.mark.parametrize("level", [None, "privileged", "baseline"])
def test_a_namespace_without_the_level_allows_every_pod(level: str | None) -> None:
    check(level, allowPrivilegeEscalation=True)


def test_a_pod_that_keeps_the_rules_is_allowed() -> None:
    check("restricted")


def test_a_pod_that_breaks_a_rule_is_refused_with_its_name_and_the_rule() -> None:
    with pytest.raises(StatusError) as caught:
        check("restricted", allowPrivilegeEscalation=True)
    text = str(caught.value)
    assert 'pods "web-1" is forbidden: violates PodSecurity "restricted:latest"' in text
    assert 'container "app" must set securityContext.allowPrivilegeEscalation=false' in text
