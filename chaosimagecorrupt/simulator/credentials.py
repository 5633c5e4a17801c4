"""The simulator's certificate authority, and kubeconfigs that trust it."""

import base64
import json
import ssl
from pathlib import Path

import trustme

from .api import User
from .types import Object

__all__ = ["Credentials", "write_kubeconfig"]


class Credentials:
    """A certificate authority that lives as long as one simulator."""

    def __init__(self) -> None:
        self._authority = trustme.CA()

    @property
    def authority(self) -> bytes:
        """Return the authority's certificate, PEM."""
        return self._authority.cert_pem.bytes()

    def server_context(self) -> ssl.SSLContext:
        """Return the server's TLS settings: its certificate, and clients' certificates of the same authority."""
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self._authority.issue_cert("127.0.0.1", "localhost").configure_cert(context)
        self._authority.configure_trust(context)
        context.verify_mode = ssl.CERT_OPTIONAL
        return context

    def client_certificate(self, user: User) -> tuple[bytes, bytes]:
        """Return a certificate (with its chain) and a key that make their holder a user, both PEM.

        Args:
            user: the user, with at most one group: the certificate's organization.

        Raises:
            ValueError: the user has more than one group.
        """
        if len(user.groups) > 1:
            raise ValueError("a client certificate of the simulator names at most one group")
        group = user.groups[0] if user.groups else None
        issued = self._authority.issue_cert("client.invalid", common_name=user.name, organization_name=group)
        chain = b"".join(blob.bytes() for blob in issued.cert_chain_pems)
        return chain, issued.private_key_pem.bytes()


def write_kubeconfig(path: Path, url: str, authority: bytes, user: Object, namespace: str = "default") -> None:
    """Write a kubeconfig that only its owner can read.

    Args:
        path: where.
        url: the server's address.
        authority: the certificate authority, PEM.
        user: the user's entry, such as `{"token": ...}`.
        namespace: the namespace of the context.
    """
    cluster = {"server": url, "certificate-authority-data": base64.b64encode(authority).decode()}
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
