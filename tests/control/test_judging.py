"""Who is followed, how long a recovery is waited for, and what the journal gets, without Chaos Toolkit."""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from chaosimagecorrupt.actions import corrupt_image
from chaosimagecorrupt.control.judging import Judging
from chaosimagecorrupt.record.fault import Fault
from chaosimagecorrupt.record.memory import MEMORY
from chaosimagecorrupt.rollbacks import restore_image
from chaosimagecorrupt.timeline.recorder import recorder_of
from chaosimagecorrupt.verdict import RECOVERY_TIMEOUT, Thresholds
from chaosimagecorrupt.workload.target import Target

from ..fixtures_http import NS, Shop, soon
from ..timeline.recording import following

Object = dict[str, Any]
Begin = Callable[..., Judging]


def activity(func: str = "corrupt_image", module: str = "actions", **arguments: Any) -> Object:
    return {
        "provider": {"type": "python", "module": f"chaosimagecorrupt.{module}", "func": func, "arguments": arguments}
    }


@pytest.fixture
def begin(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> Iterator[Begin]:
    """Return a function that starts to judge a run of a method; `name` and `ns` are in its configuration."""
    monkeypatch.setenv("KUBECONFIG", str(shop.simulator.kubeconfig))
    made: list[Judging] = []

    def judging(*method: Object, secrets: Object | None = None, **experiment: Any) -> Judging:
        configuration = {"name": shop.name, "ns": NS}
        made.append(Judging({"method": list(method), **experiment}, configuration, secrets))
        made[-1].start()
        made[-1].wait_until_following()
        return made[-1]

    yield judging
    for each in made:
        each.end()
    MEMORY.forget_restored()


def fault(shop: Shop) -> Fault:
    return next(f for f in MEMORY.faults() if f.name == shop.name)


def corrupt(shop: Shop) -> None:
    corrupt_image(shop.name, NS, guard=False)
    shop.simulator.advance(3)


def restore(shop: Shop) -> None:
    shop.second_after_patches()
    restore_image(shop.name, NS)


PLANNED = {
    "substituted": (activity(name="${name}", ns="${ns}"), 1),
    "another function": (activity("corrupt_other", name="${name}", ns="${ns}"), 0),
    "a dry run": (activity(name="${name}", ns="${ns}", dry_run=True), 0),
    "no name": (activity(), 0),
    "an odd name": (activity(name=["web"], ns=5), 0),
    "no arguments": (
        {"provider": {"module": "chaosimagecorrupt.actions", "func": "corrupt_image", "arguments": None}},
        0,
    ),
    "a reference": ({"ref": "something"}, 0),
}


@pytest.mark.parametrize(("method", "followed"), PLANNED.values(), ids=list(PLANNED))
def test_what_the_method_names_is_followed_from_the_beginning(method: Object, followed: int, begin: Begin) -> None:
    found = begin(method).verdict([], {}, {})
    assert [t["timeline"]["missing"] for t in found["targets"]] == [{}] * followed


def test_probes_judge_the_timelines_by_the_arguments_of_the_control(begin: Begin) -> None:
    judging = begin(activity(name="${name}", ns="${ns}"))
    judging.configure({"give_up_after": "10m"})
    judging.configure({"max_reconcile_cycles": 0})
    recorders = [recorder_of(each.target) for each in judging._recorders.values()]
    assert [r and r.thresholds for r in recorders] == [Thresholds(give_up_after=600, max_reconcile_cycles=0)]


def test_secrets_are_those_that_the_activity_names(begin: Begin, shop: Shop) -> None:
    address = shop.simulator.url.replace("127.0.0.1", "localhost")
    secrets = {"away": {"KUBERNETES_HOST": address}}
    planned = activity(name="${name}", ns="${ns}")
    planned["provider"]["secrets"] = ["away"]
    target = begin(planned, secrets=secrets).verdict([], {}, {})["targets"][0]
    assert address in target["timeline"]["missing"]["Deployment"]


def test_a_watch_that_is_behind_does_not_make_a_complete_deployment_incomplete(begin: Begin, shop: Shop) -> None:
    shop.scale(3)
    held = shop.simulator.faults.hold("before", "GET", f"replicasets.*{shop.name}.*watch=true", times=None)
    judging = begin(activity(name="${name}", ns="${ns}"))
    shop.advance(5)  # the pods become ready, and the timeline sees only the Deployment's status
    assert soon(lambda: held.struck > 0)
    release = threading.Timer(0.3, held.release)
    release.start()
    judging.wait_until_complete()
    corrupt(shop)
    release.join()
    restore(shop)
    judging.wait_for_recovery([fault(shop)], {})
    assert judging.verdict([fault(shop)], {}, {})["verdict"] == "Resilient"


def test_a_deployment_that_is_corrupted_already_is_not_waited_for(begin: Begin, shop: Shop) -> None:
    judging = begin(activity(name="${name}", ns="${ns}"))
    corrupt(shop)
    began = time.monotonic()
    judging.wait_until_complete()
    assert time.monotonic() - began < fault(shop).cluster.timing.watch_delay
    restore(shop)


def test_what_is_corrupted_all_the_same_is_followed_too(begin: Begin, shop: Shop) -> None:
    judging = begin()
    corrupt(shop)
    judging.follow_faults()
    judging.follow_faults()
    judging.wait_until_following()
    restore(shop)
    judging.wait_for_recovery([fault(shop)], {})
    target = judging.verdict([fault(shop)], {}, {})["targets"][0]
    assert (target["deployment"], target["verdict"]) == (shop.name, "Resilient")


def test_the_operator_is_the_one_that_the_method_asks(begin: Begin, shop: Shop) -> None:
    asked = activity(
        "resource_condition",
        "probes",
        api_version="operator.knative.dev/v1beta1",
        kind="KnativeServing",
        name="seed",
        ns="${ns}",
        condition_type="Ready",
        status="False",
    )
    judging = begin(activity(name="${name}", ns="${ns}"), asked)
    corrupt(shop)
    restore(shop)
    judging.wait_for_recovery([fault(shop)], {})
    target = judging.verdict([fault(shop)], {}, {})["targets"][0]
    why = next(each["why"] for each in target["rubric"] if each["row"] == "operator-reports")
    assert why.startswith("KnativeServing seed did not report it, but may have waited for the progress deadline: ")


def test_a_pull_that_only_the_timeline_saw_failing_failed(begin: Begin, shop: Shop) -> None:
    judging = begin(activity(name="${name}", ns="${ns}"))
    corrupt(shop)
    restore(shop)
    judging.wait_for_recovery([fault(shop)], {})
    judging.verdict([fault(shop)], {}, {})
    pull_failed_at = fault(shop).pull_failed_at
    assert pull_failed_at is not None and abs(pull_failed_at - time.time()) < 60


def test_what_is_not_restored_failed(begin: Begin, shop: Shop) -> None:
    judging = begin(activity(name="${name}", ns="${ns}"))
    corrupt(shop)
    verdict = judging.verdict([fault(shop)], {}, {f"Deployment {NS}/{shop.name}": "the role does not allow it"})
    assert (verdict["verdict"], verdict["reasons"]) == (
        "Failed",
        [f"{NS}/{shop.name}: it is not restored: the role does not allow it"],
    )
    restore(shop)


def test_a_recovery_is_not_waited_for_when_nothing_was_restored(begin: Begin, shop: Shop) -> None:
    judging = begin(activity(name="${name}", ns="${ns}"))
    corrupt(shop)
    began = time.monotonic()
    judging.wait_for_recovery([fault(shop)], {})
    assert time.monotonic() - began < RECOVERY_TIMEOUT / 2
    restore(shop)


class Begun(list[Fault]):
    """Faults that call a function when an iteration over them begins."""

    def __init__(self, faults: list[Fault], begun: Callable[[], None]) -> None:
        super().__init__(faults)
        self.begun = begun

    def __iter__(self) -> Iterator[Fault]:
        self.begun()
        return super().__iter__()


def test_ctrl_c_ends_the_waiting_and_the_verdict_is_given(begin: Begin, shop: Shop) -> None:
    judging = begin(activity(name="${name}", ns="${ns}"))
    corrupt(shop)
    restore_image(shop.name, NS, clean_history=False)  # no time goes by, so that it does not recover

    def interrupt() -> None:
        """Press Ctrl-C once the timeline shows the restore."""
        assert soon(lambda: "restored" in judging.verdict([fault(shop)], {}, {})["targets"][0]["timeline"]["marks"])
        os.kill(os.getpid(), signal.SIGINT)

    interrupting = threading.Thread(target=interrupt)
    judging.wait_for_recovery(Begun([fault(shop)], interrupting.start), {})
    interrupting.join()
    assert judging.verdict([fault(shop)], {}, {})["verdict"] == "Inconclusive"


def test_a_thread_that_is_late_starts_to_follow_nothing(begin: Begin, shop: Shop) -> None:
    judging = begin()
    corrupt(shop)
    judging.end()
    judging.follow_faults()
    assert recorder_of(Target(shop.name, NS, fault(shop).cluster)) is None
    restore(shop)


def test_the_journal_has_tags_and_what_was_changed(begin: Begin, shop: Shop) -> None:
    judging = begin(activity(name="${name}", ns="${ns}"), tags=["component:shop", "danger:high", 5])
    corrupt_image(shop.name, NS, guard=False, progress_deadline=60)
    target = judging.verdict([fault(shop)], {}, {})["targets"][0]
    assert (target["component"], target["danger"], target["progress_deadline"]) == (
        "shop",
        "high",
        {"original": 600, "set": 60},
    )
    assert target["containers"][0]["corrupt_image"] == "registry.invalid/nonexistent:chaos"
    restore(shop)


def test_two_targets_have_the_worst_verdict(begin: Begin, shop: Shop) -> None:
    judging = begin(activity(name="${name}", ns="${ns}"), activity(name="nobody", ns="${ns}"))
    corrupt(shop)
    restore(shop)
    judging.wait_for_recovery([fault(shop)], {})
    verdict = judging.verdict([fault(shop)], {}, {})
    assert (verdict["verdict"], sorted(t["verdict"] for t in verdict["targets"])) == (
        "Inconclusive",
        ["Inconclusive", "Resilient"],
    )


def test_targets_are_as_the_method_names_them_and_the_others_by_name(begin: Begin, shop: Shop) -> None:
    judging = begin(activity(name="z", ns="${ns}"), activity(name="${name}", ns="${ns}"))
    corrupt(shop)
    restore(shop)
    late, early = replace(fault(shop), name="c"), replace(fault(shop), name="b")
    found = judging.verdict([late, fault(shop), early], {}, {})
    assert [t["deployment"] for t in found["targets"]] == ["z", shop.name, "b", "c"]


def test_nothing_is_left_when_it_ends(begin: Begin) -> None:
    judging = begin(activity(name="${name}", ns="${ns}"))
    judging.end()
    assert soon(lambda: not following()), following()
