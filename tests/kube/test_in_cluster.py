"""A pod's service account."""

from pathlib import Path

import pytest
from kubernetes.config import incluster_config

from chaosimagecorrupt.errors import Refused
from chaosimagecorrupt.kube.in_cluster import service_account


def test_all_is_known_of_a_service_account(pod: Path) -> None:
    found = service_account()
    assert found is not None
    assert found.host.startswith("https://127.0.0.1:") and found.authorities.startswith(b"-----BEGIN")
    assert found.authorization().lower() == f"bearer {(pod / 'token').read_text()}".lower()


def test_who_is_in_no_pod_has_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(incluster_config, "SERVICE_TOKEN_FILENAME", str(tmp_path / "none"))
    assert service_account() is None


@pytest.mark.parametrize("missing", ["ca.crt", "KUBERNETES_SERVICE_HOST"])
def test_what_is_missing_is_named(missing: str, pod: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if missing == "ca.crt":
        (pod / missing).unlink()
    else:
        monkeypatch.delenv(missing)
        monkeypatch.setattr(incluster_config.InClusterConfigLoader.__init__, "__defaults__", (True, {}))
    with pytest.raises(Refused, match=r"the service account of this pod cannot be used: Service"):
        service_account()
