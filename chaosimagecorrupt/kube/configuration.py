"""How to reach the API server, from `secrets`, the environment, a kubeconfig or a pod's service account."""

import base64
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from logzero import logger

from ..errors import Refused, one_line
from .impersonation import impersonation_headers
from .kubeconfig import identity_of, kubeconfig_paths, read_kubeconfig
from .proxies import Proxy, basic, environment_proxy, proxy_at
from .settings import Settings, check_address
from .timing import CLIENT_TIMING, ClientTiming
from .tokens import PluginToken, TokenFile

__all__ = ["Configuration", "Loaded", "configuration_of", "kubeconfig_of", "load"]


def _nobody() -> str | None:
    return None


@dataclass(frozen=True, repr=False)
class Configuration:
    """How to reach an API server; certificates are in memory.

    Attributes:
        host: its address.
        verify: whether its certificate is checked.
        server_name: the name in its certificate; None for the name in the address.
        authorities: certificates in PEM that it is checked by; None for those of the system.
        certificate: the client's, in PEM; None when it has none.
        key: its key, in PEM; None when that follows the certificate.
        authorization: returns the value of the header `authorization` as it is now; None for no header.
        impersonation: headers that say for whom is asked, as pairs of name and value.
        proxy: through which it is reached; None when it is reached directly.
    """

    host: str
    verify: bool = True
    server_name: str | None = None
    authorities: bytes | None = None
    certificate: bytes | None = None
    key: bytes | None = None
    authorization: Callable[[], str | None] = _nobody
    impersonation: Sequence[tuple[str, str]] = ()
    proxy: Proxy | None = None

    def __repr__(self) -> str:
        return f"Configuration(host={self.host!r})"


class Loaded(NamedTuple):
    """How to reach a cluster.

    Attributes:
        configuration: how to reach its API server.
        renew: returns a configuration with new credentials; None when there are no others.
        context: the kubeconfig's context; None without a kubeconfig.
    """

    configuration: Configuration
    renew: Callable[[], Configuration] | None = None
    context: str | None = None


def configuration_of(settings: Settings) -> Configuration:
    """Return how to reach the API server, as `load` does."""
    return load(settings).configuration


def kubeconfig_of(settings: Settings) -> Mapping[str, Any] | None:
    """Return the context of a kubeconfig that says how to reach the cluster, as `read_kubeconfig` does.

    Args:
        settings: from `secrets` and the environment.

    Returns:
        None when no kubeconfig does.

    Raises:
        Refused: it is missing or broken.
        OSError: a file cannot be read.
    """
    paths = kubeconfig_paths(settings)
    if settings.host:
        return None
    if any(p.exists() for p in paths):
        return read_kubeconfig(paths, settings.context)
    if settings.kubeconfig:
        raise Refused(f"KUBECONFIG names {one_line(settings.kubeconfig)}, which does not exist")
    return None


def load(
    settings: Settings, timing: ClientTiming = CLIENT_TIMING, kubeconfig: Mapping[str, Any] | None = None
) -> Loaded:
    """Read how to reach the cluster.

    Args:
        settings: from `secrets` and the environment.
        timing: how often a token file is read.
        kubeconfig: from `kubeconfig_of`; None to read it.

    Raises:
        Refused: no cluster is configured, or the configuration is missing or broken.
    """
    files = settings.kubeconfig or "~/.kube/config"
    try:
        loaded = _load(settings, timing, kubeconfig or kubeconfig_of(settings))
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as x:
        raise Refused(
            f"the configuration of the cluster ({one_line(files)}) cannot be used: {one_line(x) or type(x)}"
        ) from x
    configuration = loaded.configuration
    if settings.verify is not None:
        configuration = replace(configuration, verify=settings.verify)
    if configuration.proxy is None:
        configuration = replace(configuration, proxy=environment_proxy(configuration.host, settings))
    _check_impersonation(configuration, loaded.context)
    if not configuration.verify:
        logger.warning(f"TLS: the certificate of {configuration.host} is not verified, as configured")
    return loaded._replace(configuration=configuration)


def _load(settings: Settings, timing: ClientTiming, kubeconfig: Mapping[str, Any] | None) -> Loaded:
    if kubeconfig is not None:
        return _of_kubeconfig(settings, kubeconfig, timing)
    host = settings.host or settings.fallback_host
    return Loaded(_explicit(settings, host) if host else _in_cluster())


def _of_kubeconfig(settings: Settings, kubeconfig: Mapping[str, Any], timing: ClientTiming) -> Loaded:
    if settings.fallback_host:
        files = settings.kubeconfig or "~/.kube/config"
        logger.warning(f"KUBERNETES_HOST of the environment is not used, {files} is; name the host in `secrets`")
    # for new credentials files are read, and the plugin runs, again
    renew = partial(_from_kubeconfig, identity_of(kubeconfig), timing)
    return Loaded(_from_kubeconfig(kubeconfig, timing), renew, kubeconfig["current-context"])


def _in_cluster() -> Configuration:
    from .in_cluster import service_account

    account = service_account()
    if account is None:
        raise Refused(
            "no cluster is configured: there is no ~/.kube/config, KUBECONFIG and KUBERNETES_HOST are not set, and "
            "this is not a pod with a service account"
        )
    return Configuration(account.host, authorities=account.authorities, authorization=account.authorization)


def _from_kubeconfig(kubeconfig: Mapping[str, Any], timing: ClientTiming) -> Configuration:
    [cluster], [user] = (kubeconfig["clusters"], kubeconfig["users"])
    there, known = cluster["cluster"], user["user"]
    configuration = Configuration(
        there["server"].rstrip("/"),
        verify=not there.get("insecure-skip-tls-verify"),
        server_name=there.get("tls-server-name"),
        authorities=_pem(there, "certificate-authority"),
        certificate=_pem(known, "client-certificate"),
        key=_pem(known, "client-key"),
        impersonation=impersonation_headers(known, f"user '{one_line(user['name'], 80)}'"),
        proxy=proxy_at(there["proxy-url"]) if "proxy-url" in there else None,
    )
    if "exec" in known:
        from .exec_plugin import run_plugin  # with subprocess, 2% of a start; most users have no plugin

        return _of_plugin(configuration, partial(run_plugin, known["exec"], there, user["name"]), timing)
    return replace(configuration, authorization=_authorization(known, timing))


def _of_plugin(configuration: Configuration, run: partial[Any], timing: ClientTiming) -> Configuration:
    """Return the configuration with what a credential plugin hands out."""
    credential = run()
    token = PluginToken(run, credential, timing.renewal_pause)
    if credential.certificate is None:
        return replace(configuration, authorization=token)
    certificate, key = credential.certificate.encode(), credential.key.encode()
    return replace(configuration, certificate=certificate, key=key, authorization=token)


def _authorization(user: Mapping[str, Any], timing: ClientTiming) -> Callable[[], str | None]:
    if "tokenFile" in user:
        return TokenFile(user["tokenFile"], timing.token_age)
    if "token" in user:
        return partial(str, f"Bearer {user['token']}")
    if user.keys() & {"username", "password"}:
        return partial(str, basic(user.get("username", ""), user.get("password", "")))
    return _nobody


def _pem(entry: Mapping[str, Any], key: str) -> bytes | None:
    """Return a PEM that a kubeconfig holds or names, None when it does neither."""
    if f"{key}-data" in entry:
        return base64.b64decode(entry[f"{key}-data"])
    return Path(entry[key]).read_bytes() if key in entry else None


def _check_impersonation(configuration: Configuration, context: str | None) -> None:
    names = [name for name, _ in configuration.impersonation]
    if configuration.proxy and configuration.host.startswith("http://") and len(set(names)) < len(names):
        # urllib3 joins them to one, when it hands a request for http:// to a proxy
        raise Refused(
            f"context '{one_line(context, 80)}': several groups cannot be sent to {configuration.host} through a "
            "proxy; use https://"
        )


def _explicit(settings: Settings, host: str) -> Configuration:
    """Return what the KUBERNETES_* keys say, and nothing else."""
    check_address(host, "KUBERNETES_HOST")
    authorization: Callable[[], str | None] = _nobody
    if settings.token:
        authorization = partial(str, f"{settings.token_prefix} {settings.token}")
    elif settings.username:
        authorization = partial(str, basic(settings.username, settings.password or ""))
    files = {"CERT": settings.cert_file, "KEY": settings.key_file, "CA_CERT": settings.ca_file}
    for key, path in files.items():
        if path is not None and not Path(path).is_file():
            raise Refused(f"KUBERNETES_{key}_FILE: there is no file {one_line(path)}")
    certificate, key_pem, authorities = (None if path is None else Path(path).read_bytes() for path in files.values())
    return Configuration(
        host, authorities=authorities, certificate=certificate, key=key_pem, authorization=authorization
    )
