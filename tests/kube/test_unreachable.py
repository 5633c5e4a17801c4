"""A connection that does not come about says what to do, once and in one line."""

import base64
import socket
import ssl
from pathlib import Path
from typing import Any

import pytest
import trustme

from chaosimagecorrupt.errors import Unreachable
from chaosimagecorrupt.kube.client import Cluster, Patience
from chaosimagecorrupt.kube.settings import Settings
from chaosimagecorrupt.kube.unreachable import what_to_do

from ..servers import Scripted, answer, hang
from .configured import AUTHORITY, GET, kubeconfig, tls, tls_for_known

pytestmark = pytest.mark.usefixtures("nothing_configured")

SHORT = Patience(connect=0.3, read=0.3, retry_for=0)


def trusting(authority: trustme.CA) -> dict[str, str]:
    return {"certificate-authority-data": base64.b64encode(authority.cert_pem.bytes()).decode()}


def said(folder: Path, server: str, user: Any = None, **cluster: Any) -> str:
    """What is said of a server that cannot be reached."""
    path = kubeconfig(folder / "c", server, user=user, **cluster)
    with pytest.raises(Unreachable) as unreachable:
        Cluster.of(Settings(kubeconfig=str(path))).with_patience(SHORT).send(GET)
    assert str(unreachable.value).isprintable()
    return str(unreachable.value)


@pytest.fixture
def closed_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


def test_another_authority(tmp_path: Path) -> None:
    with Scripted(answer(), tls=tls()) as server:
        text = said(tmp_path, server.url, **trusting(trustme.CA()))
    assert text.endswith("or correct its certificate-authority or certificate-authority-data")


def test_a_certificate_for_another_name(tmp_path: Path) -> None:
    with Scripted(answer(), tls=tls_for_known(AUTHORITY, "api.invalid")) as server:
        text = said(tmp_path, server.url, **trusting(AUTHORITY))
        other = said(tmp_path, server.url, **trusting(AUTHORITY), **{"tls-server-name": "other.invalid"})
    assert text.endswith("its certificate is for another name, which tls-server-name can state")
    assert other.endswith("its certificate is for another name, which tls-server-name can state")


def test_a_server_that_wants_a_client_certificate(tmp_path: Path) -> None:
    context = tls_for_known(AUTHORITY)
    context.maximum_version = ssl.TLSVersion.TLSv1_2  # with 1.3 the server may hang up before its reason arrives
    with Scripted(answer(), tls=context) as server:
        # a server that closes the connection at once may take its own alert with it
        texts = (said(tmp_path, server.url, **trusting(AUTHORITY)) for _ in range(10))
        advice = "it does not accept the client certificate: log in again, or get a new kubeconfig"
        assert any(text.endswith(advice) for text in texts)


def test_a_refused_connection(tmp_path: Path, closed_port: int) -> None:
    assert said(tmp_path, f"https://127.0.0.1:{closed_port}").endswith(
        "does it run, and are address and port right? `kubectl cluster-info` shows what kubectl uses"
    )


def test_a_name_that_is_not_resolved(tmp_path: Path) -> None:
    assert said(tmp_path, "https://api.invalid").endswith("is its name right, and is the VPN or DNS that knows it on?")


def test_a_server_that_does_not_answer(tmp_path: Path) -> None:
    with Scripted(hang) as server:
        assert said(tmp_path, server.url).endswith("nothing answers at this address")


def test_a_server_without_tls(tmp_path: Path) -> None:
    with Scripted(answer()) as server:
        assert said(tmp_path, server.url.replace("http:", "https:")).endswith("http:// instead of https://")


@pytest.mark.parametrize("scheme", ["http", "socks5"])
def test_a_proxy_that_is_not_there(scheme: str, tmp_path: Path, closed_port: int) -> None:
    asked = {"proxy-url": f"{scheme}://127.0.0.1:{closed_port}"}
    assert "check the proxy: proxy-url in the kubeconfig, or HTTPS_PROXY" in said(
        tmp_path, "https://c.invalid", **asked
    )


@pytest.mark.parametrize(
    ("reason", "advice"),
    [
        (
            "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: certificate has expired",
            "set this machine's clock",
        ),
        ("[SSL: TLSV13_ALERT_CERTIFICATE_REQUIRED] tlsv13 alert certificate required", "get a new kubeconfig"),
        ("NewConnectionError: [Errno 113] No route to host", "nothing answers at this address"),
        ("ProtocolError: Connection aborted.", "try again; if it stays so, compare with `kubectl get --raw /readyz`"),
    ],
)
def test_each_reason_has_its_advice(reason: str, advice: str) -> None:
    assert what_to_do(reason).endswith(advice)
