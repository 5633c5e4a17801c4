"""Certificates are checked, presented, and kept in memory."""

import shutil
import tempfile
import time
from pathlib import Path
from typing import Any

import pytest
import trustme

from chaosimagecorrupt.errors import ClusterError, Refused, Unreachable
from chaosimagecorrupt.kube.client import connect

from ..servers import Scripted, answer, status
from .configured import AUTHORITY, GET, SECRET, tls, tls_for_known, with_certificates

pytestmark = pytest.mark.usefixtures("nothing_configured")


def test_a_server_with_an_unknown_certificate_is_refused_at_once() -> None:
    with Scripted(answer(), tls=tls()) as server:
        started = time.monotonic()
        with pytest.raises(Unreachable, match=f"{server.url} is not reachable: .*certificate verify failed"):
            connect({"KUBERNETES_HOST": server.url, "KUBERNETES_API_KEY": SECRET}).send(GET)
        assert time.monotonic() - started < 10 and server.requests == []  # it would be repeated for 15


def test_a_server_of_the_named_authority_is_trusted(tmp_path: Path) -> None:
    AUTHORITY.cert_pem.write_to_path(tmp_path / "ca")
    with Scripted(answer(), tls=tls()) as server:
        assert connect({"KUBERNETES_HOST": server.url, "KUBERNETES_CA_CERT_FILE": str(tmp_path / "ca")}).send(GET) == {}


@pytest.mark.parametrize("as_data", [True, False])
def test_a_client_certificate_reaches_the_server(
    as_data: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Scripted(answer(), tls=tls_for_known(AUTHORITY)) as server:
        monkeypatch.setenv("KUBECONFIG", str(with_certificates(tmp_path, server.url, AUTHORITY, as_data=as_data)))
        assert connect().send(GET) == {}


@pytest.mark.parametrize("as_data", [True, False])
def test_connections_are_made_when_all_files_are_gone(
    as_data: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority, folder = trustme.CA(), tmp_path / "folder"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    with Scripted(answer(), tls=tls_for_known(authority)) as server:
        monkeypatch.setenv("KUBECONFIG", str(with_certificates(folder, server.url, authority, as_data=as_data)))
        cluster = connect()
        shutil.rmtree(folder)
        assert cluster.send(GET) == {}


def test_a_certificate_without_its_key_is_one_clear_refusal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KUBECONFIG", str(with_certificates(tmp_path, "https://c.invalid", AUTHORITY, as_data=False)))
    AUTHORITY.issue_cert("other.invalid").private_key_pem.write_to_path(tmp_path / "client-key")
    with pytest.raises(Refused, match=r"the certificates for https://c.invalid cannot be used: .*mismatch"):
        connect()


def test_a_client_certificate_that_is_refused_is_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[str] = []

    def show(handler: Any) -> None:
        shown.append(str(handler.connection.getpeercert()["subjectAltName"][0][1]))
        status(401, "Unauthorized")(handler)

    with Scripted(show, show, tls=tls_for_known(AUTHORITY)) as server:
        monkeypatch.setenv("KUBECONFIG", str(with_certificates(tmp_path, server.url, AUTHORITY, as_data=False)))
        cluster = connect()
        other = AUTHORITY.issue_cert("renewed.invalid")
        other.cert_chain_pems[0].write_to_path(tmp_path / "client-certificate")
        other.private_key_pem.write_to_path(tmp_path / "client-key")
        with pytest.raises(ClusterError, match="401"):
            cluster.send(GET)
    assert shown == ["me.invalid", "renewed.invalid"]
