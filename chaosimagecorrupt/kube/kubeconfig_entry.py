"""Checks the clusters and users of a kubeconfig, as k8s.io/client-go/tools/clientcmd does (validation.go)."""

import base64
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ..errors import Refused, one_line
from .impersonation import impersonation_headers
from .settings import check_address, check_proxy, is_host

__all__ = ["checked_cluster", "checked_context", "checked_user"]

_PEMS = ("certificate-authority-data", "client-certificate-data", "client-key-data")
_FILES = ("certificate-authority", "client-certificate", "client-key", "tokenFile")
_CREDENTIALS = ("token", "username", "password", "as", "as-uid")
_CLUSTER = ("server", "tls-server-name", "proxy-url")
_CONTEXT = ("cluster", "user", "namespace")
_PLUGIN = ("command", "apiVersion", "installHint", "interactiveMode")
_TEXTS = (*_PEMS, *_FILES, *_CREDENTIALS, *_CLUSTER, *_CONTEXT, *_PLUGIN)
_SWITCHES = ("insecure-skip-tls-verify", "provideClusterInfo")
_INSECURE = "insecure-skip-tls-verify"

# credentials that a user has already, so that no plugin is asked for others
_BEFORE_PLUGIN = {"token", "tokenFile", "username", "password", "client-certificate", "client-certificate-data"}
# kubectl has no auth-provider but oidc any longer, and the `kubernetes` package reads only some, in its own way
_INSTEAD_OF_PROVIDER = {
    "gcp": "gke-gcloud-auth-plugin: `gcloud container clusters get-credentials` writes it",
    "azure": "kubelogin: `kubelogin convert-kubeconfig` writes it",
    "oidc": "`kubectl oidc-login` (int128/kubelogin)",
}


def checked_context(entry: object, called: str) -> dict[str, Any]:
    """Return a context without its empty fields.

    Args:
        entry: the value of the entry's `context`.
        called: the file and the entry's name, for errors.

    Raises:
        Refused: it names no cluster, or a field has the wrong type.
    """
    context = _filled(entry, called)
    if "cluster" not in context:
        raise Refused(f"{called} names no cluster")
    return context


def checked_cluster(entry: object, called: str, folder: Path) -> dict[str, Any]:
    """Return a cluster without its empty fields and with absolute paths.

    Args:
        entry: the value of the entry's `cluster`.
        called: the file and the entry's name, for errors.
        folder: the file's folder, which paths are relative to.

    Raises:
        Refused: it names no server, fields contradict each other, or one has the wrong type or format or names a file
            that is missing.
    """
    cluster = _filled(entry, called)
    if "server" not in cluster:
        raise Refused(f"{called} names no server")
    check_address(cluster["server"], f"{called}: server")
    if "proxy-url" in cluster:
        check_proxy(cluster["proxy-url"], f"{called}: proxy-url")
    if not is_host(cluster.get("tls-server-name", "none")):
        raise Refused(f"{called}: tls-server-name is no host name")
    _one_of(cluster, "certificate-authority", called)
    authority = {"certificate-authority", "certificate-authority-data"} & cluster.keys()
    if cluster.get(_INSECURE) and authority:
        raise Refused(f"{called}: {_INSECURE} together with {authority.pop()}; remove one of them")
    address = urlsplit(cluster["server"])._replace(query="", fragment="").geturl()
    return cluster | {"server": address} | _absolute(cluster, ("certificate-authority",), called, folder)


def checked_user(entry: object, called: str, folder: Path) -> dict[str, Any]:
    """Return a user without its empty fields and with absolute paths; the fields that do not count are left out.

    Args:
        entry: the value of the entry's `user`; nothing in it means a user without credentials.
        called: the file and the entry's name, for errors.
        folder: the file's folder, which paths are relative to.

    Raises:
        Refused: as `checked_cluster`, or credentials are obtained by an `auth-provider`.
    """
    user = _filled(entry, called)
    if "auth-provider" in user:
        raise Refused(f"{called}: auth-provider is not supported; {_instead(user['auth-provider'])}")
    if "token" in user and user.keys() & {"username", "password"}:
        raise Refused(f"{called}: both a token and username or password; remove one of them")
    impersonation_headers(user, called)
    if "exec" in user:
        user["exec"] = _plugin(user["exec"], called, folder)
    user = _with_one_token(_with_certificate(user, called, folder), called, folder)
    return _without(user, "exec") if user.keys() & _BEFORE_PLUGIN else user


def _filled(entry: object, called: str) -> dict[str, Any]:
    """Return what is set of an entry: what is null or empty is not. Only an empty map may mean something."""
    if not isinstance(entry, Mapping | None):
        raise Refused(f"{called} is not a map")
    filled = {key: value for key, value in (entry or {}).items() if value is not None and value not in ("", [])}
    if filled.get("as-user-extra") == {}:
        del filled["as-user-extra"]
    _check_types(filled, called)
    return filled


def _check_types(fields: Mapping[str, Any], called: str) -> None:
    for key, value in fields.items():
        if key in _TEXTS and not isinstance(value, str):
            raise Refused(f"{called}: {key} is not text; put it in quotes")
        if key in _SWITCHES and not isinstance(value, bool):
            raise Refused(f"{called}: {key} is neither true nor false")
        if key in _PEMS and not _is_pem(value):
            raise Refused(f"{called}: {key} is not base64 of a PEM")


def _instead(provider: object) -> str:
    name = provider.get("name") if isinstance(provider, Mapping) else None
    plugin = _INSTEAD_OF_PROVIDER.get(name) if isinstance(name, str) else None
    return f"use the exec plugin {plugin}" if plugin else "use an exec plugin, such as gke-gcloud-auth-plugin"


def _with_certificate(user: dict[str, Any], called: str, folder: Path) -> dict[str, Any]:
    if not user.keys() & {"client-certificate", "client-certificate-data"}:
        return _without(user, "client-key", "client-key-data")
    _one_of(user, "client-certificate", called)
    _one_of(user, "client-key", called)
    if not user.keys() & {"client-key", "client-key-data"}:
        raise Refused(f"{called}: a client certificate without its key; set client-key or client-key-data")
    return user | _absolute(user, ("client-certificate", "client-key"), called, folder)


def _with_one_token(user: dict[str, Any], called: str, folder: Path) -> dict[str, Any]:
    """Return the user with either a token or the file of one; a file that can be read counts before a token."""
    if "tokenFile" not in user:
        return user
    path = folder / user["tokenFile"]
    if "token" in user and not path.is_file():
        return _without(user, "tokenFile")
    files = _absolute(user, ("tokenFile",), called, folder)
    if not path.read_bytes().strip():
        raise Refused(f"{called}: tokenFile: {one_line(path)} is empty")
    return _without(user, "token") | files


def _plugin(entry: object, called: str, folder: Path) -> dict[str, Any]:
    """Return a checked `exec`; a command that is a relative path is relative to the kubeconfig."""
    from .exec_plugin import check_plugin  # see `configuration`

    plugin = _filled(entry, f"{called}: exec")
    check_plugin(plugin, f"{called}: exec")
    command = plugin["command"]
    return {**plugin, "command": str(folder / command) if os.sep in command else command}


def _absolute(entry: Mapping[str, Any], keys: Iterable[str], called: str, folder: Path) -> dict[str, str]:
    files = {key: str(folder / entry[key]) for key in keys if key in entry}
    for key, path in files.items():
        if not Path(path).is_file():
            raise Refused(f"{called}: {key}: there is no file {one_line(path)}")
    return files


def _one_of(entry: Mapping[str, Any], key: str, called: str) -> None:
    if key in entry and f"{key}-data" in entry:
        raise Refused(f"{called}: both {key} and {key}-data; remove one of them")


def _without(entry: Mapping[str, Any], *keys: str) -> dict[str, Any]:
    return {key: value for key, value in entry.items() if key not in keys}


def _is_pem(text: str) -> bool:
    try:
        return b"-----BEGIN " in base64.b64decode("".join(text.split()), validate=True)
    except ValueError:
        return False
