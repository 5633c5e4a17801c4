"""The certificates that connections are made with, in memory: whoever deletes their files does not cut us off."""

import ssl
from typing import Any

import urllib3
from urllib3.util.ssl_ import create_urllib3_context

__all__ = ["keep_in_memory", "present"]

_FILES = ("ca_certs", "cert_file", "key_file")


def keep_in_memory(pool: urllib3.PoolManager) -> None:
    """Read the certificates of a pool that has made no connection yet; urllib3 reads them for each connection.

    Args:
        pool: was told the files' paths.

    Raises:
        OSError: a file cannot be read, or holds no certificate or no key (ssl.SSLError).
    """
    made_with: dict[str, Any] = pool.connection_pool_kw
    ca, cert, key = (made_with.pop(name, None) for name in _FILES)
    context = create_urllib3_context(cert_reqs=made_with.get("cert_reqs"))
    if ca:
        context.load_verify_locations(ca)
        # a proxy that speaks TLS is trusted by the same authorities, but never shown our certificate
        made_with["ca_cert_data"] = b"".join(context.get_ca_certs(binary_form=True))
    else:
        context.load_default_certs()
    if cert:
        context.load_cert_chain(cert, key)
    made_with["ssl_context"] = context


def present(pool: urllib3.PoolManager, cert: str, key: str | None) -> None:
    """Make connections with another client certificate from now on.

    Args:
        pool: after `keep_in_memory`.
        cert: the path of the certificate.
        key: the path of its key; None: it is in the same file.

    Raises:
        OSError: as `keep_in_memory`.
    """
    context: ssl.SSLContext = pool.connection_pool_kw["ssl_context"]
    context.load_cert_chain(cert, key)
    pool.clear()
