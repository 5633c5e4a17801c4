"""How to reach the cluster and with which credentials, from `secrets` and the environment. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, urlsplit

from ..errors import Refused, one_line

__all__ = ["Settings", "check_address", "check_proxy", "is_host", "read_settings"]

_OFF = ("false", "0", "no", "off")
_LABEL = 63  # characters in a part of a DNS name; an IPv6 address is shorter
_PROXIES = ("http", "https", "socks5")  # k8s.io/client-go/tools/clientcmd: parseProxyURL
_ON = ("true", "1", "yes", "on")


@dataclass(frozen=True)
class Settings:
    """The keys of chaostoolkit-kubernetes, looked up.

    Attributes:
        host: the endpoint that `secrets` name; it beats any kubeconfig.
        fallback_host: the endpoint that the environment names; any kubeconfig beats it.
        context: of the kubeconfig; None for the current one.
        kubeconfig: what KUBECONFIG says, several files separated by colons; None when it is not set.
        token: of KUBERNETES_API_KEY.
        token_prefix: the authentication scheme before the token.
        username: for basic authentication.
        password: for basic authentication.
        cert_file: path of the client certificate.
        key_file: path of its key.
        ca_file: path of the certificate authority of the server.
        verify: whether to verify the server's certificate; None when KUBERNETES_VERIFY_SSL is not set.
        http_proxy: HTTP_PROXY of the environment, for an API server at http://.
        https_proxy: HTTPS_PROXY of the environment.
        no_proxy: NO_PROXY of the environment: what is reached directly.
    """

    host: str | None = None
    fallback_host: str | None = None
    context: str | None = None
    kubeconfig: str | None = None
    token: str | None = None
    token_prefix: str = "Bearer"
    username: str | None = None
    password: str | None = None
    cert_file: str | None = None
    key_file: str | None = None
    ca_file: str | None = None
    verify: bool | None = None
    http_proxy: str | None = None
    https_proxy: str | None = None
    no_proxy: str | None = None

    def __repr__(self) -> str:
        return f"Settings(host={self.host!r}, context={self.context!r}, kubeconfig={self.kubeconfig!r})"


def read_settings(
    secrets: Mapping[str, Any] | None, env: Mapping[str, str], configuration: Mapping[str, Any] | None = None
) -> Settings:
    """Look up how to reach the cluster; `secrets` count before the environment.

    Args:
        secrets: what Chaos Toolkit passes to an activity.
        env: the process's environment.
        configuration: what Chaos Toolkit passes too; only its KUBERNETES_CONTEXT counts, after `secrets` and before the
            environment, so that `chaos run --var KUBERNETES_CONTEXT=...` runs the same experiment on another cluster.

    Returns:
        The settings, which also serve as the key of the connection.

    Raises:
        Refused: a value is not text, or KUBERNETES_VERIFY_SSL is neither true nor false.
    """
    context = (configuration or {}).get("KUBERNETES_CONTEXT")
    given = {**({"KUBERNETES_CONTEXT": context} if context else {}), **(secrets or {})}

    def look_up(key: str) -> str | None:
        value = given.get(key, env.get(key))
        if value is not None and not isinstance(value, (str, bool)):
            origin = "secrets" if key in (secrets or {}) else "configuration"
            raise Refused(f"{origin}: {key} must be text, found {type(value).__name__}")
        return str(value) if value not in (None, "") else None

    host = look_up("KUBERNETES_HOST")
    explicit = bool(given.get("KUBERNETES_HOST"))
    return Settings(
        host=host if explicit else None,
        fallback_host=None if explicit else host,
        context=None if explicit else look_up("KUBERNETES_CONTEXT"),
        kubeconfig=None if explicit else env.get("KUBECONFIG") or None,
        token=look_up("KUBERNETES_API_KEY"),
        token_prefix=look_up("KUBERNETES_API_KEY_PREFIX") or "Bearer",
        username=look_up("KUBERNETES_USERNAME"),
        password=look_up("KUBERNETES_PASSWORD"),
        cert_file=look_up("KUBERNETES_CERT_FILE"),
        key_file=look_up("KUBERNETES_KEY_FILE"),
        ca_file=look_up("KUBERNETES_CA_CERT_FILE"),
        verify=_verify(look_up("KUBERNETES_VERIFY_SSL")),
        **_proxies(env),
    )


def check_address(host: str, called: str) -> None:
    """Check that this can be the address of an API server.

    Args:
        host: the address.
        called: where it was found, for the error.

    Raises:
        Refused: it cannot, or it holds a password, which would be shown wherever the address is.
    """
    if "@" in host:
        raise Refused(
            f"{called}: the address must not contain a user name; use KUBERNETES_USERNAME, KUBERNETES_PASSWORD"
        )
    if not host.startswith(("https://", "http://")):
        raise Refused(f"{called}: '{one_line(host)}' must start with https:// (or http://)")
    try:
        parts = urlsplit(host)
        known = _is_address(parts, host)
    except ValueError:
        known = False
    if not known:
        raise Refused(f"{called}: '{one_line(host)}' is no address")


def _is_address(parts: SplitResult, url: str) -> bool:
    """Return whether an address has a host and a port that there can be; a port that is no number is a ValueError."""
    # the address is shown in messages, and urlsplit ignores line ends
    known = parts.port != 0 and url.isascii() and url.isprintable() and " " not in url
    return known and is_host(parts.hostname or "")


def is_host(name: str) -> bool:
    """Return whether this can be the name of a host in DNS or its IP address; Python's `ssl` takes no other."""
    parts = name.removesuffix(".").split(".")
    return name.isascii() and name.isprintable() and all(0 < len(part) <= _LABEL for part in parts)


def check_proxy(url: str, called: str) -> None:
    """Check that this can be the address of a proxy.

    Args:
        url: the address; it may hold a user name and a password, so it is not shown.
        called: where it was found, for the error.

    Raises:
        Refused: it cannot.
    """
    try:
        parts = urlsplit(url)
        if parts.scheme not in _PROXIES:
            raise Refused(f"{called} must start with http://, https:// or socks5://")
        known = _is_address(parts, url)
    except ValueError:
        known = False
    if not known:
        raise Refused(f"{called} is no address; write it as http://HOST:PORT or socks5://HOST:PORT")


def _proxies(env: Mapping[str, str]) -> dict[str, Any]:
    """Return what the environment says about proxies, in capitals or not.

    golang.org/x/net/http/httpproxy: FromEnvironment.
    """
    names = ("http_proxy", "https_proxy", "no_proxy")
    return {name: env.get(name.upper()) or env.get(name) or None for name in names}


def _verify(value: str | None) -> bool | None:
    if value is None:
        return None
    if value.lower() in _OFF + _ON:
        return value.lower() in _ON
    raise Refused(f"KUBERNETES_VERIFY_SSL: '{one_line(value, 40)}' is neither true nor false")
