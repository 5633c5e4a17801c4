"""A namespace of a test's own, on the cluster of KUBECONFIG_E2E or on a simulated one that is empty at first.

What only a simulator can do (faults, the log of requests) is behind the fixture `simulator`, which skips the test on a
real cluster.
"""

import base64
import json
import logging
import re
import subprocess
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import logzero
import pytest
from kubernetes import client

from ..faulty_simulator import FaultySimulator
from ..fixtures_http import soon
from ..messages import Messages
from .conftest import E2E, IMAGE, Api, Object

__all__ = ["Place", "account", "cluster", "maybe_simulator", "own_place", "place", "said", "simulator"]


class Place:
    """A namespace, and what is in it."""

    def __init__(self, api: Api, ns: str, state: Path, simulator: FaultySimulator | None) -> None:
        self.api, self.ns = api, ns
        self._state, self._simulator = state, simulator

    def deploy(self, name: str = "web", *, settled: bool = True, **spec: Any) -> str:
        """Create a Deployment and return its name; `pod` and `metadata` are merged into what is there by default.

        Its controller has seen it then, and its pods are ready unless it need not be settled.
        """
        labels = {"app": name}
        usual = {"terminationGracePeriodSeconds": 0, "containers": [{"name": "app", "image": IMAGE}]}
        metadata = {"name": name, "labels": labels, **spec.pop("metadata", {})}
        template = {"metadata": {"labels": labels}, "spec": usual | spec.pop("pod", {})}
        desired = {"replicas": 2, "selector": {"matchLabels": labels}, "template": template, **spec}
        self.api.apps.create_namespaced_deployment(
            self.ns, {"metadata": metadata, "spec": desired}, field_manager="installer"
        )
        self._wait(name, _settled if settled else _observed)
        return name

    def settle(self, name: str = "web") -> None:
        """Wait until the controller has nothing left to say about a Deployment."""
        self._wait(name, _settled)

    def get(self, name: str = "web") -> Any:
        return self.api.deployment(self.ns, name)

    def image(self, container: str = "app", name: str = "web") -> str:
        pod = self.get(name)["spec"]["template"]["spec"]
        found = [*pod["containers"], *pod.get("initContainers", [])]
        return str(next(c["image"] for c in found if c["name"] == container))

    def record(self, name: str = "web") -> dict[str, str]:
        """What a Deployment carries of a fault: annotations and labels."""
        metadata = self.get(name)["metadata"]
        found = {**(metadata.get("annotations") or {}), **(metadata.get("labels") or {})}
        return {k: v for k, v in found.items() if "operatorchaos" in k}

    def guard_logs(self) -> list[Path]:
        """One for each guard that was started since the test began."""
        return list(self._state.rglob("guard-*.log"))

    def writes(self) -> list[str]:
        """Method and path of what was sent to a simulator to change something here; none on a real cluster."""
        sent = self._simulator.requests if self._simulator else []
        return [f"{r.method} {r.path}" for r in sent if r.method != "GET" and r.user_agent == "chaosimagecorrupt"]

    def _wait(self, name: str, there: Callable[[Object], bool]) -> None:
        assert soon(lambda: there(self.get(name)), 120), self.get(name)

    @contextmanager
    def untouched(self, name: str = "web") -> Iterator[None]:
        """Hold that nothing is sent to change something, nothing is changed, and no guard is started."""
        before = (self.get(name), self.writes(), self.guard_logs())
        yield
        assert (self.get(name), self.writes(), self.guard_logs()) == before

    @contextmanager
    def untouched_but_for_the_status(self, name: str = "web") -> Iterator[None]:
        """Hold the same of a Deployment whose rollout is under way, so that its status moves."""
        before = (_without_status(self.get(name)), self.writes(), self.guard_logs())
        yield
        assert (_without_status(self.get(name)), self.writes(), self.guard_logs()) == before

    @contextmanager
    def no_request(self) -> Iterator[None]:
        """Hold that nothing at all is sent, as far as a simulator can tell."""
        before = len(self._simulator.requests) if self._simulator else 0
        yield
        assert before == (len(self._simulator.requests) if self._simulator else 0)

    def guards_ended(self) -> bool:
        """Whether each guard was there, and ends before long."""
        said = [re.search(r"process (\d+)", path.read_text()) for path in self.guard_logs()]
        pids = [int(found[1]) for found in said if found]
        return bool(pids) and soon(lambda: not any(_lives(pid) for pid in pids))


@pytest.fixture(scope="session")
def maybe_simulator() -> Iterator[FaultySimulator | None]:
    if E2E:
        yield None
        return
    with FaultySimulator([]) as simulator:
        yield simulator


@pytest.fixture(scope="session")
def cluster(maybe_simulator: FaultySimulator | None) -> Api:
    return Api(maybe_simulator.kubeconfig if maybe_simulator else Path(str(E2E)))


@pytest.fixture(scope="session")
def own_place(cluster: Api, maybe_simulator: FaultySimulator | None) -> Callable[[Path], AbstractContextManager[Place]]:
    """Return what makes a namespace and has the activities find the cluster; both are undone at the end."""

    @contextmanager
    def own(state: Path) -> Iterator[Place]:
        ns = f"image-corrupt-{uuid.uuid4().hex[:8]}"
        cluster.core.create_namespace({"metadata": {"name": ns}})
        with pytest.MonkeyPatch.context() as environment:
            environment.setenv("KUBECONFIG", str(cluster.kubeconfig))
            environment.setenv("XDG_STATE_HOME", str(state))
            yield Place(cluster, ns, state, maybe_simulator)
        cluster.core.delete_namespace(ns)

    return own


@pytest.fixture
def simulator(maybe_simulator: FaultySimulator | None) -> Iterator[FaultySimulator]:
    if maybe_simulator is None:
        pytest.skip("a real cluster has no faults at will and no log of its requests")
    yield maybe_simulator
    maybe_simulator.faults.clear()


@pytest.fixture
def place(own_place: Callable[[Path], AbstractContextManager[Place]], tmp_path: Path) -> Iterator[Place]:
    with own_place(tmp_path / "state") as found:
        yield found


@pytest.fixture
def said() -> Iterator[list[str]]:
    """What is logged, each with its level in front."""
    handler = Messages()
    handler.setFormatter(logging.Formatter("%(levelname)s %(message)s"))
    logzero.logger.addHandler(handler)
    yield handler.said
    logzero.logger.removeHandler(handler)


@pytest.fixture
def account(
    place: Place, maybe_simulator: FaultySimulator | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., None]:
    """Return what makes the activities a service account that may do just what the rules say, in this namespace."""
    rbac = client.RbacAuthorizationV1Api(place.api.core.api_client)

    def become(*rules: Object) -> None:
        place.api.core.create_namespaced_service_account(place.ns, {"metadata": {"name": "chaos"}})
        rbac.create_namespaced_role(place.ns, {"metadata": {"name": "chaos"}, "rules": list(rules)})
        role = {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "chaos"}
        subject = {"kind": "ServiceAccount", "name": "chaos", "namespace": place.ns}
        binding = {"kind": "RoleBinding", "metadata": {"name": "chaos"}, "roleRef": role, "subjects": [subject]}
        rbac.create_namespaced_role_binding(place.ns, binding)
        if maybe_simulator is not None:
            path = maybe_simulator.account_kubeconfig(place.ns, "chaos")
        else:
            path = _account_kubeconfig(place, tmp_path / "account")
        monkeypatch.setenv("KUBECONFIG", str(path))

    return become


def _account_kubeconfig(place: Place, path: Path) -> Path:
    core = place.api.core
    token = core.create_namespaced_service_account_token("chaos", place.ns, {"spec": {}}).status.token
    used = core.api_client.configuration
    authority = base64.b64encode(Path(used.ssl_ca_cert).read_bytes()).decode()
    config = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": "it", "cluster": {"server": used.host, "certificate-authority-data": authority}}],
        "users": [{"name": "it", "user": {"token": token}}],
        "contexts": [{"name": "it", "context": {"cluster": "it", "user": "it"}}],
        "current-context": "it",
    }
    path.write_text(json.dumps(config))
    return path


def _without_status(deployment: Object) -> Object:
    """Without what the controllers write: status, revision, and the version and ownership that come with these."""
    metadata = {k: v for k, v in deployment["metadata"].items() if k not in ("resourceVersion", "managedFields")}
    others = metadata.pop("annotations", {})
    metadata["annotations"] = {k: v for k, v in others.items() if k != "deployment.kubernetes.io/revision"}
    return {"metadata": metadata, "spec": deployment["spec"]}


def _lives(pid: int) -> bool:
    # one that has ended stays a zombie until someone reaps it
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True).stdout
    return bool(state) and not state.startswith("Z")


def _observed(deployment: Object) -> bool:
    return bool((deployment.get("status") or {}).get("observedGeneration") == deployment["metadata"]["generation"])


def _settled(deployment: Object) -> bool:
    spec, status = deployment["spec"], deployment.get("status") or {}
    if not _observed(deployment):
        return False
    reasons = {c["reason"] for c in status.get("conditions", []) if c["type"] == "Progressing"}
    counts = [status.get(k, 0) for k in ("replicas", "updatedReplicas", "availableReplicas")]
    complete = counts == [spec["replicas"]] * 3 and reasons <= {"NewReplicaSetAvailable"}
    return complete or bool(spec.get("paused"))
