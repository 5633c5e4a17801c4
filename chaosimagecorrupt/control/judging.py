"""What the control does for the verdict: who is followed, how long a recovery is waited for, what the journal gets."""

import time
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial
from statistics import median
from typing import Any

from chaoslib import substitute
from chaoslib.exceptions import InvalidActivity
from logzero import logger

from ..duration import from_rfc3339
from ..errors import ImageCorruptError, one_line
from ..kube.client import Cluster
from ..record.entry import Entry
from ..record.memory import MEMORY, Fault
from ..timeline.operator import Operator
from ..timeline.recorder import Recorder, start_together
from ..verdict import RECOVERY_TIMEOUT, VERDICTS, VERSION, Facts, Judgement, is_over, judge, worst
from ..workload.conditions import connected
from ..workload.target import Target

__all__ = ["FAIL_ON", "Judging", "check_fail_on", "fails"]

# the verdicts that make a run fail, when the control is not told otherwise
FAIL_ON = ("Failed", "Inconclusive")

# seconds that the first lists may take before the fault is injected
_READY = 5.0
# seconds that a recovery is waited for when the run was interrupted
_HURRY = 10.0
# seconds from a restore to the watch event that tells of it
_LATE = 1.0
# seconds without news after which none is under way
_QUIET = 0.1

Json = Mapping[str, Any]
# Deployments of one namespace that are followed one by one; more are followed together, by lists of the whole namespace
_ALONE = 3
_Key = tuple[str, str, str]


class Judging:
    """The timelines of one run, and the verdict on it.

    Args:
        experiment: the experiment.
        configuration: Chaos Toolkit's.
        secrets: Chaos Toolkit's.
    """

    def __init__(self, experiment: Json, configuration: Json | None, secrets: Json | None) -> None:
        self._method = [a for a in experiment.get("method") or [] if isinstance(a, Mapping)]
        self._tags = [t for t in experiment.get("tags") or [] if isinstance(t, str)]
        self._configuration, self._secrets = configuration, secrets
        self._operator, self._operator_cluster = self._named_operator()
        self._recorders: dict[_Key, Recorder] = {}

    def begin(self) -> None:
        """Begin to follow every Deployment that the method names to `corrupt_image`."""
        self._follow(self._planned())

    def catch_up(self) -> None:
        """Begin to follow whatever is corrupted and not followed yet."""
        self._follow(Target(f.name, f.namespace, f.cluster) for f in MEMORY.faults() if f.left)

    def ready(self) -> None:
        """Wait, not for long, until everything is followed, so that the timeline begins before the fault."""
        until = time.monotonic() + _READY
        for recorder in self._recorders.values():
            recorder.wait_until_following(max(0.0, until - time.monotonic()))

    def wait_for_recovery(self, faults: Sequence[Fault], journal: Json) -> None:
        """Wait until whatever was restored has recovered, or has had its time; less when the run was interrupted.

        An interruption ends the waiting, and nothing else: the run is over anyway.
        """
        hurry = _interrupted(journal)
        try:
            for fault in faults:
                recorder = self._recorders.get(_key(fault))
                if recorder is None:
                    continue
                facts = self._facts(recorder, fault, journal)
                restored_at = fault.restored_at or _restored_at(recorder.timeline(), facts)
                if restored_at is None:
                    continue
                left = max(restored_at + RECOVERY_TIMEOUT - time.time(), 0.0) + _LATE
                recorder.wait(partial(is_over, facts=facts), min(left, _HURRY) if hurry else left)
            for recorder in self._recorders.values():
                recorder.wait_until_quiet(_QUIET, _LATE)
        except (KeyboardInterrupt, SystemExit):
            logger.warning("image-corrupt: interrupted; the recovery is not waited for any longer")

    def verdict(self, faults: Sequence[Fault], journal: Json, troubles: Mapping[str, str]) -> dict[str, Any]:
        """Return what the journal gets, but for the problems.

        Args:
            faults: what this run injected.
            journal: the journal so far.
            troubles: why a Deployment, as `namespace/name`, could not be restored.
        """
        by_key = {_key(f): f for f in faults}
        targets = []
        for key in {**self._recorders, **by_key}:
            recorder, fault = self._recorders.get(key), by_key.get(key)
            if recorder is None:
                assert fault is not None
                recorder = Recorder(Target(fault.name, fault.namespace, fault.cluster))
            targets.append(self._target(recorder, fault, journal, troubles))
        reasons = [f"{t['namespace']}/{t['deployment']}: {r}" for t in targets for r in t["reasons"]]
        return {
            "version": VERSION,
            "verdict": worst(t["verdict"] for t in targets) or "Inconclusive",
            "reasons": reasons or ["nothing was to be injected"],
            "recovery": _of_all([t["recovery"]["seconds"] for t in targets]),
            "targets": targets,
        }

    def end(self) -> None:
        """Stop following."""
        for recorder in self._recorders.values():
            recorder.end()

    def _follow(self, targets: Iterable[Target]) -> None:
        begun: dict[tuple[str, str], list[Recorder]] = {}
        for target in targets:
            key = _key(target)
            if key not in self._recorders:
                self._recorders[key] = Recorder(target, self._operator, self._operator_cluster)
                begun.setdefault(key[:2], []).append(self._recorders[key])
        for recorders in begun.values():
            if len(recorders) > _ALONE:
                start_together(recorders)
            else:
                for recorder in recorders:
                    recorder.start()

    def _planned(self) -> Iterator[Target]:
        for provider, arguments in self._activities("chaosimagecorrupt.actions", "corrupt_image"):
            if not arguments.get("dry_run"):
                try:
                    name, ns = arguments.get("name", ""), arguments.get("ns", "default")
                    yield Target.of(name, ns, self._secrets_of(provider), self._configuration)
                except ImageCorruptError as x:  # the action will say so itself
                    logger.debug(f"image-corrupt: cannot be followed: {one_line(x)}")

    def _named_operator(self) -> tuple[Operator | None, Cluster | None]:
        for provider, found in self._activities("chaosimagecorrupt.probes", "resource_condition"):
            operator = Operator(
                api_version=str(found.get("api_version")),
                kind=one_line(found.get("kind"), 80),
                name=str(found.get("name")),
                namespace=found.get("ns") or None,
                condition_type=one_line(found.get("condition_type"), 80),
                status=str(found.get("status", "True")),
                reason=found.get("reason") or None,
            )
            try:
                secrets = self._secrets_of(provider)
                return operator, connected(operator.name, operator.namespace, secrets, self._configuration)
            except ImageCorruptError as x:  # the probe will say so itself
                logger.debug(f"image-corrupt: {operator} cannot be followed: {one_line(x)}")
        return None, None

    def _activities(self, module: str, function: str) -> Iterator[tuple[Json, dict[str, Any]]]:
        """Return provider and arguments of the method's activities of this kind, as Chaos Toolkit will pass them."""
        for activity in self._method:
            provider = activity.get("provider") or {}
            if provider.get("module") == module and provider.get("func") == function:
                arguments = substitute(provider.get("arguments") or {}, self._configuration, self._secrets)
                yield provider, dict(arguments or {})

    def _secrets_of(self, provider: Json) -> dict[str, Any] | None:
        if "secrets" not in provider:
            return None
        found: dict[str, Any] = {}
        for name in provider["secrets"] or []:
            found.update((self._secrets or {}).get(name) or {})
        return found

    def _facts(self, recorder: Recorder, fault: Fault | None, journal: Json) -> Facts:
        before = (journal.get("steady_states") or {}).get("before")
        return Facts(
            name=recorder.target.name,
            entries=tuple(fault.entries.values()) if fault is not None else (),
            steady=None if before is None else bool(before.get("steady_state_met")),
            restored_here=fault.restored_at is not None if fault is not None else None,
            restored_on_server=fault.restored_on_server if fault is not None else None,
            interrupted=_interrupted(journal),
            bitten_at=fault.bitten_at if fault is not None else None,
            operator=recorder.operator,
            webhooks=recorder.webhooks,
            webhooks_unknown=recorder.webhooks_unknown,
        )

    def _target(
        self, recorder: Recorder, fault: Fault | None, journal: Json, troubles: Mapping[str, str]
    ) -> dict[str, Any]:
        facts, timeline = self._facts(recorder, fault, journal), recorder.timeline()
        found = judge(timeline, facts)
        verdict, reasons = found.verdict, found.reasons
        trouble = troubles.get(f"{recorder.target.namespace}/{recorder.target.name}")
        if trouble is not None:
            verdict, reasons = "Failed", [f"it is not restored: {trouble}"]
        _remember(fault, found, timeline)
        return {
            "cluster": recorder.target.cluster.address,
            "namespace": recorder.target.namespace,
            "deployment": recorder.target.name,
            "component": self._tag("component"),
            "danger": self._tag("danger"),
            "containers": [_container(e) for e in facts.entries],
            "progress_deadline": _deadline(facts.entries),
            "verdict": verdict,
            "reasons": reasons,
            "rubric": [row.to_json() for row in found.rubric],
            "recovery": found.recovery,
            "serving": found.serving,
            "timeline": {**timeline, "marks": found.marks},
        }

    def _tag(self, name: str) -> str | None:
        return next((t.partition(":")[2] for t in self._tags if t.startswith(f"{name}:")), None)


def check_fail_on(fail_on: object) -> None:
    """Refuse what is no list of verdicts.

    Args:
        fail_on: the control's argument; a list of verdicts, which may be empty, or None.

    Raises:
        InvalidActivity: it is something else.
    """
    if fail_on is None:
        return
    if not isinstance(fail_on, list) or any(v not in VERDICTS for v in fail_on):
        raise InvalidActivity(
            f"image-corrupt: fail_on must be a list of {', '.join(VERDICTS)}, not {one_line(fail_on)}"
        )


def fails(verdict: str, fail_on: Collection[str] | None) -> bool:
    """Return whether a verdict makes the run fail."""
    return verdict in (FAIL_ON if fail_on is None else fail_on)


def _restored_at(timeline: Json, facts: Facts) -> float | None:
    """Return when somebody else put the image back, as far as the timeline shows it."""
    marks = judge(timeline, facts).marks
    return from_rfc3339(timeline["started"]) + marks["restored"] if "restored" in marks else None


def _interrupted(journal: Json) -> bool:
    return journal.get("status") in ("interrupted", "aborted")


def _key(what: Fault | Target) -> _Key:
    return (what.cluster.address, what.namespace, what.name)


def _remember(fault: Fault | None, found: Judgement, timeline: Json) -> None:
    """Keep in memory that the fault bit, when only the timeline has seen it."""
    if fault is not None and fault.bitten_at is None and "bit" in found.marks:
        fault.bitten_at = from_rfc3339(timeline["started"]) + found.marks["bit"]


def _of_all(seconds: Sequence[float | None]) -> dict[str, Any]:
    """Return worst and median recovery; both are null as long as one is not known."""
    known = [s for s in seconds if s is not None]
    all_known = bool(known) and len(known) == len(seconds)
    return {
        "targets": len(seconds),
        "worst": max(known) if all_known else None,
        "median": round(median(known), 3) if all_known else None,
    }


def _container(entry: Entry) -> dict[str, Any]:
    return {
        "container": entry.container,
        "id": entry.id,
        "original_image": entry.original,
        "corrupt_image": entry.image,
        "injected": entry.at or None,
        "expires": entry.expires or None,
        "by": entry.by,
    }


def _deadline(entries: Sequence[Entry]) -> dict[str, Any] | None:
    entry = next((e for e in entries if e.deadline is not None), None)
    return None if entry is None else {"original": entry.original_deadline, "set": entry.deadline}
