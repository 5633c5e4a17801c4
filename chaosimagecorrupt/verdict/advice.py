"""One sentence for each row of the rubric: what to do when it is violated."""

from collections.abc import Mapping

__all__ = ["ADVICE", "advice_on"]

# by the row's key; {deployment} becomes its name and namespace, as a command takes them: `web -n shop`
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
        "Run `chaos image-corrupt restore {deployment}`, then see `kubectl rollout status deployment/{deployment}` and "
        "the Events of its pods for what still stops them."
    ),
    "no-progress-deadline": "Set spec.progressDeadlineSeconds, so that a stuck rollout is reported.",
    "rollout-not-complete": (
        "See `kubectl rollout status deployment/{deployment}` and the Events of the pods for what stops them; "
        "`kubectl rollout undo deployment/{deployment}` goes back to the revision before."
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
        "Find out who writes the Deployment (`kubectl get deployment {deployment} -o yaml --show-managed-fields`), and "
        "pause that reconciliation for the run if it is not what the experiment asks about."
    ),
    "healed-by": "Choose a ttl that is longer than the method, and run nothing else on the Deployment meanwhile.",
    "original-pulled": (
        "Check the image's tag, the pull secrets and the registry: once no node has the image any more, the Deployment "
        "cannot start a pod."
    ),
    "before": "Bring the Deployment into its steady state, or correct the probe, before the fault is injected.",
    "during": "Make what the probe asks independent of new pods: it failed while the image could not be pulled.",
    "after": "See which probe failed: what it asks did not come back after the restore.",
}


def advice_on(row: str, namespace: str, name: str) -> str | None:
    """Return what to do when a row is violated, in one sentence; its commands can be pasted.

    Args:
        row: the row's key.
        namespace: of the Deployment.
        name: of the Deployment.

    Returns:
        None for a row that is not known.
    """
    found = ADVICE.get(row)
    return None if found is None else found.replace("{deployment}", f"{name} -n {namespace}")
