"""The pool of connections to an API server."""

import importlib.util
import queue
import ssl
from collections import deque
from typing import Any

import urllib3

from ..errors import Refused, one_line
from .certificates import show_certificate, tls_context
from .configuration import Configuration

__all__ = ["pool_of", "show"]

# connections that are kept: as many as requests are sent at a time, and some watches
_KEPT = 20


def pool_of(configuration: Configuration) -> urllib3.PoolManager:
    """Return the pool of connections; it needs no file.

    Args:
        configuration: how to reach the API server.

    Raises:
        Refused: the certificates or the proxy cannot be used.
    """
    try:
        pool = _pool(configuration)
    except (OSError, ValueError) as x:  # ssl.SSLError is an OSError
        raise Refused(f"the certificates for {configuration.host} cannot be used: {one_line(x)}") from x
    pool.pool_classes_by_scheme = {
        scheme: type(of.__name__, (of,), {"QueueCls": _Stack}) for scheme, of in pool.pool_classes_by_scheme.items()
    }
    return pool


class _Stack:
    """Idle connections: what urllib3 needs of `queue.LifoQueue`, without a lock in Python.

    Chaos Toolkit's handlers of signals raise, wherever the main thread is. Within `threading.Condition.__exit__` that
    leaves the lock of a `LifoQueue` locked, and no thread gets a connection any longer, so that nothing is restored.

    Args:
        maxsize: how many it holds, give or take a few when several threads put something at the same time.
    """

    def __init__(self, maxsize: int) -> None:
        self._maxsize, self._items = maxsize, deque[Any]()

    def qsize(self) -> int:
        return len(self._items)

    def put(self, item: Any, block: bool = False) -> None:
        if len(self._items) >= self._maxsize:
            raise queue.Full
        self._items.append(item)

    def get(self, block: bool = False, timeout: float | None = None) -> Any:
        try:
            return self._items.pop()
        except IndexError:
            raise queue.Empty from None


def _pool(configuration: Configuration) -> urllib3.PoolManager:
    proxy = configuration.proxy
    made_with: dict[str, Any] = {"maxsize": _KEPT}
    if configuration.host.startswith("https://"):
        made_with |= {"ssl_context": _context(configuration), "server_hostname": configuration.server_name}
        made_with["cert_reqs"] = "CERT_REQUIRED" if configuration.verify else "CERT_NONE"
    if proxy is None:
        return urllib3.PoolManager(**made_with)
    if not proxy.is_socks:
        if proxy.authorization is not None:
            made_with["proxy_headers"] = {"proxy-authorization": proxy.authorization}
        if proxy.url.startswith("https://"):
            # it is trusted by the same authorities, but never gets the client certificate
            made_with["proxy_ssl_context"] = tls_context(configuration.authorities, verify=configuration.verify)
        return urllib3.ProxyManager(proxy.url, **made_with)
    if importlib.util.find_spec("socks") is None:
        raise Refused(
            f"{configuration.host} is reached through a SOCKS proxy (proxy-url or HTTPS_PROXY), which needs PySocks: "
            "pip install 'chaostoolkit-image-corrupt[socks]'"
        )
    from urllib3.contrib.socks import SOCKSProxyManager

    return SOCKSProxyManager(proxy.url, **made_with)


def show(pool: urllib3.PoolManager, certificate: bytes, key: bytes | None) -> None:
    """Replace the client certificate; connections that are made from now on use it.

    Args:
        pool: from `pool_of`.
        certificate: the new one, in PEM.
        key: its key; None when that follows the certificate.

    Raises:
        ssl.SSLError: they cannot be used.
    """
    show_certificate(pool.connection_pool_kw["ssl_context"], certificate, key)
    pool.clear()


def _context(configuration: Configuration) -> ssl.SSLContext:
    context = tls_context(configuration.authorities, verify=configuration.verify)
    if configuration.certificate is not None:
        show_certificate(context, configuration.certificate, configuration.key)
    return context
