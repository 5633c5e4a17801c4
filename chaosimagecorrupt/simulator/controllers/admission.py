"""Admission and validation of a new Pod, as far as the controllers depend on them."""

from typing import Any

from ..store import Store
from ..types import Object
from .errors import StatusError
from .limit_ranges import check_limit_ranges, with_default_limits
from .pod_resources import amounts, default_requests, quality_of_service
from .pod_security import check_pod_security
from .webhooks import check_webhooks

__all__ = ["admit_pod"]

# How long a Pod stays on a node that is not ready (admission plugin DefaultTolerationSeconds)
TOLERATED_SECONDS = 300


def admit_pod(store: Store, pod: Object) -> Object:
    """Return a Pod with what admission adds.

    What ResourceQuotas say is left to whoever stores the Pod: see `quota_admission`.

    Args:
        store: the objects; the Pod's namespace, its LimitRanges and the webhook configurations decide.
        pod: the Pod, with its name.

    Raises:
        StatusError: the Pod is invalid, or is forbidden.
    """
    _check_images(pod)
    _check_namespace(store, pod)
    ranges = store.list("limitranges", pod["metadata"]["namespace"])
    pod = with_default_limits({**pod, "spec": default_requests(pod["spec"])}, ranges)
    pod = {**pod, "spec": _with_priority(store, pod["spec"])}
    _check_requests(pod)
    check_limit_ranges(pod, ranges)
    namespace = store.get("namespaces", None, pod["metadata"]["namespace"]) or {"metadata": {}}
    check_pod_security(namespace, pod)
    check_webhooks(store, namespace, pod)
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
    return {**pod, "spec": spec, "status": {"phase": "Pending", "qosClass": quality_of_service(spec)}}


def _check_images(pod: Object) -> None:
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


def _check_requests(pod: Object) -> None:
    """Refuse a request above its limit, as a LimitRange's default may be (validateContainerResourceRequirements)."""
    for field in ("initContainers", "containers"):
        for index, container in enumerate(pod["spec"].get(field, ())):
            requests, limits = (amounts(container.get("resources"), of) for of in ("requests", "limits"))
            for name in sorted(requests.keys() & limits.keys()):
                if requests[name].amount > limits[name].amount:
                    raise StatusError(
                        "Invalid",
                        f'Pod "{pod["metadata"]["name"]}" is invalid: spec.{field}[{index}].resources.requests: '
                        f'Invalid value: "{requests[name]}": must be less than or equal to {name} limit of '
                        f"{limits[name]}",
                    )


def _with_priority(store: Store, spec: Object) -> Object:
    """Return a Pod's spec with the PriorityClass that is the default, if it names none (admission plugin Priority)."""
    classes = store.list("priorityclasses.scheduling.k8s.io")
    default = next((each for each in classes if each.get("globalDefault")), None)
    if default is None or spec.get("priorityClassName"):
        return spec
    return {**spec, "priorityClassName": default["metadata"]["name"], "priority": default.get("value", 0)}


def _check_namespace(store: Store, pod: Object) -> None:
    name = pod["metadata"]["namespace"]
    namespace = store.get("namespaces", None, name)
    if namespace is not None and namespace["metadata"].get("deletionTimestamp"):
        raise StatusError(
            "NamespaceTerminating",
            f'pods "{pod["metadata"]["name"]}" is forbidden: unable to create new content in namespace {name} '
            "because it is being terminated",
        )


def _tolerations(given: Any) -> list[Object]:
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
