"""Corrupt, prove, restore, and no trace: StatefulSets and DaemonSets, with each of their update strategies."""

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from chaosimagecorrupt.cli import image_corrupt
from chaosimagecorrupt.errors import Refused
from chaosimagecorrupt.probes import (
    collateral,
    image_corrupted,
    original_pullable,
    pods_ready,
    recovery_seconds,
    serving_pods,
)
from chaosimagecorrupt.record.find import recorded_workloads
from chaosimagecorrupt.record.memory import MEMORY
from chaosimagecorrupt.restore.many import restore_all, todo_of
from chaosimagecorrupt.restore.restore import put_back
from chaosimagecorrupt.rollbacks import restore_image, restore_images
from chaosimagecorrupt.workload.target import Target
from tests.fixtures_http import soon

from .conftest import IMAGE, ROOT, Object, Run

ROLLING = {
    "StatefulSet, ordered": ("StatefulSet", {}),
    "StatefulSet, parallel": ("StatefulSet", {"podManagementPolicy": "Parallel"}),
    "StatefulSet, with a partition": (
        "StatefulSet",
        {"updateStrategy": {"type": "RollingUpdate", "rollingUpdate": {"partition": 2}}},
    ),
    "DaemonSet": ("DaemonSet", {}),
}


@pytest.mark.parametrize(("kind", "spec"), ROLLING.values(), ids=ROLLING)
def test_it_is_corrupted_and_comes_back_and_no_trace_stays(kind: str, spec: Object, create: Any) -> None:
    web = create(kind, **spec)
    before = web.pods_by_name()
    done = web.corrupt()
    assert (done["kind"], done["deployment"], done["strategy"]) == (kind, "web", "RollingUpdate")
    assert web.pull_fails() and image_corrupted("web", web.ns, kind=kind)
    assert not pods_ready("web", web.ns, kind=kind)
    assert serving_pods("web", web.ns, kind=kind) == len(before) - 1

    result = restore_image("web", web.ns, kind=kind)
    assert (result["outcome"], result["kind"], result["warnings"]) == ("restored", kind, [])
    assert web.recovered()
    web.assert_no_trace()
    assert len(set(before.values()) & set(web.pods_by_name().values())) == len(before) - 1
    assert 0 < recovery_seconds("web", web.ns, kind=kind) < 60


@pytest.mark.parametrize("kind", ["StatefulSet", "DaemonSet"])
def test_with_on_delete_only_a_pod_that_was_deleted_comes_back_corrupt_and_it_alone_is_replaced(
    kind: str, create: Any
) -> None:
    web = create(kind, updateStrategy={"type": "OnDelete"})
    with pytest.raises(Refused, match="allow_on_delete: true allows it"):
        web.corrupt()
    web.corrupt(allow_on_delete=True)
    assert web.recovered(0) is False  # the record
    before = set(web.pods_by_name().values())
    deleted = web.delete_pod()
    assert web.pull_fails()

    assert restore_image("web", web.ns, kind=kind)["warnings"] == []
    assert web.recovered()
    web.assert_no_trace()
    assert before - set(web.pods_by_name().values()) == {deleted}


def test_on_delete_without_a_deleted_pod_leaves_every_pod_as_it_is(create: Any) -> None:
    web = create("StatefulSet", updateStrategy={"type": "OnDelete"})
    before = web.pods_by_name()
    web.corrupt(allow_on_delete=True)
    assert restore_image("web", web.ns, kind="StatefulSet")["warnings"] == []
    web.assert_no_trace()
    assert (web.pods_by_name(), web.recovered(0)) == (before, True)


def test_a_partition_that_excludes_every_pod_is_refused(create: Any) -> None:
    partition = {"type": "RollingUpdate", "rollingUpdate": {"partition": 3}}
    web = create("StatefulSet", updateStrategy=partition)
    with pytest.raises(Refused, match="none of its pods would be replaced"):
        web.corrupt()
    assert web.image() == IMAGE


@pytest.mark.parametrize("kind", ["StatefulSet", "DaemonSet"])
def test_the_guard_undoes_it_when_its_time_is_over(kind: str, create: Any, place: Any) -> None:
    web = create(kind)
    web.corrupt(guard=True, ttl="3s")
    MEMORY.forget()  # as if the process had been killed
    assert soon(lambda: web.image() == IMAGE, 30)
    assert place.guards_ended() and web.recovered()
    web.assert_no_trace()


def test_one_restore_finds_the_records_of_all_kinds(create: Any) -> None:
    both = [create("StatefulSet")]
    both[0].corrupt()
    MEMORY.forget()
    found = restore_images(ns=both[0].ns)
    assert [(r["kind"], r["outcome"]) for r in found["deployments"]] == [("StatefulSet", "restored")]
    assert both[0].recovered()


def test_a_progress_deadline_is_refused_since_there_is_none(create: Any) -> None:
    web = create("DaemonSet")
    with pytest.raises(Refused, match="progress_deadline: a DaemonSet has none"):
        web.corrupt(progress_deadline=10)
    found = collateral("web", web.ns, kind="DaemonSet")
    assert (found["progress_deadline"], found["max_unavailable"], found["replicas"] > 0) == (None, 1, True)


def test_a_restore_at_once_loses_one_pod_at_most(create: Any) -> None:
    web = create("StatefulSet")
    before = web.pods_by_name()
    web.corrupt()
    restore_image("web", web.ns, kind="StatefulSet")
    assert web.recovered(90)
    web.assert_no_trace()
    assert len(set(before.values()) & set(web.pods_by_name().values())) >= len(before) - 1


@pytest.mark.parametrize("kind", ["StatefulSet", "DaemonSet"])
def test_the_original_image_is_shown_to_be_pullable(kind: str, create: Any) -> None:
    web = create(kind)
    assert original_pullable("web", web.ns, kind=kind) is True


def test_a_sweep_goes_on_where_a_restore_ended_before_it_deleted_the_stuck_pod(create: Any) -> None:
    web = create("StatefulSet")
    web.corrupt()
    assert web.pull_fails()
    target = Target.of("web", web.ns, None, kind="StatefulSet")
    put_back(target)  # and nothing else: the process was killed, and its guard with it
    MEMORY.forget()
    assert web.image() == IMAGE

    found = list(recorded_workloads(target.cluster, web.ns, None))
    (result,) = restore_all(todo_of(target.cluster, found, target.cluster.timing.now(), expired_only=True))
    assert (result["outcome"], result.get("warnings")) == ("nothing-to-restore", [])
    assert web.recovered(90)
    web.assert_no_trace()
    assert list(recorded_workloads(target.cluster, web.ns, None)) == []


@pytest.mark.parametrize("kind", ["StatefulSet", "DaemonSet"])
def test_the_experiment_corrupts_proves_and_recovers_and_the_verdict_says_what_was_lost(
    kind: str, create: Any, place: Any, tmp_path: Path
) -> None:
    web = create(kind)
    chaos = Run(place.api.kubeconfig, tmp_path)
    target = {"IMAGE_CORRUPT_NAME": "web", "IMAGE_CORRUPT_NAMESPACE": web.ns}
    code, printed = chaos.finish(ROOT / "experiments" / f"{kind.lower()}-image-corrupt.yaml", **target)
    assert (code, chaos.journal["status"], chaos.journal["deviated"]) == (0, "completed", False), printed
    assert chaos.output("new-pods-cannot-pull") is True and chaos.output("workload-recovers") is True
    web.assert_no_trace()

    (found,) = chaos.journal["image-corrupt"]["targets"]
    assert (found["kind"], found["deployment"], found["facts"]["kind"]) == (kind, "web", kind)
    assert found["verdict"] == "Degraded" and "ready pods lost: 1" in found["reasons"][0], found["reasons"]
    rows = {row["row"]: row for row in found["rubric"]}
    assert f"a {kind} has no progress deadline" in rows["deadline"]["why"]
    assert rows["no-progress-deadline"]["result"] == "violation"
    assert rows["no-progress-deadline"]["why"] == f"Kubernetes never reports a rollout of a {kind} that is stuck"
    assert rows["clean-rollout"]["result"] == rows["pull-failing"]["result"] == "pass", rows
    assert {kind, "ControllerRevision", "Pod", "Event"} <= {name for name, _ in found["timeline"]["objects"]}
    assert chaos.journal["image-corrupt"]["reasons"][0].startswith(f"{kind} {web.ns}/web: ready pods lost: 1")

    journal, report = str(chaos.journal_path), tmp_path / "report.md"
    assert "differ" not in command("verify", journal)
    command("report", journal, "-o", str(report))
    assert kind in report.read_text()


def command(*arguments: str, code: int = 0) -> str:
    """Run a subcommand; what it prints."""
    result = CliRunner().invoke(image_corrupt, arguments)
    assert result.exit_code == code, result.output
    return result.output


@pytest.mark.parametrize(("kind", "argument"), [("StatefulSet", "statefulset/web"), ("DaemonSet", "daemonset/web")])
def test_the_commands_take_and_show_it_as_kubectl_does(kind: str, argument: str, create: Any, tmp_path: Path) -> None:
    web = create(kind)
    here = ("-n", web.ns)
    checked = command("preflight", argument, *here)
    assert "has no progress deadline" in checked and f"next: chaos image-corrupt init {argument} -n {web.ns}" in checked
    written = tmp_path / "web.json"
    command("init", argument, str(written), *here)
    calls = [activity["provider"] for activity in json.loads(written.read_text())["method"]]
    assert {c["arguments"]["kind"] for c in calls} == {kind}
    assert {"deployment_recovered", "progress_deadline_exceeded"} & {c["func"] for c in calls} == set()

    web.corrupt()
    assert web.pull_fails()
    assert argument in command("status", *here) and "ErrImagePull" in command("status", *here)
    (row,) = json.loads(command("status", "-o", "json", *here))
    assert (row["deployment"], row["kind"]) == ("web", kind)
    assert json.loads(command("restore", "--all", "--dry-run", "-o", "json", *here))[0]["kind"] == kind
    assert argument in command("restore", argument, *here)
    assert web.recovered()
    web.assert_no_trace()
    assert "nothing-to-restore" in command("restore", argument, *here)


def test_a_sweep_restores_what_has_outlived_its_ttl(create: Any) -> None:
    web = create("StatefulSet")
    web.corrupt(ttl="1s")

    def swept() -> Iterator[str]:
        while True:
            yield from command("sweep", "-n", web.ns).splitlines()

    line = json.loads(next(swept()))
    assert (line["kind"], line["deployment"], line["outcome"]) == ("StatefulSet", "web", "restored")
    assert web.recovered()
    web.assert_no_trace()


def test_watch_follows_it_until_it_has_recovered(create: Any) -> None:
    web = create("StatefulSet")
    web.corrupt()
    assert web.pull_fails()
    undo = threading.Timer(1.0, lambda: restore_image("web", web.ns, kind="StatefulSet"))
    undo.start()
    states = [json.loads(line) for line in command("watch", "sts/web", "-o", "json", "-n", web.ns).splitlines()]
    undo.join()
    assert states[-1]["recovered"] and {s["kind"] for s in states if "kind" in s} == {"StatefulSet"}
    assert any(s.get("failing") for s in states)
