"""The cluster that these tests run against: the one that KUBECONFIG_E2E names, else the simulator.

A real cluster gets a namespace of the tests' own, with Deployments of E2E_IMAGE, which is all that is touched.
"""

import json
import os
import subprocess
import sys
import threading
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from kubernetes import client, config

from ..faulty_simulator import FaultySimulator

ROOT = Path(__file__).parent.parent.parent
E2E = os.environ.get("KUBECONFIG_E2E")
IMAGE = os.environ.get("E2E_IMAGE", "registry.k8s.io/pause:3.10")
OTHER_IMAGE = os.environ.get("E2E_OTHER_IMAGE", "registry.k8s.io/pause:3.9")

Object = Any

# the shipped experiments ask for the progress deadline and for the third pull, but do not wait for them
QUICK = {"IMAGE_CORRUPT_DEADLINE_TIMEOUT": "0", "IMAGE_CORRUPT_BACKOFF_TIMEOUT": "0"}


class Api:
    """The API as a user of the cluster sees it, by the `kubernetes` package and not by our own client."""

    def __init__(self, kubeconfig: Path) -> None:
        self.kubeconfig = kubeconfig
        self._client = config.new_client_from_config(str(kubeconfig))
        self.apps, self.core = client.AppsV1Api(self._client), client.CoreV1Api(self._client)

    def deployment(self, ns: str, name: str) -> Any:
        response = self.apps.read_namespaced_deployment(name, ns, _preload_content=False)
        return dict(json.loads(response.data))

    def deployments(self, ns: str) -> list[Object]:
        return list(json.loads(self.apps.list_namespaced_deployment(ns, _preload_content=False).data)["items"])

    def replica_sets(self, ns: str) -> list[Object]:
        return list(json.loads(self.apps.list_namespaced_replica_set(ns, _preload_content=False).data)["items"])

    def patch(self, ns: str, name: str, patch: Any, manager: str = "someone") -> Object:
        done = self.apps.patch_namespaced_deployment(name, ns, patch, field_manager=manager, _preload_content=False)
        return dict(json.loads(done.data))

    def set_image(self, ns: str, name: str, image: str, manager: str = "someone", container: str = "app") -> Object:
        containers = [{"name": container, "image": image}]
        return self.patch(ns, name, {"spec": {"template": {"spec": {"containers": containers}}}}, manager)


@pytest.fixture(scope="session")
def kubeconfig() -> Iterator[Path]:
    if E2E:
        yield Path(E2E)
        return
    with FaultySimulator() as running:
        yield running.kubeconfig


@pytest.fixture(scope="session")
def api(kubeconfig: Path) -> Api:
    return Api(kubeconfig)


@pytest.fixture
def namespace(api: Api) -> Iterator[str]:
    name = f"image-corrupt-{uuid.uuid4().hex[:8]}"
    api.core.create_namespace({"metadata": {"name": name}})
    yield name
    api.core.delete_namespace(name)


@pytest.fixture
def deploy(api: Api, namespace: str, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """Return what creates a Deployment `web` with a container `app`, and waits until its pods are ready."""
    monkeypatch.setenv("KUBECONFIG", str(api.kubeconfig))

    def make(name: str = "web", ready: bool = True, containers: list[Object] | None = None, **spec: Any) -> str:
        labels = {"app": name}
        template = {
            "metadata": {"labels": labels},
            "spec": {
                "terminationGracePeriodSeconds": 1,
                "containers": containers or [{"name": "app", "image": IMAGE}],
                **spec.pop("pod", {}),
            },
        }
        api.apps.create_namespaced_deployment(
            namespace,
            {
                "apiVersion": "apps/v1",
                "kind": "Deployment",
                "metadata": {"name": name, "labels": labels, **spec.pop("metadata", {})},
                "spec": {"replicas": 2, "selector": {"matchLabels": labels}, "template": template, **spec},
            },
            field_manager="installer",
        )
        if ready:
            from chaosimagecorrupt.probes import deployment_recovered

            assert deployment_recovered(name, namespace, timeout=120)
        return namespace

    return make


class Recorder:
    """Reads a Deployment again and again, and keeps each state that differs from the one before."""

    def __init__(self, api: Api, ns: str, name: str) -> None:
        self.states: list[Object] = [api.deployment(ns, name)]
        self._api, self._ns, self._name = api, ns, name
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> "Recorder":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def images(self, container: str) -> list[str]:
        """The images that the container had, in this order."""
        found: list[str] = []
        for state in self.states:
            image = next(c["image"] for c in state["spec"]["template"]["spec"]["containers"] if c["name"] == container)
            if not found or found[-1] != image:
                found.append(image)
        return found

    def _run(self) -> None:
        while not self._ended.wait(0.05):
            state = self._api.deployment(self._ns, self._name)
            if state["metadata"]["resourceVersion"] != self.states[-1]["metadata"]["resourceVersion"]:
                self.states.append(state)


@pytest.fixture
def record(api: Api) -> Callable[[str, str], Recorder]:
    return lambda ns, name: Recorder(api, ns, name)


class Run:
    """One `chaos run`, as a process."""

    def __init__(self, kubeconfig: Path, folder: Path) -> None:
        self.folder = folder
        self.journal_path = folder / "journal.json"
        self.env = {**os.environ, "KUBECONFIG": str(kubeconfig), **QUICK}
        self.before_run = ["--no-version-check"]  # options of `chaos` itself

    def start(self, experiment: Path, *options: str, **env: str) -> "subprocess.Popen[str]":
        chaos = Path(sys.executable).with_name("chaos")
        return subprocess.Popen(
            [chaos, *self.before_run, "run", f"--journal-path={self.journal_path}", *options, str(experiment)],
            env={**self.env, **env},
            cwd=self.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def finish(self, experiment: Path, *options: str, **env: str) -> tuple[int, str]:
        """Run to the end; the exit code and what was printed."""
        process = self.start(experiment, *options, **env)
        printed, _ = process.communicate(timeout=180)
        return process.returncode, printed

    @property
    def journal(self) -> Object:
        return dict(json.loads(self.journal_path.read_text()))

    def output(self, activity: str) -> Any:
        """What the activity of that name returned."""
        return next(r["output"] for r in self.journal["run"] if r["activity"]["name"] == activity)


@pytest.fixture
def chaos(kubeconfig: Path, tmp_path: Path) -> Run:
    return Run(kubeconfig, tmp_path)


# These fixtures are for this folder only, and need what is defined above.
from .simulated import account, cluster, maybe_simulator, own_place, place, said, simulator  # noqa: E402, F401
from .workload import create  # noqa: E402, F401
