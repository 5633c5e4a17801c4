"""Whether the pauses between the pulls of the corrupt image grow."""

from collections.abc import Iterator
from contextlib import contextmanager

from chaoslib.types import Configuration, Secrets
from logzero import logger

from ..duration import duration_text
from ..errors import ImageCorruptError, NotFound, Refused, one_line
from ..record.annotations import read_record
from ..record.entry import Entry
from ..timeline.fields import waiting_in
from ..timeline.follower import NamespaceFollower
from ..timeline.journal import TimelineJson
from ..timeline.recorder import Recorder, recorder_of
from ..timeline.states import State
from ..timeline.timeline import changes
from ..verdict import Facts
from ..verdict.observed import Observed
from ..verdict.rubric.back_off import Pulls, pulls_of
from ..workload.target import Target
from ._fault import over_for
from ._wait import timeout_of

__all__ = ["back_off_grows", "pull_backoff_growing"]

# seconds that the first lists may take
_FOLLOWING_TIMEOUT = 30.0
# the kubelet never tries such a pull: kubernetes/pkg/kubelet/images/image_manager.go
_NEVER_PULLED = frozenset({"InvalidImageName", "ErrImageNeverPull"})


def pull_backoff_growing(
    name: str,
    ns: str = "default",
    container_name: str = None,
    timeout: float = 90,
    kind: str = "Deployment",
    configuration: Configuration = None,
    secrets: Secrets = None,
) -> bool:
    """Tell whether the back-off grows: the pause before the third pull of the corrupt image is longer than the first.

    Pulls are counted by the Events `Pulling`. A kubelet tries again about 14 and 37 s after the first pull. While the
    control is active, the pulls before this probe count too; without it, so do those that the Event has the time of.

    Args:
        name: of the Deployment.
        ns: its namespace.
        container_name: container or init container; any corrupted one when none is named.
        timeout: seconds, or Go's duration, to wait for it; 0 answers from the current state.
        kind: Deployment, StatefulSet or DaemonSet.
        configuration: its KUBERNETES_CONTEXT names the kubeconfig's context, unless `secrets` do.
        secrets: how to reach the cluster; the keys of chaostoolkit-kubernetes.

    Returns:
        Whether it grows. False, at once, when the fault is not in place, or no pull is tried.

    Raises:
        Refused: the named container is not corrupted.
        ImageCorruptError: the Deployment is not there, or its Events cannot be followed.
    """
    return back_off_grows(Target.of(name, ns, secrets, configuration, kind), timeout, container_name or None)


def back_off_grows(target: Target, timeout: object, container_name: str | None) -> bool:
    """Answer as `pull_backoff_growing` does, for a Deployment that is found already.

    Args:
        target: the Deployment.
        timeout: seconds, or Go's duration.
        container_name: one corrupted container; None for all of them.

    Raises:
        Refused: this container is not corrupted, or the timeout is no duration.
        NotFound: the Deployment does not exist, and this run has no fault in it.
    """
    seconds = timeout_of(timeout)
    try:
        deployment = target.get()
    except NotFound:
        why = over_for(target)(None)
        if why is None:
            raise
        logger.info(f"{target}: not waiting any longer: {why}")
        return False
    record = read_record(deployment)
    if container_name is not None and record and container_name not in record:
        raise Refused(
            f"container_name: '{one_line(container_name, 80)}' is not corrupted; {one_line(', '.join(record))} is"
        )
    entries = [e for e in record.values() if container_name in (None, e.container)]
    if not entries:
        logger.info(f"{target}: no fault is recorded, so no pull of a corrupt image is waited for")
        return False
    watched = _Watched(target, entries, int(deployment["metadata"].get("generation") or 0))
    with _followed(target) as recorder:
        recorder.wait(watched.is_over, seconds, "pulls with growing pauses")
    return watched.pulls.grow


class _Watched:
    """What a timeline shows of the pulls; each pull is logged once.

    Args:
        target: the Deployment.
        entries: the faults.
        generation: of the Deployment when the probe read it; an older state does not show the fault yet.

    Attributes:
        pulls: those of the latest look.
    """

    def __init__(self, target: Target, entries: list[Entry], generation: int) -> None:
        self._target, self._facts, self._generation = (
            target,
            Facts(target.name, entries, kind=target.kind.name),
            generation,
        )
        self._logged = 0
        self.pulls = Pulls(())

    def is_over(self, timeline: TimelineJson) -> bool:
        """Return whether the back-off grows, or nothing more can be observed.

        Raises:
            ImageCorruptError: the Deployment or its Events cannot be followed.
        """
        for kind in (self._target.kind.name, "Event"):
            if kind in timeline["missing"]:
                raise ImageCorruptError(f"{self._target}: {kind} objects: {timeline['missing'][kind]}")
        observed = Observed(timeline, self._facts)
        self.pulls = pulls_of(observed)
        for pull in self.pulls.pulls[self._logged :]:
            logger.info(f"{self._target}: pull {pull.number} of the corrupt image {self._after(pull.number)}".rstrip())
        self._logged = max(self._logged, len(self.pulls.pulls))
        if self.pulls.grow:
            return True
        why = _no_more_pulls(observed, self._generation)
        if why:
            logger.info(f"{self._target}: not waiting any longer: {why}")
        return bool(why)

    def _after(self, number: int) -> str:
        index = number - self.pulls.pulls[0].number
        return f"{duration_text(self.pulls.pauses[index - 1])} after the one before" if index else ""


def _no_more_pulls(observed: Observed, generation: int) -> str:
    """Explain why no further pull can be observed; empty while one can."""
    latest = observed.deployment[-1].state if observed.deployment else {}
    if latest.get("gone"):
        return f"the {observed.kind.name} is gone"
    if (latest.get("generation") or 0) < generation:
        return ""
    if not observed.is_corrupt(latest):
        return "the fault is no longer in place"
    if latest.get("replicas") == 0:
        return f"the {observed.kind.name} {observed.kind.without_pods}"
    if latest.get("paused"):
        return f"the {observed.kind.name} is paused"
    return _no_pull_tried(_waiting_reasons(observed))


def _no_pull_tried(reasons: set[str]) -> str:
    return f"no pull is tried ({', '.join(sorted(reasons))})" if reasons and reasons <= _NEVER_PULLED else ""


def _waiting_reasons(observed: Observed) -> set[str]:
    """Return why the corrupt containers of the pods wait that are there."""
    pods: dict[str, State] = {p.name: p.state for p in changes(observed.timeline, "Pod")}
    waiting = (waiting_in(s, c) for s in pods.values() for c in observed.corrupt_containers(s))
    return {reason for reason in waiting if reason}


@contextmanager
def _followed(target: Target) -> Iterator[Recorder]:
    """Give the control's recorder of a Deployment, or one for the time of this probe."""
    found = recorder_of(target)
    if found is not None:
        yield found
        return
    recorder = Recorder(target)
    follower = NamespaceFollower([recorder], [])
    follower.start()
    try:
        recorder.wait_until_following(_FOLLOWING_TIMEOUT)
        yield recorder
    finally:
        follower.end()
