"""The moments of a fault, as a timeline shows them: corrupted, bit, restored, recovered."""

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

from ..duration import from_rfc3339, rfc3339
from ..errors import one_line
from ..kube.requests import FIELD_MANAGER
from ..timeline.states import MOST_IMAGE, State
from ..timeline.timeline import Change, changes, moment
from ..workload.rollout import PULL_FAILURES
from .model import Evidence, Facts

__all__ = ["GIVE_UP", "SKEW", "Observed"]

# seconds after the restore within which a Deployment has to recover; recovery_seconds waits as long
GIVE_UP = 180.0
# seconds after a gap in which changes may still come late
_AFTER_GAP = 1.0
# seconds by which news of one kind may overtake those of another: each comes on a connection of its own
SKEW = 1.0


class Observed:
    """What a timeline shows of a fault.

    Args:
        timeline: as the journal keeps it.
        facts: what else is known.
    """

    def __init__(self, timeline: Mapping[str, Any], facts: Facts) -> None:
        self.timeline, self.facts = timeline, facts
        self.ended: float = timeline["ended"]
        self.missing: Mapping[str, str] = timeline["missing"]
        self.deployment = list(changes(timeline, "Deployment"))
        self._images = {e.container: one_line(e.image, MOST_IMAGE) for e in facts.entries if e.image}
        corrupt = [number for number, c in enumerate(self.deployment) if self.corrupt(c.state)]
        first, last = (corrupt[0], corrupt[-1]) if corrupt else (None, None)
        self.corrupted = self.deployment[first] if first is not None else None
        self.before = self.deployment[first - 1] if first else None
        after = self.deployment[last + 1 :] if last is not None else []
        self.last_corrupt = self.deployment[last] if last is not None else None
        # one that is made again without the corrupt image is restored too
        self.restored = next((c for c in after if not c.state.get("gone")), None)
        self.recovered = next((c for c in after if c.state.get("complete")), None)
        self.gone = bool(after) and bool(after[-1].state.get("gone")) and self.recovered is None

    def corrupt(self, state: State) -> bool:
        """Return whether a Deployment or ReplicaSet has a corrupt image."""
        return any(state.get(f"image:{c}") == image for c, image in self._images.items())

    def corrupt_containers(self, pod: State) -> list[str]:
        """Return the containers whose image is corrupt in a pod or in the template that it was made from.

        Admission may give a pod another image than its template has, such as a registry's mirror.
        """
        template = self._templates.get(pod.get("replicaSet", ""), {})
        return [c for c, image in self._images.items() if image in (pod.get(f"image:{c}"), template.get(f"image:{c}"))]

    def recorded(self, state: State) -> bool:
        """Return whether a Deployment carries a record of the fault."""
        return any(e.container in (state.get("record") or {}) for e in self.facts.entries)

    def failing(self, pod: State) -> str | None:
        """Return the container of a pod that cannot pull a corrupt image, None when there is none."""
        if pod.get("deleting"):
            return None
        return next((c for c in self.corrupt_containers(pod) if pod.get(f"waiting:{c}") in PULL_FAILURES), None)

    @cached_property
    def _templates(self) -> dict[str, State]:
        """The ReplicaSets' templates, by name; a ReplicaSet keeps its template all its life."""
        return {c.name: c.state for c in changes(self.timeline, "ReplicaSet") if not c.state.get("gone")}

    @cached_property
    def first_pull_failure(self) -> tuple[float, Evidence] | None:
        """When and by what it was seen first that the corrupt image cannot be pulled."""
        if self.corrupted is None:
            return None
        for pod in changes(self.timeline, "Pod"):
            container = self.failing(pod.state)
            if container is not None and pod.at > self.corrupted.at - SKEW:
                waits = pod.state[f"waiting:{container}"]
                return pod.at, self.evidence(pod, f"{container} waits: {waits}")
        for event in self.events("Failed"):
            if event.at > self.corrupted.at - SKEW:
                called = f"Pod {event.state['pod']}"
                return event.at, self.evidence(event, event.state["message"], event.state.get("last"), called)
        if self.facts.bitten_at is not None:
            seen = Evidence(
                f"Deployment {self.facts.name}", "a probe saw a pod that cannot pull", rfc3339(self.facts.bitten_at)
            )
            return self.facts.bitten_at - from_rfc3339(self.timeline["started"]), seen
        return None

    def events(self, reason: str) -> Iterable[Change]:
        """Return the events with this reason that are about a corrupt image."""
        images: dict[str, set[str]] = {}
        for pod in changes(self.timeline, "Pod"):
            for container in self.corrupt_containers(pod.state):
                images.setdefault(pod.name, set()).add(pod.state.get(f"image:{container}", ""))
        for event in changes(self.timeline, "Event"):
            meant = images.get(event.state["pod"], set()) if images else self._images.values()
            about = any(f'image "{image}"' in event.state.get("message", "") for image in meant)
            if event.state.get("reason") == reason and about:
                yield event

    def since(self, first: Change, found: Iterable[Change], until: Change | None = None) -> list[Change]:
        """Return the changes from one moment on, up to another."""
        return [c for c in found if c.at >= first.at and (until is None or c.at < until.at)]

    @property
    def fault(self) -> list[Change]:
        """The Deployment's states while the fault was in place; its first one at least, however short that was."""
        if self.corrupted is None:
            return []
        return self.since(self.corrupted, self.deployment, self.restored) or [self.corrupted]

    @property
    def window(self) -> float:
        """Seconds that the fault was in place, as far as it was seen."""
        end = self.restored.at if self.restored else self.ended
        return end - self.corrupted.at if self.corrupted else 0.0

    @property
    def seconds(self) -> float | None:
        """Seconds from the restore to the recovery; None when there was none, or when that is not known.

        Both are clocked when their events arrived, since the API server's own times are whole seconds. When one of them
        arrived late, or was only seen when the Deployment was listed again, the API server's count, both of them: its
        clock and ours may differ.
        """
        if self.restored is None or self.recovered is None:
            return None
        if not self._late(self.restored) and not self._late(self.recovered):
            return round(self.recovered.at - self.restored.at, 3)
        written = self.facts.restored_on_server or (self.healed_by[1] if self.healed_by else None)
        settled = _settled(self.recovered.state)
        if written is None or settled is None or _earlier(settled, written):
            return None
        return from_rfc3339(settled) - from_rfc3339(written)

    @property
    def recovery_text(self) -> str:
        """How long the recovery took, in words."""
        return (
            "after the restore, how long is not known"
            if self.seconds is None
            else f"{self.seconds:g} s after the restore"
        )

    @property
    def unhealthy_before(self) -> bool:
        """Whether the Deployment is known not to have been complete before the fault.

        News of the fault's ReplicaSet, which overtake those of the Deployment, make it look so for a moment.
        """
        if self.corrupted is None or self.before is None:
            return False
        earlier = [c for c in self.deployment if c.at < self.corrupted.at and not self.corrupt(c.state)]
        long_before = [c for c in earlier if c.at <= self.corrupted.at - SKEW][-1:]
        just_before = [c for c in earlier if c.at > self.corrupted.at - SKEW]
        return not any(c.state.get("complete") for c in long_before + just_before)

    @property
    def not_recovered(self) -> tuple[str, str]:
        """The result, and why, of a row that waits for a recovery that was not seen."""
        if self.restored is None:
            return "not observed", "the image was not seen to be put back"
        waited = self.ended - self.restored.at
        if self.unhealthy_before:
            return "not observed", "not complete, as before the fault"
        if waited < GIVE_UP:
            return "not observed", f"not recovered {waited:.0f} s after the restore, when it was last looked at"
        return "violation", f"not recovered within {GIVE_UP:.0f} s of the restore"

    @property
    def healed_by(self) -> tuple[str, str | None] | None:
        """The field manager that put the image back, and when; None when that is not known."""
        if self.restored is None or self.last_corrupt is None:
            return None
        state, now = self.last_corrupt.state, self.restored.state
        keys = [f"writer:{c}" for c, image in self._images.items() if state.get(f"image:{c}") == image]
        # an owner that was given its field back wrote before the fault; both times are the API server's
        writers = [now[k] for k in keys if k in now and not _earlier(now[k][1], state.get(k, [None, None])[1])]
        other_managers = [w for w in writers if w[0] != FIELD_MANAGER]
        found = (other_managers or writers or [None])[0]
        return (found[0], found[1]) if found is not None else None

    @property
    def healed_by_others(self) -> bool:
        """Whether it is known that somebody else put the image back."""
        return self.healed_by is not None and self.healed_by[0] != FIELD_MANAGER

    @property
    def undone_early(self) -> str | None:
        """That the fault was undone by this tool, but not by this run, in words; None when it was not."""
        if self.healed_by is None or self.healed_by[0] != FIELD_MANAGER or self.facts.restored_here is not False:
            return None
        assert self.restored is not None
        expiry = min((from_rfc3339(e.expires) for e in self.facts.entries if e.expires), default=None)
        restored = from_rfc3339(self.timeline["started"]) + self.restored.at
        who = (
            "when its ttl was over, by the guard or a sweep"
            if expiry is not None and restored >= expiry - 1  # which is in whole seconds
            else "by another run, by chaos image-corrupt, or by a guard that was told to end"
        )
        return f"the fault was undone before the run's own restore, {self.window:.0f} s after the injection, {who}"

    def seconds_of(self, server_time: str | None, otherwise: float) -> float:
        """Return a time of the API server's as seconds after the timeline's beginning."""
        return otherwise if server_time is None else from_rfc3339(server_time) - from_rfc3339(self.timeline["started"])

    def at(self, change: Change | None) -> str | None:
        """Return the moment of a change as RFC 3339."""
        return None if change is None else moment(self.timeline["started"], change.at)

    def evidence(self, change: Change, what: str, at: str | None = None, called: str | None = None) -> Evidence:
        """Return what a change shows.

        Args:
            change: the change.
            what: what it shows.
            at: the API server's time of it; when it was seen if there is none.
            called: kind and name of the object, if they are not the change's.
        """
        name = called or (change.name if change.kind == "Resource" else f"{change.kind} {change.name}")
        return Evidence(name, what, at or self.at(change))

    def _late(self, change: Change) -> bool:
        """Whether a change of the Deployment may have arrived late."""
        gaps = [(since, until) for since, until, kind, _ in self.timeline["gaps"] if kind == "Deployment"]
        return any(since < change.at <= until + _AFTER_GAP for since, until in gaps)


def _earlier(one: str | None, other: str | None) -> bool:
    return one is not None and other is not None and from_rfc3339(one) < from_rfc3339(other)


def _settled(state: State) -> str | None:
    found = [state.get(f"condition:{t}") for t in ("Available", "Progressing")]
    return max((c[2] or "" for c in found if c is not None), default="") or None
