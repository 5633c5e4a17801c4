"""Which proxy a host is reached through: that of a kubeconfig, or of the environment as kubectl reads it. Pure."""

import base64
import ipaddress
from dataclasses import dataclass
from urllib.parse import SplitResult, unquote, urlsplit

from ..errors import Refused
from .settings import Settings, check_proxy

__all__ = ["Proxy", "basic", "environment_proxy", "proxy_at"]

_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True)
class Proxy:
    """A proxy.

    Attributes:
        url: its address. A SOCKS proxy resolves the names itself, as for kubectl.
        authorization: the value of the header that logs in to it; None when it needs none, or speaks SOCKS.
    """

    url: str
    authorization: str | None = None

    def __repr__(self) -> str:
        return f"Proxy({urlsplit(self.url).scheme}://...)"

    @property
    def is_socks(self) -> bool:
        """Whether it speaks SOCKS."""
        return self.url.startswith("socks")


def proxy_at(url: str) -> Proxy:
    """Return the proxy at an address.

    Args:
        url: its address, checked; user name and password in it are sent to it.
    """
    parts = urlsplit(url)
    if parts.scheme == "socks5":
        return Proxy(parts._replace(scheme="socks5h").geturl())
    if parts.username is None:
        return Proxy(url)
    return Proxy(url, basic(unquote(parts.username), unquote(parts.password or "")))


def basic(username: str, password: str) -> str:
    """Return the value of a header that logs in by name and password."""
    return f"Basic {base64.b64encode(f'{username}:{password}'.encode()).decode()}"


def environment_proxy(host: str, settings: Settings) -> Proxy | None:
    """Return the proxy that the environment names for an API server, None when there is none.

    Args:
        host: the API server's address.
        settings: with HTTPS_PROXY, HTTP_PROXY and NO_PROXY.

    Raises:
        Refused: it is no address of a proxy; its value, which may hold a password, is not shown.
    """
    target = urlsplit(host)
    name, url = (
        ("HTTP_PROXY", settings.http_proxy) if target.scheme == "http" else ("HTTPS_PROXY", settings.https_proxy)
    )
    if url is None or not _is_for(target, settings.no_proxy or ""):
        return None
    if "://" not in url:
        url = f"http://{url}"
    url = url.replace("socks5h://", "socks5://", 1)
    try:
        check_proxy(url, name)
    except Refused as x:
        raise Refused(f"the proxy for {host} cannot be used: {x}; correct {name}") from None
    return proxy_at(url)


def _is_for(target: SplitResult, no_proxy: str) -> bool:
    """Return whether the environment's proxy is to be asked: golang.org/x/net/http/httpproxy: useProxy."""
    host = (target.hostname or "").removesuffix(".")
    address = _address_of(host)
    if host == "localhost" or (address is not None and address.is_loopback):
        return False
    port = target.port or _PORTS[target.scheme]
    entries = [entry for entry in (entry.strip().lower() for entry in no_proxy.split(",")) if entry]
    return not any(_matches(entry, host, address, port) for entry in entries)


_Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def _address_of(host: str) -> _Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _matches(entry: str, host: str, address: _Address | None, port: int) -> bool:
    """Return whether an entry of NO_PROXY means a host: `*`, a network, an address or a domain, perhaps with a port."""
    if entry == "*":
        return True
    if "/" in entry:
        return address is not None and _holds(entry, address)
    named, its_port = _split_port(entry)
    if its_port not in ("", str(port)):
        return False
    if address is not None:
        return _address_of(named) == address
    if named.startswith((".", "*.")):  # subdomains only
        return host.endswith(named.removeprefix("*"))
    return host == named or host.endswith(f".{named}")


def _holds(network: str, address: _Address) -> bool:
    try:
        return address in ipaddress.ip_network(network, strict=False)
    except ValueError:
        return False


def _split_port(entry: str) -> tuple[str, str]:
    """Return the host and the port of an entry, empty when it has none; an IPv6 address with a port is in brackets."""
    if entry.startswith("["):
        named, _, rest = entry[1:].partition("]")
        return named, rest.removeprefix(":")
    if entry.count(":") != 1:
        return entry, ""
    named, _, port = entry.partition(":")
    return named, port
