"""Scenarios with an intervention, and the verdict on each."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from chaosimagecorrupt.timeline.states import State
from chaosimagecorrupt.verdict import RECOVERY_TIMEOUT

from ..timelines import BAD, GOOD, Scenario
from .texts import UNEXERCISED

__all__ = [
    "QUOTA",
    "SCHEDULER",
    "Case",
    "deleted",
    "instantly_healed",
    "quota",
    "recreated",
    "scaled",
    "superseded",
    "unscheduled",
]

SCHEDULER = "Unschedulable: 0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector."
QUOTA = 'pods "web-abc-1" is forbidden: exceeded quota: q, requested: pods=1, used: pods=2, limited: pods=2'
NO_PROOF = "there is no proof that the fault took effect: "
V2 = "localhost/app:v2"


@dataclass(frozen=True)
class Case:
    """A scenario, when it ends, the facts, and what follows: the verdict, its reasons, and whether waiting is over."""

    scenario: Callable[[], Scenario]
    verdict: str
    reasons: list[str]
    ended: float = 100
    facts: Mapping[str, Any] = field(default_factory=dict)
    settled: bool = True


def instantly_healed() -> Scenario:
    """An owner puts the image back before a pod tried to pull the corrupt one."""
    return Scenario().corrupted(pull_fails=False).restored(10.3, by="web-operator").recovered(10.5)


def healed() -> Scenario:
    """An owner puts the image back after a pod tried to pull the corrupt one."""
    return Scenario().corrupted().restored(15, by="web-operator").recovered(15.2)


def healed_while_pulling() -> Scenario:
    """An owner puts the image back while the first pull runs."""
    scenario = (
        Scenario().corrupted(pull_fails=False).pod(10.1, **{"image:app": BAD}).pull(10.2, 1, "2026-11-22T15:00:10Z")
    )
    return scenario.restored(10.4, by="op").recovered(10.5)


def superseded(**changed: Any) -> Scenario:
    """Someone deploys a third image."""
    third = {"image:app": V2, "generation": 3, "writer:app": ["ci", "2026-11-22T15:00:20Z"], **changed}
    return Scenario().corrupted(pull_fails=False).deployment(20, **third)


def renamed() -> Scenario:
    """Someone renames the container."""
    without: dict[str, Any] = {"image:app": None, "writer:app": None, "image:main": GOOD}
    return (
        Scenario().corrupted().deployment(20, generation=3, lastWriter=["kubectl-client-side-apply", None], **without)
    )


def deleted() -> Scenario:
    """Someone deletes the Deployment."""
    scenario = Scenario().corrupted()
    scenario.timeline.add(20, "Deployment", "web", None)
    return scenario


def recreated() -> Scenario:
    """Someone deletes the Deployment and creates it again."""
    again: dict[str, Any] = {"image:app": GOOD, "writer:app": None, "record": None, "complete": False}
    return deleted().deployment(21, generation=1, lastWriter=["kubectl-create", None], **again).recovered(24)


def scaled() -> Scenario:
    """Someone scales the Deployment to 0."""
    return (
        Scenario().corrupted().deployment(20, generation=3, replicas=0, replicasWriter=["keda", "2026-11-22T15:00:20Z"])
    )


def unscheduled() -> Scenario:
    """No node takes the new pod."""
    return (
        Scenario()
        .corrupted(pull_fails=False)
        .pod(11, unscheduled=SCHEDULER, **{"image:app": BAD})
        .restored()
        .recovered()
    )


def quota() -> Scenario:
    """A quota stops the new pod."""
    failure = ["True", "FailedCreate", None, QUOTA]
    scenario = Scenario().corrupted(pull_fails=False, **cast(Any, {"condition:ReplicaFailure": failure})).template(10.1)
    return scenario.restored(**cast(Any, {"condition:ReplicaFailure": None})).recovered()


def quota_by_replica_set() -> Scenario:
    """A quota stops the new pod, which only its ReplicaSet reports in time."""
    scenario = Scenario().corrupted(pull_fails=False)
    return scenario.template(
        10.1, **cast(Any, {"condition:ReplicaFailure": ["True", "FailedCreate", None, QUOTA]})
    ).restored(11)


def quota_by_event() -> Scenario:
    """A quota stops the new pod, of which only an Event tells; another one is about another ReplicaSet."""
    scenario = Scenario().corrupted(pull_fails=False).template(10.1).template(10.1, "web-old", image=GOOD)
    for name, words in (("web-old", "unrelated"), ("web-abc", QUOTA)):
        event: State = {"replicaSet": name, "reason": "FailedCreate", "count": 1, "message": f"Error creating: {words}"}
        scenario.timeline.add(10.2, "Event", f"{name}.1", event)
    return scenario.restored().recovered()


def whole(undone: str, seconds: str = "1 s") -> str:
    """Say that an owner undid the fault and nothing was lost."""
    return f"{undone}, 2 of 2 pods stayed ready, and the Deployment recovered {seconds} after the restore"


OWNER = "web-operator put the original image back"
SUPERSEDED = f"superseded: the image of app was set to {V2} by ci at 2026-11-22T15:00:20Z, 10 s after the corruption; "
REMOVED = (
    "superseded: the container app was removed or renamed by kubectl-client-side-apply, which leaves "
    f"main {GOOD}, 10 s after the corruption; "
)
AGAIN = f"deleted and created again by kubectl-create, with app {GOOD}, 11 s after the corruption; "
SCALED = "scaled to 0 replicas by keda at 2026-11-22T15:00:20Z, 10 s after the corruption; so no pod shows a recovery"
LATE = 20 + RECOVERY_TIMEOUT + 1
NOT_RECOVERED = "not recovered within 3 min of the restore"

CASES = {
    "healed before a pull": Case(
        instantly_healed,
        "Resilient",
        [
            whole("the fault was undone by its owner", "0.2 s"),
            f"{OWNER} 0.3 s after the corruption, before a pod tried to pull the corrupt one",
            UNEXERCISED,
        ],
    ),
    "healed after a pull": Case(
        healed,
        "Resilient",
        [
            whole("the fault took effect", "0.2 s"),
            f"{OWNER} 5 s after the corruption, after a pod had tried to pull the corrupt one",
            UNEXERCISED,
        ],
    ),
    "healed while a pull runs": Case(
        healed_while_pulling,
        "Resilient",
        [
            whole("the fault was undone by its owner", "0.1 s"),
            "op put the original image back 0.4 s after the corruption, after a pod had tried to pull the corrupt one",
            UNEXERCISED,
        ],
    ),
    "healed, slowly": Case(
        lambda: Scenario().corrupted(pull_fails=False).restored(11, by="web-operator").recovered(61),
        "Degraded",
        [
            "recovered slowly: 50 s after the restore, expected at most 45 s",
            f"{OWNER} 1 s after the corruption, before a pod tried to pull the corrupt one",
        ],
    ),
    "healed, and never recovered": Case(
        lambda: Scenario().corrupted(pull_fails=False).restored(11, by="web-operator"),
        "Failed",
        [NOT_RECOVERED, f"{OWNER} 1 s after the corruption, before a pod tried to pull the corrupt one"],
        ended=LATE,
    ),
    "superseded": Case(
        lambda: superseded().recovered(22), "Inconclusive", [f"{SUPERSEDED}that rollout completed after 2 s"]
    ),
    "superseded, not waited for": Case(
        superseded,
        "Inconclusive",
        [f"{SUPERSEDED}that rollout was not observed to complete"],
        settled=False,
    ),
    "superseded, never complete": Case(
        superseded, "Failed", [NOT_RECOVERED, f"{SUPERSEDED}that rollout was not observed to complete"], ended=LATE
    ),
    "superseded, complete too late": Case(
        lambda: superseded().recovered(21 + RECOVERY_TIMEOUT),
        "Failed",
        [f"{NOT_RECOVERED}, but 3 min 1 s after the restore", f"{SUPERSEDED}that rollout completed after 3 min 1 s"],
        ended=LATE + 10,
    ),
    "renamed": Case(lambda: renamed().recovered(23), "Inconclusive", [f"{REMOVED}that rollout completed after 3 s"]),
    "renamed, never complete": Case(
        renamed, "Failed", [NOT_RECOVERED, f"{REMOVED}that rollout was not observed to complete"], ended=LATE
    ),
    "recreated": Case(recreated, "Inconclusive", [f"{AGAIN}that rollout completed after 3 s"]),
    "deleted": Case(deleted, "Failed", ["the Deployment was deleted during the fault"]),
    "scaled to 0": Case(lambda: scaled().restored(70, complete=False), "Inconclusive", [SCALED]),
    "scaled to 0, long ago": Case(
        lambda: scaled().restored(70, complete=False), "Inconclusive", [SCALED], ended=100 + RECOVERY_TIMEOUT
    ),
    "scaled to 0 and up again": Case(
        lambda: scaled().deployment(40, replicas=2).restored(70, complete=False).recovered(72),
        "Inconclusive",
        [SCALED.replace("so no pod shows a recovery", "it was scaled up again, and recovered 2 s after the restore")],
    ),
    "unscheduled": Case(unscheduled, "Inconclusive", [f"{NO_PROOF}Pod web-abc-1 was not scheduled: {SCHEDULER}"]),
    "quota": Case(quota, "Inconclusive", [f"{NO_PROOF}no pod could be created: FailedCreate: {QUOTA}"]),
    "quota, by the ReplicaSet": Case(
        quota_by_replica_set,
        "Inconclusive",
        [f"{NO_PROOF}no pod could be created: FailedCreate: {QUOTA}"],
        settled=False,
    ),
    "quota, by an Event": Case(
        quota_by_event, "Inconclusive", [f"{NO_PROOF}no pod could be created: FailedCreate: {QUOTA}"]
    ),
    "unscheduled, and never recovered": Case(
        lambda: (
            Scenario().corrupted(pull_fails=False).pod(11, unscheduled=SCHEDULER, **{"image:app": BAD}).restored(20)
        ),
        "Failed",
        [NOT_RECOVERED, f"Pod web-abc-1 was not scheduled: {SCHEDULER}"],
        ended=LATE,
    ),
}
