"""The simulator's certificate authority, and kubeconfigs that trust it."""

import base64
import json
import ssl
from pathlib import Path

import trustme

from .types import Object

__all__ = ["Credentials", "write_kubeconfig"]


class Credentials:
    """A certificate authority that lives as long as one simulator, and what the server needs of it."""

    def __init__(self) -> None:
        self.authority = trustme.CA()

    def server_context(self) -> ssl.SSLContext:
        """Return the server's TLS settings: its certificate, and clients' certificates of the same authority."""
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self.authority.issue_cert("127.0.0.1", "localhost").configure_cert(context)
        self.authority.configure_trust(context)
        context.verify_mode = ssl.CERT_OPTIONAL
        return context


def write_kubeconfig(path: Path, url: str, authority: trustme.CA, user: Object, namespace: str = "default") -> None:
    """Write a kubeconfig that only its owner can read.

    Args:
        path: where.
        url: the server's address.
        authority: the certificate authority.
        user: the user's entry, such as `{"token": ...}`.
        namespace: the namespace of the context.
    """
    cluster = {"server": url, "certificate-authority-data": base64.b64encode(authority.cert_pem.bytes()).decode()}
    context = {"cluster": "simulator", "user": "simulator", "namespace": namespace}
    config = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": "simulator", "cluster": cluster}],
        "users": [{"name": "simulator", "user": user}],
        "contexts": [{"name": "simulator", "context": context}],
        "current-context": "simulator",
    }
    path.touch(mode=0o600)
    path.write_text(json.dumps(config, indent=1), "utf-8")
