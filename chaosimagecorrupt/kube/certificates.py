"""Certificates go from memory to TLS: their files may be deleted while a fault is in place, and none is written."""

import os
import ssl
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from urllib3.util.ssl_ import create_urllib3_context

__all__ = ["show_certificate", "tls_context"]

_NO_PASSWORD = ""  # else OpenSSL asks at the terminal for an encrypted key's, and the run stands still


def tls_context(authorities: bytes | None, *, verify: bool) -> ssl.SSLContext:
    """Return what TLS connections are made with.

    Args:
        authorities: certificates in PEM that the server's is checked by; None for those of the system.
        verify: whether it is checked.

    Raises:
        ssl.SSLError: the authorities hold no certificate.
    """
    context = create_urllib3_context(cert_reqs=ssl.CERT_REQUIRED if verify else ssl.CERT_NONE)
    if authorities is None:
        context.load_default_certs()
    else:
        # what is no ASCII is a comment between the certificates
        context.load_verify_locations(cadata=authorities.decode("ascii", errors="ignore"))
    return context


def show_certificate(context: ssl.SSLContext, certificate: bytes, key: bytes | None) -> None:
    """Show a client certificate on all connections that are made from now on.

    Args:
        context: from `tls_context`.
        certificate: in PEM, with those between it and its authority.
        key: its key in PEM; None when that follows the certificate.

    Raises:
        ssl.SSLError: they hold no certificate or no key, or do not fit together.
    """
    with _path_to(certificate) as path, _path_to(key or certificate) as path_of_key:
        context.load_cert_chain(path, path_of_key, _NO_PASSWORD)


@contextmanager
def _path_to(pem: bytes) -> Iterator[str]:
    """Yield a path from which `ssl`, which knows no other way, can read this once; there is no file of that name."""
    if hasattr(os, "memfd_create"):
        with open(os.memfd_create("pem"), "wb") as file:  # noqa: PTH123 - a file descriptor, not a path
            file.write(pem)
            file.flush()
            yield f"/proc/self/fd/{file.fileno()}"
        return
    with tempfile.TemporaryFile() as file:  # has no name either
        file.write(pem)
        file.seek(0)
        yield f"/dev/fd/{file.fileno()}"
