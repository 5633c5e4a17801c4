"""Gives aggregated ClusterRoles their rules (kubernetes/pkg/controller/clusterroleaggregation)."""

from collections.abc import Iterable
from functools import partial

from ..clock import Clock
from ..label_selector import matches_label_selector
from ..store import Store
from ..types import Object
from ..watch_cache import Change
from .client import Client
from .randomness import Randomness
from .workqueue import Key, Work, WorkQueue

__all__ = ["ClusterRoleAggregation"]

CLUSTER_ROLES = "clusterroles.rbac.authorization.k8s.io"


class ClusterRoleAggregation:
    """Writes into a ClusterRole with an `aggregationRule` the rules of those that it selects.

    Args:
        client: sends the requests.
        clock: the time, and callbacks at a later time.
        randomness: how long requests take.
    """

    def __init__(self, client: Client, clock: Clock, randomness: Randomness) -> None:
        self._client = client
        self._randomness = randomness
        self._queue = WorkQueue(clock, randomness, self._sync)

    def start(self) -> None:
        """Queue the aggregated ClusterRoles in the store, then follow changes."""
        self._queue_all()
        self._client.store.subscribe(self._changed)

    def _changed(self, change: Change) -> None:
        if change.resource == CLUSTER_ROLES:
            self._queue_all()

    def _queue_all(self) -> None:
        for role in self._client.store.list(CLUSTER_ROLES):
            if role.get("aggregationRule"):
                self._queue.add_after(("", role["metadata"]["name"]), self._randomness.lag())

    def _sync(self, key: Key) -> Work:
        role = self._client.store.get(CLUSTER_ROLES, None, key[1])
        if role is not None and _aggregated(self._client.store, role) != (role.get("rules") or []):
            yield partial(self._client.patch, CLUSTER_ROLES, "", key[1], self._with_rules)

    def _with_rules(self, role: Object) -> Object:
        return {**role, "rules": _aggregated(self._client.store, role)}


def _aggregated(store: Store, role: Object) -> list[Object]:
    """Return the rules of the ClusterRoles that one selects, each of them once."""
    selectors = _selectors(role)
    if not selectors:
        return list(role.get("rules") or ())
    rules: list[Object] = []
    for part in store.list(CLUSTER_ROLES):
        if part["metadata"]["name"] != role["metadata"]["name"] and _is_selected(part, selectors):
            rules += part.get("rules") or []
    return [rule for index, rule in enumerate(rules) if rule not in rules[:index]]


def _selectors(role: Object) -> list[Object]:
    return list((role.get("aggregationRule") or {}).get("clusterRoleSelectors") or ())


def _is_selected(role: Object, selectors: Iterable[Object]) -> bool:
    labels = role["metadata"].get("labels") or {}
    return any(matches_label_selector(selector, labels) for selector in selectors)
