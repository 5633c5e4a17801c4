"""The pool of connections: certificates need no file."""

import gc
import os
import queue
from pathlib import Path

import pytest
import trustme

from chaosimagecorrupt.errors import Refused
from chaosimagecorrupt.kube.client import Cluster
from chaosimagecorrupt.kube.configuration import Configuration
from chaosimagecorrupt.kube.informer import Informer
from chaosimagecorrupt.kube.pool import pool_of
from chaosimagecorrupt.kube.requests import list_request
from chaosimagecorrupt.kube.resources import PODS

from ..interrupting import another_thread_can, interrupted_at_each_step
from ..servers import Scripted, answer
from .configured import AUTHORITY, tls_for_known

MINE = AUTHORITY.issue_cert("me.invalid")
PEM, KEY = MINE.cert_chain_pems[0].bytes(), MINE.private_key_pem.bytes()


@pytest.fixture(params=["memory", "nameless file"])
def place(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a certificate is while `ssl` reads it: only Linux has files in memory."""
    if request.param == "memory" and not hasattr(os, "memfd_create"):
        pytest.skip("this system has no files in memory")
    if request.param != "memory":
        monkeypatch.delattr(os, "memfd_create", raising=False)


@pytest.mark.usefixtures("place")
@pytest.mark.parametrize(
    ("certificate", "key"), [(PEM, KEY), (PEM + KEY, None), (KEY + PEM, None)], ids=["two", "one", "key first"]
)
@pytest.mark.parametrize("comment", ["", "# Zertifikat für die Prüfung\n"], ids=["plain", "commented"])
def test_certificates_are_used_without_a_file(
    certificate: bytes, key: bytes | None, comment: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    authorities = comment.encode() + AUTHORITY.cert_pem.bytes()
    with Scripted(answer(), tls=tls_for_known(AUTHORITY)) as server:
        pool = pool_of(Configuration(server.url, authorities=authorities, certificate=certificate, key=key))
        assert pool.request("GET", server.url).status == 200
        pool.clear()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("place")
@pytest.mark.parametrize(
    "broken",
    [
        {"authorities": b"-----BEGIN nothing"},
        {"authorities": b""},
        {"certificate": b"-----BEGIN nothing", "key": KEY},
        {"certificate": PEM, "key": b"nothing"},
        {"certificate": PEM},
        {"certificate": PEM, "key": trustme.CA().issue_cert("other.invalid").private_key_pem.bytes()},
    ],
)
def test_certificates_that_cannot_be_used_are_refused(broken: dict[str, bytes]) -> None:
    with pytest.raises(Refused, match=r"the certificates for https://c.invalid cannot be used: "):
        pool_of(Configuration("https://c.invalid", **broken))  # type: ignore[arg-type]


def test_an_address_without_tls_needs_no_certificates() -> None:
    assert "ssl_context" not in pool_of(Configuration("http://c.invalid", authorities=b"")).connection_pool_kw


# its connection is dropped without a close, which is found here, and not in whichever test comes after it
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_list_that_is_interrupted_anywhere_does_not_keep_others_from_a_connection(cluster: Cluster) -> None:
    request, interrupts = list_request(PODS, "shop", {}), 0
    try:
        for interrupts in interrupted_at_each_step(lambda: Informer(cluster, request, queue.SimpleQueue())):
            assert another_thread_can(lambda: cluster.send(request)), interrupts
    finally:
        gc.collect()
    assert interrupts > 100
