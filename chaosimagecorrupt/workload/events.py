"""Emits Events on a Deployment, for those who look at it with `kubectl describe`."""

import os
import time
from collections.abc import Iterable

from logzero import logger

from ..errors import ImageCorruptError, one_line
from ..kube.client import ONE_ATTEMPT
from ..kube.events import EventText, event_of
from ..kube.requests import create_request
from ..kube.resources import EVENTS_K8S_IO
from ..kube.types import Deployment
from .target import Target, whoami

__all__ = ["emit"]


def emit(target: Target, deployment: Deployment, texts: Iterable[EventText]) -> None:
    """Emit Events on a Deployment. One that the API server does not take is only logged, as a debug line.

    Args:
        target: the Deployment.
        deployment: the Deployment as it was read.
        texts: what the Events say.
    """
    cluster, instance = target.cluster.with_patience(ONE_ATTEMPT), whoami()
    for text in texts:
        event = event_of(deployment, text, target.kind.name, now=time.time(), instance=instance, unique=_unique())
        try:
            cluster.send(create_request(EVENTS_K8S_IO, event, target.namespace))
        except ImageCorruptError as x:
            logger.debug(f"{target}: the Event {text.reason} is not emitted: {one_line(x, 500)}")
            if x.is_transient:
                return  # the next one would take as long


def _unique() -> str:
    """Return digits that grow with time: kubectl shows such Events in the order of their names."""
    return f"{time.time_ns():x}{os.urandom(2).hex()}"
