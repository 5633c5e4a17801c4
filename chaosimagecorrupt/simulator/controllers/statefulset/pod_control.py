"""Requests about the Pods of a StatefulSet, and the Events about them (stateful_pod_control.go)."""

from collections.abc import Iterator
from contextlib import contextmanager

from ...types import Object
from ..client import Client
from ..errors import StatusError
from ..events import EventRecorder, reference
from .pods import claims_of

__all__ = ["PodControl"]

CLAIMS = "persistentvolumeclaims"


class PodControl:
    """Creates and deletes Pods.

    Args:
        client: sends the writes.
        recorder: records events.
    """

    def __init__(self, client: Client, recorder: EventRecorder) -> None:
        self._client = client
        self._recorder = recorder

    def create(self, stateful_set: Object, pod: Object) -> None:
        """Create a Pod, and first the claims that it lacks.

        Args:
            stateful_set: the StatefulSet.
            pod: the Pod.

        Raises:
            StatusError: the Pod or a claim cannot be created.
        """
        for claim in claims_of(stateful_set, pod):
            if self._client.store.get(CLAIMS, claim["metadata"]["namespace"], claim["metadata"]["name"]) is None:
                what = f"Claim {claim['metadata']['name']} Pod {pod['metadata']['name']}"
                with self._recorded(stateful_set, "Create", what, "success"):
                    self._bind(claim)
        with self._recorded(stateful_set, "Create", f"Pod {pod['metadata']['name']}", "successful"):
            self._client.create("pods", pod)

    def delete(self, stateful_set: Object, pod: Object) -> None:
        """Delete a Pod.

        Args:
            stateful_set: the StatefulSet.
            pod: the Pod.

        Raises:
            StatusError: it is gone.
        """
        namespace, name = pod["metadata"]["namespace"], pod["metadata"]["name"]
        with self._recorded(stateful_set, "Delete", f"Pod {name}", "successful"):
            self._client.delete("pods", namespace, name)

    def _bind(self, claim: Object) -> None:
        """Create a claim that is bound at once: a real cluster's provisioner needs a moment."""
        created = self._client.create(CLAIMS, claim)
        metadata, spec = created["metadata"], created["spec"]
        bound = {
            "phase": "Bound",
            "accessModes": spec.get("accessModes", []),
            "capacity": (spec.get("resources") or {}).get("requests", {}),
        }
        volume = {**spec, "volumeName": f"pvc-{metadata['uid']}"}
        self._client.patch(CLAIMS, metadata["namespace"], metadata["name"], lambda obj: {**obj, "spec": volume})
        self._client.patch_status(CLAIMS, metadata["namespace"], metadata["name"], lambda obj: {**obj, "status": bound})

    @contextmanager
    def _recorded(self, about: Object, verb: str, what: str, ended: str) -> Iterator[None]:
        """Record an Event about a request: that it succeeded, or why it failed."""
        described = f"{verb} {what} in StatefulSet {about['metadata']['name']}"
        try:
            yield
        except StatusError as error:
            if error.reason not in ("AlreadyExists", "NamespaceTerminating"):
                message = f"{described} failed error: {error}"
                self._recorder.event(reference(about), "Warning", f"Failed{verb}", message)
            raise
        self._recorder.event(reference(about), "Normal", f"Successful{verb}", f"{described} {ended}")
