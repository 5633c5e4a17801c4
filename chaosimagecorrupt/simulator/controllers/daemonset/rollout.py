"""Which Pods of a DaemonSet are to be created and deleted (daemon_controller.go: manage; update.go: rollingUpdate)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum

from ...types import Object
from ..replicaset.active_pods import is_available, is_ready
from .pods import by_age, by_node, is_updated, should_run

__all__ = ["Changes", "Look"]

# The new and the old Pod of a node
Pair = tuple[Object | None, Object | None]


class SurgeStep(Enum):
    """Where a node is in a rollout with maxSurge."""

    NONE = "there is no old Pod"
    SURGING = "the new Pod is not available yet"
    REPLACED = "the new Pod is available: the old one goes"
    URGENT = "the old Pod is not available: a new one is needed at once"
    CANDIDATE = "the old Pod is available: a new one may come"
    GONE = "no Pod is to be here, and the old one is not available"
    LEAVING = "no Pod is to be here, and the old one is available"


@dataclass
class Changes:
    """What is to be done.

    Attributes:
        nodes: the names of the nodes that need a Pod.
        pods: the Pods to delete.
    """

    nodes: list[str] = field(default_factory=list)
    pods: list[Object] = field(default_factory=list)


@dataclass(frozen=True)
class Look:
    """A DaemonSet, its Pods and the nodes at one moment.

    Attributes:
        daemon_set: the DaemonSet.
        pods: its Pods.
        nodes: all nodes.
        revision_hash: the hash of the template's ControllerRevision.
        now: seconds since 1970.
    """

    daemon_set: Object
    pods: Sequence[Object]
    nodes: Sequence[Object]
    revision_hash: str
    now: float

    def manage(self) -> Changes:
        """Return what leads to one Pod on each node that is to have one, whatever its revision."""
        changes, on_nodes = Changes(), by_node(self.pods)
        for node in self.nodes:
            name = node["metadata"]["name"]
            runs, continues = should_run(self.daemon_set, node)
            staying = [pod for pod in on_nodes.get(name, ()) if "deletionTimestamp" not in pod["metadata"]]
            if runs and name not in on_nodes:
                changes.nodes.append(name)
            elif continues:
                self._manage_node(name, runs, staying, changes)
            else:
                changes.pods += staying
        changes.pods += self._lost(on_nodes)
        return changes

    def _lost(self, on_nodes: dict[str, list[Object]]) -> list[Object]:
        """Return the Pods that wait for a node that is gone (getUnscheduledPodsWithoutNode)."""
        names = {node["metadata"]["name"] for node in self.nodes}
        lost = [pod for name, pods in on_nodes.items() if name not in names for pod in pods]
        return [pod for pod in lost if not pod["spec"].get("nodeName")]

    def _manage_node(self, name: str, runs: bool, staying: Sequence[Object], changes: Changes) -> None:
        """Delete what has ended, and what is too much (podsShouldBeOnNode)."""
        running = [pod for pod in staying if pod["status"].get("phase") not in ("Failed", "Succeeded")]
        changes.pods += [pod for pod in staying if pod not in running]
        if not self.counts()[0]:
            changes.pods += by_age(running)[1:]
        elif not running and runs:
            changes.nodes.append(name)
        elif len(running) > 1:
            changes.pods += self._surplus(running)

    def _surplus(self, running: Sequence[Object]) -> list[Object]:
        """Return the Pods to delete of a node that may have two: a new one that is not ready yet, and an old one."""
        new = [pod for pod in by_age(running) if self._is_updated(pod)]
        old = [pod for pod in by_age(running) if pod not in new]
        surplus = [*new[1:], *old[1:]]
        if new and old and (not is_ready(old[0]) or self._is_available(new[0])):
            surplus.append(old[0])
        return surplus

    def roll(self) -> Changes:
        """Return what leads to Pods of the present template, within maxUnavailable or maxSurge."""
        surge, unavailable = self.counts()
        return self._surge(surge) if surge else self._replace(unavailable)

    def _replace(self, most: int) -> Changes:
        """Delete old Pods, those that are not available first; `manage` creates the new ones."""
        missing, unavailable, candidates = 0, list[Object](), list[Object]()
        for pods in by_node(self.pods).values():
            pair = self._pair(pods)
            if pair is None or (pair[0] is None) is (pair[1] is None):
                missing += 1
                continue
            new, old = pair
            if new is not None:
                missing += not self._is_available(new)
            elif old is not None and not self._is_available(old):
                unavailable.append(old)
                missing += 1
            elif old is not None:
                candidates.append(old)
        return Changes(pods=[*unavailable, *candidates[: max(0, most - missing)]])

    def _surge(self, most: int) -> Changes:
        """Create new Pods beside the old ones, and delete the old ones once the new ones are available."""
        found: dict[SurgeStep, list[tuple[str, Object | None]]] = {step: [] for step in SurgeStep}
        available = 0
        for name, pods in by_node(self.pods).items():
            pair = self._pair(pods)
            old = pair[1] if pair else None
            found[self._surge_step(name, pair)].append((name, old))
            available += self._is_any_available(old, pair)
        surging, spare = len(found[SurgeStep.SURGING]), max(0, available - self.desired())
        created = [*found[SurgeStep.URGENT], *found[SurgeStep.CANDIDATE][: max(0, most - surging)]]
        deleted = [*found[SurgeStep.REPLACED], *found[SurgeStep.GONE], *found[SurgeStep.LEAVING][:spare]]
        return Changes([name for name, _ in created], [old for _, old in deleted if old is not None])

    def _surge_step(self, name: str, pair: Pair | None) -> SurgeStep:
        if pair is None:
            return SurgeStep.SURGING
        new, old = pair
        if old is None:
            return SurgeStep.NONE
        if new is not None:
            return SurgeStep.REPLACED if self._is_available(new) else SurgeStep.SURGING
        if not self._runs_on(name):
            return SurgeStep.LEAVING if self._is_available(old) else SurgeStep.GONE
        return SurgeStep.CANDIDATE if self._is_available(old) else SurgeStep.URGENT

    def _is_any_available(self, old: Object | None, pair: Pair | None) -> bool:
        """Return whether a node is served: by the old Pod while there is one."""
        counted = old or (pair[0] if pair else None)
        return counted is not None and self._is_available(counted)

    def _runs_on(self, name: str) -> bool:
        """Return whether a Pod is to be on a node."""
        return any(node["metadata"]["name"] == name and should_run(self.daemon_set, node)[0] for node in self.nodes)

    def _pair(self, pods: Sequence[Object]) -> Pair | None:
        """Return the new and the old Pod of a node, `None` when there are two of one sort (findUpdatedPodsOnNode)."""
        staying = [pod for pod in pods if "deletionTimestamp" not in pod["metadata"]]
        new = [pod for pod in staying if self._is_updated(pod)]
        old = [pod for pod in staying if pod not in new]
        if len(new) > 1 or len(old) > 1:
            return None
        return next(iter(new), None), next(iter(old), None)

    def _is_updated(self, pod: Object) -> bool:
        return is_updated(self.daemon_set, pod, self.revision_hash)

    def _is_available(self, pod: Object) -> bool:
        return is_available(pod, self.daemon_set["spec"].get("minReadySeconds", 0), self.now)

    def desired(self) -> int:
        """Return on how many nodes a Pod is to be."""
        return sum(should_run(self.daemon_set, node)[0] for node in self.nodes)

    def counts(self) -> tuple[int, int]:
        """Return maxSurge and maxUnavailable as numbers; one of them is 1 at least (updatedDesiredNodeCounts)."""
        strategy = self.daemon_set["spec"]["updateStrategy"]
        rolling = (strategy.get("rollingUpdate") or {}) if strategy["type"] == "RollingUpdate" else {}
        surge, unavailable = (_scaled(rolling.get(name, 0), self.desired()) for name in ("maxSurge", "maxUnavailable"))
        return surge, unavailable or int(not surge)


def _scaled(value: int | str, total: int) -> int:
    """Return a number of Pods, or a percentage of all of them, rounded up."""
    return value if isinstance(value, int) else -(-int(value.rstrip("%")) * total // 100)
