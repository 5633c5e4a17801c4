"""Gives aggregated ClusterRoles their rules (kubernetes/pkg/controller/clusterroleaggregation)."""

from collections.abc import Iterable
from functools import partial

from ..label_selector import matches_label_selector
from ..store import Store
from ..types import Object
from ..watch_cache import Change
from .store_controller import StoreController
from .workqueue import Key, Work

__all__ = ["ClusterRoleAggregation"]

CLUSTER_ROLES = "clusterroles.rbac.authorization.k8s.io"


class ClusterRoleAggregation(StoreController):
    """Writes into a ClusterRole with an `aggregationRule` the rules of those that it selects."""

    def _changed(self, change: Change) -> None:
        if change.resource == CLUSTER_ROLES:
            for role in self._store.list(CLUSTER_ROLES):
                if role.get("aggregationRule"):
                    self._add(("", role["metadata"]["name"]))

    def _sync(self, key: Key) -> Work:
        role = self._store.get(CLUSTER_ROLES, None, key[1])
        if role is not None and _aggregated(self._store, role) != (role.get("rules") or []):
            yield partial(self._client.patch, CLUSTER_ROLES, "", key[1], self._with_rules)

    def _with_rules(self, role: Object) -> Object:
        return {**role, "rules": _aggregated(self._store, role)}


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
