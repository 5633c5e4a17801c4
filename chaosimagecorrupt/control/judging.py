"""What the control does for the verdict: it follows the Deployments, waits for their recovery, and judges."""

import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from chaoslib.exceptions import InvalidActivity
from logzero import logger

from ..duration import from_rfc3339
from ..errors import Refused
from ..kube.types import Json
from ..record.fault import Fault
from ..record.memory import MEMORY
from ..timeline.journal import TimelineJson
from ..timeline.recorder import Recorder, start_together
from ..verdict import GONE_FOR_GOOD, Judgement, is_gone, is_over, is_ready_for_fault, is_settled, judge
from ..verdict.journal import TargetJson, VerdictJson
from ..workload.target import Target
from .arguments import Arguments, read_arguments
from .ending import is_interrupted
from .method import Method, dry_kind
from .pull_checks import pull_check_of
from .sections import facts_of, target_json, verdict_json

__all__ = ["Judging"]

# seconds that the first lists may take before the fault is injected
_FIRST_LISTS_TIMEOUT = 5.0
# seconds to wait for a recovery when the run was interrupted
_INTERRUPTED_TIMEOUT = 10.0
# seconds without a change after which all changes have arrived
_QUIET = 0.1
# Deployments of one namespace that are followed one by one; more of them share lists of the whole namespace
_MOST_SEPARATE = 3

_Key = tuple[str, str, str, str]


class Judging:
    """The timelines of one run, and the verdict on it.

    Args:
        experiment: the experiment.
        configuration: Chaos Toolkit's.
        secrets: Chaos Toolkit's.

    Attributes:
        experiment: the experiment.
        dry: the kind of Chaos Toolkit's dry run; None when this is none.
        arguments: the control's arguments, of all places where it is declared.
        refused: why its arguments make no sense; None when they do.
    """

    def __init__(self, experiment: Json, configuration: Json | None, secrets: Json | None) -> None:
        self._method = Method(experiment, configuration, secrets)
        self._operators = self._method.operators()
        self._recorders: dict[_Key, Recorder] = {}
        self._named: list[_Key] = []  # what the method names, in its order
        # activities in the background, and the safeguards of chaostoolkit-addons, call the control from their threads
        self._starting, self._ended = threading.Lock(), False
        self._given: dict[str, Any] = {}
        self.experiment, self.dry = experiment, dry_kind(experiment)
        self.arguments = Arguments()
        self.refused: str | None = None

    def configure(self, given: Json) -> None:
        """Take the control's arguments; those of the experiment, which come later, count before those of the settings.

        Args:
            given: as Chaos Toolkit passes them.

        Raises:
            InvalidActivity: they make no sense; `refused` keeps why.
        """
        self._given.update({name: value for name, value in given.items() if value is not None})
        try:
            self.arguments = read_arguments(self._given)
        except InvalidActivity as x:
            self.refused = str(x)
            raise
        for recorder in self._recorders.values():
            recorder.thresholds = self.arguments.thresholds

    def check_clusters(self) -> None:
        """Check that the cluster is the one that the experiment's actions mean.

        Raises:
            Refused: it is another one; `refused` keeps why.
        """
        try:
            self._method.check_clusters()
        except Refused as x:
            self.refused = str(x)
            raise

    def start(self) -> None:
        """Start to follow every Deployment that the method names to `corrupt_image`, unless this is a dry run."""
        if self.dry is None:
            self._follow(self._method.targets())
            self._named = list(self._recorders)

    def follow_faults(self) -> None:
        """Start to follow the Deployments that are corrupted and not followed yet."""
        self._follow(f.target for f in MEMORY.faults() if f.left)

    def wait_until_following(self) -> None:
        """Wait for some seconds until everything is followed, so that the timeline begins before the fault."""
        until = time.monotonic() + _FIRST_LISTS_TIMEOUT
        for recorder in list(self._recorders.values()):
            recorder.wait_until_following(max(0.0, until - time.monotonic()))

    def wait_until_complete(self) -> None:
        """Wait for a moment until the timelines show complete Deployments, unless a fault is in place already.

        Each kind is followed on a connection of its own. One may be behind what a probe of the experiment has read; the
        fault would then come before the timeline shows that the Deployment was complete.
        """
        corrupted, began = {_key(fault) for fault in MEMORY.faults() if fault.left}, time.monotonic()
        for key, recorder in list(self._recorders.items()):
            if key not in corrupted:
                until = began + recorder.target.cluster.timing.watch_delay
                recorder.wait(is_ready_for_fault, max(0.0, until - time.monotonic()))

    def wait_for_recovery(self, faults: Sequence[Fault], journal: Json) -> None:
        """Wait until the restored Deployments have recovered, or have not within `give_up_after`.

        A signal in the meantime ends only the wait: the run is over anyway. After an interrupted run the wait is short.

        Args:
            faults: what the run injected.
            journal: the journal so far.
        """
        try:
            for fault in faults:
                recorder = self._recorders.get(_key(fault))
                if recorder is not None:
                    self._wait_for(recorder, fault, journal)
            for recorder in self._recorders.values():
                recorder.wait_until_quiet(_QUIET, recorder.target.cluster.timing.watch_delay)
        except (KeyboardInterrupt, SystemExit):
            logger.warning("image-corrupt: interrupted; the control does not wait for the recovery any longer")

    def verdict(self, faults: Sequence[Fault], journal: Json, restore_errors: Mapping[str, str]) -> VerdictJson:
        """Return the journal's section, without the problems of the run itself.

        Args:
            faults: what this run injected.
            journal: the journal so far.
            restore_errors: why a workload, as messages name it, could not be restored.
        """
        by_key = {_key(f): f for f in faults}
        targets = []
        # the threads of `corrupt_images` are done in another order in each run; the journal has them in the same one
        for key in [*self._named, *sorted({*self._recorders, *by_key} - set(self._named))]:
            recorder, fault = self._recorders.get(key), by_key.get(key)
            if recorder is None:
                assert fault is not None
                recorder = Recorder(fault.target)
            error = restore_errors.get(str(recorder.target))
            targets.append(self._judge(recorder, fault, journal, error))
        if self.dry is not None:
            return verdict_json(targets, f"nothing was injected: this was a dry run of Chaos Toolkit ({self.dry})")
        return verdict_json(targets)

    def end(self) -> None:
        """Stop following."""
        with self._starting:
            self._ended = True
        for recorder in self._recorders.values():
            recorder.end()

    def _follow(self, targets: Iterable[Target]) -> None:
        with self._starting:
            if not self._ended:
                self._start_recorders(targets)

    def _start_recorders(self, targets: Iterable[Target]) -> None:
        added: dict[tuple[str, ...], list[Recorder]] = {}
        for target in targets:
            key = _key(target)
            if key not in self._recorders:
                self._recorders[key] = Recorder(target, self._operators)
                self._recorders[key].thresholds = self.arguments.thresholds
                added.setdefault(key[:3], []).append(self._recorders[key])
        for recorders in added.values():
            if len(recorders) > _MOST_SEPARATE:
                start_together(recorders)
            else:
                for recorder in recorders:
                    recorder.start()

    def _judge(self, recorder: Recorder, fault: Fault | None, journal: Json, error: str | None) -> TargetJson:
        facts, timeline = facts_of(recorder, fault, journal, self.arguments.thresholds, error), recorder.timeline()
        containers = [entry.container for entry in facts.entries]
        is_about = partial(self._method.checks_pull, target=recorder.target, containers=containers)
        facts = replace(facts, pull_check=pull_check_of(journal, is_about))
        judgement = judge(timeline, facts)
        _remember_pull_failure(fault, judgement, timeline)
        return target_json(recorder.target, timeline, facts, judgement, self._method)

    def _wait_for(self, recorder: Recorder, fault: Fault, journal: Json) -> None:
        """Wait for the recovery of one Deployment, if it was restored."""
        facts = facts_of(recorder, fault, journal, self.arguments.thresholds)
        if fault.restored_at is None:  # a Deployment that is gone may be created again in a moment
            recorder.wait(
                lambda found: not is_gone(found, facts) or is_settled(found, facts),
                GONE_FOR_GOOD,
                "the Deployment to be created again",
            )
        found = judge(timeline := recorder.timeline(), facts)
        restored_at = fault.restored_at or _restored_by_others_at(timeline, found)
        if restored_at is None:
            return
        timing = recorder.target.cluster.timing
        timeout = max(restored_at + found.thresholds["give_up_after"] - timing.now(), 0.0) + timing.watch_delay
        if is_interrupted(journal):
            timeout = min(timeout, _INTERRUPTED_TIMEOUT)
        recorder.wait(partial(is_over, facts=facts), timeout, "the recovery")


def _restored_by_others_at(timeline: TimelineJson, found: Judgement) -> float | None:
    """Return when the timeline shows that the image was put back, seconds since 1970; None when it does not."""
    marks = found.marks
    return from_rfc3339(timeline["started"]) + marks["restored"] if "restored" in marks else None


def _key(of: Fault | Target) -> _Key:
    return (of.cluster.address, of.kind.name, of.namespace, of.name)


def _remember_pull_failure(fault: Fault | None, found: Judgement, timeline: TimelineJson) -> None:
    """Keep in memory that the image cannot be pulled, when only the timeline shows it."""
    if fault is not None and fault.pull_failed_at is None and "bit" in found.marks:
        MEMORY.pull_failed(fault, from_rfc3339(timeline["started"]) + found.marks["bit"])
