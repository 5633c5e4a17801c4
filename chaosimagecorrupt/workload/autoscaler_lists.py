"""Reads what changes the number of a Deployment's pods."""

from ..errors import NotFound
from ..kube.requests import list_request
from ..kube.resources import AUTOSCALERS, SCALED_OBJECTS
from ..kube.types import Deployment, Object
from .autoscalers import Autoscaler, find_autoscalers
from .target import Target

__all__ = ["list_autoscalers", "list_scaled_objects", "read_autoscalers"]


def list_autoscalers(target: Target) -> list[Object]:
    """List the HorizontalPodAutoscalers of the Deployment's namespace.

    Raises:
        Forbidden: the role does not allow it.
    """
    return list(target.cluster.send(list_request(AUTOSCALERS, target.namespace))["items"])


def list_scaled_objects(target: Target) -> list[Object]:
    """List the ScaledObjects of the Deployment's namespace: none when KEDA is not installed.

    Raises:
        Forbidden: the role does not allow it.
    """
    try:
        return list(target.cluster.send(list_request(SCALED_OBJECTS, target.namespace))["items"])
    except NotFound:
        return []


def read_autoscalers(target: Target, deployment: Deployment) -> list[Autoscaler]:
    """Read what scales a Deployment.

    Raises:
        Forbidden: the role does not allow it.
    """
    return find_autoscalers(deployment, list_autoscalers(target), list_scaled_objects(target))
