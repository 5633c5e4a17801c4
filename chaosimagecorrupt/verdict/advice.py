"""One sentence for each row of the rubric: what to do when it is violated."""

from collections.abc import Mapping

from ..workload.deployment import DEPLOYMENT
from ..workload.kind import WorkloadKind

__all__ = ["ADVICE", "advice_on"]

# by the row's key; {deployment} becomes its name and namespace, as a command takes them: `web -n shop`, {restore} the
# same as `chaos image-corrupt restore` takes it, {kind} the kind in lower case, and {Kind} the kind
ADVICE: Mapping[str, str] = {
    "pull-failing": "Choose an image that no registry has, such as the default registry.invalid/nonexistent:chaos.",
    "back-off-grows": (
        "Check whether something deletes the failing pod or restarts the kubelet: its back-off then starts again."
    ),
    "deadline": "Check that the kube-controller-manager runs and keeps up: it reports an exceeded deadline.",
    "operator-reports": (
        "Have the operator compare updatedReplicas with replicas, or read the condition Progressing: Available stays "
        "True as long as the old pods serve."
    ),
    "operator-silent": (
        "Have the operator compare updatedReplicas with replicas, or read the condition Progressing: Available stays "
        "True as long as the old pods serve."
    ),
    "clean-rollout": (
        "Run `chaos image-corrupt restore {restore}`, then see `kubectl rollout status {kind}/{deployment}` and "
        "the Events of its pods for what still stops them."
    ),
    "no-progress-deadline": "Set spec.progressDeadlineSeconds, so that a stuck rollout is reported.",
    "rollout-not-complete": (
        "See `kubectl rollout status {kind}/{deployment}` and the Events of the pods for what stops them; "
        "`kubectl rollout undo {kind}/{deployment}` goes back to the revision before."
    ),
    "strategy": (
        "Use the strategy RollingUpdate with maxUnavailable 0 and maxSurge 1 or more, so that old pods serve until new "
        "ones are ready."
    ),
    "serving": (
        "Set maxUnavailable to 0 and maxSurge to 1 or more, so that no ready pod stops before its successor is ready."
    ),
    "webhooks": (
        "Add a second replica for the webhook and set maxUnavailable to 0, or set its failurePolicy to Ignore if it "
        "can be missed."
    ),
    "recovery-time": (
        "Look at what takes the time: readiness probe, minReadySeconds, the pull of the image; a rollout that keeps "
        "the old pods (maxUnavailable 0) recovers at once."
    ),
    "reconcile-cycles": (
        "Find out who writes the {Kind} (`kubectl get {kind} {deployment} -o yaml --show-managed-fields`), and "
        "pause that reconciliation for the run if it is not what the experiment asks about."
    ),
    "healed-by": "Choose a ttl that is longer than the method, and run nothing else on the {Kind} meanwhile.",
    "original-pulled": (
        "Check the image's tag, the pull secrets and the registry: once no node has the image any more, the {Kind} "
        "cannot start a pod."
    ),
    "before": "Bring the {Kind} into its steady state, or correct the probe, before the fault is injected.",
    "during": "Make what the probe asks independent of new pods: it failed while the image could not be pulled.",
    "after": "See which probe failed: what it asks did not come back after the restore.",
}


# where the kind has neither surge nor progress deadline
_WITHOUT_DEADLINE: Mapping[str, str] = {
    **ADVICE,
    "no-progress-deadline": (
        "Have something else compare the pods of the present revision with those desired: "
        "`kubectl rollout status {kind}/{deployment} --timeout=60s` fails while a rollout is stuck."
    ),
    "strategy": "Keep more pods than a rollout may take away at a time.",
    "serving": (
        "Keep enough pods to do without one: a rollout of a {Kind} deletes a ready pod before its successor starts, "
        "unless it may surge."
    ),
    "recovery-time": (
        "Look at what takes the time: readiness probe, minReadySeconds, the pull of the image, the grace period of the "
        "pod that was stuck."
    ),
}


def advice_on(row: str, namespace: str, name: str, kind: WorkloadKind = DEPLOYMENT) -> str | None:
    """Return what to do when a row is violated, in one sentence; its commands can be pasted.

    Args:
        row: the row's key.
        namespace: of the workload.
        name: of the workload.
        kind: of the workload.

    Returns:
        None for a row that is not known.
    """
    found = (ADVICE if kind.has_progress_deadline else _WITHOUT_DEADLINE).get(row)
    if found is None:
        return None
    place, lower = f"{name} -n {namespace}", kind.name.lower()
    restore = place if kind is DEPLOYMENT else f"{lower}/{place}"
    words = {"{deployment}": place, "{restore}": restore, "{kind}": lower, "{Kind}": kind.name}
    for word, meaning in words.items():
        found = found.replace(word, meaning)
    return found
