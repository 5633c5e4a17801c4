"""StatefulSets and DaemonSets as a client sends them."""

from typing import Any

from chaosimagecorrupt.simulator.types import Object

STATEFUL_SETS = "/apis/apps/v1/namespaces/default/statefulsets"
DAEMON_SETS = "/apis/apps/v1/namespaces/default/daemonsets"
REVISIONS = "/apis/apps/v1/namespaces/default/controllerrevisions"

CLAIM: Object = {
    "metadata": {"name": "data"},
    "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}},
}


def _workload(kind: str, name: str, annotations: dict[str, str] | None, spec: Object) -> Object:
    labels = {"app": name}
    pod = {"containers": [{"name": "app", "image": "example.org/app:v1"}], "terminationGracePeriodSeconds": 1}
    template = {"metadata": {"labels": labels}, "spec": pod}
    return {
        "apiVersion": "apps/v1",
        "kind": kind,
        "metadata": {"name": name, **({"annotations": annotations} if annotations else {})},
        "spec": {"selector": {"matchLabels": labels}, "template": template, **spec},
    }


def stateful_set(annotations: dict[str, str] | None = None, **spec: Any) -> Object:
    return _workload("StatefulSet", "db", annotations, {"serviceName": "db", **spec})


def daemon_set(annotations: dict[str, str] | None = None, **spec: Any) -> Object:
    return _workload("DaemonSet", "log", annotations, spec)
