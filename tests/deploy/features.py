"""Every feature that needs rights, tried under an account: each says what it could not do, nothing when it works."""

import copy
import logging
import os
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

import logzero
import pytest
from click.testing import CliRunner

from chaosimagecorrupt import probes
from chaosimagecorrupt.actions import corrupt_image, corrupt_images
from chaosimagecorrupt.cli import image_corrupt
from chaosimagecorrupt.errors import ImageCorruptError
from chaosimagecorrupt.fault.namespaces import consent_of, with_namespace
from chaosimagecorrupt.guard.decide import GuardTiming, InjectorState
from chaosimagecorrupt.guard.orders import Task
from chaosimagecorrupt.guard.turns import Turns
from chaosimagecorrupt.guard.watch import InjectionGuard
from chaosimagecorrupt.kube.client import Cluster, connect
from chaosimagecorrupt.kube.requests import Request, delete_by_name_request, get_request, list_request, patch_request
from chaosimagecorrupt.kube.resources import (
    CONTROLLER_REVISIONS,
    DEPLOYMENTS,
    EVENTS,
    PODS,
    QUOTAS,
    REPLICA_SETS,
    RUNTIME_CLASSES,
)
from chaosimagecorrupt.preflight import features
from chaosimagecorrupt.preflight.features import Feature
from chaosimagecorrupt.preflight.run import inspect
from chaosimagecorrupt.record.annotations import read_record
from chaosimagecorrupt.rollbacks import restore_image, restore_images
from chaosimagecorrupt.timeline.recorder import Recorder
from chaosimagecorrupt.workload.daemonset import DAEMON_SET
from chaosimagecorrupt.workload.kind import WorkloadKind
from chaosimagecorrupt.workload.statefulset import STATEFUL_SET
from chaosimagecorrupt.workload.target import Target

from ..faulty_simulator import FaultySimulator
from ..fixtures_http import soon
from ..messages import Messages

__all__ = ["FEATURES", "NS", "OPERATOR", "WAIT", "WAIT_FOR_REFUSAL", "WORKLOAD_FEATURES", "Account"]

NS = "shop"
IMAGE, CORRUPT = "registry.k8s.io/pause:3.10", "registry.invalid/nonexistent:chaos"
RECORD = "chaos.operatorchaos.io/image-corrupt"
OPERATOR = ("operator.knative.dev/v1beta1", "KnativeServing", "seed")
WAIT = 0.3  # seconds, for what is not to come
WAIT_FOR_REFUSAL = 10.0  # where a watch is refused, which ends the wait

Object = Any

# the controller of this StatefulSet leaves a stuck pod as it is
_OF_KIND: dict[str, Object] = {"StatefulSet": {"replicas": 1, "serviceName": "web"}, "DaemonSet": {}}


class Account:
    """A service account, and Deployments to try features on.

    Args:
        kubeconfig: of the account.
        simulator: the cluster.
        wait: for what is not to come, in seconds.
    """

    def __init__(self, kubeconfig: Path, simulator: FaultySimulator, wait: float = WAIT) -> None:
        self.kubeconfig, self._simulator, self.wait = kubeconfig, simulator, wait

    @contextmanager
    def everything(self) -> Iterator[Cluster]:
        """Act as someone who may do everything."""
        before = os.environ["KUBECONFIG"]
        os.environ["KUBECONFIG"] = str(self._simulator.kubeconfig)
        try:
            yield connect()
        finally:
            os.environ["KUBECONFIG"] = before

    @cached_property
    def healthy(self) -> str:
        """A Deployment that is only looked at."""
        return self.deployment()

    @cached_property
    def classified(self) -> str:
        """One that is only looked at, whose pods name a RuntimeClass; quotas tell pods apart by their PriorityClass."""
        name = self.deployment(runtimeClassName="kata")
        scope = {"scopeName": "PriorityClass", "operator": "Exists"}
        spec = {"hard": {"pods": "100"}, "scopeSelector": {"matchExpressions": [scope]}}
        kata = {"metadata": {"name": "kata"}, "handler": "kata"}
        with self.everything() as cluster:
            for resource, body in ((QUOTAS, {"metadata": {"name": name}, "spec": spec}), (RUNTIME_CLASSES, kata)):
                path = resource.path(NS if resource.namespaced else None)
                cluster.send(Request("POST", path, "create", body=body))
        return name

    @cached_property
    def corrupt(self) -> str:
        """A corrupted Deployment that is only looked at."""
        return self.corrupted()

    def deployment(self, **pod_spec: Any) -> str:
        """Make a Deployment, and return its name once it is available; `pod_spec` is merged into the pods' spec."""
        name = f"web-{uuid.uuid4().hex[:6]}"
        labels = {"app": name}
        pod = {"terminationGracePeriodSeconds": 0, "containers": [{"name": "app", "image": IMAGE}], **pod_spec}
        template = {"metadata": {"labels": labels}, "spec": pod}
        spec = {"replicas": 1, "selector": {"matchLabels": labels}, "template": template}
        body = {"metadata": {"name": name, "labels": labels}, "spec": spec}
        with self.everything() as cluster:
            cluster.send(Request("POST", DEPLOYMENTS.path(NS), "create", body=body))
            assert soon(lambda: self._available(name), 30)
        return name

    def corrupted(self) -> str:
        """Make one that someone else has corrupted, and return its name once there is a corrupt ReplicaSet."""
        name = self.deployment()
        with self.everything():
            corrupt_image(name, NS, guard=False)
            assert soon(lambda: len(self._sets(name)) == 2 and self._observed(name), 30)
        return name

    def workload(self, kind: WorkloadKind) -> str:
        """Make a StatefulSet or a DaemonSet, and return its name once it is rolled out."""
        name = f"web-{uuid.uuid4().hex[:6]}"
        labels = {"app": name}
        pod = {"terminationGracePeriodSeconds": 0, "containers": [{"name": "app", "image": IMAGE}]}
        template = {"metadata": {"labels": labels}, "spec": pod}
        spec = {"selector": {"matchLabels": labels}, "template": template, **_OF_KIND[kind.name]}
        body = {"metadata": {"name": name, "labels": labels}, "spec": spec}
        with self.everything() as cluster:
            cluster.send(Request("POST", kind.resource.path(NS), "create", body=body))
            assert probes.workload_recovered(name, NS, timeout=30, kind=kind.name)
        return name

    def revisions(self, name: str) -> list[Object]:
        """The ControllerRevisions of a workload."""
        with self.everything() as cluster:
            query = {"labelSelector": f"app={name}"}
            return list(cluster.send(list_request(CONTROLLER_REVISIONS, NS, query))["items"])

    def pods(self, name: str) -> list[Object]:
        """The pods of a workload."""
        with self.everything() as cluster:
            return list(cluster.send(list_request(PODS, NS, {"labelSelector": f"app={name}"}))["items"])

    def healed(self) -> str:
        """Make one whose image someone else has put back, so that an older ReplicaSet has a copy of the record."""
        name = self.corrupted()
        back = {"metadata": {}, "spec": {"template": {"spec": {"containers": [{"name": "app", "image": IMAGE}]}}}}
        with self.everything() as cluster:
            cluster.send(patch_request(DEPLOYMENTS, NS, name, back))

            def copies() -> list[Object]:
                return [s for s in self._sets(name) if RECORD in s["metadata"]["annotations"]]

            assert soon(lambda: len(copies()) == 2 and self._observed(name) and self._scaled(name), 30)
        return name

    def write_before(self, method: str, path: str, name: str) -> None:
        """Have someone else write to a Deployment just before the next such request."""
        store = self._simulator.world.store

        def write(_: object) -> None:
            changed = copy.deepcopy(store.get("deployments.apps", NS, name))
            assert changed is not None
            changed["metadata"].setdefault("annotations", {})["someone"] = "else"
            store.update("deployments.apps", changed, manager="someone")

        self._simulator.faults.hook("before", write, method, path)

    def write_before_each_list(self, name: str) -> None:
        """Have someone else write to a StatefulSet's spec before each list, so that it is not observed yet."""
        store, full_name = self._simulator.world.store, STATEFUL_SET.resource.full_name

        def write(_: object) -> None:
            changed = copy.deepcopy(store.get(full_name, NS, name))
            assert changed is not None
            changed["spec"]["revisionHistoryLimit"] += 1
            store.update(full_name, changed, manager="someone")

        self._simulator.faults.hook("before", write, "GET", rf"statefulsets\?.*{name}(?!.*watch=true)", times=None)

    def get(self, name: str) -> Any:
        with self.everything() as cluster:
            return cluster.send(get_request(DEPLOYMENTS, NS, name))

    def image(self, name: str) -> str:
        return str(self.get(name)["spec"]["template"]["spec"]["containers"][0]["image"])

    def events_on(self, name: str) -> list[str]:
        """The reasons of the Events that were emitted on a Deployment."""
        query = {"fieldSelector": f"involvedObject.name={name},reportingComponent=chaosimagecorrupt"}
        with self.everything() as cluster:
            return sorted(e["reason"] for e in cluster.send(list_request(EVENTS, NS, query))["items"])

    def _available(self, name: str) -> bool:
        return bool(self.get(name).get("status", {}).get("availableReplicas"))

    def _observed(self, name: str) -> bool:
        found = self.get(name)
        return bool(found["status"]["observedGeneration"] == found["metadata"]["generation"])

    def _scaled(self, name: str) -> bool:
        return sorted(s["status"]["replicas"] for s in self._sets(name)) == [0, 1]

    def _sets(self, name: str) -> list[Object]:
        with self.everything() as cluster:
            query = {"labelSelector": f"app={name}"}
            return list(cluster.send(list_request(REPLICA_SETS, NS, query))["items"])


def corrupting(account: Account) -> list[str]:
    name = account.deployment()
    return _raised(lambda: corrupt_image(name, NS, guard=False))


def corrupting_many(account: Account) -> list[str]:
    """Someone else writes after the list, so that it has to be read again."""
    name = account.deployment()
    account.write_before("PATCH", f"deployments/{name}", name)
    return _raised(lambda: corrupt_images(f"app={name}", guard=False))


def consent(account: Account) -> list[str]:
    unreadable = with_namespace(consent_of(), connect(), NS).unreadable
    return [unreadable] if unreadable else []


def restoring(account: Account) -> list[str]:
    name = account.corrupted()
    said = _raised(lambda: restore_image(name, NS))
    assert (account.image(name) == IMAGE) == (not said)
    return said


def restoring_many(account: Account) -> list[str]:
    """By the activity and by the sweeper's command, which are to need the same.

    Someone else writes after the list, so that each has to be read again.
    """
    first, second = account.corrupted(), account.corrupted()
    for name in (first, second):
        account.write_before("PATCH", f"deployments/{name}", name)
    done: Object = {"deployments": []}
    said = _raised(lambda: done.update(restore_images(f"app={first}")))
    said += [d["error"] for d in done["deployments"] if "error" in d]
    swept = _command("restore", "--selector", f"app={second}")
    assert bool(said) == bool(swept) == (account.image(first) == CORRUPT) == (account.image(second) == CORRUPT)
    return said


def events(account: Account) -> list[str]:
    """Whether others see the fault, its restore and the guard's; what is logged for debugging is all that says so."""
    name, handler = account.deployment(), Messages(logging.DEBUG)
    logzero.logger.addHandler(handler)
    try:
        denied = _raised(lambda: corrupt_image(name, NS, guard=False)) or _raised(lambda: restore_image(name, NS))
    finally:
        logzero.logger.removeHandler(handler)
    said = [line for line in handler.said if "the Event" in line]
    assert denied or bool(said) == (account.events_on(name) != ["ImageCorrupted", "ImageRestored"])
    return said


def status(account: Account) -> list[str]:
    result = CliRunner().invoke(image_corrupt, ["status", "--selector", f"app={account.corrupt}"])
    return [result.output] if result.exit_code or "does not allow" in result.output else []


def guard_handle(account: Account) -> list[str]:
    # its watch may be refused only after the expiry, when all that it needs is read again
    tries = (_guarded(account, ttl) for ttl in (WAIT, 10 * WAIT))
    return next((said for said in tries if said), [])


def _guarded(account: Account, ttl: float) -> list[str]:
    """The guard restores at the expiry, having watched until then; what it logs is all that it can say."""
    name, handler = account.corrupted(), Messages(logging.INFO)
    entry = read_record(account.get(name))["app"]
    logzero.logger.addHandler(handler)
    try:
        # it tries again for a day: that is over once it has said what is wrong
        timing = GuardTiming(long_pause=WAIT, clean_up=1.0)

        def a_day() -> float:
            return 2 * timing.give_up if any("not restored yet" in line for line in handler.said) else 0.0

        task = Task(name, NS, entry, time.time() + ttl)
        guard = InjectionGuard(task, connect(), lambda: time.time() + a_day(), Turns(1), timing=timing)
        guard.injector_reported(InjectorState.INJECTED)
        guard.run()
    finally:
        logzero.logger.removeHandler(handler)
    return [line for line in handler.said if "does not allow" in line and "traces" not in line and "stay" not in line]


def no_trace(account: Account) -> list[str]:
    return _warnings_of_some(account, account.corrupted)


def no_copies(account: Account) -> list[str]:
    return _warnings_of_some(account, account.healed)


def _warnings_of_some(account: Account, make: Callable[[], str]) -> list[str]:
    """The corrupt ReplicaSet can be scaled to 0 so soon that nothing has to be waited for, but not each time."""
    tries = (_warnings(account, make()) for _ in range(3))
    return next((said for said in tries if said), [])


def probing(account: Account) -> list[str]:
    name = account.healthy
    return _raised(lambda: probes.deployment_available(name, NS))


def waiting(account: Account) -> list[str]:
    name = account.healthy
    return _raised(lambda: probes.progress_deadline_exceeded(name, NS, timeout=account.wait))


def recovering(account: Account) -> list[str]:
    name = account.healthy
    return _raised(lambda: probes.deployment_recovered(name, NS, timeout=0))


def waiting_for_recovery(account: Account) -> list[str]:
    name = account.corrupt
    return _raised(lambda: probes.deployment_recovered(name, NS, timeout=account.wait))


def proving(account: Account) -> list[str]:
    name = account.corrupt
    return _raised(lambda: probes.image_pull_failing(name, NS, timeout=0))


def waiting_for_the_proof(account: Account) -> list[str]:
    name = account.healthy
    return _raised(lambda: probes.image_pull_failing(name, NS, image="localhost/other", timeout=account.wait))


def pulling_the_original(account: Account) -> list[str]:
    """The log says what is not done in full: what the pod requests, and that it is deleted."""
    name, handler = account.healthy, Messages(logging.WARNING)
    logzero.logger.addHandler(handler)
    try:
        said = _raised(lambda: probes.original_pullable(name, NS))
    finally:
        logzero.logger.removeHandler(handler)
    return said + handler.said


def back_off(account: Account) -> list[str]:
    name = account.corrupt
    return _raised(lambda: probes.pull_backoff_growing(name, NS, timeout=account.wait))


def collateral(account: Account) -> list[str]:
    name = account.healthy
    found: Object = {"not_observed": []}
    return [*_raised(lambda: found.update(probes.collateral(name, NS))), *found["not_observed"]]


def timeline(account: Account) -> list[str]:
    name = account.corrupt
    recorder = Recorder(Target(name, NS, connect()))
    recorder.start()
    assert recorder.wait_until_following(30)
    recorder.wait_until_quiet(WAIT, 5)
    recorder.end()
    unknown = [recorder.webhooks_unknown] if recorder.webhooks is None else []
    return [*recorder.timeline()["missing"].values(), *unknown]


def preflight(account: Account) -> list[str]:
    """But for its list of the rights themselves."""
    lines: list[Any] = []
    target = Target(account.classified, NS, connect())
    said = _raised(lambda: lines.extend(inspect(target, container_name=None, image=CORRUPT, ttl=300.0)))
    return said + [line.text for line in lines if line.name != "rights" and "does not allow" in line.text]


def missing_namespace(account: Account) -> list[str]:
    with pytest.raises(ImageCorruptError) as missing:
        corrupt_image("web", "nowhere")
    return [] if "does not exist" in str(missing.value) else [str(missing.value)]


def condition(account: Account) -> list[str]:
    exists = _raised(lambda: probes.resource_exists(*OPERATOR, ns=NS))
    return exists + _raised(lambda: probes.resource_condition(*OPERATOR, "Ready", ns=NS))


def waiting_for_a_condition(account: Account) -> list[str]:
    return _raised(lambda: probes.resource_condition(*OPERATOR, "Degraded", ns=NS, timeout=account.wait))


def fault_in(kind: WorkloadKind) -> Callable[[Account], list[str]]:
    """Corrupt one, prove it, restore it, and wait until it has recovered without a trace."""

    def tried(account: Account) -> list[str]:
        name = account.workload(kind)
        place: Object = {"name": name, "ns": NS, "kind": kind.name}
        done: Object = {"warnings": []}

        def experiment() -> None:
            corrupt_image(**place, guard=False)
            # waits for what is not to come
            probes.image_pull_failing(**place, image="localhost/other", timeout=account.wait)
            assert probes.image_pull_failing(**place, timeout=30)
            done.update(restore_image(**place))
            if not done["warnings"]:
                assert probes.workload_recovered(**place, timeout=30)

        said = [*_raised(experiment), *done["warnings"]]
        assert said or len(account.revisions(name)) == 1
        return said

    return tried


def no_revision_copies(account: Account) -> list[str]:
    """Someone else puts the image into another template, so that a second revision gets a copy of the record."""
    name, done = account.workload(STATEFUL_SET), dict[str, Any](warnings=[])
    pod = {"containers": [{"name": "app", "image": IMAGE}]}
    with account.everything() as cluster:
        corrupt_image(name, NS, guard=False, kind=STATEFUL_SET.name)
        assert soon(lambda: [_image_of(p) for p in account.pods(name)] == [CORRUPT], 30)
        patch = {"metadata": {}, "spec": {"template": {"metadata": {"annotations": {"another": "one"}}, "spec": pod}}}
        cluster.send(patch_request(STATEFUL_SET.resource, NS, name, patch))
        assert soon(lambda: len(account.revisions(name)) == 3, 30)
        # the controller leaves the corrupt pod as it is; with it, its revision would have to be watched
        [stuck] = account.pods(name)
        cluster.send(delete_by_name_request(PODS, NS, stuck["metadata"]["name"], stuck["metadata"]["uid"]))
        assert soon(lambda: [_image_of(p) for p in account.pods(name)] == [IMAGE], 30)
    account.write_before_each_list(name)
    said = _raised(lambda: done.update(restore_image(name, NS, kind=STATEFUL_SET.name)))
    said += [w for w in done["warnings"] if "copy of the record" in w or "could not be searched" in w]
    with account.everything():
        good = [r for r in account.revisions(name) if CORRUPT not in str(r["data"])]
        assert said or not any(RECORD in (r["metadata"].get("annotations") or {}) for r in good)
    return said


def _image_of(pod: Object) -> str:
    return str(pod["spec"]["containers"][0]["image"])


def _warnings(account: Account, name: str) -> list[str]:
    # so that the controller has not seen the latest change when it is looked whether it has
    account.write_before("GET", rf"deployments\?.*{name}", name)
    done: Object = {"warnings": []}
    return [*_raised(lambda: done.update(restore_image(name, NS))), *done["warnings"]]


def _raised(run: Callable[[], object]) -> list[str]:
    try:
        run()
    except ImageCorruptError as x:
        return [str(x)]
    return []


def _command(*arguments: str) -> list[str]:
    result = CliRunner().invoke(image_corrupt, [*arguments])
    return [result.output] if result.exit_code else []


# beside what a Deployment needs
WORKLOAD_FEATURES: dict[Feature, Callable[[Account], list[str]]] = {
    features.STATEFUL_SET: fault_in(STATEFUL_SET),
    features.DAEMON_SET: fault_in(DAEMON_SET),
    features.NO_REVISION_COPY: no_revision_copies,
}

FEATURES: dict[Feature, Callable[[Account], list[str]]] = {
    features.CORRUPT: corrupting,
    features.CORRUPT_MANY: corrupting_many,
    features.CONSENT: consent,
    features.RESTORE: restoring,
    features.RESTORE_MANY: restoring_many,
    features.EVENTS: events,
    features.STATUS: status,
    features.GUARD: guard_handle,
    features.NO_REPLICA_SET: no_trace,
    features.NO_COPY: no_copies,
    features.PROBE: probing,
    features.PROBE_WAITING: waiting,
    features.RECOVERED: recovering,
    features.RECOVERED_WAITING: waiting_for_recovery,
    features.PULL_FAILING: proving,
    features.PULL_FAILING_WAITING: waiting_for_the_proof,
    features.ORIGINAL_PULLABLE: pulling_the_original,
    features.BACK_OFF: back_off,
    features.TIMELINE: timeline,
    features.COLLATERAL: collateral,
    features.PREFLIGHT: preflight,
    features.NAMESPACE: missing_namespace,
    features.CONDITION: condition,
    features.CONDITION_WAITING: waiting_for_a_condition,
}
