"""Reads kubeconfigs as kubectl does.

The `kubernetes` package reads them too, but it takes the current context of the last file, treats a user that is
missing as anonymous, and its errors quote whole entries with their secrets.
"""

import base64
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from ..errors import Refused, one_line
from .settings import Settings, check_address

__all__ = ["context_names", "identity_of", "kubeconfig_paths", "read_kubeconfig"]

_PEMS = ("certificate-authority-data", "client-certificate-data", "client-key-data")
_FILES = ("certificate-authority", "client-certificate", "client-key", "tokenFile")
_TEXTS = (*_PEMS, *_FILES, "token", "username", "password", "tls-server-name", "proxy-url", "server", "cluster", "user")
_INSECURE = "insecure-skip-tls-verify"

_Files = Mapping[Path, Mapping[str, Any]]


def kubeconfig_paths(settings: Settings) -> list[Path]:
    """Return the paths of the kubeconfig: those in KUBECONFIG, else `~/.kube/config`; the files may be missing."""
    files = settings.kubeconfig or "~/.kube/config"
    return [Path(p).expanduser() for p in files.split(os.pathsep) if p]


def context_names(paths: Sequence[Path]) -> list[str]:
    """Return the names of all contexts; missing files are ignored.

    Raises:
        Refused: a file is broken.
        OSError: a file cannot be read.
    """
    files = {path: _read(path) for path in paths if path.exists()}
    return [str(entry["name"]) for _, entry in _entries(files, "context")]


def read_kubeconfig(paths: Sequence[Path], context: str | None) -> dict[str, Any]:
    """Read one context of a kubeconfig, with its cluster and its user.

    If several files have an entry of the same name, the first file's counts; missing files are ignored
    (k8s.io/client-go/tools/clientcmd: ClientConfigLoadingRules.Load).

    Args:
        paths: the files.
        context: its name; None for the current one.

    Returns:
        A kubeconfig of this context alone, in which paths are absolute.

    Raises:
        Refused: something is missing or broken. No value is shown that may be secret.
        OSError: a file cannot be read.
    """
    files = {path: _read(path) for path in paths if path.exists()}
    name = context or next((str(f["current-context"]) for f in files.values() if f.get("current-context")), None)
    if name is None:
        raise Refused(
            f"{_describe(files)}: no current-context; name one as KUBERNETES_CONTEXT or by --context; "
            f"{_there(files, 'context')}"
        )
    chosen = _entry(files, "context", name)
    if not chosen.get("cluster"):
        raise Refused(f"{_describe(files)}: context '{one_line(name, 80)}' names no cluster")
    cluster = _entry(files, "cluster", chosen["cluster"])
    user = _entry(files, "user", chosen["user"]) if chosen.get("user") else {}
    _check_server(cluster, f"{_describe(files)}: cluster '{one_line(chosen['cluster'], 80)}'")
    only = {"context": chosen, "cluster": cluster, "user": user}
    return {
        "current-context": name,
        **{f"{kind}s": [{"name": chosen.get(kind, name), kind: entry}] for kind, entry in only.items()},
    }


def _check_server(cluster: Mapping[str, Any], called: str) -> None:
    if not cluster.get("server"):
        raise Refused(f"{called} names no server")
    check_address(cluster["server"], f"{called}: server")


def identity_of(kubeconfig: Mapping[str, Any]) -> dict[str, Any]:
    """Return the part of a kubeconfig that new credentials are read from, so that other files may be gone by then.

    Args:
        kubeconfig: from `read_kubeconfig`.

    Returns:
        The same without certificates that never change. The cluster's certificate authority stays for a credential
        plugin that asks for it (`provideClusterInfo`).
    """
    [cluster], [user] = kubeconfig["clusters"], kubeconfig["users"]
    needed = user["user"].get("exec", {}).get("provideClusterInfo")
    authority = () if needed else ("certificate-authority", "certificate-authority-data")
    return {
        **kubeconfig,
        "clusters": [{**cluster, "cluster": _without(cluster["cluster"], *authority)}],
        "users": [{**user, "user": _without(user["user"], "client-certificate-data", "client-key-data")}],
    }


def _without(entry: Mapping[str, Any], *keys: str) -> dict[str, Any]:
    return {key: value for key, value in entry.items() if key not in keys}


def _read(path: Path) -> Mapping[str, Any]:
    try:
        config = yaml.safe_load(path.read_bytes())
    except yaml.YAMLError as x:
        mark = getattr(x, "problem_mark", None)
        line = f", see line {mark.line + 1}" if mark is not None else ""
        raise Refused(f"{one_line(path)} is not YAML{line}") from None  # its message quotes the file
    except (
        ValueError,
        RecursionError,
    ):  # ValueError: such as the date 2026-02-30; RecursionError: lists within lists within lists
        raise Refused(f"{one_line(path)} holds YAML that cannot be read") from None
    if not isinstance(config, Mapping) and config is not None:
        raise Refused(f"{one_line(path)} holds no kubeconfig, but a {type(config).__name__}")
    return config or {}


def _entry(files: _Files, kind: str, name: str) -> dict[str, Any]:
    for path, entry in _entries(files, kind):
        if entry["name"] == name:
            return _checked(entry.get(kind), f"{one_line(path)}: {kind} '{one_line(name, 80)}'", path.absolute().parent)
    raise Refused(f"{_describe(files)}: no {kind} '{one_line(name, 80)}'; {_there(files, kind)}")


def _entries(files: _Files, kind: str) -> list[tuple[Path, Mapping[str, Any]]]:
    found = []
    for path, config in files.items():
        listed = config.get(f"{kind}s") or []
        if not isinstance(listed, list):
            raise Refused(f"{one_line(path)}: {kind}s is not a list")
        for entry in listed:
            if not isinstance(entry, Mapping) or not isinstance(entry.get("name"), str):
                raise Refused(f"{one_line(path)}: {kind}s holds something that has no name")
            found.append((path, entry))
    return found


def _checked(entry: object, called: str, folder: Path) -> dict[str, Any]:
    """Return an entry without null values and with absolute paths.

    Raises:
        Refused: a value has the wrong type or format, or names a file that is missing.
    """
    if not isinstance(entry, Mapping):
        raise Refused(f"{called} is empty or not a map")
    checked = {key: value for key, value in entry.items() if value is not None}
    _check_values(checked, called)
    return {**checked, **_absolute_files(checked, called, folder), **_plugin(checked, called, folder)}


def _check_values(entry: Mapping[str, Any], called: str) -> None:
    for key in set(_TEXTS) & entry.keys():
        if not isinstance(entry[key], str):
            raise Refused(f"{called}: {key} is not text; put it in quotes")
    if not isinstance(entry.get(_INSECURE, False), bool):
        raise Refused(f"{called}: {_INSECURE} is neither true nor false")
    for key in _PEMS:
        if key in entry and not _is_pem(entry[key]):
            raise Refused(f"{called}: {key} is not base64 of a PEM")


def _absolute_files(entry: Mapping[str, Any], called: str, folder: Path) -> dict[str, str]:
    files = {key: str(folder / entry[key]) for key in _FILES if key in entry}
    for key, path in files.items():
        if not Path(path).is_file():
            raise Refused(f"{called}: {key}: there is no file {one_line(path)}")
    return files


def _plugin(entry: Mapping[str, Any], called: str, folder: Path) -> dict[str, Any]:
    if "exec" not in entry:
        return {}
    plugin = entry["exec"]
    command = plugin.get("command") if isinstance(plugin, Mapping) else None
    if not isinstance(command, str):
        raise Refused(f"{called}: exec names no command")
    return {"exec": {**plugin, "command": str(folder / command) if os.sep in command else command}}


def _is_pem(text: str) -> bool:
    try:
        return b"-----BEGIN " in base64.b64decode("".join(text.split()), validate=True)
    except ValueError:
        return False


def _describe(files: _Files) -> str:
    return one_line(os.pathsep.join(map(str, files)))


def _there(files: _Files, kind: str) -> str:
    names = [f"'{entry['name']}'" for _, entry in _entries(files, kind)]
    return f"there is {one_line(', '.join(names)) or 'none'}"
