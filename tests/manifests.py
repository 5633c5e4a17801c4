"""Small objects as the API returns them, and what the API server makes of a strategic merge patch."""

import copy
from collections.abc import Mapping
from typing import Any

from chaosimagecorrupt.fault.decide import InjectionPlan, Origin, plan_injection
from chaosimagecorrupt.fault.spec import FaultSpec
from chaosimagecorrupt.record.annotations import DEFAULT_IMAGE
from chaosimagecorrupt.record.snapshot import Snapshot

__all__ = [
    "NOW",
    "a_deployment",
    "a_pod",
    "a_replica_set",
    "bare",
    "corrupted",
    "injection",
    "names_of",
    "patch_of",
    "patched",
]

NOW = 1795359600.0  # 2026-11-22T15:00:00Z

Object = Any  # objects of the API, which the tests change as they like


def a_deployment(
    name: str = "web",
    *,
    namespace: str = "shop",
    uid: str = "1",
    containers: Mapping[str, str] | None = None,
    init_containers: Mapping[str, str] | None = None,
    replicas: int = 2,
    annotations: Mapping[str, str] | None = None,
    labels: Mapping[str, str] | None = None,
    **spec: Any,
) -> Object:
    """Return a Deployment whose rollout is complete."""
    pod: Object = {"containers": _containers(containers or {"app": "localhost/app:v1"})}
    if init_containers:
        pod["initContainers"] = _containers(init_containers)
    metadata: Object = {"name": name, "namespace": namespace, "uid": uid, "generation": 1, "resourceVersion": "10"}
    metadata |= {k: dict(v) for k, v in (("annotations", annotations), ("labels", labels)) if v is not None}
    return {
        "metadata": metadata,
        "spec": {
            "replicas": replicas,
            "progressDeadlineSeconds": 600,
            "selector": {"matchLabels": {"app": name}},
            "strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": "25%", "maxUnavailable": "25%"}},
            "template": {"metadata": {"labels": {"app": name}}, "spec": pod},
            **spec,
        },
        "status": {
            "observedGeneration": 1,
            "replicas": replicas,
            "updatedReplicas": replicas,
            "readyReplicas": replicas,
            "availableReplicas": replicas,
            "conditions": [{"type": "Available", "status": "True"}, {"type": "Progressing", "status": "True"}],
        },
    }


def a_replica_set(
    deployment: Object,
    *,
    replicas: int | None = None,
    generation: int = 1,
    observed: int | None = None,
    revision: int = 1,
    hash: str = "abc",
    annotations: Mapping[str, str] | None = None,
) -> Object:
    """Return a ReplicaSet of a Deployment's present template, all its pods ready."""
    template = copy.deepcopy(deployment["spec"]["template"])
    template["metadata"]["labels"]["pod-template-hash"] = hash
    size = deployment["spec"]["replicas"] if replicas is None else replicas
    return {
        "metadata": {
            "name": f"{deployment['metadata']['name']}-{hash}",
            "creationTimestamp": "2026-11-22T15:00:00Z",
            "generation": generation,
            "annotations": {"deployment.kubernetes.io/revision": str(revision), **(annotations or {})},
            "ownerReferences": [{"controller": True, "uid": deployment["metadata"]["uid"]}],
        },
        "spec": {"replicas": size, "template": template},
        "status": {
            "observedGeneration": generation if observed is None else observed,
            "replicas": size,
            "readyReplicas": size,
        },
    }


def a_pod(container: str, image: str, reason: str, field: str = "containerStatuses") -> Object:
    """Return a pod of which one container waits."""
    state = {"waiting": {"reason": reason, "message": "why"}}
    return {
        "metadata": {"name": "web-1"},
        "spec": {"initContainers" if field.startswith("init") else "containers": [{"name": container, "image": image}]},
        "status": {"phase": "Pending", field: [{"name": container, "state": state}]},
    }


def patched(deployment: Object, patch: Mapping[str, Any]) -> Object:
    """Apply a strategic merge patch as the API server does: maps merge, None removes, containers merge by name."""
    after: Object = _merged(copy.deepcopy(deployment), patch)
    after["metadata"]["generation"] = deployment["metadata"]["generation"] + 1
    after["metadata"]["resourceVersion"] = str(int(deployment["metadata"]["resourceVersion"]) + 1)
    return after


def injection(
    deployment: Object, container: str | None = None, *, now: float = NOW, injection_id: str = "id1", **changed: Any
) -> InjectionPlan:
    """Return how a container is corrupted, by default with the default image for five minutes."""
    spec = FaultSpec(container, **{"image": DEFAULT_IMAGE, "ttl": 300.0, **changed})
    return plan_injection(Snapshot(deployment), spec, Origin(injection_id, now, "me@here"))


def corrupted(deployment: Object, container: str | None = None, **changed: Any) -> Object:
    """Return the Deployment with a corrupted container, see `injection`."""
    return patched(deployment, patch_of(injection(deployment, container, **changed)))


def patch_of(plan: InjectionPlan) -> Object:
    """Return the patch of a plan that has one."""
    assert plan.patch is not None
    return plan.patch


def names_of(deployment: Object) -> list[str]:
    """Return the names of a Deployment's init containers and containers."""
    pod = deployment["spec"]["template"]["spec"]
    return [c["name"] for field in ("initContainers", "containers") for c in pod.get(field, [])]


def bare(deployment: Object) -> tuple[Object, Object]:
    """Return spec and metadata without what the API server counts, and without empty maps, which it does not keep."""
    metadata = {k: v for k, v in deployment["metadata"].items() if k not in ("generation", "resourceVersion") and v}
    return deployment["spec"], metadata


def _containers(images: Mapping[str, str]) -> list[Object]:
    return [{"name": n, "image": i, "imagePullPolicy": "IfNotPresent", "args": ["x"]} for n, i in images.items()]


def _merged(there: Any, patch: Any) -> Any:
    if isinstance(patch, Mapping):
        merged = dict(there or {})
        for key, value in patch.items():
            if value is None:
                merged.pop(key, None)
            else:
                merged[key] = _merged(merged.get(key), value)
        return merged
    if isinstance(patch, list):
        by_name = {item["name"]: item for item in there or []}
        for item in patch:
            by_name[item["name"]] = _merged(by_name.get(item["name"]), item)
        return list(by_name.values())
    return patch
