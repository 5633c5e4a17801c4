"""The preflight of what is around a Deployment: rights, admission webhooks, autoscalers, owners. Pure."""

from collections.abc import Iterable, Mapping

from ..errors import one_line
from ..kube.types import Deployment, Json
from ..workload.autoscalers import Autoscaler, find_autoscalers
from ..workload.owners import INSTANCE_LABEL, Owner, Reaction, find_owners, only_labelled
from ..workload.webhooks import webhooks_served
from .capacity import capacity_left
from .model import Check, Level
from .rights import Right

__all__ = ["check_access", "check_admission", "check_autoscalers", "check_other_kinds", "check_owners"]


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


def check_other_kinds(allowed: Mapping[Right, bool]) -> list[Check]:
    """Say which other kinds of workloads may not be listed, which does not matter to this one; nothing when all may.

    Args:
        allowed: the API server's answer for the right to list each of them.
    """
    missing = " and ".join(right.resource for right, is_allowed in allowed.items() if not is_allowed)
    text = f"may not list {missing}: status, sweep and restore --all find no record on them"
    return [Check("other kinds", Level.OK, text)] if missing else []


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


def check_autoscalers(
    deployment: Deployment, autoscalers: Iterable[Json], scaled_objects: Iterable[Json] = ()
) -> list[Check]:
    """Check what may change the number of pods during the fault.

    Args:
        deployment: the Deployment.
        autoscalers: the HorizontalPodAutoscalers of its namespace.
        scaled_objects: KEDA's ScaledObjects of its namespace.
    """
    checks = [_autoscaler_check(found) for found in find_autoscalers(deployment, autoscalers, scaled_objects)]
    return checks or [Check("autoscaler", Level.OK, "none scales the Deployment")]


def _autoscaler_check(found: Autoscaler) -> Check:
    if found.paused:
        return Check("autoscaler", Level.OK, f"{found} leaves the Deployment alone")
    effect = "a larger number adds corrupt pods, and probes that count pods see it"
    if found.least == 0:
        effect += "; with 0 pods nothing is left to prove"
    # https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#scaling-policies
    advice = "set selectPolicy to Disabled in its behavior, for scaleUp and scaleDown"
    if found.kind == "ScaledObject":
        advice = 'set its annotation autoscaling.keda.sh/paused: "true"'
    text = f"{found} may scale the Deployment during the fault: {effect}; to keep the number, {advice}"
    return Check("autoscaler", Level.WARNING, text)


def check_owners(deployment: Deployment, container: str | None = None) -> list[Check]:
    """Check what owns the Deployment, what it does to the fault, and what to do about it.

    Args:
        deployment: the Deployment.
        container: a container or init container; None for the first container.
    """
    chosen = container or deployment["spec"]["template"]["spec"]["containers"][0]["name"]
    checks = [_owner_check(owner) for owner in find_owners(deployment, chosen)]
    if only_labelled(deployment):
        text = f"the label {INSTANCE_LABEL} alone proves nothing: Argo CD may track by it, other tools set it too"
        checks.append(Check("owners", Level.OK, text))
    return checks or [Check("owners", Level.OK, "no owner is recorded in its metadata")]


def _owner_check(owner: Owner) -> Check:
    level = Level.OK if owner.reaction is Reaction.NONE else Level.WARNING
    advice = f"; {owner.advice}" if owner.advice else ""
    return Check("owners", level, one_line(f"{owner}: {owner.effect}{advice}", 700))
