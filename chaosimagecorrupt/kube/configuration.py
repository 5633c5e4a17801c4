"""How to reach the API server. The only module that imports the `kubernetes` package.

Of that package it uses what reads kubeconfigs (with their credential plugins), the in-cluster configuration and the TLS
set-up; its typed models are not imported.
"""

import base64
import importlib.util
from collections.abc import Callable, Mapping, Sequence
from copy import copy
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit, urlunsplit

import urllib3
from kubernetes import config
from kubernetes.client import Configuration, rest
from kubernetes.config import ConfigException, incluster_config
from logzero import logger

from ..errors import Refused, one_line
from .certificates import keep_in_memory
from .credentials import PluginToken, TokenFile
from .exec_plugin import Credential, run_plugin
from .impersonation import impersonation_headers
from .kubeconfig import identity_of, kubeconfig_paths, read_kubeconfig
from .settings import Settings, check_address
from .timing import CLIENT_TIMING, ClientTiming

__all__ = ["configuration_of", "load", "pool_of"]

# what the `kubernetes` package is to read of a user; it does the rest otherwise than kubectl
_READ = ("token", "tokenFile", "client-certificate", "client-certificate-data", "client-key", "client-key-data")
_TOKEN = Path("/var/run/secrets/kubernetes.io/serviceaccount/token")


def pool_of(configuration: Any) -> urllib3.PoolManager:
    """Return the pool of connections; it has read all files that it needs.

    Args:
        configuration: from `load`.

    Raises:
        Refused: the proxy or the certificates cannot be used.
    """
    try:
        pool = _new_pool(configuration)
    except (urllib3.exceptions.HTTPError, ValueError) as x:  # such as a scheme of HTTPS_PROXY that it does not know
        raise Refused(
            f"the proxy for {configuration.host} cannot be used: {type(x).__name__}; correct HTTPS_PROXY"
        ) from None  # its message quotes the address, which may hold a password
    try:
        keep_in_memory(pool)
    except OSError as x:
        raise Refused(f"the certificates for {configuration.host} cannot be used: {one_line(x)}") from x
    return pool


def _new_pool(configuration: Any) -> urllib3.PoolManager:
    """Return the pool that the package makes; through a SOCKS proxy one of the same kind, since not all releases do."""
    socks = urlsplit(configuration.proxy or "").scheme.startswith("socks")
    if not socks or rest.should_bypass_proxies(configuration.host, no_proxy=configuration.no_proxy or ""):
        pool: urllib3.PoolManager = rest.RESTClientObject(configuration).pool_manager
        return pool
    if importlib.util.find_spec("socks") is None:
        raise Refused(
            f"{configuration.host} is reached through a SOCKS proxy (proxy-url or HTTPS_PROXY), which needs PySocks: "
            "pip install 'chaostoolkit-image-corrupt[socks]'"
        )
    from urllib3.contrib.socks import SOCKSProxyManager

    direct = copy(configuration)
    direct.proxy = None
    return SOCKSProxyManager(configuration.proxy, **rest.RESTClientObject(direct).pool_manager.connection_pool_kw)


class Loaded(NamedTuple):
    """How to reach a cluster.

    Attributes:
        configuration: of the `kubernetes` package.
        renew: returns a configuration with new credentials; None when there are no others.
        context: the kubeconfig's context; None without a kubeconfig.
    """

    configuration: Any
    renew: Callable[[], Any] | None = None
    context: str | None = None


def configuration_of(settings: Settings) -> Any:
    """Load the configuration of the `kubernetes` package, as `load` does."""
    return load(settings).configuration


def load(settings: Settings, timing: ClientTiming = CLIENT_TIMING) -> Loaded:
    """Load the configuration of the `kubernetes` package.

    Args:
        settings: from `secrets` and the environment.
        timing: how often a token file is read.

    Raises:
        Refused: no cluster is configured, or the configuration is missing or broken.
    """
    files = settings.kubeconfig or "~/.kube/config"
    paths = kubeconfig_paths(settings)
    loaded, kubeconfig = _new_configuration(), None
    try:
        if settings.host:
            _explicit(loaded, settings, settings.host)
        elif any(p.exists() for p in paths):
            kubeconfig = _from_files(loaded, settings, paths, timing)
        else:
            _without_kubeconfig(loaded, settings)
    except (ConfigException, OSError, ValueError, LookupError, TypeError, AttributeError) as x:
        raise Refused(
            f"the configuration of the cluster ({one_line(files)}) cannot be used: {one_line(x) or type(x)}"
        ) from x
    if settings.verify is not None:
        loaded.verify_ssl = settings.verify
    if not loaded.verify_ssl:
        logger.warning(f"TLS: the certificate of {loaded.host} is not verified, as configured")
    if kubeconfig is None:
        return Loaded(loaded)
    return Loaded(loaded, partial(_identity, kubeconfig, timing), kubeconfig["current-context"])


def _new_configuration() -> Any:
    """Return a configuration with the package's own defaults.

    `Configuration()` may return a copy of the process's default, which other extensions set: some releases of the
    package have a metaclass that does so. `type.__call__` makes a new object, as without that metaclass. The attribute
    `impersonation` is ours: the headers that `impersonation_headers` returns.
    """
    configuration = type.__call__(Configuration)
    configuration.impersonation = ()
    return configuration


def _from_files(loaded: Any, settings: Settings, paths: Sequence[Path], timing: ClientTiming) -> dict[str, Any]:
    """Fill a configuration from a kubeconfig; return the part of it that was used."""
    if settings.fallback_host:
        files = settings.kubeconfig or "~/.kube/config"
        logger.warning(f"KUBERNETES_HOST of the environment is not used, {files} is; name the host in `secrets`")
    kubeconfig = read_kubeconfig(paths, settings.context)
    _from_kubeconfig(loaded, kubeconfig, timing)
    return kubeconfig


def _without_kubeconfig(loaded: Any, settings: Settings) -> None:
    """Fill a configuration from the environment or the pod's service account."""
    if settings.kubeconfig:
        raise Refused(f"KUBECONFIG names {one_line(settings.kubeconfig)}, which does not exist")
    if settings.fallback_host:
        _explicit(loaded, settings, settings.fallback_host)
    elif Path(incluster_config.SERVICE_TOKEN_FILENAME).exists():
        config.load_incluster_config(client_configuration=loaded)
    else:
        raise Refused(
            "no cluster is configured: there is no ~/.kube/config, KUBECONFIG and KUBERNETES_HOST are not set, and "
            "this is not a pod with a service account"
        )


def _identity(kubeconfig: dict[str, Any], timing: ClientTiming) -> Any:
    """Return a configuration with the credentials as they are now: files are read, and the plugin runs, again."""
    identity = _new_configuration()
    _from_kubeconfig(identity, identity_of(kubeconfig), timing)
    return identity


def _from_kubeconfig(loaded: Any, kubeconfig: dict[str, Any], timing: ClientTiming) -> None:
    [cluster], [user] = kubeconfig["clusters"], kubeconfig["users"]
    known = user["user"]
    if "exec" in known:
        run = partial(run_plugin, known["exec"], cluster["cluster"], user["name"])
        credential = run()
        known = {**known, **_fields_of(credential)}
    only = {key: known[key] for key in _READ if key in known}
    config.load_kube_config_from_dict(
        {**kubeconfig, "users": [{**user, "user": only}]}, client_configuration=loaded, persist_config=False
    )
    if "username" in known or "password" in known:
        # the `kubernetes` package needs both
        loaded.api_key["authorization"] = _basic(known.get("username", ""), known.get("password", ""))
    if "tokenFile" in known:
        loaded.refresh_api_key_hook = TokenFile(known["tokenFile"], timing.token_age)
    elif "exec" in known:
        loaded.refresh_api_key_hook = PluginToken(run, credential.expires, timing.renewal_pause)
    _use_proxy(loaded, cluster["cluster"].get("proxy-url"))
    _impersonate(loaded, known, f"user '{one_line(user['name'], 80)}'")


def _fields_of(credential: Credential) -> dict[str, str]:
    """Return what a plugin hands out as the fields of a user."""
    fields = {"token": credential.token}
    for key, pem in (("client-certificate-data", credential.certificate), ("client-key-data", credential.key)):
        fields[key] = base64.b64encode(pem.encode()).decode() if pem else None
    return {key: value for key, value in fields.items() if value}


def _impersonate(loaded: Any, user: Mapping[str, Any], called: str) -> None:
    loaded.impersonation = impersonation_headers(user, called)
    names = [name for name, _ in loaded.impersonation]
    if loaded.proxy and loaded.host.startswith("http://") and len(set(names)) < len(names):
        # urllib3 joins them to one, when it hands a request for http:// to a proxy
        raise Refused(f"{called}: several groups cannot be sent to {loaded.host} through a proxy; use https://")


def _use_proxy(loaded: Any, url: str | None) -> None:
    """Use the kubeconfig's proxy if it has one; some releases of the package do not. NO_PROXY is not about it.

    A SOCKS proxy resolves the names, as for kubectl, and user name and password are sent to a proxy of HTTP.
    """
    if url is None:
        return
    loaded.proxy, loaded.no_proxy = url, ""
    parts = urlsplit(url)
    if parts.scheme == "socks5":
        loaded.proxy = urlunsplit(parts._replace(scheme="socks5h"))
    elif parts.username is not None:
        loaded.proxy_headers = {"proxy-authorization": _basic(unquote(parts.username), unquote(parts.password or ""))}


def _basic(username: str, password: str) -> str:
    """Return the value of a header that logs in by name and password."""
    return f"Basic {base64.b64encode(f'{username}:{password}'.encode()).decode()}"


def _explicit(loaded: Any, settings: Settings, host: str) -> None:
    """Fill a configuration from the KUBERNETES_* keys alone."""
    check_address(host, "KUBERNETES_HOST")
    loaded.host = host
    loaded.username, loaded.password = settings.username, settings.password
    if settings.token:
        loaded.api_key["authorization"] = settings.token
        loaded.api_key_prefix["authorization"] = settings.token_prefix
    loaded.cert_file, loaded.key_file, loaded.ssl_ca_cert = settings.cert_file, settings.key_file, settings.ca_file
    for key, path in (("CERT", settings.cert_file), ("KEY", settings.key_file), ("CA_CERT", settings.ca_file)):
        if path is not None and not Path(path).is_file():
            raise Refused(f"KUBERNETES_{key}_FILE: there is no file {one_line(path)}")
