"""Keeps the certificates of connections in memory, so that their files may be deleted while a fault is in place."""

import ssl
from typing import Any

import urllib3
from urllib3.util.ssl_ import create_urllib3_context

__all__ = ["keep_in_memory", "present"]

_NO_PASSWORD = ""  # else OpenSSL asks at the terminal for an encrypted key's, and the run stands still
_FILES = ("ca_certs", "cert_file", "key_file")


def keep_in_memory(pool: urllib3.PoolManager) -> None:
    """Read the certificates of a pool now; urllib3 alone would read them again for each connection.

    Args:
        pool: has the files' paths, and has made no connection yet.

    Raises:
        OSError: a file cannot be read, or holds no certificate or no key (ssl.SSLError).
    """
    made_with: dict[str, Any] = pool.connection_pool_kw
    ca, cert, key = (made_with.pop(name, None) for name in _FILES)
    context = create_urllib3_context(cert_reqs=made_with.get("cert_reqs"))
    if ca:
        context.load_verify_locations(ca)
        # a proxy that speaks TLS is trusted by the same authorities, but never gets the client certificate
        made_with["ca_cert_data"] = b"".join(context.get_ca_certs(binary_form=True))
    else:
        context.load_default_certs()
    if cert:
        context.load_cert_chain(cert, key, _NO_PASSWORD)
    made_with["ssl_context"] = context


def present(pool: urllib3.PoolManager, cert: str, key: str | None) -> None:
    """Replace the client certificate; connections that are made from now on use it.

    Args:
        pool: after `keep_in_memory`.
        cert: the path of the certificate.
        key: the path of its key; None when it is in the same file.

    Raises:
        OSError: as `keep_in_memory`.
    """
    context: ssl.SSLContext = pool.connection_pool_kw["ssl_context"]
    context.load_cert_chain(cert, key, _NO_PASSWORD)
    pool.clear()
