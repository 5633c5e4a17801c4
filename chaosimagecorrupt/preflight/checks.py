"""The preflight of what is around a Deployment: rights, admission webhooks, autoscalers, owners."""

from collections.abc import Iterable, Mapping

from ..errors import one_line
from ..kube.types import Deployment, Json
from ..workload.collateral import owners
from ..workload.webhooks import webhooks_served
from .capacity import capacity_left
from .model import Check, Level
from .rights import Right

__all__ = ["check_access", "check_admission", "check_autoscalers", "check_owners"]


def check_access(allowed: Mapping[Right, bool]) -> list[Check]:
    """Check the rights; for each missing one, the line contains the rule that grants it.

    Args:
        allowed: the API server's answer for each right.
    """
    checks = []
    for right in (r for r, is_allowed in allowed.items() if not is_allowed):
        kind = "Role" if right.namespaced else "ClusterRole"
        rule = f'apiGroups: ["{right.group}"], resources: ["{right.resource}"], verbs: ["{right.verb}"]'
        text = f"may not {right.verb} {right.resource}: {right.lost}; {kind} rule: {rule}"
        checks.append(Check("rights", Level.BLOCKER if right.required else Level.WARNING, text))
    return checks or [Check("rights", Level.OK, f"all {len(allowed)} are granted")]


def check_admission(
    deployment: Deployment, services: Iterable[Json], configurations: Iterable[tuple[str, Json]]
) -> list[Check]:
    """Check which admission webhooks these pods serve.

    Args:
        deployment: the Deployment.
        services: the Services of its namespace.
        configurations: kind and object of every ValidatingWebhookConfiguration and MutatingWebhookConfiguration.
    """
    serving = capacity_left(deployment).serving
    checks = []
    for webhook in webhooks_served(deployment, services, configurations):
        configuration, name = one_line(webhook["configuration"], 80), one_line(webhook["webhook"], 80)
        policy = webhook["failure_policy"]
        if serving > 0:
            effect = f"{serving} pods keep serving"
        elif policy == "Fail":
            effect = "no pod keeps serving, so matching requests are refused"
        else:
            effect = "no pod keeps serving, so matching requests are not checked"
        text = f"these pods serve {webhook['kind']} {configuration}, webhook {name} (failurePolicy {policy}); {effect}"
        checks.append(Check("webhooks", Level.WARNING, text))
    return checks or [Check("webhooks", Level.OK, "these pods serve none")]


def check_autoscalers(deployment: Deployment, autoscalers: Iterable[Json]) -> list[Check]:
    """Check HorizontalPodAutoscalers, which may change the number of pods during the fault."""
    name = deployment["metadata"]["name"]
    found = [
        one_line(a["metadata"]["name"], 80)
        for a in autoscalers
        if (target := a["spec"]["scaleTargetRef"]).get("kind") == "Deployment" and target.get("name") == name
    ]
    checks = [Check("autoscaler", Level.WARNING, f"{a} may scale the Deployment during the fault") for a in found]
    return checks or [Check("autoscaler", Level.OK, "none scales the Deployment")]


def check_owners(deployment: Deployment) -> list[Check]:
    """Check what owns the Deployment, and may restore the image."""
    found = [one_line(owner, 160) for owner in owners(deployment)]
    checks = [Check("owners", Level.WARNING, f"{owner}: may restore the image during the fault") for owner in found]
    return checks or [Check("owners", Level.OK, "no owner is recorded in its metadata")]
