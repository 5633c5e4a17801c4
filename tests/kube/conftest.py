"""Fixtures for the tests of `kube`."""

import base64
import os
from pathlib import Path

import pytest
import yaml
from kubernetes.config import incluster_config

from chaosimagecorrupt.kube import client as connection

from ..faulty_simulator import FaultySimulator


@pytest.fixture
def nothing_configured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither this machine's kubeconfig nor its environment nor an earlier test's connection counts."""
    for key in [k for k in os.environ if k.startswith("KUBE") or k.lower().endswith("_proxy")]:
        monkeypatch.delenv(key)
    connection._clusters.clear()
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)


# The service account's files have fixed places, so the `kubernetes` package's constants are pointed elsewhere.


@pytest.fixture
def pod(tmp_path: Path, simulator: FaultySimulator, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The service account's folder of a pod of the simulated cluster."""
    config = yaml.safe_load(simulator.kubeconfig.read_text())
    authority = base64.b64decode(config["clusters"][0]["cluster"]["certificate-authority-data"])
    (tmp_path / "ca.crt").write_bytes(authority)
    (tmp_path / "token").write_text(simulator.token)
    monkeypatch.setattr(incluster_config, "SERVICE_TOKEN_FILENAME", str(tmp_path / "token"))
    monkeypatch.setattr(incluster_config, "SERVICE_CERT_FILENAME", str(tmp_path / "ca.crt"))
    monkeypatch.setenv("KUBERNETES_SERVICE_HOST", "127.0.0.1")
    monkeypatch.setenv("KUBERNETES_SERVICE_PORT", simulator.url.rpartition(":")[2])
    return tmp_path
