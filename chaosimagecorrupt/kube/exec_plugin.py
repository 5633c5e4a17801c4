"""Runs a user's credential plugin, the `exec` of a kubeconfig, as k8s.io/client-go/plugin/pkg/client/auth/exec does."""

import base64
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from ..errors import Refused, one_line

__all__ = ["Credential", "check_plugin", "run_plugin"]

_GROUP = "client.authentication.k8s.io"
_V1, _V1BETA1 = f"{_GROUP}/v1", f"{_GROUP}/v1beta1"
_MODES = ("Never", "IfAvailable", "Always")
_CLUSTER = ("server", "tls-server-name", "insecure-skip-tls-verify", "proxy-url", "disable-compression")


@dataclass(frozen=True)
class Credential:
    """What a credential plugin hands out: a token, or a client certificate with its key, or both.

    Attributes:
        token: the bearer token; None without one.
        certificate: the client certificate as PEM; None without one.
        key: the certificate's key as PEM.
        expires: when to run the plugin again, in seconds since 1970; None for never.
    """

    token: str | None
    certificate: str | None
    key: str | None
    expires: float | None

    def __repr__(self) -> str:
        return f"Credential(expires={self.expires!r})"


def check_plugin(plugin: Mapping[str, Any], called: str) -> None:
    """Check the `exec` of a user, without its empty fields.

    Args:
        plugin: the value of `exec`.
        called: the file and the entry's name, for errors.

    Raises:
        Refused: a field is missing, or has the wrong type or an unknown value.
    """
    if "command" not in plugin:
        raise Refused(f"{called} names no command")
    _check_version(plugin, called)
    if not _all(plugin.get("args", []), str | None):
        raise Refused(f"{called}: args is not a list of texts; put numbers in quotes")
    if not _all(plugin.get("env", []), Mapping):
        raise Refused(f"{called}: env is not a list of maps with name and value")
    for variable in plugin.get("env", []):
        if not _all([variable.get("name"), variable.get("value")], str | None):
            raise Refused(f"{called}: env: a name or value is not text; put it in quotes")
        if not variable.get("name"):
            raise Refused(f"{called}: env holds a variable without a name")


def _check_version(plugin: Mapping[str, Any], called: str) -> None:
    version, mode = plugin.get("apiVersion"), plugin.get("interactiveMode")
    if version not in (_V1, _V1BETA1):
        found = f"apiVersion {one_line(version, 80)} is not supported" if version else "no apiVersion"
        raise Refused(f"{called}: {found}; use {_V1} or {_V1BETA1} with a plugin that speaks it")
    if mode is None and version == _V1:
        raise Refused(f"{called}: no interactiveMode; set it to IfAvailable, Never or Always")
    if mode is not None and mode not in _MODES:
        raise Refused(f"{called}: interactiveMode must be IfAvailable, Never or Always")


def run_plugin(plugin: Mapping[str, Any], cluster: Mapping[str, Any], user: str) -> Credential:
    """Run a credential plugin and return what it hands out.

    Args:
        plugin: the `exec` of a user, checked.
        cluster: the cluster that the credentials are for; shown to a plugin with `provideClusterInfo`.
        user: the user entry's name, for errors.

    Raises:
        Refused: it is missing, fails, or hands out nothing that can be used. The message names the command, and how to
            install it (`installHint`) if it is missing.
    """
    called = f"the credential plugin '{one_line(plugin['command'], 120)}' of user '{one_line(user, 80)}'"
    output = _output_of(plugin, _info(plugin, cluster, called), called)
    try:
        credential = json.loads(output)
    except (ValueError, RecursionError):
        raise Refused(f"{called} did not write JSON; run it by hand") from None  # its message quotes the output
    if not isinstance(credential, dict) or credential.get("kind") != "ExecCredential":
        raise Refused(f"{called} wrote no ExecCredential; run it by hand")
    if credential.get("apiVersion") != plugin["apiVersion"]:
        raise Refused(
            f"{called} speaks {one_line(credential.get('apiVersion'), 80)}, but the kubeconfig asks for "
            f"{plugin['apiVersion']}; make apiVersion the same"
        )
    return _credential(credential.get("status"), called)


def _output_of(plugin: Mapping[str, Any], info: dict[str, Any], called: str) -> bytes:
    given = {variable["name"]: variable.get("value") or "" for variable in plugin.get("env", [])}
    try:
        ran = _ran(plugin, info, given)
    except FileNotFoundError:
        raise Refused(f"{called} is not installed; {_hint(plugin)}") from None
    except OSError as x:
        raise Refused(f"{called} cannot be run: {x.strerror}; {_hint(plugin)}") from None
    except (ValueError, TypeError, RecursionError):  # such as a character that no program can be given
        raise Refused(f"{called} cannot be run: it cannot be given its arguments or variables; correct them") from None
    if ran.returncode != 0:
        hint = _hint(plugin) if "installHint" in plugin else "run it by hand"
        raise Refused(f"{called} failed with exit code {ran.returncode}{_last_line(ran.stderr or b'', given)}; {hint}")
    return ran.stdout


def _ran(
    plugin: Mapping[str, Any], info: dict[str, Any], given: Mapping[str, str]
) -> subprocess.CompletedProcess[bytes]:
    interactive = info["spec"]["interactive"]
    return subprocess.run(
        [plugin["command"], *(argument or "" for argument in plugin.get("args", []))],
        env={**os.environ, **given, "KUBERNETES_EXEC_INFO": json.dumps(info)},
        stdin=None if interactive else subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=None if interactive else subprocess.PIPE,
        check=False,
    )


def _hint(plugin: Mapping[str, Any]) -> str:
    hint = " ".join(plugin.get("installHint", "").split())
    return one_line(hint) or "install it, or correct the command in the kubeconfig"


def _last_line(stderr: bytes, given: Mapping[str, str]) -> str:
    """Return the last line that a plugin wrote, without the values that the kubeconfig gave it: they may be secret."""
    lines = stderr.decode(errors="replace").strip().splitlines()
    line = lines[-1] if lines else ""
    for value in (value for value in given.values() if len(value) > 3):
        line = line.replace(value, "***")
    return f" ({one_line(line[-200:])})" if line else ""


def _info(plugin: Mapping[str, Any], cluster: Mapping[str, Any], called: str) -> dict[str, Any]:
    """Return what the plugin reads from the environment: KUBERNETES_EXEC_INFO."""
    terminal = sys.stdin is not None and not sys.stdin.closed and sys.stdin.isatty()
    mode = plugin.get("interactiveMode", "IfAvailable")
    if mode == "Always" and not terminal:
        raise Refused(f"{called} needs a terminal (interactiveMode: Always), and there is none; start this from one")
    spec: dict[str, Any] = {"interactive": terminal and mode != "Never"}
    if plugin.get("provideClusterInfo"):
        spec["cluster"] = _cluster_info(cluster)
    return {"apiVersion": plugin["apiVersion"], "kind": "ExecCredential", "spec": spec}


def _cluster_info(cluster: Mapping[str, Any]) -> dict[str, Any]:
    info = {key: cluster[key] for key in _CLUSTER if key in cluster}
    if "certificate-authority-data" in cluster:
        info["certificate-authority-data"] = cluster["certificate-authority-data"]
    elif "certificate-authority" in cluster:
        pem = Path(cluster["certificate-authority"]).read_bytes()
        info["certificate-authority-data"] = base64.b64encode(pem).decode()
    extensions: Any = cluster.get("extensions")
    for extension in extensions if _all(extensions, Mapping) else ():
        if extension.get("name") == f"{_GROUP}/exec":
            info["config"] = extension.get("extension")
    return info


def _credential(status: object, called: str) -> Credential:
    if not isinstance(status, dict):
        raise Refused(f"{called} wrote no status; run it by hand")
    texts = {key: status.get(key) or None for key in ("token", "clientCertificateData", "clientKeyData")}
    for key, value in texts.items():
        if not isinstance(value, str | None):
            raise Refused(f"{called} wrote a {key} that is not text")
    token, certificate, certificates_key = texts.values()
    if (certificate is None) != (certificates_key is None):
        raise Refused(f"{called} wrote only one of a certificate and its key")
    if token is None and certificate is None:
        raise Refused(f"{called} wrote neither a token nor a certificate; run it by hand")
    return Credential(token, certificate, certificates_key, _epoch(status.get("expirationTimestamp"), called))


def _epoch(timestamp: object, called: str) -> float | None:
    if timestamp is None:
        return None
    try:
        expires = datetime.fromisoformat(timestamp)  # type: ignore[arg-type]  # what is no text is a TypeError
        if expires.tzinfo is not None:
            return expires.timestamp()
    except (TypeError, ValueError, OverflowError):
        pass
    raise Refused(f"{called} wrote an expirationTimestamp that is no time in RFC 3339")


def _all(values: object, kind: Any) -> bool:
    return isinstance(values, list) and all(isinstance(value, kind) for value in values)
