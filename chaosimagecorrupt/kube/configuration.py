"""How the API server is reached: the only importer of `kubernetes`.

Of that package the reading of kubeconfigs (with their credential plugins), the in-cluster configuration and the TLS
set-up are used; its typed models are not imported.
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import urllib3
from kubernetes import config
from kubernetes.client import Configuration, rest
from kubernetes.config import ConfigException
from logzero import logger

from ..errors import Refused, one_line
from .certificates import keep_in_memory
from .credentials import TokenFile
from .kubeconfig import identity_of, kubeconfig_paths, read_kubeconfig
from .settings import Settings, check_address
from .timing import DEFAULT_TIMING, Timing

__all__ = ["configuration_of", "load", "pool_of"]

_TOKEN = Path("/var/run/secrets/kubernetes.io/serviceaccount/token")


def pool_of(configuration: Any) -> urllib3.PoolManager:
    """Return what makes the connections; it needs no file any longer.

    Args:
        configuration: from `load`.

    Raises:
        Refused: when the certificates cannot be used.
    """
    pool: urllib3.PoolManager = rest.RESTClientObject(configuration).pool_manager
    try:
        keep_in_memory(pool)
    except OSError as x:
        raise Refused(f"the certificates for {configuration.host} cannot be used: {one_line(x)}") from x
    return pool


def configuration_of(settings: Settings) -> Any:
    """Load the configuration of the `kubernetes` package, as `load` does."""
    return load(settings)[0]


def load(settings: Settings, timing: Timing = DEFAULT_TIMING) -> tuple[Any, Callable[[], Any] | None]:
    """Load the configuration of the `kubernetes` package.

    Args:
        settings: what was found in `secrets` and the environment.
        timing: how often a token file is read.

    Returns:
        The configuration, and what returns one with new credentials; None where there are no others.

    Raises:
        Refused: when no cluster is configured, or the configuration is missing or broken.
    """
    files = settings.kubeconfig or "~/.kube/config"
    paths = kubeconfig_paths(settings)
    loaded, renew = _new_configuration(), None
    try:
        if settings.host:
            _explicit(loaded, settings, settings.host)
        elif any(p.exists() for p in paths):
            if settings.fallback_host:
                logger.warning(
                    f"KUBERNETES_HOST of the environment is not used, {files} is; name the host in `secrets`"
                )
            kubeconfig = read_kubeconfig(paths, settings.context)
            _from_kubeconfig(loaded, kubeconfig, timing)
            renew = partial(_identity, kubeconfig, timing)
        elif settings.kubeconfig:
            raise Refused(f"KUBECONFIG names {one_line(files)}, which does not exist")
        elif settings.fallback_host:
            _explicit(loaded, settings, settings.fallback_host)
        elif _TOKEN.exists():
            config.load_incluster_config(client_configuration=loaded)
        else:
            raise Refused(
                "no cluster is configured: there is no ~/.kube/config, KUBECONFIG and KUBERNETES_HOST are not set, and "
                "this is not a pod with a service account"
            )
    except (ConfigException, OSError, ValueError, LookupError, TypeError, AttributeError) as x:
        raise Refused(
            f"the configuration of the cluster ({one_line(files)}) cannot be used: {one_line(x) or type(x)}"
        ) from x
    if settings.verify is not None:
        loaded.verify_ssl = settings.verify
    if not loaded.verify_ssl:
        logger.warning(f"TLS: the certificate of {loaded.host} is not verified, as configured")
    return loaded, renew


def _new_configuration() -> Any:
    return type.__call__(Configuration)  # not the process's default, which other extensions change


def _identity(kubeconfig: dict[str, Any], timing: Timing) -> Any:
    identity = _new_configuration()
    _from_kubeconfig(identity, identity_of(kubeconfig), timing)
    return identity


def _from_kubeconfig(loaded: Any, kubeconfig: dict[str, Any], timing: Timing) -> None:
    config.load_kube_config_from_dict(kubeconfig, client_configuration=loaded, persist_config=False)
    user = kubeconfig["users"][0]
    if "tokenFile" in user["user"]:
        loaded.refresh_api_key_hook = TokenFile(user["user"]["tokenFile"], timing.token_age)
    if "exec" in user["user"] and not (loaded.api_key or loaded.cert_file):
        name = one_line(user["name"], 80)  # why, the `kubernetes` package has logged
        raise Refused(f"the credential plugin of user '{name}' gave no credentials; run it by hand")


def _explicit(loaded: Any, settings: Settings, host: str) -> None:
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
