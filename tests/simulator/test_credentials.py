"""The simulator's own certificates."""

import json
import urllib.error
import urllib.request
from pathlib import Path

from chaosimagecorrupt.simulator.api import User

from ..faulty_simulator import FaultySimulator
from .calls import HttpCalls


def test_a_client_certificate_is_a_user(simulator: FaultySimulator, http_calls: HttpCalls, tmp_path: Path) -> None:
    path = "/apis/authentication.k8s.io/v1/selfsubjectreviews"
    chain, key = simulator.client_certificate(User("jane", ("viewers",)))
    (tmp_path / "both.pem").write_bytes(chain + key)
    http_calls.context.load_cert_chain(tmp_path / "both.pem")
    request = urllib.request.Request(simulator.url + path, b"{}", {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, context=http_calls.context) as answer:
        info = json.load(answer)["status"]["userInfo"]
    assert info == {"username": "jane", "groups": ["viewers", "system:authenticated"]}
