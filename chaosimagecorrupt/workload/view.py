"""A rollout as it is observed: the Deployment, its ReplicaSets and the pods of its newest template."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ..duration import duration_text
from ..errors import ImageCorruptError, one_line
from ..kube.informer import Informer
from ..kube.labels import selector
from ..kube.not_found import not_found
from ..kube.resources import DEPLOYMENTS, PODS, REPLICA_SETS
from ..kube.types import Deployment, Pod, ReplicaSet
from ..kube.waiting import Seen, WatchSet
from .pull_failures import about_pulling, pull_failure
from .rollout import newest_replica_set, observed, owned
from .rollout_text import rollout_text

__all__ = ["Proof", "Rollout", "View", "every_pod", "first_failing"]

FIRST_PAGE = "10"  # pods; after a fault nearly all Pending ones are a proof

Proof = Callable[[Deployment], Callable[[Pod], bool]]


@dataclass(frozen=True)
class View:
    """The state of a rollout at one time.

    Attributes:
        deployment: the Deployment; its status is of its present spec.
        replica_sets: those that it controls, empty when they were not asked for.
        pods: Pending pods of its newest template, as far as `about_pulling` keeps them: all, or as many as
            were read until one is a proof; empty when no proof was asked for.
        at: when it was observed, seconds since 1970.
    """

    deployment: Deployment
    replica_sets: Sequence[ReplicaSet]
    pods: list[Pod]
    at: float


def every_pod(deployment: Deployment) -> Callable[[Pod], bool]:
    """A `Proof` that no pod is, so that all pods are read."""
    return lambda pod: False


def first_failing(deployment: Deployment) -> Callable[[Pod], bool]:
    """A `Proof` that any pod is which cannot pull an image."""
    return lambda pod: pull_failure(pod) is not None


class Rollout:
    """A Deployment, and if asked for, its ReplicaSets and the Pending pods of its newest template.

    Args:
        watch_set: follows them.
        namespace: of the Deployment.
        name: of the Deployment.
        replica_sets: read its ReplicaSets too.
        proof: read its pods too, until one of them is a proof: from the Deployment to a function that decides this for
            a pod. Pods are read only when the status is that of the present spec.

    Raises:
        NotFound: the Deployment is not there.
    """

    def __init__(
        self, watch_set: WatchSet, namespace: str, name: str, *, replica_sets: bool = False, proof: Proof | None = None
    ) -> None:
        self._watch_set, self._namespace, self._name = watch_set, namespace, name
        self._with_sets, self._proof = replica_sets or proof is not None, proof
        self._deployments = watch_set.add(DEPLOYMENTS, namespace, {"fieldSelector": f"metadata.name={name}"})
        if self.deployment is None:
            raise not_found(watch_set.cluster, namespace, name)
        self._replica_sets: Informer | None = None
        self._pods: Informer | None = None

    def look(self) -> Seen[View]:
        """Return the present view, None while the status is older than the spec, and the state in words."""
        deployment = self.deployment
        if deployment is None:
            return Seen(None, "the Deployment is gone")
        sets = self._owned_sets(deployment) if self._with_sets else []
        pods = self._newest_pods(deployment, sets, self._proof) if self._proof and observed(deployment) else []
        text = rollout_text(deployment)
        failing = next(filter(None, (pull_failure(p) for p in pods)), None)
        if failing is not None:
            text += f", {one_line(failing.container, 63)}: {one_line(failing.reason, 60)}"
            text += f" ({one_line(failing.cause_text, 200)})" if failing.cause_text else ""
        now = self._watch_set.cluster.timing.now()
        return Seen(View(deployment, sets, pods, now) if observed(deployment) else None, text)

    def no_answer(self, waited: float) -> ImageCorruptError:
        """Return the error for a Deployment that is gone, or whose status stays older than its spec."""
        deployment = self.deployment
        if deployment is None:
            return not_found(self._watch_set.cluster, self._namespace, self._name)
        return ImageCorruptError(
            f"Deployment {self._namespace}/{self._name}: {rollout_text(deployment)} after "
            f"{duration_text(round(waited))}, so its status is too old to answer from; does the controller manager run?"
        )

    @property
    def deployment(self) -> Deployment | None:
        """The Deployment as it is known now, whatever the age of its status; None when it is gone."""
        return next(iter(self._deployments.objects.values()), None)

    def _owned_sets(self, deployment: Deployment) -> Sequence[ReplicaSet]:
        # a Deployment that was deleted and made again may have another selector
        query = {"labelSelector": selector(deployment)}
        if self._replica_sets is None or self._replica_sets.request.query != query:
            self._drop(self._replica_sets)
            self._replica_sets = self._watch_set.add(REPLICA_SETS, self._namespace, query)
        return owned(deployment, self._replica_sets.objects.values())

    def _newest_pods(self, deployment: Deployment, sets: Sequence[ReplicaSet], proof: Proof) -> list[Pod]:
        newest = newest_replica_set(deployment, sets)
        if newest is None:
            return []
        query = {"labelSelector": selector(newest), "fieldSelector": "status.phase=Pending", "limit": FIRST_PAGE}
        proves, there = proof(deployment), self._pods
        # a list that ended with a proof is incomplete, so it is read again once no pod in it is a proof
        usable = there is not None and (there.complete or any(map(proves, there.objects.values())))
        if there is None or there.request.query != query or not usable:
            self._drop(there)
            self._pods = there = self._watch_set.add(PODS, self._namespace, query, keep=about_pulling, enough=proves)
        return list(there.objects.values())

    def _drop(self, informer: Informer | None) -> None:
        if informer is not None:
            self._watch_set.drop(informer)
