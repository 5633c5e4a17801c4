"""Admission and validation of a new Pod, as far as the controllers depend on them."""

from typing import Any

from ..store import Store
from ..types import Json
from .errors import StatusError
from .pod_security import check_pod_security
from .webhooks import check_webhooks

__all__ = ["admit_pod"]

# How long a Pod stays on a node that is not ready (admission plugin DefaultTolerationSeconds)
TOLERATED_SECONDS = 300


def admit_pod(store: Store, pod: Json) -> Json:
    """Return a Pod with what admission adds.

    Args:
        store: the objects; the Pod's namespace, the webhook configurations and the ResourceQuotas decide.
        pod: the Pod, with its name.

    Raises:
        StatusError: the Pod is invalid, or is forbidden.
    """
    _check_images(pod)
    _check_namespace(store, pod)
    namespace = store.get("namespaces", None, pod["metadata"]["namespace"]) or {"metadata": {}}
    check_pod_security(namespace, pod)
    check_webhooks(store, namespace, pod)
    _check_quotas(store, pod)
    spec = {
        "restartPolicy": "Always",
        "terminationGracePeriodSeconds": 30,
        "dnsPolicy": "ClusterFirst",
        "serviceAccountName": "default",
        **pod["spec"],
    }
    spec.setdefault("serviceAccount", spec["serviceAccountName"])
    spec.setdefault("securityContext", {})
    spec.setdefault("schedulerName", "default-scheduler")
    spec["tolerations"] = _tolerations(spec.get("tolerations", ()))
    spec.setdefault("priority", 0)
    spec.setdefault("enableServiceLinks", True)
    spec.setdefault("preemptionPolicy", "PreemptLowerPriority")
    return {**pod, "spec": spec, "status": {"phase": "Pending", "qosClass": _qos_class(spec)}}


def _check_images(pod: Json) -> None:
    """Refuse an image with white space around it (kubernetes/pkg/apis/core/validation: validateContainerCommon).

    A Deployment's template is let through, so that only the creation of its Pods fails.
    """
    for field in ("initContainers", "containers"):
        for index, container in enumerate(pod["spec"].get(field, ())):
            image = container.get("image", "")
            if image != image.strip():
                raise StatusError(
                    "Invalid",
                    f'Pod "{pod["metadata"]["name"]}" is invalid: spec.{field}[{index}].image: '
                    f'Invalid value: "{image}": must not have leading or trailing whitespace',
                )


def _check_namespace(store: Store, pod: Json) -> None:
    name = pod["metadata"]["namespace"]
    namespace = store.get("namespaces", None, name)
    if namespace is not None and namespace["metadata"].get("deletionTimestamp"):
        raise StatusError(
            "NamespaceTerminating",
            f'pods "{pod["metadata"]["name"]}" is forbidden: unable to create new content in namespace {name} '
            "because it is being terminated",
        )


def _check_quotas(store: Store, pod: Json) -> None:
    """Refuse a Pod that is one too many (admission plugin ResourceQuota; of its resources only `pods`)."""
    namespace = pod["metadata"]["namespace"]
    for quota in store.list("resourcequotas", namespace):
        hard = quota.get("spec", {}).get("hard", {})
        for resource in ("pods", "count/pods"):
            if resource not in hard:
                continue
            used = sum(_counts(other) for other in store.list("pods", namespace))
            if used >= int(hard[resource]):
                raise StatusError(
                    "Forbidden",
                    f'pods "{pod["metadata"]["name"]}" is forbidden: exceeded quota: '
                    f"{quota['metadata']['name']}, requested: {resource}=1, used: {resource}={used}, "
                    f"limited: {resource}={hard[resource]}",
                )


def _counts(pod: Json) -> bool:
    return pod.get("status", {}).get("phase") not in ("Succeeded", "Failed")


def _tolerations(given: Any) -> list[Json]:
    tolerations = list(given)
    for key in ("node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"):
        if not any(toleration.get("key") in (key, None) for toleration in tolerations):
            tolerations.append(
                {
                    "key": key,
                    "operator": "Exists",
                    "effect": "NoExecute",
                    "tolerationSeconds": TOLERATED_SECONDS,
                }
            )
    return tolerations


def _qos_class(spec: Json) -> str:
    """Return the quality of service (kubernetes/pkg/apis/core/v1/helper/qos: ComputePodQOS)."""
    containers = [*spec.get("containers", ()), *spec.get("initContainers", ())]
    resources = [container.get("resources") or {} for container in containers]
    if not any(each.get("requests") or each.get("limits") for each in resources):
        return "BestEffort"
    return "Guaranteed" if all(map(_is_guaranteed, resources)) else "Burstable"


def _is_guaranteed(resources: Json) -> bool:
    """Return whether a container is limited to what it requests, of both CPU and memory."""
    limits = resources.get("limits") or {}
    requests = resources.get("requests") or limits
    return all(name in limits and requests.get(name) == limits[name] for name in ("cpu", "memory"))
