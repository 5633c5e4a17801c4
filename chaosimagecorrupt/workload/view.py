"""A rollout as it is observed: the Deployment, its ReplicaSets and the pods of its newest template."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from ..duration import duration_text
from ..errors import Forbidden, ImageCorruptError, one_line
from ..kube.informer import Informer
from ..kube.labels import selector
from ..kube.resources import PODS
from ..kube.types import Deployment, Pod, Revision
from ..kube.waiting import Seen, WatchSet
from .kinds import kind_of
from .pull_failures import about_pulling, pull_failure
from .rollout import condition, observed, owned
from .rollout_text import rollout_text
from .target import Target

__all__ = ["Proof", "Rollout", "View", "every_pod", "first_failing"]

FIRST_PAGE = "10"  # pods; after a fault nearly all Pending ones are a proof

Proof = Callable[[Deployment], Callable[[Pod], bool]]


@dataclass(frozen=True)
class View:
    """The state of a rollout at one time.

    Attributes:
        deployment: the Deployment; its status is of its present spec.
        revisions: those that it controls, empty when they were not asked for.
        pods: Pending pods of its newest template, as far as `about_pulling` keeps them: all, or as many as
            were read until one is a proof; empty when no proof was asked for.
        at: when it was observed, seconds since 1970.
        leaving: whether its status counts a pod as ready that is being deleted; False when its revisions were not asked
            for.
    """

    deployment: Deployment
    revisions: Sequence[Revision]
    pods: list[Pod]
    at: float
    leaving: bool = False

    @property
    def recovered(self) -> bool:
        """As `kind.WorkloadKind.recovered`, and no ready pod is being deleted."""
        return kind_of(self.deployment).recovered(self.deployment, self.revisions) and not self.leaving

    @property
    def pods_all_ready(self) -> bool:
        """As `kind.WorkloadKind.pods_all_ready`, and no ready pod is being deleted."""
        return kind_of(self.deployment).pods_all_ready(self.deployment, self.revisions) and not self.leaving


def every_pod(deployment: Deployment) -> Callable[[Pod], bool]:
    """A `Proof` that no pod is, so that all pods are read."""
    return lambda pod: False


def first_failing(deployment: Deployment) -> Callable[[Pod], bool]:
    """A `Proof` that any pod is which cannot pull an image."""
    return lambda pod: pull_failure(pod) is not None


def _failing_text(pods: Sequence[Pod]) -> str:
    """Return what is added to the text because of the first pod that cannot pull; empty when all can."""
    failing = next(filter(None, (pull_failure(p) for p in pods)), None)
    if failing is None:
        return ""
    cause = f" ({one_line(failing.cause_text, 200)})" if failing.cause_text else ""
    return f", {one_line(failing.container, 63)}: {one_line(failing.reason, 60)}{cause}"


def _about_deletion(pod: Pod) -> dict[str, Any]:
    """Return what `_leaving` looks at: a small part of a pod, of which there may be thousands."""
    metadata = pod["metadata"]
    kept = {k: v for k, v in metadata.items() if k in ("name", "namespace", "ownerReferences", "deletionTimestamp")}
    ready = condition(pod, "Ready")
    return {"metadata": kept, "status": {"conditions": [ready] if ready is not None else []}}


def _leaving(pod: Pod) -> bool:
    """Return whether a pod is ready, but being deleted."""
    ready = condition(pod, "Ready")
    return ready is not None and ready.get("status") == "True" and bool(pod["metadata"].get("deletionTimestamp"))


class Rollout:
    """A Deployment, and if asked for, its ReplicaSets and the Pending pods of its newest template.

    Args:
        watch_set: follows them.
        target: the Deployment, or another workload.
        revisions: read what else tells whether its pods are ready: its ReplicaSets, or the pods of a DaemonSet.
        proof: read its pods too, until one of them is a proof: from the Deployment to a function that decides this for
            a pod. Pods are read only when the status is that of the present spec.

    Raises:
        NotFound: the Deployment is not there.
    """

    def __init__(
        self, watch_set: WatchSet, target: Target, *, revisions: bool = False, proof: Proof | None = None
    ) -> None:
        self._watch_set, self._target = watch_set, target
        # where revisions do not count pods, they tell nothing but which pods are the newest
        self._with_revisions = (revisions and target.kind.counts_pods) or proof is not None
        self._with_leaving = revisions and target.kind.counts_deleted_pods
        self._proof = proof
        self._deployments = watch_set.add(
            target.kind.resource, target.namespace, {"fieldSelector": f"metadata.name={target.name}"}
        )
        if self.deployment is None:
            raise target.not_found()
        self._revisions: Informer | None = None
        self._pods: Informer | None = None
        self._every_pod: Informer | None = None

    def look(self) -> Seen[View]:
        """Return the present view, None while the status is older than the spec, and the state in words."""
        deployment = self.deployment
        if deployment is None:
            return Seen(None, f"the {self._target.kind.name} is gone")
        sets = self._owned_revisions(deployment) if self._with_revisions else []
        pods = self._newest_pods(deployment, sets, self._proof) if self._proof and observed(deployment) else []
        text = rollout_text(deployment) + _failing_text(pods)
        if not observed(deployment):
            return Seen(None, text)
        now, leaving = self._watch_set.cluster.timing.now(), self._with_leaving and self._is_leaving(deployment)
        return Seen(
            View(deployment, sets, pods, now, leaving), text + (", a ready pod is being deleted" if leaving else "")
        )

    def no_answer(self, waited: float) -> ImageCorruptError:
        """Return the error for a Deployment that is gone, or whose status stays older than its spec."""
        deployment = self.deployment
        if deployment is None:
            return self._target.not_found()
        return ImageCorruptError(
            f"{self._target}: {rollout_text(deployment)} after "
            f"{duration_text(round(waited))}, so its status is too old to answer from; does the controller manager run?"
        )

    @property
    def deployment(self) -> Deployment | None:
        """The Deployment as it is known now, whatever the age of its status; None when it is gone."""
        return next(iter(self._deployments.objects.values()), None)

    def _owned_revisions(self, deployment: Deployment) -> Sequence[Revision]:
        # a Deployment that was deleted and made again may have another selector
        query = {"labelSelector": selector(deployment)}
        if self._revisions is None or self._revisions.request.query != query:
            self._drop(self._revisions)
            kind, namespace = self._target.kind, self._target.namespace
            self._revisions = self._watch_set.add(kind.revisions, namespace, query, keep=kind.as_revision)
        return owned(deployment, self._revisions.objects.values())

    def _is_leaving(self, deployment: Deployment) -> bool:
        """Return whether a pod that the status counts as ready is being deleted; it is read once all are said to be."""
        kind, query = self._target.kind, {"labelSelector": selector(deployment)}
        if not kind.pods_all_ready(deployment, ()):
            return False
        if self._every_pod is None or self._every_pod.request.query != query:
            self._drop(self._every_pod)
            try:
                self._every_pod = self._watch_set.add(PODS, self._target.namespace, query, keep=_about_deletion)
            except Forbidden:  # then the status decides
                self._with_leaving = False
                return False
        return any(map(_leaving, owned(deployment, self._every_pod.objects.values())))

    def _newest_pods(self, deployment: Deployment, sets: Sequence[Revision], proof: Proof) -> list[Pod]:
        kind = self._target.kind
        newest = kind.newest(deployment, sets)
        if newest is None:
            return []
        labels = kind.pod_labels(deployment, [newest])
        query = {"labelSelector": labels, "fieldSelector": "status.phase=Pending", "limit": FIRST_PAGE}
        proves, there = proof(deployment), self._pods
        # a list that ended with a proof is incomplete, so it is read again once no pod in it is a proof
        usable = there is not None and (there.complete or any(map(proves, there.objects.values())))
        if there is None or there.request.query != query or not usable:
            self._drop(there)
            self._pods = there = self._watch_set.add(
                PODS, self._target.namespace, query, keep=about_pulling, enough=proves
            )
        return list(there.objects.values())

    def _drop(self, informer: Informer | None) -> None:
        if informer is not None:
            self._watch_set.drop(informer)
