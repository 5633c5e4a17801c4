"""Kubeconfigs, credential plugins and servers with certificates, for tests of how a cluster is reached."""

import base64
import json
import ssl
import traceback
from pathlib import Path
from typing import Any

import trustme
import yaml

from chaosimagecorrupt.kube.client import connect
from chaosimagecorrupt.kube.requests import get_request
from chaosimagecorrupt.kube.resources import DEPLOYMENTS

from ..fixtures_http import NS

GET = get_request(DEPLOYMENTS, NS, "web")


SECRET = "s3cr3t-t0ken"


EXEC = "client.authentication.k8s.io/v1"


PEM = base64.b64encode(b"-----BEGIN CERTIFICATE-----\n").decode()


def kubeconfig(path: Path, server: str, name: str = "one", user: Any = None, **cluster: Any) -> Path:
    """Write a kubeconfig with one context."""
    config = {
        "clusters": [{"name": name, "cluster": {"server": server, **cluster}}],
        "users": [{"name": name, "user": {"token": SECRET} if user is None else user}],
        "contexts": [{"name": name, "context": {"cluster": name, "user": name}}],
        "current-context": name,
    }
    path.write_text(yaml.safe_dump(config))
    return path


def plugin(path: Path, before: str = "", token: str = "t") -> None:
    """Write a credential plugin that hands out a token."""
    credential = {"apiVersion": EXEC, "kind": "ExecCredential", "status": {"token": "TOKEN"}}
    said = json.dumps(credential).replace("TOKEN", f"'\"{token}\"'")
    path.write_text(f"#!/bin/sh\n{before}\necho '{said}'\n")
    path.chmod(0o755)


def address(secrets: dict[str, str] | None = None) -> str:
    return connect(secrets).address


def everything(x: BaseException) -> str:
    """What a log that shows tracebacks shows of an error."""
    return "".join(traceback.format_exception(x))


# TLS and credentials

AUTHORITY = trustme.CA()


def tls() -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    AUTHORITY.issue_cert("127.0.0.1").configure_cert(context)
    return context


def with_certificates(folder: Path, server: str, authority: trustme.CA, *, as_data: bool, **cluster: Any) -> Path:
    """Write a kubeconfig with a client certificate, in it or beside it."""
    mine = authority.issue_cert("me.invalid")
    pems = {
        "certificate-authority": authority.cert_pem.bytes(),
        "client-certificate": mine.cert_chain_pems[0].bytes(),
        "client-key": mine.private_key_pem.bytes(),
    }
    for name, pem in pems.items():
        (folder / name).write_bytes(pem)
    shown = {f"{n}-data": base64.b64encode(p).decode() for n, p in pems.items()} if as_data else {n: n for n in pems}
    user = {k: v for k, v in shown.items() if k.startswith("client")}
    return kubeconfig(folder / "c", server, user=user, **{k: v for k, v in shown.items() if k not in user}, **cluster)


def tls_for_known(authority: trustme.CA, name: str = "127.0.0.1") -> ssl.SSLContext:
    """What a server speaks that wants to see a client's certificate."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert(name).configure_cert(context)
    authority.configure_trust(context)
    context.verify_mode = ssl.CERT_REQUIRED
    return context
