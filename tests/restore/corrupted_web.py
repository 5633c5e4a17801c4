"""The Deployment `web` on a cluster without HTTP, corrupted by one process and restored by another."""

from collections.abc import Mapping
from typing import Any

from chaosimagecorrupt.fault.inject import Injection
from chaosimagecorrupt.fault.spec import FaultSpec
from chaosimagecorrupt.record.entry import Entry
from chaosimagecorrupt.workload.target import Target

from ..in_process_client import SETTLE, InProcessClient, web_place
from ..restricted_client import RestrictedClient
from ..simulated_cluster import CORRUPT, NS
from ..traces import images, traces

__all__ = ["CorruptedWeb"]

PATH = f"/apis/apps/v1/namespaces/{NS}/deployments/web"
JSON_PATCH, MERGE_PATCH = "application/json-patch+json", "application/strategic-merge-patch+json"

Object = Any


class CorruptedWeb:
    """The Deployment and its cluster.

    Args:
        forbidden: what the restoring process may not do, see `RestrictedClient`.

    Attributes:
        place: the cluster.
        client: the connection of the process that restores; it knows only the record.
        target: the Deployment over that connection.
        entry: the record.
    """

    def __init__(self, *forbidden: str) -> None:
        self.place = web_place()
        self.client = RestrictedClient(self.place, "restorer", *forbidden)
        self.target = Target("web", NS, self.client)
        self.entry = self.corrupt()

    def corrupt(self) -> Entry:
        """Corrupt the Deployment by a process of its own."""
        target = Target("web", NS, InProcessClient(self.place, "injector"))
        plan, _ = Injection(target, FaultSpec(None, CORRUPT, 60.0)).inject()
        self.settle()
        return plan.entry

    def settle(self) -> None:
        """Let the rollout go on."""
        self.place.clock.advance(SETTLE)

    def deployment(self) -> Object:
        """Return the Deployment as it is stored."""
        return dict(self.place.ask("GET", PATH).body)

    def image(self) -> str:
        """Return the image of its container."""
        return images(self.deployment())["app"]

    def delete(self) -> None:
        """Delete the Deployment."""
        self.place.ask("DELETE", PATH)

    def set_containers(self, **by_name: str) -> None:
        """Replace the containers, as another client does."""
        containers = [{"name": name, "image": image} for name, image in by_name.items()]
        patch = [{"op": "replace", "path": "/spec/template/spec/containers", "value": containers}]
        status, found = self.place.ask("PATCH", PATH, patch, JSON_PATCH, fieldManager="ci")
        assert status == 200, found
        self.settle()

    def patch(self, patch: Mapping[str, Any]) -> None:
        """Patch the Deployment, as another client does."""
        status, found = self.place.ask("PATCH", PATH, patch, MERGE_PATCH, fieldManager="ci")
        assert status == 200, found

    def revisions(self) -> list[Object]:
        """Return the ReplicaSets of its namespace."""
        return list(self.place.world.store.list("replicasets.apps", NS))

    def corrupt_replica_set(self) -> str:
        """Return the name of the ReplicaSet with the corrupt image."""
        [name] = [r["metadata"]["name"] for r in self.revisions() if images(r)["app"] == CORRUPT]
        return str(name)

    def traces(self) -> list[str]:
        """Return what is left of the fault."""
        return traces(self.deployment(), self.revisions(), [CORRUPT])
