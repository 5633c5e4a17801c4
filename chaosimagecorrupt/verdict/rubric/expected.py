"""The rows of the section Expected: what a fault brings about, and what follows its restore."""

from itertools import pairwise

from ...timeline.timeline import Change, changes
from ...workload.rollout import NO_DEADLINE, PULL_FAILURES
from ..model import Evidence, Row
from ..observed import Observed
from ..operator_report import reported
from ..pulls import exercised

__all__ = ["expected"]

# kubernetes/pkg/kubelet/kubelet.go: imageBackOffPeriod, MaxImageBackOff; near the cap the gaps no longer grow
_CAP = 300.0
_NEAR_CAP = 0.9 * _CAP
_FEWEST_PULLS = 3
# seconds that the controller may need to notice that a deadline has passed; measured: 0.6
_NOTICE = 5.0


def expected(seen: Observed) -> list[Row]:
    """Return the rows of the section Expected."""
    return [_pull_failing(seen), _back_off(seen), _deadline(seen), _operator(seen), _clean_rollout(seen)]


def _row(row: str, title: str, result: str, why: str, *evidence: Evidence) -> Row:
    return Row("Expected", row, title, result, why, evidence)


def _pull_failing(seen: Observed) -> Row:
    row, title = "pull-failing", "New pods cannot pull the image"
    if seen.first_pull_failure is not None:
        return _row(
            row,
            title,
            "pass",
            f"{seen.first_pull_failure[1].object}: {seen.first_pull_failure[1].what}",
            seen.first_pull_failure[1],
        )
    if seen.corrupted is None:
        return _row(row, title, "not observed", _no_fault(seen))
    ready = next(
        (p for p in changes(seen.timeline, "Pod") if seen.corrupt_containers(p.state) and p.state.get("ready")), None
    )
    if ready is not None:
        why = "a pod with the corrupt image became ready: the image can be pulled"
        return _row(row, title, "violation", why, seen.evidence(ready, "Ready"))
    return _row(row, title, "not observed", _why_no_pull(seen, seen.fault[-1]))


def _why_no_pull(seen: Observed, last: Change) -> str:
    state = last.state
    if state.get("replicas") == 0:
        return "the Deployment has 0 replicas, so no pod starts"
    if state.get("paused"):
        return "the Deployment is paused, so no rollout starts"
    failure = state.get("condition:ReplicaFailure")
    if failure is not None and failure[0] == "True":
        return f"no pod could be created: {failure[1]}: {failure[3]}"
    if "Pod" in seen.missing:
        return f"pods could not be followed: {seen.missing['Pod']}"
    if any(seen.corrupt_containers(p.state) for p in changes(seen.timeline, "Pod")):
        return f"no pod was seen that waits for the image within {seen.window:.1f} s"
    return f"no pod with the corrupt image was seen within {seen.window:.1f} s"


def _back_off(seen: Observed) -> Row:
    row, title = "back-off-grows", "The pauses between pulls grow"
    if "Event" in seen.missing:
        return _row(row, title, "not observed", f"events could not be followed: {seen.missing['Event']}")
    longest = _pulls_in_a_row(seen)
    if len(longest) < _FEWEST_PULLS:
        why = f"pulls in a row within {seen.window:.0f} s: {len(longest)}; growth shows from {_FEWEST_PULLS} on"
        return _row(row, title, "not observed", why, *(_pull(seen, e) for e in longest))
    times = [seen.seconds_of(e.state.get("last"), e.at) for e in longest]
    gaps = [round(b - a) for a, b in pairwise(times)]
    grows = all(b > a or b >= _NEAR_CAP for a, b in pairwise(gaps))
    said = f"pauses of {', '.join(map(str, gaps))} s between {len(longest)} pulls"
    evidence = [_pull(seen, e) for e in longest]
    return _row(row, title, "pass" if grows else "violation", said if grows else f"{said} do not grow", *evidence)


def _pulls_in_a_row(seen: Observed) -> list[Change]:
    """Return the longest series of pulls of one pod without one that was not told of."""
    latest: dict[str, list[Change]] = {}
    longest: list[Change] = []
    for event in seen.events("Pulling"):
        run = latest.get(event.name, [])
        follows = run and event.state["count"] == run[-1].state["count"] + 1
        latest[event.name] = run = [*run, event] if follows else [event]
        longest = max(longest, run, key=len)
    return longest


def _pull(seen: Observed, event: Change) -> Evidence:
    called = f"Pod {event.state['pod']}"
    return seen.evidence(event, f"Pulling, number {event.state['count']}", event.state.get("last"), called)


def _deadline(seen: Observed) -> Row:
    row, title = "deadline", "Progressing turns False (ProgressDeadlineExceeded)"
    if seen.corrupted is None:
        return _row(row, title, "not observed", _no_fault(seen))
    progress = seen.corrupted
    condition = None
    for change in seen.fault:
        found = change.state.get("condition:Progressing")
        if found is not None and found[:2] == ["False", "ProgressDeadlineExceeded"]:
            told = seen.evidence(change, "Progressing=False (ProgressDeadlineExceeded)", found[2])
            return _row(row, title, "pass", f"{change.at - seen.corrupted.at:.0f} s after the corruption", told)
        if found != condition:
            condition, progress = found, change
    return _not_exceeded(seen, row, title, progress)


def _not_exceeded(seen: Observed, row: str, title: str, progress: Change) -> Row:
    assert seen.corrupted is not None
    state = seen.fault[-1].state
    seconds = state.get("progressDeadlineSeconds") or NO_DEADLINE
    if seconds >= NO_DEADLINE:
        return _row(row, title, "not observed", "the Deployment has no progress deadline")
    if state.get("paused") or state.get("replicas") == 0:
        why = "a paused Deployment, or one with 0 replicas, is never past its deadline"
        return _row(row, title, "not observed", why)
    due = progress.at - seen.corrupted.at + seconds
    if seen.window < due + _NOTICE:
        why = f"the deadline of {seconds} s lies outside the fault's window of {seen.window:.0f} s"
        return _row(row, title, "not observed", why)
    why = f"the deadline passed {due:.0f} s after the corruption, and for {seen.window - due:.0f} s nothing said so"
    return _row(row, title, "violation", why, seen.evidence(progress, "the last progress"))


def _operator(seen: Observed) -> Row:
    found = reported(seen)
    result = {True: "pass", False: "violation", None: "not observed"}[found.result]
    return _row("operator-reports", "The operator reports the degradation", result, found.why, *found.evidence)


def _clean_rollout(seen: Observed) -> Row:
    row, title = "clean-rollout", "After the restore a clean rollout completes"
    if seen.restored is None:
        return _row(row, title, "not observed", _no_restore(seen))
    restored = seen.evidence(seen.restored, "the corrupt image is gone")
    after = seen.since(seen.recovered or seen.restored, seen.deployment)[-1]
    if seen.recovered is None:
        result, why = seen.not_recovered
        return _row(row, title, result, why, restored, seen.evidence(after, "not complete"))
    complete = seen.evidence(seen.recovered, "complete, all pods Ready, Available=True")
    if seen.recorded(after.state):
        return _row(row, title, "violation", "it completed, but the record of the fault was left", complete)
    again = _failing_later(seen, seen.recovered)
    if again is not None:
        return _row(row, title, "violation", "a pod could not pull an image after the rollout was complete", again)
    why = f"complete {seen.recovery_text}; {exercised(seen)}"
    return _row(row, title, "pass", why, restored, complete)


def _failing_later(seen: Observed, recovered: Change) -> Evidence | None:
    for pod in seen.since(recovered, changes(seen.timeline, "Pod")):
        waits = [v for k, v in pod.state.items() if k.startswith("waiting:") and v in PULL_FAILURES]
        # the corrupt pod itself may be told once more while it is being stopped
        if waits and not pod.state.get("deleting") and not seen.corrupt_containers(pod.state):
            return seen.evidence(pod, f"waits: {waits[0]}")
    return None


def _no_fault(seen: Observed) -> str:
    if "Deployment" in seen.missing:
        return f"the Deployment could not be followed: {seen.missing['Deployment']}"
    return "the Deployment was never seen with the corrupt image"


def _no_restore(seen: Observed) -> str:
    if seen.corrupted is None:
        return _no_fault(seen)
    return "the Deployment is gone" if seen.gone else "the corrupt image was still there at the end"
