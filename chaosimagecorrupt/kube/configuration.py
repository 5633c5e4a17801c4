"""How to reach the API server. The only module that imports the `kubernetes` package.

Of that package it uses what reads kubeconfigs (with their credential plugins), the in-cluster configuration and the TLS
set-up; its typed models are not imported.
"""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import urllib3
from kubernetes import config
from kubernetes.client import Configuration, rest
from kubernetes.config import ConfigException, incluster_config
from logzero import logger

from ..errors import Refused, one_line
from .certificates import keep_in_memory
from .credentials import TokenFile
from .kubeconfig import identity_of, kubeconfig_paths, read_kubeconfig
from .settings import Settings, check_address
from .timing import DEFAULT_TIMING, Timing

__all__ = ["configuration_of", "load", "pool_of"]


def pool_of(configuration: Any) -> urllib3.PoolManager:
    """Return the pool of connections; it has read all files that it needs.

    Args:
        configuration: from `load`.

    Raises:
        Refused: the certificates cannot be used.
    """
    pool: urllib3.PoolManager = rest.RESTClientObject(configuration).pool_manager
    try:
        keep_in_memory(pool)
    except OSError as x:
        raise Refused(f"the certificates for {configuration.host} cannot be used: {one_line(x)}") from x
    return pool


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


def load(settings: Settings, timing: Timing = DEFAULT_TIMING) -> Loaded:
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
    package have a metaclass that does so. `type.__call__` makes a new object, as without that metaclass.
    """
    return type.__call__(Configuration)


def _from_files(loaded: Any, settings: Settings, paths: Sequence[Path], timing: Timing) -> dict[str, Any]:
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


def _identity(kubeconfig: dict[str, Any], timing: Timing) -> Any:
    """Return a configuration with the credentials as they are now: files are read, and the plugin runs, again."""
    identity = _new_configuration()
    _from_kubeconfig(identity, identity_of(kubeconfig), timing)
    return identity


def _from_kubeconfig(loaded: Any, kubeconfig: dict[str, Any], timing: Timing) -> None:
    config.load_kube_config_from_dict(kubeconfig, client_configuration=loaded, persist_config=False)
    user = kubeconfig["users"][0]
    if "tokenFile" in user["user"]:
        loaded.refresh_api_key_hook = TokenFile(user["user"]["tokenFile"], timing.token_age)
    if "exec" in user["user"] and not (loaded.api_key or loaded.cert_file):
        name = one_line(user["name"], 80)  # the `kubernetes` package has logged the reason
        raise Refused(f"the credential plugin of user '{name}' gave no credentials; run it by hand")


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
