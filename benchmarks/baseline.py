"""The baseline: bare HTTP requests over one connection; no client of the API server can be faster."""

import http.client
import json
import ssl
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from chaosimagecorrupt.kube.certificates import show_certificate
from chaosimagecorrupt.kube.configuration import configuration_of
from chaosimagecorrupt.kube.resources import DEPLOYMENTS, EVENTS_K8S_IO, NAMESPACES
from chaosimagecorrupt.kube.settings import Settings

__all__ = ["BaselineClient"]

STRATEGIC_MERGE = "application/strategic-merge-patch+json"


class BaselineClient:
    """A client with one kept-alive connection and nothing else.

    Args:
        kubeconfig: path of the kubeconfig.
    """

    def __init__(self, kubeconfig: str) -> None:
        configuration = configuration_of(Settings(kubeconfig=kubeconfig))
        tls = ssl.create_default_context(cadata=(configuration.authorities or b"").decode() or None)
        if configuration.certificate:
            show_certificate(tls, configuration.certificate, configuration.key)
        address = urlsplit(configuration.host)
        self._connection = http.client.HTTPSConnection(address.hostname or "", address.port, context=tls)
        self._prefix = address.path.rstrip("/")  # of an API server behind a gateway
        authorization = configuration.authorization()
        self._headers = {"Authorization": authorization} if authorization else {}

    def get(self, namespace: str, name: str) -> dict[str, Any]:
        """Read a Deployment."""
        return self._send("GET", DEPLOYMENTS.path(namespace, name), None)

    def set_image(self, namespace: str, name: str, image: str) -> None:
        """Read a Deployment, and patch its image with its resourceVersion."""
        version = self.get(namespace, name)["metadata"]["resourceVersion"]
        template = {"spec": {"containers": [{"name": "app", "image": image}]}}
        patch = {"metadata": {"resourceVersion": version}, "spec": {"template": template}}
        self._send("PATCH", DEPLOYMENTS.path(namespace, name) + "?fieldManager=floor", patch)

    def get_namespace(self, namespace: str) -> None:
        """Read a namespace."""
        self._send("GET", NAMESPACES.path(None, namespace), None)

    def annotate(self, namespace: str, name: str) -> None:
        """Patch an annotation of a Deployment."""
        patch = {"metadata": {"annotations": {"example.com/floor": str(time.monotonic())}}}
        self._send("PATCH", DEPLOYMENTS.path(namespace, name) + "?fieldManager=floor", patch)

    def emit(self, namespace: str, name: str) -> None:
        """Create an Event on a Deployment."""
        event = {
            "metadata": {"generateName": f"{name}.", "namespace": namespace},
            "regarding": {"apiVersion": "apps/v1", "kind": "Deployment", "namespace": namespace, "name": name},
            "eventTime": datetime.fromtimestamp(time.time(), UTC)
            .isoformat(timespec="microseconds")
            .replace("+00:00", "Z"),
            "reportingController": "floor",
            "reportingInstance": "floor",
            "action": "Measure",
            "reason": "Measured",
            "type": "Normal",
        }
        self._send("POST", EVENTS_K8S_IO.path(namespace) + "?fieldManager=floor", event, "application/json")

    def watch(self, path: str) -> Iterator[tuple[float, dict[str, Any]]]:
        """Yield each object of a watch, with the time by `time.perf_counter` at which its line had been read."""
        self._connection.request("GET", f"{self._prefix}{path}", headers=self._headers)
        with self._connection.getresponse() as response:
            while line := response.readline():
                yield time.perf_counter(), json.loads(line)["object"]

    def _send(self, method: str, path: str, body: object, content_type: str = STRATEGIC_MERGE) -> dict[str, Any]:
        encoded = None if body is None else json.dumps(body).encode()
        headers = {**self._headers, "Content-Type": content_type}
        self._connection.request(method, self._prefix + path, encoded, headers)
        response = self._connection.getresponse()
        found = dict(json.loads(response.read()))
        if response.status >= 300:
            raise OSError(f"{method} {path}: {response.status} {found.get('message')}")
        return found
