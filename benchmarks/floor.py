"""The floor: the bare HTTP requests over one connection, which nobody who asks the API server can be faster than."""

import http.client
import json
import ssl
import time
from typing import Any
from urllib.parse import urlsplit

from chaosimagecorrupt.kube.configuration import configuration_of
from chaosimagecorrupt.kube.resources import DEPLOYMENTS
from chaosimagecorrupt.kube.settings import Settings

__all__ = ["Floor"]

MERGE = "application/strategic-merge-patch+json"


class Floor:
    """One kept-alive connection, and nothing around it.

    Args:
        kubeconfig: its path.
    """

    def __init__(self, kubeconfig: str) -> None:
        used = configuration_of(Settings(kubeconfig=kubeconfig))
        tls = ssl.create_default_context(cafile=used.ssl_ca_cert)
        if used.cert_file:
            tls.load_cert_chain(used.cert_file, used.key_file)
        to = urlsplit(used.host)
        self._connection = http.client.HTTPSConnection(to.hostname or "", to.port, context=tls)
        auth = used.auth_settings().get("BearerToken")
        self._headers = {"Authorization": auth["value"]} if auth else {}

    def get(self, namespace: str, name: str) -> dict[str, Any]:
        """Read a Deployment."""
        return self._send("GET", DEPLOYMENTS.path(namespace, name), None)

    def set_image(self, namespace: str, name: str, image: str) -> None:
        """Read a Deployment, and patch its image with the version that was read."""
        version = self.get(namespace, name)["metadata"]["resourceVersion"]
        template = {"spec": {"containers": [{"name": "app", "image": image}]}}
        patch = {"metadata": {"resourceVersion": version}, "spec": {"template": template}}
        self._send("PATCH", DEPLOYMENTS.path(namespace, name) + "?fieldManager=floor", patch)

    def annotate(self, namespace: str, name: str) -> None:
        """Read a Deployment, and patch an annotation."""
        self.get(namespace, name)
        patch = {"metadata": {"annotations": {"example.com/floor": str(time.monotonic())}}}
        self._send("PATCH", DEPLOYMENTS.path(namespace, name) + "?fieldManager=floor", patch)

    def _send(self, method: str, path: str, body: object) -> dict[str, Any]:
        sent = None if body is None else json.dumps(body).encode()
        self._connection.request(method, path, sent, {**self._headers, "Content-Type": MERGE})
        answer = self._connection.getresponse()
        found = dict(json.loads(answer.read()))
        if answer.status >= 300:
            raise OSError(f"{method} {path}: {answer.status} {found.get('message')}")
        return found
