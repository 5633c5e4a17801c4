"""Keeps the status of ResourceQuotas up to date (kubernetes/pkg/controller/resourcequota)."""

from functools import partial

from ..quantities import parse_quantity
from ..types import Object
from ..watch_cache import Change
from .quota_usage import total_usage, written
from .store_controller import StoreController
from .workqueue import Key, Work

__all__ = ["ResourceQuotaController"]

RESOURCE = "resourcequotas"


class ResourceQuotaController(StoreController):
    """Computes what is used of a quota when the quota is new or changed, and when something is gone that it counts.

    What is created is charged at its admission.
    """

    def _changed(self, change: Change) -> None:
        if change.resource == RESOURCE and change.type != "DELETED":
            if change.type == "ADDED" or _hard(change.object) != _hard(change.previous or {}):
                self._add(_key(change.object))
        elif change.type == "DELETED" or _has_ended(change):
            namespace = change.object["metadata"].get("namespace")
            for quota in self._store.list(RESOURCE, namespace) if namespace else ():
                self._add(_key(quota))

    def _sync(self, key: Key) -> Work:
        if self._store.get(RESOURCE, *key) is not None:
            yield partial(self._client.patch_status, RESOURCE, *key, self._with_status)

    def _with_status(self, quota: Object) -> Object:
        hard = {name: parse_quantity(value) for name, value in _hard(quota).items()}
        used = total_usage(self._store, quota, self._clock.now())
        return {**quota, "status": {"hard": written(hard), "used": written(used)}}


def _key(quota: Object) -> Key:
    return quota["metadata"]["namespace"], quota["metadata"]["name"]


def _hard(quota: Object) -> Object:
    return dict((quota.get("spec") or {}).get("hard") or {})


def _has_ended(change: Change) -> bool:
    """Return whether a Pod has come to its end: it uses nothing from then on."""
    if change.resource != "pods":
        return False
    ended = ("Succeeded", "Failed")
    phases = [(obj or {}).get("status", {}).get("phase") for obj in (change.previous, change.object)]
    return phases[0] not in ended and phases[1] in ended
