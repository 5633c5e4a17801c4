"""Whatever happens, in whatever order: no original image is lost, nobody's change is overwritten, no trace is left.

Hypothesis plays all that write to a Deployment: several processes that inject and restore, their guards, the sweeper,
operator-chaos, an operator, a CI, a GitOps tool, people; also between the read and the write of each other. The
simulated cluster is asked without HTTP, and its time stands still.
"""

import logging
import os
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from itertools import count
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from logzero import logger

from chaosimagecorrupt.errors import ClusterError, ImageCorruptError, Refused
from chaosimagecorrupt.fault.inject import GuardHandle, Injection
from chaosimagecorrupt.fault.spec import FaultSpec
from chaosimagecorrupt.guard.decide import GuardTiming, InjectorState
from chaosimagecorrupt.guard.orders import Orders, Task
from chaosimagecorrupt.guard.report import GuardProcess
from chaosimagecorrupt.guard.turns import Turns
from chaosimagecorrupt.guard.watch import InjectionGuard
from chaosimagecorrupt.kube.settings import Settings
from chaosimagecorrupt.record.annotations import (
    DEFAULT_IMAGE,
    LABEL,
    OPERATOR_CHAOS_CONTAINER,
    PREFIX,
    original_image_key,
    read_record,
)
from chaosimagecorrupt.record.entry import Entry, expired
from chaosimagecorrupt.record.find import recorded_workloads
from chaosimagecorrupt.restore.restore import restore
from chaosimagecorrupt.simulator.watch_cache import Change
from chaosimagecorrupt.workload.daemonset import DAEMON_SET
from chaosimagecorrupt.workload.deployment import DEPLOYMENT
from chaosimagecorrupt.workload.kind import WorkloadKind
from chaosimagecorrupt.workload.pull_failures import pull_failure
from chaosimagecorrupt.workload.rollout import revisions
from chaosimagecorrupt.workload.statefulset import STATEFUL_SET
from chaosimagecorrupt.workload.target import Target

from .in_process_client import SETTLE, InProcessClient, Place
from .traces import images, traces

# time goes by with each request, and only so
NO_PAUSES = GuardTiming(
    pause=0.0, long_pause=0.0, others_clean_up=0.0, others_restore=0.0, clean_up=30.0, watch_lag=0.0
)
PATIENCE = 500  # requests in one go; more would be a loop without an end
EXAMPLES, STEPS = int(os.environ.get("PROMISES_EXAMPLES", "30")), int(os.environ.get("PROMISES_STEPS", "50"))
ENOUGH = 10_000

NS, NAME = "shop", "web"
MERGE, APPLY = "application/strategic-merge-patch+json", "application/apply-patch+yaml"
JSON_PATCH = "application/json-patch+json"
CONTAINERS = ("app", "side")
SHARED = "localhost/app:v0"  # what faults have, and others deploy, too
# how pods are replaced: by the kind, and by a word that stands for one of its ways
WAYS: dict[str, dict[str, Any]] = {
    "Deployment": {
        "rolling": {"strategy": {"type": "RollingUpdate"}},
        "another": {"strategy": {"type": "Recreate"}},
        "on delete": {"strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 0, "maxUnavailable": 1}}},
    },
    "StatefulSet": {
        "rolling": {"serviceName": NAME},
        "another": {"serviceName": NAME, "podManagementPolicy": "Parallel"},
        "on delete": {"serviceName": NAME, "updateStrategy": {"type": "OnDelete"}},
    },
    "DaemonSet": {
        "rolling": {"updateStrategy": {"type": "RollingUpdate"}},
        "another": {"updateStrategy": {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0}}},
        "on delete": {"updateStrategy": {"type": "OnDelete"}},
    },
}
OURS = (DEFAULT_IMAGE, "registry.invalid/other:1", "localhost/app:not-there", SHARED)
THEIRS = "registry.invalid/operator-chaos:1"
CORRUPT = (*OURS, THEIRS)

containers = st.sampled_from(CONTAINERS)
troubles = st.lists(st.sampled_from([None, None, "drop", "lose", "500", "503", "429"]), max_size=6)
others = st.sampled_from(
    ["reconcile", "deploy", "deploy_ours", "undo", "apply", "strip", "scale", "annotate", "operator_chaos", "restore"]
)
meanwhile = st.dictionaries(st.integers(1, 6), others, max_size=2)

Object = Any


class ReportedGuard(GuardProcess):
    """One injection's guard: what the injecting process tells it, and what it knows."""

    def __init__(self, task: Task) -> None:
        self.log, self.task, self.reported = "", task, InjectorState.GONE

    def decided(self, entry: Entry) -> None:
        self.task = replace(self.task, entry=entry)

    def injected(self, injection_id: str) -> None:
        self.reported = InjectorState.INJECTED

    def undone(self, injection_id: str) -> None:
        self.reported = InjectorState.UNDONE

    def release(self, injection_id: str) -> None:
        self.reported = InjectorState.RELEASED

    def leave(self, injection_id: str) -> None:
        self.reported = InjectorState.GONE


class Promises(RuleBasedStateMachine):
    """A Deployment or another workload, and all that write to it."""

    kind: WorkloadKind = DEPLOYMENT
    steps = 0
    processes_made = 0

    @initialize(
        applied=st.booleans(),
        way=st.sampled_from(["rolling", "another", "on delete"]),
        skew=st.sampled_from([-400.0, 0.0, 400.0]),
    )
    def begin(self, applied: bool, way: str = "rolling", skew: float = 0.0) -> None:
        self.applied, self.way = applied, WAYS[self.kind.name][way]
        self.on_delete = self.way.get("updateStrategy", {}).get("type") == "OnDelete"
        self.path = self.kind.resource.path(NS)
        self.desired = dict.fromkeys(CONTAINERS, "localhost/app:v1")  # what its owners want
        self.deployed, self.replicas, self.paused, self.note = 1, 2, False, ""
        self.stripped = False  # someone has removed a part of a record since the Deployment was last as desired
        self.ever_stripped = self.operator_chaos_was_here = False
        self.theirs: set[str] = set()  # images of OURS that others have deployed, too
        self.violations: list[str] = []
        self.guards: list[ReportedGuard] = []
        self.place = Place(time.time() + skew, [{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": NS}}])
        self.processes = [self.process(), self.process()]
        self.create()
        self.place.world.store.subscribe(self.changed)

    def process(self) -> InProcessClient:
        """A process that remembers nothing."""
        Promises.processes_made += 1
        return InProcessClient(self.place, f"process-{Promises.processes_made}")

    def target(self, cluster: InProcessClient) -> Target:
        return Target(NAME, NS, cluster, self.kind)

    # what is there

    def found(self) -> Any:
        found = self.place.world.store.get(self.kind.resource.full_name, NS, NAME)
        assert found is not None
        return found

    def revisions(self) -> list[Any]:
        """The ReplicaSets or ControllerRevisions."""
        return [self.kind.as_revision(r) for r in self.place.world.store.list(self.kind.revisions.full_name, NS)]

    def rolled_out_once(self, found: Any) -> bool:
        """Whether a revision was not rolled out again, as far as it tells."""
        return len(revisions(found)) == 1 if self.kind is DEPLOYMENT else bool(read_record(found))

    def is_run(self, revision: Any) -> bool:
        """Whether a pod runs it that nobody replaces, because a fault's image could be pulled."""
        name, pods = revision["metadata"]["name"], self.place.world.store.list("pods", NS)
        run = [p for p in pods if name.endswith(p["metadata"]["labels"].get("controller-revision-hash", "none"))]
        return self.on_delete and any(p["status"]["phase"] == "Running" for p in run)

    def left(self) -> list[str]:
        found = traces(self.found(), [], set(OURS) - self.theirs)
        # of a ReplicaSet whose copy of the record was never whole, nobody can say that a fault made it
        for each in [] if self.ever_stripped else [r for r in self.revisions() if not self.is_run(r)]:
            # nor of one that was rolled out again: by another fault, or by someone
            once = self.rolled_out_once(each)
            found += traces(self.found(), [each], set(OURS) - self.theirs if once else {DEFAULT_IMAGE})
        # where its controller makes no annotation, operator-chaos owns the map itself, in which someone keeps a note
        return [t for t in found if self.kind is DEPLOYMENT or not t.endswith("manager operator-chaos")]

    def changed(self, change: Change) -> None:
        """Nothing is lost or overwritten in any version of the Deployment."""
        if change.resource != self.kind.resource.full_name or change.type == "DELETED":
            return
        deployment: Any = change.object
        record, found = read_record(deployment), images(deployment)
        for container, image in found.items():
            if image != self.desired[container]:
                self.check_image(container, image, record.get(container))
        if not record and found == self.desired:
            self.stripped = False

    def check_image(self, container: str, image: str, recorded: Entry | None) -> None:
        """Another image than the desired one is a corrupt one, whose original is recorded."""
        desired = self.desired[container]
        if image not in CORRUPT:
            self.violations.append(f"{container} has {image}, desired is {desired}")
        elif (recorded is None or recorded.original != desired) and not (self.stripped and self.in_history(container)):
            self.violations.append(f"{desired} of {container} is lost: {recorded}")

    def in_history(self, container: str) -> bool:
        return any(images(r)[container] == self.desired[container] for r in self.revisions())

    def unclear(self) -> bool:
        """Whether the record does not say which image is the corrupt one: stripped, or made by operator-chaos."""
        return self.stripped or any(e.image is None for e in read_record(self.found()).values())

    # what others do

    def create(self) -> None:
        body = self.manifest() | {"metadata": {"name": NAME, "labels": {"app": NAME}}}
        if self.applied:
            self.write("PATCH", body, "owner", content_type=APPLY)
        else:
            self.write("POST", body, "owner", self.path)

    def manifest(self) -> Object:
        pod = {"containers": [{"name": c, "image": i} for c, i in self.desired.items()]}
        spec = {
            **({"replicas": self.replicas} if self.is_scalable else {}),
            "selector": {"matchLabels": {"app": NAME}},
            "template": {"metadata": {"labels": {"app": NAME}}, "spec": pod},
            **self.way,
        }
        return {"apiVersion": "apps/v1", "kind": self.kind.name, "metadata": {"name": NAME}, "spec": spec}

    @property
    def is_scalable(self) -> bool:
        """Whether someone can say how many pods there are to be."""
        return self.kind is not DAEMON_SET

    def write(
        self,
        method: str,
        body: Any,
        manager: str,
        path: str | None = None,
        content_type: str = MERGE,
        **query: str,
    ) -> Any:
        content_type = "application/json" if method == "POST" else content_type
        path = path or f"{self.path}/{NAME}"
        status, answer = self.place.ask(method, path, body, content_type, fieldManager=manager, **query)
        assert status < 300, answer
        self.place.clock.advance(SETTLE)
        return answer

    def set_images(self, desired: dict[str, str], manager: str, **metadata: Any) -> None:
        pod = {"containers": [{"name": c, "image": i} for c, i in desired.items()]}
        self.write("PATCH", {"metadata": metadata, "spec": {"template": {"spec": pod}}}, manager)

    @rule()
    def reconcile(self) -> None:
        if images(self.found()) != self.desired:
            self.set_images(self.desired, "operator")

    @rule(container=containers)
    def deploy(self, container: str = "app") -> None:
        self.deployed += 1
        self.desired = {**self.desired, container: f"localhost/app:v{self.deployed}"}
        self.set_images({container: self.desired[container]}, "ci")

    @rule(container=containers)
    def deploy_ours(self, container: str = "app") -> None:
        """Someone deploys an image that faults have, unless it is there and nobody could tell."""
        if images(self.found())[container] != SHARED:
            self.theirs.add(SHARED)
            self.desired = {**self.desired, container: SHARED}
            self.set_images({container: SHARED}, "ci")

    @rule()
    def undo(self) -> None:
        """As `kubectl rollout undo`, when that leads to what someone has deployed."""
        deployment, sets = self.found(), sorted(self.revisions(), key=self.kind.revision_number, reverse=True)
        good = [r for r in sets if not set(images(r).values()) & (set(CORRUPT) - self.theirs)]
        there = [r for r in good if images(r) != images(deployment)]
        if self.paused or not there or read_record(there[0]) or self.keeps_a_fault(there[0]):
            return
        self.roll_back_to(there[0])

    def keeps_a_fault(self, revision: Any) -> bool:
        """Whether a fault is in place after an undo too: its record stays, and others once deployed its image."""
        found = self.found()
        kept = [e.image for c, e in read_record(found).items() if images(revision)[c] == images(found)[c] == e.image]
        return self.kind is not DEPLOYMENT and bool(kept)

    def roll_back_to(self, replica_set: Any) -> None:
        if self.kind is not DEPLOYMENT:  # then kubectl takes only the template
            self.desired = images(replica_set)
            patch = [{"op": "replace", "path": "/spec/template", "value": replica_set["spec"]["template"]}]
            self.write("PATCH", patch, "kubectl-rollout", content_type=JSON_PATCH)
            return
        template, notes = replica_set["spec"]["template"], replica_set["metadata"]["annotations"]
        labels = {k: v for k, v in template["metadata"]["labels"].items() if k != "pod-template-hash"}
        template = {**template, "metadata": {**template["metadata"], "labels": labels}}
        notes = {k: v for k, v in notes.items() if not k.startswith("deployment.kubernetes.io/")}
        self.desired, self.note = images(replica_set), notes.get("note", "")
        patch = [
            {"op": "replace", "path": "/spec/template", "value": template},
            {"op": "replace", "path": "/metadata/annotations", "value": notes},
        ]
        self.write("PATCH", patch, "kubectl-rollout", content_type=JSON_PATCH)

    @rule()
    def apply(self) -> None:
        self.write("PATCH", self.manifest(), "owner", content_type=APPLY, force="true")

    @rule(part=st.sampled_from(["", "image-corrupt", "original-image-app", "expires"]), label=st.booleans())
    def strip(self, part: str = "", label: bool = True) -> None:
        self.place.clock.advance(SETTLE)  # before, the controller has not copied it to the ReplicaSet yet
        deployment = self.found()
        annotations = deployment["metadata"].get("annotations") or {}
        gone = dict.fromkeys(k for k in annotations if k.startswith(PREFIX + part))
        if OPERATOR_CHAOS_CONTAINER in annotations or not gone:
            return  # what operator-chaos wrote down, nobody else knows
        self.stripped = self.ever_stripped = True
        labels = {LABEL: None} if label else {}
        self.write("PATCH", {"metadata": {"annotations": gone, "labels": labels}}, "gitops")

    @rule(replicas=st.integers(0, 3))
    def scale(self, replicas: int = 3) -> None:
        if not self.is_scalable:
            return
        self.replicas = replicas
        self.write("PATCH", {"spec": {"replicas": replicas}}, "autoscaler")

    @rule(note=st.text("ab", max_size=2))
    def annotate(self, note: str = "c") -> None:
        self.note = note
        self.write("PATCH", {"metadata": {"annotations": {"note": note}}}, "someone")

    @rule()
    def pause_or_resume(self) -> None:
        if self.kind is not DEPLOYMENT:
            return
        self.paused = not self.paused
        self.write("PATCH", {"spec": {"paused": self.paused or None}}, "someone")

    @rule()
    def recreate_with_ours(self) -> None:
        self.theirs.add(SHARED)
        self.desired = {**self.desired, "app": SHARED}
        self.recreate()

    @rule()
    def recreate(self) -> None:
        self.place.ask("DELETE", f"{self.path}/{NAME}")
        self.place.clock.advance(SETTLE)
        self.paused, self.note, self.stripped = False, "", False
        self.create()

    @rule(container=containers)
    def operator_chaos(self, container: str = "app") -> None:
        """Injects as operator-chaos does: takes what it finds for the original image."""
        deployment = self.found()
        if self.stripped or OPERATOR_CHAOS_CONTAINER in (deployment["metadata"].get("annotations") or {}):
            return  # it would lose the original by itself
        recorded = read_record(deployment).get(container)
        if recorded is not None and recorded.image == self.desired[container]:
            return  # likewise: what it took for the original would be our corrupt image, for all that the record says
        note = {original_image_key(container): images(deployment)[container], OPERATOR_CHAOS_CONTAINER: container}
        self.operator_chaos_was_here = True
        self.set_images({container: THEIRS}, "operator-chaos", annotations=note)

    @rule(seconds=st.sampled_from([0.005, 0.1, 10.0, 400.0]))
    def wait(self, seconds: float) -> None:
        self.place.clock.advance(seconds)

    # what we do

    def disturb(self, process: InProcessClient, troubles: list[str | None], meanwhile: dict[int, str]) -> None:
        process.troubles = list(troubles)
        process.meanwhile = {n: getattr(self, action) for n, action in meanwhile.items()}
        process.left = PATIENCE

    def start_guard(self, orders: Orders, env: Mapping[str, str]) -> GuardProcess:
        [task] = orders.tasks
        self.guards.append(ReportedGuard(task))
        return self.guards[-1]

    @rule(
        process=st.integers(0, 1),
        container=containers,
        image=st.sampled_from(OURS),
        deadline=st.sampled_from([None, 30]),
        troubles=troubles,
        meanwhile=meanwhile,
    )
    def inject(
        self, process: int, container: str, image: str, deadline: int | None, troubles: Any, meanwhile: Any
    ) -> None:
        cluster = self.processes[process]
        self.disturb(cluster, troubles, meanwhile)
        spec = FaultSpec(container, image, 300.0, deadline if self.kind is DEPLOYMENT else None, allow_on_delete=True)
        with suppress(ImageCorruptError):
            Injection(self.target(cluster), spec, GuardHandle(Settings(), self.start_guard)).inject()

    @rule(process=st.integers(0, 2), container=st.none() | containers, troubles=troubles, meanwhile=meanwhile)
    def restore(
        self, process: int = 2, container: str | None = None, troubles: Any = (), meanwhile: Any = MappingProxyType({})
    ) -> None:
        unclear = self.unclear()
        cluster = [*self.processes, self.process()][process]
        self.disturb(cluster, troubles, meanwhile)
        try:
            restore(self.target(cluster), container_name=container)
        except ClusterError:
            assert troubles
            return
        except Refused:
            assert unclear or self.unclear()  # an undo may have taken the record since
            return
        if container is None and not troubles and not meanwhile and not self.unclear():
            self.nothing_is_left(cluster)

    def nothing_is_left(self, cluster: InProcessClient) -> None:
        """After a restore of everything that nobody disturbed."""
        assert not read_record(self.found())
        if not self.stripped:
            assert images(self.found()) == self.desired
            assert self.paused or not self.left()
        cluster.writes = 0
        assert restore(self.target(cluster))["outcome"] == "nothing-to-restore"
        assert cluster.writes == 0
        self.everything_runs()

    def everything_runs(self) -> None:
        """No pod is stuck, unless it is so because of operator-chaos, or of a fault of which no copy tells."""
        if self.ever_stripped or self.operator_chaos_was_here or self.paused or not self.replicas:
            return
        self.place.clock.advance(60.0)
        found, sets = self.found(), self.revisions()
        pods = [(p["metadata"]["name"], p["status"]) for p in self.place.world.store.list("pods", NS)]
        assert self.kind.recovered(found, sets), (found["status"], pods)

    @rule(expired_only=st.booleans(), troubles=troubles, meanwhile=meanwhile)
    def sweep(self, expired_only: bool, troubles: Any, meanwhile: Any) -> None:
        cluster = self.process()
        self.disturb(cluster, troubles, meanwhile)
        now, unclear = self.place.clock.now(), self.unclear()
        try:
            for found in recorded_workloads(cluster, None, None):
                ids = [e.id for e in found.record.values() if expired(e, now)] if expired_only else None
                restore(self.target(cluster), injection_ids=ids)
        except ClusterError:
            assert troubles
        except Refused:
            assert unclear or self.unclear()

    @precondition(lambda self: self.guards)
    @rule(which=st.integers(0, 9), asked_to_end=st.booleans(), troubles=troubles, meanwhile=meanwhile)
    def guard_acts(self, which: int, asked_to_end: bool, troubles: Any, meanwhile: Any) -> None:
        guard = self.guards.pop(which % len(self.guards))
        cluster = self.process()
        self.disturb(cluster, troubles, meanwhile)
        late = count(guard.task.expires + 1000.0)
        clock = iter([guard.task.expires - 1.0] * 2)  # then long after the expiry, and on
        watching = InjectionGuard(
            guard.task, cluster, lambda: next(clock, None) or next(late), Turns(1), timing=NO_PAUSES
        )
        if guard.reported is not InjectorState.GONE:
            watching.injector_reported(guard.reported)
        watching.injector_ended()
        if asked_to_end:
            watching.ask_to_end()
        watching.run()
        if asked_to_end and troubles and not watching.undone:
            return  # it made one attempt
        if guard.reported is not InjectorState.RELEASED and not meanwhile:
            self.guarded(guard.task.entry)

    def guarded(self, entry: Entry) -> None:
        """After a guard has ended, its injection is undone."""
        record = read_record(self.found())
        assert entry.id not in {e.id for e in record.values()}
        other = entry.container in record or (self.stripped and self.guards)
        image = images(self.found())[entry.container]
        assert other or image == self.desired[entry.container] or image != entry.image
        if images(self.found()) == self.desired and not record:
            assert self.paused or not self.left()

    @invariant()
    def nobody_lost_anything(self) -> None:
        Promises.steps += 1
        assert not self.violations
        spec, metadata = self.found()["spec"], self.found()["metadata"]
        assert spec.get("replicas", self.replicas) == self.replicas and spec.get("paused", False) == self.paused
        assert (metadata.get("annotations") or {}).get("note", "") == self.note

    def teardown(self) -> None:
        if not hasattr(self, "place"):
            return
        if self.paused:
            self.pause_or_resume()
        stripped = self.stripped
        while self.guards:
            self.guard_acts(0, False, [], {})
        self.restore()
        if self.unclear():
            return
        self.nobody_lost_anything()
        if not stripped:
            assert images(self.found()) == self.desired
            assert not self.left()
            # its record gone, nobody knows the deadline that the image was given back without
            assert self.ever_stripped or self.found()["spec"].get("progressDeadlineSeconds", 600) == 600
            self.owner_applies_the_next_version()

    def owner_applies_the_next_version(self) -> None:
        self.desired = dict.fromkeys(CONTAINERS, "localhost/app:next")
        _, answer = self.place.ask("PATCH", f"{self.path}/{NAME}", self.manifest(), APPLY, fieldManager="owner")
        assert "chaosimagecorrupt" not in answer.get("message", "")


class StatefulSetPromises(Promises):
    """A StatefulSet, and all that write to it."""

    kind = STATEFUL_SET


class DaemonSetPromises(Promises):
    """A DaemonSet, and all that write to it."""

    kind = DAEMON_SET


MACHINES = [Promises, StatefulSetPromises, DaemonSetPromises]


@pytest.mark.parametrize("machine", MACHINES, ids=lambda m: m.kind.name)
def test_no_order_of_events_breaks_a_promise(machine: type[Promises]) -> None:
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    Promises.steps = 0
    phases = set(Phase) if os.environ.get("PROMISES_SHRINK") else {Phase.explicit, Phase.reuse, Phase.generate}
    how = settings(max_examples=EXAMPLES, stateful_step_count=STEPS, deadline=None, phases=phases)
    try:
        run_state_machine_as_test(machine, settings=how)
    finally:
        logger.setLevel(level)
    assert Promises.steps >= min(ENOUGH, EXAMPLES * STEPS // 2)


@pytest.mark.parametrize("way", ["rolling", "another"])
def test_the_deadline_that_an_undo_leaves_is_put_back_below_a_fault_of_operator_chaos(way: str) -> None:
    state = Promises()
    state.begin(applied=False, way=way)
    state.inject(process=0, container="app", image=DEFAULT_IMAGE, deadline=30, troubles=[], meanwhile={})
    state.undo()
    state.operator_chaos(container="app")
    state.teardown()


def test_a_pod_that_started_with_the_image_of_a_fault_is_left_to_those_who_delete_pods() -> None:
    state = StatefulSetPromises()
    state.begin(applied=True, way="on delete")
    state.inject(process=0, container="app", image=SHARED, deadline=None, troubles=[], meanwhile={})
    state.scale(3)
    state.place.clock.advance(60.0)
    assert [r["metadata"]["name"] for r in state.revisions() if state.is_run(r) and state.rolled_out_once(r)]
    state.guard_acts(0, False, [], {})
    state.everything_runs()
    state.teardown()


def test_a_pod_that_waits_for_the_image_of_operator_chaos_on_top_of_ours_does_not_stay_stuck() -> None:
    state = StatefulSetPromises()
    state.begin(applied=False, way="rolling")
    state.inject(process=0, container="side", image="localhost/app:not-there", deadline=None, troubles=[], meanwhile={})
    state.operator_chaos(container="app")
    state.restore(process=0, container="side")
    state.teardown()


def test_a_fault_of_operator_chaos_on_top_of_ours_is_undone_with_it() -> None:
    state = Promises()
    state.begin(applied=False)
    Injection(Target(NAME, NS, state.processes[0]), FaultSpec("app", DEFAULT_IMAGE, 300.0)).inject()
    note = {original_image_key("app"): DEFAULT_IMAGE, OPERATOR_CHAOS_CONTAINER: "app"}
    state.set_images({"app": THEIRS}, "operator-chaos", annotations=note)
    restore(Target(NAME, NS, state.process()))
    assert images(state.found()) == state.desired


def test_a_restore_of_another_container_leaves_the_mark_of_operator_chaos_on_top_of_our_fault() -> None:
    state = Promises()
    state.begin(applied=True)
    for container in CONTAINERS:
        Injection(Target(NAME, NS, state.processes[0]), FaultSpec(container, SHARED, 300.0)).inject()
    state.operator_chaos(container="side")
    state.restore(process=2, container="app")
    state.operator_chaos(container="side")
    state.nobody_lost_anything()


@pytest.mark.parametrize("who", ["restore", "sweep", "guard"])
@pytest.mark.parametrize("way", ["rolling", "another", "on delete"])
@pytest.mark.parametrize("machine", MACHINES, ids=lambda m: m.kind.name)
def test_whoever_undoes_a_fault_no_pod_stays_stuck(machine: type[Promises], way: str, who: str) -> None:
    state = machine()
    state.begin(applied=True, way=way)
    state.inject(process=0, container="app", image=DEFAULT_IMAGE, deadline=None, troubles=[], meanwhile={})
    pods = [p["metadata"]["name"] for p in state.place.world.store.list("pods", NS)]
    state.place.ask("DELETE", f"/api/v1/namespaces/{NS}/pods/{pods[0]}")
    state.place.clock.advance(400.0)
    there: list[Any] = state.place.world.store.list("pods", NS)
    assert any(map(pull_failure, there))
    if who == "restore":
        state.restore(process=2)
    elif who == "sweep":
        state.sweep(expired_only=True, troubles=[], meanwhile={})
    else:
        state.guard_acts(0, False, [], {})
    state.everything_runs()
    state.teardown()
