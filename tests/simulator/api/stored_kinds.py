"""Objects of the kinds that are only stored."""

import copy
from typing import Any

from chaosimagecorrupt.simulator.types import Object

from ..calls import PureCalls

POD = {"restartPolicy": "Never", "containers": [{"name": "app", "image": "example.org/app:v1"}]}
JOB_SPEC: Object = {"template": {"metadata": {"labels": {"app": "once"}}, "spec": POD}}
TARGET = {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"}

SPECS: dict[str, Object] = {
    "batch/v1/cronjobs": {"schedule": "*/5 * * * *", "jobTemplate": {"spec": JOB_SPEC}},
    "batch/v1/jobs": JOB_SPEC,
    "policy/v1/poddisruptionbudgets": {"minAvailable": 1, "selector": {"matchLabels": {"app": "web"}}},
    "autoscaling/v2/horizontalpodautoscalers": {"maxReplicas": 3, "scaleTargetRef": TARGET},
    "v1/persistentvolumeclaims": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}},
    "networking.k8s.io/v1/networkpolicies": {"podSelector": {"matchLabels": {"app": "web"}}},
}


def collection(kind: str) -> str:
    version, plural = kind.rsplit("/", 1)
    return f"/{'apis' if '/' in version else 'api'}/{version}/namespaces/default/{plural}"


def made(calls: PureCalls, kind: str, **changes: Any) -> Any:
    body = {"metadata": {"name": "one"}, "spec": {**copy.deepcopy(SPECS[kind]), **changes}}
    return calls("POST", collection(kind), body)
