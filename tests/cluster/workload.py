"""A StatefulSet or DaemonSet in a namespace of a test's own, and what is left of a fault on it."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from chaosimagecorrupt.actions import corrupt_image
from chaosimagecorrupt.probes import image_pull_failing, workload_recovered

from ..fixtures_http import soon
from .conftest import IMAGE, Object

__all__ = ["CORRUPT", "PREFIX", "SETS", "CreateWorkload", "Workload", "create"]

CORRUPT = "registry.invalid/nonexistent:chaos"
PREFIX = "chaos.operatorchaos.io/"
SETS = ("StatefulSet", "DaemonSet")


class Workload:
    """One StatefulSet or DaemonSet, `web` if it has no other name, and its pods."""

    def __init__(self, place: Any, kind: str, name: str = "web") -> None:
        self.kind, self.name, self.ns, self.place = kind, name, place.ns, place
        self.before = dict[str, str]()
        self._apps, self._core = place.api.apps, place.api.core
        self._called = {"StatefulSet": "stateful_set", "DaemonSet": "daemon_set"}[kind]

    def create(self, **spec: Any) -> None:
        """Create it, with what is given of its spec, and of its `labels` and `pod`; wait until its pods are ready."""
        labels = {"app": self.name}
        pod = {
            "terminationGracePeriodSeconds": 1,
            "containers": [{"name": "app", "image": IMAGE}],
            **spec.pop("pod", {}),
        }
        metadata = {"name": self.name, "labels": {**labels, **spec.pop("labels", {})}}
        usual: Object = {"selector": {"matchLabels": labels}, "template": {"metadata": {"labels": labels}, "spec": pod}}
        if self.kind == "StatefulSet":
            usual |= {"replicas": 3, "serviceName": self.name}
        body = {"metadata": metadata, "spec": usual | spec}
        self._named("create")(self.ns, body, field_manager="installer")
        assert self.recovered(120)
        self.before = self.pods_by_name()

    def get(self) -> Object:
        return self._read(self._named("read")(self.name, self.ns, _preload_content=False))

    def patch(self, patch: Object, manager: str = "someone") -> None:
        self._named("patch")(self.name, self.ns, patch, field_manager=manager)

    def set_image(self, image: str, manager: str = "someone", container: str = "app") -> None:
        containers = [{"name": container, "image": image}]
        self.patch({"spec": {"template": {"spec": {"containers": containers}}}}, manager)

    def image(self, container: str = "app") -> str:
        found = self.get()["spec"]["template"]["spec"]["containers"]
        return str(next(c["image"] for c in found if c["name"] == container))

    def record(self) -> dict[str, str]:
        """What it carries of a fault: annotations and labels."""
        metadata = self.get()["metadata"]
        found = {**(metadata.get("annotations") or {}), **(metadata.get("labels") or {})}
        return {k: v for k, v in found.items() if k.startswith(PREFIX)}

    def pods(self) -> list[Object]:
        labels = f"app={self.name}"
        found = self._read(self._core.list_namespaced_pod(self.ns, label_selector=labels, _preload_content=False))
        return list(found["items"])

    def pods_by_name(self) -> dict[str, str]:
        return {p["metadata"]["name"]: p["metadata"]["uid"] for p in self.pods()}

    def delete_pod(self) -> str:
        """Delete one pod, wait until it is gone, and return its uid."""
        first = self.pods()[0]["metadata"]
        self._core.delete_namespaced_pod(first["name"], self.ns)
        assert soon(lambda: first["uid"] not in {p["metadata"]["uid"] for p in self.pods()}, 60)
        return str(first["uid"])

    def revisions(self) -> list[Object]:
        found = self._read(self._apps.list_namespaced_controller_revision(self.ns, _preload_content=False))
        uid = self.get()["metadata"]["uid"]
        return [r for r in found["items"] if uid in {o["uid"] for o in r["metadata"]["ownerReferences"]}]

    def recovered(self, timeout: float = 60) -> bool:
        return workload_recovered(self.name, self.ns, timeout, kind=self.kind)

    def corrupt(self, **arguments: Any) -> Object:
        return corrupt_image(self.name, self.ns, kind=self.kind, **{"guard": False, **arguments})

    def pull_fails(self, container: str | None = None) -> bool:
        return image_pull_failing(self.name, self.ns, container, timeout=60, kind=self.kind)

    def assert_no_trace(self, **images: str) -> None:
        """Hold that the containers have these images, by default the one of `app`, and that nothing is left else."""
        found = self.get()
        assert {name: self.image(name) for name in images or ["app"]} == (images or {"app": IMAGE})
        metadata = json.dumps([found["metadata"], *(r["metadata"] for r in self.revisions())])
        assert PREFIX not in metadata and "chaosimagecorrupt" not in metadata
        assert CORRUPT not in json.dumps([r["data"] for r in self.revisions()])
        assert len(self.revisions()) == 1

    def _named(self, verb: str) -> Any:
        return getattr(self._apps, f"{verb}_namespaced_{self._called}")

    @staticmethod
    def _read(response: Any) -> Object:
        return json.loads(response.data)


CreateWorkload = Callable[..., Workload]  # of the kind, the name and the spec


@pytest.fixture
def create(place: Any) -> CreateWorkload:
    """Return what creates a StatefulSet or DaemonSet, and waits until its pods are ready."""

    def created(kind: str, name: str = "web", **spec: Any) -> Workload:
        workload = Workload(place, kind, name)
        workload.create(**spec)
        return workload

    return created
