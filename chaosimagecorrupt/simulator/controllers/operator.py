"""Simulated operators: each watches Deployments, and reports their health in its custom resource.

Annotations of its custom resource, of any kind, configure an operator. They may change at any time:

- `simulator.operatorchaos.io/watches`: `NAMESPACE/DEPLOYMENT=CONDITION[:RULE], ...`: which Deployments, and the type
  of the condition in which it reports the health of each. The rule decides the condition's status:

  - `complete` (the default): True while the rollout is complete, as of Sail's and OpenDataHub's operators
  - `available`: True while the Deployment is available, as of Knative's operator and of library-go
  - `progressing`: True while the rollout is not complete, as of library-go

- `simulator.operatorchaos.io/behaviour`:

  - `reports` (the default): the condition is False while a rollout has not been complete for some time
  - `silent`: no condition ever changes
  - `claims-health`: the condition stays True, and is renewed whenever the Deployment changes
  - `heals`: reports, and puts the image back after some time
  - `fights`: reports, and puts the whole spec back at once, each time it is changed

- `simulator.operatorchaos.io/delay`: seconds before it reports or heals (2 by default)
- `simulator.operatorchaos.io/reason`: the reason of a condition that reports a problem
- `simulator.operatorchaos.io/summary`: type of a condition that is True when all others are
- `simulator.operatorchaos.io/manager`: the field manager that it writes as (by default the kind and `-operator`)

It puts back the spec that the Deployment had when the operator first read it.
"""

from functools import partial
from typing import NamedTuple

from ..clock import Clock
from ..timestamps import timestamp
from ..types import Object
from ..watch_cache import Change
from .client import Client
from .deployment.status import is_complete
from .randomness import Randomness
from .store_controller import StoreController, key_of, parts_of
from .workqueue import Key, Work

__all__ = ["BEHAVIOURS", "Operators"]

BEHAVIOURS = ("reports", "silent", "claims-health", "heals", "fights")
PREFIX = "simulator.operatorchaos.io/"
REASON = "DeploymentNotReady"
# Seconds before an operator reports or heals
DELAY = 2.0

# Seconds from a change to an operator's work on it
NOTICE = (0.02, 0.1)


class _Health(NamedTuple):
    """What a condition reports: its status, and the problem; `None` without one."""

    status: str
    problem: str | None


class Operators(StoreController):
    """All operators of the cluster."""

    def __init__(self, client: Client, clock: Clock, randomness: Randomness) -> None:
        super().__init__(client, clock, randomness)
        self._watched: dict[Key, dict[Key, list[str]]] = {}
        self._specs: dict[str, Object] = {}
        self._unhealthy: dict[str, float] = {}

    def _add(self, key: Key) -> None:
        self._queue.add_after(key, self._randomness.between(*NOTICE))

    def _changed(self, change: Change) -> None:
        metadata = change.object["metadata"]
        if change.resource == "deployments.apps":
            self._deployment_changed(change, (metadata["namespace"], metadata["name"]))
            return
        key = key_of(change.resource, metadata)
        watches = _settings(change.object).get("watches")
        if change.type == "DELETED" or not watches:
            self._watched.pop(key, None)
            return
        self._watched[key] = _targets(watches)
        if change.previous is None or _settings(change.previous) != _settings(change.object):
            self._add(key)

    def _deployment_changed(self, change: Change, target: Key) -> None:
        uid = change.object["metadata"]["uid"]
        if change.type == "DELETED":
            self._specs.pop(uid, None)
            self._unhealthy.pop(uid, None)
        else:
            self._specs.setdefault(uid, change.object["spec"])
        for key, targets in self._watched.items():
            if target in targets:
                self._add(key)

    def _sync(self, key: Key) -> Work:
        owner = self._get(key)
        if owner is None or key not in self._watched:
            return
        settings = _settings(owner)
        behaviour = settings.get("behaviour", BEHAVIOURS[0])
        if behaviour == "silent":
            return
        client = Client(self._store, self._clock.now, settings.get("manager", f"{owner['kind'].lower()}-operator"))
        delay = float(settings.get("delay", DELAY))
        found: dict[str, _Health] = {}
        for target, conditions in self._watched[key].items():
            problem = self._problem(key, target, delay)
            if behaviour in ("heals", "fights"):
                yield from self._repair(client, target, behaviour, problem)
            reported = None if behaviour == "claims-health" else problem
            found.update(self._health(target, condition, reported) for condition in conditions)
        change = partial(
            _with_conditions,
            found=found,
            summary=settings.get("summary"),
            reason=settings.get("reason", REASON),
            now=timestamp(self._clock.now()),
            renew=behaviour == "claims-health",
        )
        if change(owner) != owner:
            yield partial(client.patch_status, *parts_of(key), change)

    def _problem(self, key: Key, target: Key, delay: float) -> str | None:
        """Return what is wrong with a Deployment for longer than the delay, or `None`."""
        deployment = self._store.get("deployments.apps", *target)
        if deployment is None:
            return f"deployment {target[0]}/{target[1]} not found"
        uid, status = deployment["metadata"]["uid"], deployment.get("status", {})
        if is_complete(deployment, status):
            self._unhealthy.pop(uid, None)
            return None
        now = self._clock.now()
        since = self._unhealthy.setdefault(uid, now)
        if now < since + delay:
            self._queue.add_after(key, since + delay - now)
            return None
        updated, desired = status.get("updatedReplicas", 0), deployment["spec"].get("replicas", 1)
        return (
            f"deployment {target[0]}/{target[1]} is not rolled out: {updated} of {desired} replicas updated, "
            f"{status.get('unavailableReplicas', 0)} unavailable"
        )

    def _health(self, target: Key, condition: str, problem: str | None) -> tuple[str, _Health]:
        """Return the type of a condition, and what it reports by its rule."""
        type_, _, rule = condition.partition(":")
        if rule == "progressing":
            return type_, _Health("True" if problem else "False", problem)
        deployment = self._store.get("deployments.apps", *target)
        if rule == "available" and deployment is not None and _is_available(deployment):
            problem = None
        return type_, _Health("False" if problem else "True", problem)

    def _repair(self, client: Client, target: Key, behaviour: str, problem: str | None) -> Work:
        deployment = self._store.get("deployments.apps", *target)
        if deployment is None or (behaviour == "heals" and problem is None):
            return
        spec = self._specs[deployment["metadata"]["uid"]]
        if behaviour == "heals":
            spec = _with_images_of(spec, deployment["spec"])
        if spec != deployment["spec"]:
            yield partial(client.update, "deployments.apps", {**deployment, "spec": spec})


def _settings(obj: Object) -> dict[str, str]:
    annotations = obj["metadata"].get("annotations") or {}
    return {name[len(PREFIX) :]: value for name, value in annotations.items() if name.startswith(PREFIX)}


def _is_available(deployment: Object) -> bool:
    conditions = deployment.get("status", {}).get("conditions", ())
    return any((each["type"], each["status"]) == ("Available", "True") for each in conditions)


def _targets(watches: str) -> dict[Key, list[str]]:
    """Return the Deployments and their conditions with their rules; what is malformed is left out."""
    targets: dict[Key, list[str]] = {}
    for each in watches.split(","):
        name, _, condition = each.strip().partition("=")
        namespace, slash, deployment = name.partition("/")
        if slash and condition:
            targets.setdefault((namespace, deployment), []).append(condition)
    return targets


def _with_images_of(original: Object, present: Object) -> Object:
    """Return the present spec with the images that its containers had originally."""
    template = present["template"]
    pod = dict(template["spec"])
    for field in ("initContainers", "containers"):
        images = {each["name"]: each["image"] for each in original["template"]["spec"].get(field, ())}
        if field in pod:
            pod[field] = [{**each, "image": images.get(each["name"], each["image"])} for each in pod[field]]
    return {**present, "template": {**template, "spec": pod}}


def _with_conditions(
    owner: Object, found: dict[str, _Health], summary: str | None, reason: str, now: str, renew: bool
) -> Object:
    """Return the custom resource with its conditions as found, in their order."""
    status = dict(owner.get("status") or {})
    conditions = {each["type"]: each for each in status.get("conditions", ())}
    for type_, health in found.items():
        conditions[type_] = _condition(conditions.get(type_), type_, health, reason, now, renew)
    if summary:
        problems = "; ".join(health.problem for health in found.values() if health.problem) or None
        health = _Health("False" if problems else "True", problems)
        conditions[summary] = _condition(conditions.get(summary), summary, health, reason, now, renew)
    status["conditions"] = list(conditions.values())
    return {**owner, "status": status}


def _condition(before: Object | None, type_: str, health: _Health, reason: str, now: str, renew: bool) -> Object:
    condition: Object = {"type": type_, "status": health.status, "reason": reason if health.problem else "Ready"}
    if health.problem:
        condition["message"] = health.problem
    same = before is not None and before["status"] == condition["status"]
    condition["lastTransitionTime"] = before.get("lastTransitionTime", now) if before and same else now
    if renew:
        condition["lastHeartbeatTime"] = now
    return condition
