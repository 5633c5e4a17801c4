"""What a probe answers from the timeline of the control."""

import time

from chaosimagecorrupt.probes import (
    deployments_recovery,
    reconcile_cycles,
    recovery_seconds,
)
from chaosimagecorrupt.probes._timeline import recorded_recovery, was_restored
from chaosimagecorrupt.record.memory import MEMORY
from chaosimagecorrupt.rollbacks import restore_image
from chaosimagecorrupt.timeline.recorder import Recorder, recorder_of
from chaosimagecorrupt.timeline.thresholds import Thresholds
from chaosimagecorrupt.verdict import RECOVERY_TIMEOUT, Facts, judge
from chaosimagecorrupt.workload.target import Target

from ..fixtures_http import NS, Shop, soon
from .restores import restore_elsewhere, restored


def test_what_the_control_saw_is_what_the_probe_measures(recorder: Recorder, slow: Shop) -> None:
    restored(slow, ago=0)
    facts = Facts(slow.name, tuple(MEMORY.faults()[-1].entries.values()))
    assert recovery_seconds(slow.name, NS, timeout=5) == judge(recorder.timeline(), facts).recovery["seconds"]


def test_a_recovery_from_another_processs_restore_is_measured_when_the_control_saw_it(
    recorder: Recorder, slow: Shop
) -> None:
    restore_elsewhere(slow)
    assert soon(lambda: was_restored(Target(slow.name, NS, recorder.target.cluster)))
    assert recovery_seconds(slow.name, NS, timeout=5) >= 0
    assert deployments_recovery(f"app={slow.name}", NS, timeout=5)["targets"] == 1


def test_cycles_are_without_scaling_and_without_what_another_process_of_ours_restored(
    recorder: Recorder, slow: Shop
) -> None:
    slow.scale(3)
    restore_elsewhere(slow)
    assert reconcile_cycles(slow.name, NS) == 0
    slow.patch({"metadata": {"annotations": {"example.com/a": "1"}}})
    assert reconcile_cycles(slow.name, NS) == 1


def test_a_recovery_is_given_up_after_what_the_experiment_says(recorder: Recorder, slow: Shop) -> None:
    recorder.thresholds = Thresholds(recovery_within=0.1, give_up_after=0.1)
    restore_image(slow.name, NS, clean_history=False)
    began = time.monotonic()
    assert recorded_recovery(recorder.target, timeout=RECOVERY_TIMEOUT) is None
    assert time.monotonic() - began < RECOVERY_TIMEOUT / 2


def test_who_is_no_longer_followed_is_not_asked(recorder: Recorder) -> None:
    assert recorder_of(recorder.target) is recorder
    recorder.end()
    assert recorder_of(recorder.target) is None
