"""Waiting is watching: list once, then follow the watch until the state is there."""

import queue
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from logzero import logger

from ..errors import ImageCorruptError, plain
from ..rollout import about_pulling, newest_replica_set, observed, owned, pull_failure, rollout_text
from .client import Cluster
from .informer import Inbox, Informer
from .labels import selector
from .not_found import not_found
from .requests import list_request
from .resources import DEPLOYMENTS, PODS, REPLICA_SETS, Resource

__all__ = ["Followed", "Proof", "Rollout", "View", "every_pod", "first_failing", "looks"]


SETTLE = 5.0  # seconds for a status to reach the present spec; measured: 0.06
FIRST_PAGE = "10"  # pods; after a fault nearly all Pending ones are a proof

Object = dict[str, Any]
Proof = Callable[[Object], Callable[[Object], bool]]
T_co = TypeVar("T_co", covariant=True)
T = TypeVar("T")


@dataclass(frozen=True)
class View:
    """One look at a rollout.

    Attributes:
        deployment: the Deployment; its status is of its present spec.
        replica_sets: those that it controls, empty when they were not asked for.
        pods: Pending pods of its newest template, as far as `rollout.about_pulling` keeps them: all, or as many as
            were read until one is a proof; empty when no proof was asked for.
        at: when it was seen, seconds since 1970.
    """

    deployment: Object
    replica_sets: Sequence[Mapping[str, Any]]
    pods: list[Object]
    at: float


def every_pod(deployment: Object) -> Callable[[Object], bool]:
    """Look at all pods: a `Proof` that none of them is."""
    return lambda pod: False


def first_failing(deployment: Object) -> Callable[[Object], bool]:
    """Look for a pod that cannot pull any image: a `Proof` that it is."""
    return lambda pod: pull_failure(pod) is not None


class Subject(Protocol[T_co]):
    """What can be looked at again and again."""

    def look(self) -> tuple[T_co | None, str]:
        """Return what is there, None while there is nothing to answer from, and the state in words."""

    def no_answer(self, waited: float) -> ImageCorruptError:
        """Return the error for a wait in seconds that ended with nothing to answer from."""


class Followed:
    """Objects that are listed at first, and followed once there is something to wait for.

    Args:
        cluster: where they are.
    """

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster
        self._inbox: Inbox = queue.SimpleQueue()
        self._informers: list[Informer] = []

    def add(self, resource: Resource, namespace: str | None, query: Mapping[str, str]) -> Informer:
        """List objects, to be followed with the others."""
        return self._added(Informer(self.cluster, list_request(resource, namespace, query), self._inbox))

    def add_pods(self, namespace: str, query: Mapping[str, str], enough: Callable[[Object], bool]) -> Informer:
        """List pods up to one that is enough, to be followed with the others; see `rollout.about_pulling`."""
        request = list_request(PODS, namespace, query)
        return self._added(Informer(self.cluster, request, self._inbox, keep=about_pulling, enough=enough))

    def _added(self, informer: Informer) -> Informer:
        self._informers.append(informer)
        return informer

    def only(self, resource: Resource, namespace: str | None, name: str) -> Object | None:
        """Return the one object of that name, None when it is not there; listed when it is not followed yet.

        Raises:
            ClusterError: it cannot be listed.
        """
        if not self._informers:
            self.add(resource, namespace, {"fieldSelector": f"metadata.name={name}"})
        return next(iter(self._informers[0].objects.values()), None)

    def wake(self) -> None:
        """Make `next_change` return in another thread, or after a signal."""
        self._inbox.put(lambda: None)

    def drop_all(self) -> None:
        """Stop following everything; what is added next is listed anew."""
        self.close()
        self._informers.clear()

    def drop(self, informer: Informer) -> None:
        """Stop following these objects."""
        informer.end()
        self._informers.remove(informer)

    def next_change(self, until: float) -> bool:
        """Apply the next change, and those that came with it; False when none came until then.

        Args:
            until: by `time.monotonic`.

        Raises:
            ClusterError: when the objects can no longer be followed.
        """
        for informer in self._informers:
            informer.start()
        try:
            self._inbox.get(timeout=max(0.0, until - time.monotonic()))()
            while True:
                self._inbox.get_nowait()()
        except queue.Empty:
            pass
        for informer in self._informers:
            if informer.error is not None:
                raise informer.error
        return time.monotonic() < until

    def close(self) -> None:
        """Stop following everything."""
        for informer in self._informers:
            informer.end()


class Rollout:
    """A Deployment, and as far as they are asked for its ReplicaSets and the Pending pods of its newest template.

    Args:
        followed: what follows them.
        namespace: of the Deployment.
        name: of the Deployment.
        replica_sets: look at its ReplicaSets too.
        proof: from the Deployment to what decides whether a pod proves what is looked for: look at its pods too, until
            one of them does. Pods are read only when the status is of the present spec.

    Raises:
        NotFound: the Deployment is not there.
    """

    def __init__(
        self, followed: Followed, namespace: str, name: str, *, replica_sets: bool = False, proof: Proof | None = None
    ) -> None:
        self._followed, self._namespace, self._name = followed, namespace, name
        self._with_sets, self._proof = replica_sets or proof is not None, proof
        self._deployments = followed.add(DEPLOYMENTS, namespace, {"fieldSelector": f"metadata.name={name}"})
        deployment = self._deployment()
        if deployment is None:
            raise not_found(followed.cluster, namespace, name)
        self._replica_sets: Informer | None = None
        self._pods: Informer | None = None

    def look(self) -> tuple[View | None, str]:
        """Return the present view, None while the status is older than the spec, and the state in words."""
        deployment = self._deployment()
        if deployment is None:
            return None, "the Deployment is gone"
        sets = self._owned_sets(deployment) if self._with_sets else []
        pods = self._newest_pods(deployment, sets, self._proof) if self._proof and observed(deployment) else []
        text = rollout_text(deployment)
        failing = next(filter(None, (pull_failure(p) for p in pods)), None)
        if failing is not None:
            text += f", {plain(failing.container, 63)}: {plain(failing.reason, 60)}"
        return (View(deployment, sets, pods, time.time()) if observed(deployment) else None), text

    def no_answer(self, waited: float) -> ImageCorruptError:
        """Return the error for a Deployment that is gone, or whose status stays older than its spec."""
        deployment = self._deployment()
        if deployment is None:
            return not_found(self._followed.cluster, self._namespace, self._name)
        return ImageCorruptError(
            f"Deployment {self._namespace}/{self._name}: {rollout_text(deployment)} after {waited:.0f} s, so no "
            "status answers for it; does the controller manager run?"
        )

    def _deployment(self) -> Object | None:
        return next(iter(self._deployments.objects.values()), None)

    def _owned_sets(self, deployment: Object) -> Sequence[Mapping[str, Any]]:
        # a Deployment that was deleted and made again may have another selector
        query = {"labelSelector": selector(deployment)}
        if self._replica_sets is None or self._replica_sets.request.query != query:
            self._drop(self._replica_sets)
            self._replica_sets = self._followed.add(REPLICA_SETS, self._namespace, query)
        return owned(deployment, self._replica_sets.objects.values())

    def _newest_pods(self, deployment: Object, sets: Sequence[Mapping[str, Any]], proof: Proof) -> list[Object]:
        newest = newest_replica_set(deployment, sets)
        if newest is None:
            return []
        query = {"labelSelector": selector(newest), "fieldSelector": "status.phase=Pending", "limit": FIRST_PAGE}
        proves, there = proof(deployment), self._pods
        # a list that ended with a proof says nothing of the other pods once that is none any more
        usable = there is not None and (there.complete or any(map(proves, there.objects.values())))
        if there is None or there.request.query != query or not usable:
            self._drop(there)
            self._pods = there = self._followed.add_pods(self._namespace, query, proves)
        return list(there.objects.values())

    def _drop(self, informer: Informer | None) -> None:
        if informer is not None:
            self._followed.drop(informer)


def looks(followed: Followed, subject: Subject[T], called: str, timeout: float) -> Generator[T, None, None]:
    """Look now and at each change. Each change of state is logged.

    A status that is older than the spec is waited for, and never yielded.

    Args:
        followed: what the subject looks at.
        subject: what is looked at.
        called: its name in the log.
        timeout: seconds to follow it; 0 for one look.

    Yields:
        What is there, the first time at once. Ends with the timeout.

    Raises:
        ImageCorruptError: when there is nothing to answer from in the end.
        ClusterError: for errors of the API server.
    """
    started = time.monotonic()
    said = ""
    with ExitStack() as stack:
        stack.callback(followed.close)
        while True:
            found, text = subject.look()
            if text != said:
                said = text
                elapsed = f", {time.monotonic() - started:.0f} s of {timeout:g} s" if timeout else ""
                logger.info(f"{called}: {text}{elapsed}")
            if found is not None:
                yield found
                if not timeout:
                    return
            until = started + (timeout or SETTLE)
            if not followed.next_change(until):
                if subject.look()[0] is None:
                    raise subject.no_answer(until - started)
                return
