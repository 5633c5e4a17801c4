"""Deployments on one simulator that goes by real time, the processes that work on them, and what became of both."""

import base64
import copy
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml

from chaosimagecorrupt.fault.inject import GuardHandle, Injection
from chaosimagecorrupt.fault.spec import FaultSpec
from chaosimagecorrupt.kube.client import Cluster
from chaosimagecorrupt.kube.configuration import configuration_of
from chaosimagecorrupt.kube.requests import Request, get_request, list_request, patch_request
from chaosimagecorrupt.kube.resources import DEPLOYMENTS, EVENTS, PODS
from chaosimagecorrupt.kube.settings import Settings
from chaosimagecorrupt.record.annotations import PREFIX, read_record
from chaosimagecorrupt.record.entry import Entry
from chaosimagecorrupt.simulator.watch_cache import Change
from chaosimagecorrupt.workload.target import Target

from .crashing import Life, lives
from .faulty_simulator import FaultySimulator
from .traces import images, traces

__all__ = ["CORRUPT", "IMAGE", "NS", "SimulatedCluster", "command_of", "environment_of", "processes", "state_of"]

NS = "shop"
IMAGE, CORRUPT = "localhost/app:v1", "registry.invalid/nonexistent:chaos"

Object = Any


class SimulatedCluster:
    """Deployments on one simulator, and what became of each."""

    def __init__(self, simulator: FaultySimulator, folder: Path) -> None:
        self.simulator, self.folder = simulator, folder
        self.corrupted: dict[str, float] = {}  # when, seconds since 1970
        self.healed: dict[str, float] = {}
        self.lost: list[str] = []  # those that at some time were corrupt without a record
        self._cluster = Cluster(configuration_of(Settings(kubeconfig=str(simulator.kubeconfig))))
        simulator.call(lambda: simulator.world.store.subscribe(self._changed))

    def create(self, name: str) -> str:
        labels = {"app": name}
        pod = {"terminationGracePeriodSeconds": 0, "containers": [{"name": "app", "image": IMAGE}]}
        template = {"metadata": {"labels": labels}, "spec": pod}
        spec = {"replicas": 1, "selector": {"matchLabels": labels}, "template": template}
        body = {"metadata": {"name": name, "labels": labels}, "spec": spec}
        owner = {"fieldManager": "installer"}
        self._cluster.send(Request("POST", DEPLOYMENTS.path(NS), "create a Deployment", owner, body))
        return name

    def get(self, name: str) -> Any:
        return self._cluster.send(get_request(DEPLOYMENTS, NS, name))

    def patch(self, name: str, patch: Object) -> Object:
        """Write as others do."""
        request = patch_request(DEPLOYMENTS, NS, name, {"metadata": {}, **patch})
        return self._cluster.send(replace(request, query={"fieldManager": "someone"}))

    def set_image(self, name: str, image: str) -> Object:
        return self.patch(name, {"spec": {"template": {"spec": {"containers": [{"name": "app", "image": image}]}}}})

    def write_inside(self, name: str, image: str) -> None:
        """Set the image from a hook, which runs in the simulator's thread."""
        store = self.simulator.world.store
        changed = copy.deepcopy(store.get("deployments.apps", NS, name))
        assert changed is not None
        changed["spec"]["template"]["spec"]["containers"][0]["image"] = image
        store.update("deployments.apps", changed, manager="ci")

    def authority(self) -> bytes:
        """The certificate of the simulator's authority."""
        kubeconfig = yaml.safe_load(self.simulator.kubeconfig.read_text())
        return base64.b64decode(kubeconfig["clusters"][0]["cluster"]["certificate-authority-data"])

    def strip(self, name: str) -> None:
        """Remove the record, and leave the image."""
        found = self.get(name)["metadata"].get("annotations") or {}
        self.patch(name, {"metadata": {"annotations": dict.fromkeys(k for k in found if k.startswith(PREFIX))}})

    def event_notes(self, name: str, reason: str) -> list[str]:
        """What the Events on a Deployment with a reason say."""
        events = self._cluster.send(list_request(EVENTS, NS, {"fieldSelector": f"involvedObject.name={name}"}))["items"]
        return [str(e["message"]) for e in events if e["reason"] == reason]

    def lose_pods(self, name: str) -> None:
        """Delete the pods of a Deployment at once, as the loss of their nodes does."""
        for pod in self._cluster.send(list_request(PODS, NS, {"labelSelector": f"app={name}"}))["items"]:
            path = PODS.path(NS, pod["metadata"]["name"])
            self._cluster.send(Request("DELETE", path, "delete a pod", body={"gracePeriodSeconds": 0}))

    def delete(self, name: str) -> None:
        self._cluster.send(Request("DELETE", DEPLOYMENTS.path(NS, name), "delete a Deployment"))

    def entry(self, name: str) -> Entry:
        """What is recorded of the fault."""
        return read_record(self.get(name))["app"]

    def inject(self, name: str, guarded: Settings) -> None:
        """Inject from this process, with a guard that gets these settings."""
        Injection(Target(name, NS, self._cluster), FaultSpec(None, CORRUPT, 60.0), GuardHandle(guarded)).inject()

    def image(self, name: str) -> str:
        return images(self._stored(name))["app"]

    def complete(self, name: str) -> bool:
        """Whether the rollout is complete: the controller has nothing more to write."""
        stored = self._stored(name)
        status = stored.get("status", {})
        is_observed = status.get("observedGeneration") == stored["metadata"]["generation"]
        return is_observed and any(c.get("reason") == "NewReplicaSetAvailable" for c in status.get("conditions", ()))

    def _stored(self, name: str) -> Any:
        """What the API server would answer, without a request: tests that wait ask often."""
        return self.simulator.call(lambda: self.simulator.world.store.get("deployments.apps", NS, name))

    def live(self, lasts: dict[str, int], ttl: float, before: str = "") -> None:
        """Have a process for each Deployment, with the line that it does not reach; returns once all have ended.

        Args:
            lasts: the lines, by name.
            ttl: of the faults, in seconds.
            before: makes the name of a Deployment that the same process corrupts before; empty for none.
        """
        all_of_them = [
            Life(
                self.create(name),
                NS,
                f"{ttl:g}s",
                str(self.folder / name),
                last,
                self.create(f"{before}{name}") if before else "",
            )
            for name, last in lasts.items()
        ]
        environment = {**os.environ, "KUBECONFIG": str(self.simulator.kubeconfig)}
        command = [sys.executable, "-m", "tests.crashing"]
        root = Path(__file__).parent.parent
        subprocess.run(
            command, input=lives(all_of_them), text=True, env=environment, cwd=root, check=True, capture_output=True
        )

    def events(self, name: str) -> int:
        """How many lines a process had that came to its end; 0 for one that did not."""
        path = self.folder / name / "events"
        return int(path.read_text()) if path.exists() else 0

    def end(self, name: str) -> None:
        """Have the guards of a Deployment that is not needed any longer end."""
        for pid in self.guards(name):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def kill(self, name: str) -> None:
        os.kill(int((self.folder / name / "pid").read_text()), signal.SIGKILL)

    def guards(self, name: str) -> list[int]:
        """The processes of ours that are left, found by their environment."""
        return [p for p in processes() if f"XDG_STATE_HOME={self.folder / name}" in environment_of(p)]

    def left(self, name: str) -> list[str]:
        """What is left of the fault on the cluster."""
        store = self.simulator.world.store
        deployment, sets = self.simulator.call(
            lambda: (store.get("deployments.apps", NS, name), store.list("replicasets.apps", NS))
        )
        assert deployment is not None
        return traces(deployment, sets, [CORRUPT])

    def _changed(self, change: Change) -> None:
        if change.resource != "deployments.apps":
            return
        name = change.object["metadata"]["name"]
        image = images(change.object)["app"]
        recorded = "chaos.operatorchaos.io/original-image-app" in change.object["metadata"].get("annotations", {})
        if image == CORRUPT and not recorded:
            self.lost.append(name)
        if image == CORRUPT:
            self.corrupted.setdefault(name, time.time())
        elif name in self.corrupted and not recorded:
            self.healed.setdefault(name, time.time())


def command_of(pid: int) -> list[str]:
    """The arguments of a process."""
    return Path(f"/proc/{pid}/cmdline").read_bytes().decode().split("\0")


def processes() -> list[int]:
    """All processes."""
    return [int(p.name) for p in Path("/proc").iterdir() if p.name.isdecimal()]


def state_of(pid: int) -> str:
    """What a process does, as the kernel says it: R, S, T (stopped), Z, ..."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]


def environment_of(pid: int) -> list[str]:
    """The environment of a process; empty when it has ended."""
    try:
        return Path(f"/proc/{pid}/environ").read_bytes().decode(errors="replace").split("\0")
    except OSError:
        return []
