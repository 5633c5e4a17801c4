"""Reads kubeconfigs as kubectl does.

The `kubernetes` package reads them too, but it takes the current context of the last file, treats a user that is
missing as anonymous, its errors quote whole entries with their secrets, and it takes a third of a second to import.
"""

import os
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ..errors import Refused, one_line
from .kubeconfig_entry import checked_cluster, checked_context, checked_user
from .settings import Settings

__all__ = ["context_names", "identity_of", "kubeconfig_paths", "read_kubeconfig"]

_Files = Mapping[Path, Mapping[str, Any]]


def kubeconfig_paths(settings: Settings) -> list[Path]:
    """Return the paths of the kubeconfig: those in KUBECONFIG, else `~/.kube/config`; the files may be missing."""
    files = settings.kubeconfig or "~/.kube/config"
    return [Path(os.path.expanduser(p)) for p in files.split(os.pathsep) if p]  # noqa: PTH111 - leaves ~nobody as it is


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
    name = context or next((f["current-context"] for f in files.values() if f.get("current-context")), None)
    if name is None:
        raise Refused(
            f"{_describe(files)}: no current-context; name one as KUBERNETES_CONTEXT or by --context; "
            f"{_there(files, 'context')}"
        )
    value, called, _ = _entry(files, "context", name)
    chosen = checked_context(value, called)
    only = {
        "context": chosen,
        "cluster": checked_cluster(*_entry(files, "cluster", chosen["cluster"])),
        "user": checked_user(*_entry(files, "user", chosen["user"])) if "user" in chosen else {},
    }
    return {
        "current-context": name,
        **{f"{kind}s": [{"name": chosen.get(kind, name), kind: entry}] for kind, entry in only.items()},
    }


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
    # imported here, because a guard need not read YAML: without it, a guard is up a fifth earlier and 4 MB smaller
    import yaml

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
    config = config or {}
    if config.get("kind") not in (None, "", "Config"):
        raise Refused(f"{one_line(path)} holds no kubeconfig, but another kind: {one_line(config['kind'], 80)}")
    if not isinstance(config.get("current-context"), str | None):
        raise Refused(f"{one_line(path)}: current-context is not text; put it in quotes")
    return config


def _entry(files: _Files, kind: str, name: str) -> tuple[object, str, Path]:
    """Return the value of an entry, what to call it in errors, and its file's folder."""
    for path, entry in _entries(files, kind):
        if entry["name"] == name:
            return entry.get(kind), f"{one_line(path)}: {kind} '{one_line(name, 80)}'", path.absolute().parent
    raise Refused(f"{_describe(files)}: no {kind} '{one_line(name, 80)}'; {_there(files, kind)}")


def _entries(files: _Files, kind: str) -> list[tuple[Path, Mapping[str, Any]]]:
    return [(path, entry) for path, config in files.items() for entry in _entries_of(path, config, kind)]


def _entries_of(path: Path, config: Mapping[str, Any], kind: str) -> list[Mapping[str, Any]]:
    """Return a file's entries that have a name: the others cannot be chosen."""
    listed = config.get(f"{kind}s")
    if not isinstance(listed, list | None):
        raise Refused(f"{one_line(path)}: {kind}s is not a list")
    if not all(isinstance(entry, Mapping | None) for entry in listed or ()):
        raise Refused(f"{one_line(path)}: {kind}s holds something that is not a map")
    named = [entry for entry in listed or () if entry and entry.get("name") not in (None, "")]
    _check_names([entry["name"] for entry in named], f"{one_line(path)}: {kind}s")
    return named


def _check_names(names: Sequence[object], called: str) -> None:
    if not all(isinstance(name, str) for name in names):
        raise Refused(f"{called} holds a name that is not text; put it in quotes")
    twice = next((name for name, count in Counter(names).items() if count > 1), None)
    if twice is not None:
        raise Refused(f"{called} holds '{one_line(twice, 80)}' several times")


def _describe(files: _Files) -> str:
    return one_line(os.pathsep.join(map(str, files)))


def _there(files: _Files, kind: str) -> str:
    names = [f"'{entry['name']}'" for _, entry in _entries(files, kind)]
    return f"there is {one_line(', '.join(names)) or 'none'}"
