"""The sweeper's pod, run for real: in-cluster configuration, read-only file system, an arbitrary user id."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from chaosimagecorrupt.actions import corrupt_image
from chaosimagecorrupt.duration import from_rfc3339

from ..fixtures_http import soon
from ..simulated_cluster import environment_of, processes
from .conftest import CORRUPT, IMAGE, Site
from .manifests import DEPLOY, built, kind, needs_kubectl, objects, pod_of
from .pods import Pod, needs_namespaces

pytestmark = needs_namespaces

METHOD = [
    {
        "type": "action",
        "name": "corrupt",
        "provider": {
            "type": "python",
            "module": "chaosimagecorrupt.actions",
            "func": "corrupt_image",
            "arguments": {"name": "web", "ns": "shop", "ttl": "4s"},
        },
        "pauses": {"after": 600},
    }
]

Object = dict[str, Any]


@pytest.fixture
def sweeper() -> Object:
    return sweeper_of(objects((DEPLOY / "base" / "sweeper.yaml").read_text()))


def sweeper_of(found: list[Object]) -> Object:
    (cron_job,) = kind(found, "CronJob")
    pod = pod_of(cron_job)
    assert pod is not None
    return pod


class Swept(NamedTuple):
    """The exit code of the sweeper's pod, and its log."""

    code: int
    log: str


def swept(pod: Object, site: Site, folder: Path, name: str = "sweeper") -> Swept:
    """Run the sweeper once, as the CronJob would."""
    with Pod(pod, site.host(folder), name) as running:
        return Swept(running.wait(), running.log)


def corrupt(site: Site, monkeypatch: pytest.MonkeyPatch, ttl: str = "0.1s") -> None:
    monkeypatch.setenv("KUBECONFIG", str(site.simulator.kubeconfig))
    expires = from_rfc3339(corrupt_image("web", "shop", ttl=ttl, guard=False)["expires"])
    if ttl == "0.1s":
        time.sleep(max(0.0, expires - time.time()))


@contextmanager
def far_away(site: Site, folder: Path) -> Iterator[list[int]]:
    """A host that runs `chaos`: yields what runs there once the fault is in place."""
    experiment = {"title": "t", "description": "d", "method": METHOD}
    (folder / "experiment.json").write_text(json.dumps(experiment))
    environment = {**os.environ, "KUBECONFIG": str(site.simulator.kubeconfig), "XDG_STATE_HOME": str(folder / "state")}
    command = [f"{sys.prefix}/bin/chaos", "--no-version-check", "run", "experiment.json"]
    with subprocess.Popen(command, cwd=folder, env=environment, stderr=subprocess.DEVNULL) as chaos:
        try:
            assert soon(lambda: site.image() == CORRUPT, 60)
            yield [p for p in processes() if f"XDG_STATE_HOME={folder / 'state'}" in environment_of(p)]
        finally:
            chaos.kill()


def test_sweep_heals_what_a_host_left_that_vanished_together_with_its_guard(
    site: Site, sweeper: Object, tmp_path: Path
) -> None:
    with far_away(site, tmp_path) as there:
        assert len(there) == 2
        for process in there:
            os.kill(process, signal.SIGKILL)
    expires = from_rfc3339(site.get()["metadata"]["annotations"]["chaos.operatorchaos.io/expires"])
    time.sleep(max(0.0, expires - time.time()))
    assert site.image() == CORRUPT
    code, log = swept(sweeper, site, tmp_path)
    assert (code, json.loads(log.splitlines()[-1])["outcome"]) == (0, "restored")
    assert (site.image(), site.left()) == (IMAGE, [])


def test_sweep_runs_under_whatever_user_id(
    site: Site, sweeper: Object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    del sweeper["securityContext"]["runAsUser"]  # as the overlay for OpenShift does
    corrupt(site, monkeypatch)
    assert swept(sweeper, site, tmp_path).code == 0
    assert (site.image(), site.left()) == (IMAGE, [])


def test_sweep_leaves_what_is_not_expired(
    site: Site, sweeper: Object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    corrupt(site, monkeypatch, "300s")
    assert (swept(sweeper, site, tmp_path), site.image()) == ((0, ""), CORRUPT)


def test_sweep_fails_with_the_missing_right_when_it_has_none(site: Site, sweeper: Object, tmp_path: Path) -> None:
    site.delete("clusterrolebindings.rbac.authorization.k8s.io", "image-corrupt")
    code, log = swept(sweeper, site, tmp_path)
    assert (code, "list deployments.apps" in log) == (1, True)
    assert 'User "system:serviceaccount:image-corrupt:image-corrupt" cannot list' in log


@needs_kubectl
def test_sweep_of_one_namespace_needs_no_right_beyond_it(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.confine(built("overlays/one-namespace"), to="shop")
    corrupt(site, monkeypatch)
    host = site.host(tmp_path, "shop")
    with Pod(sweeper_of(built("overlays/one-namespace")), host, "sweeper") as running:
        assert running.wait() == 0, running.log
    assert (site.image(), site.left()) == (IMAGE, [])


@pytest.mark.parametrize("path", ["/usr/x", "/x", "/var/run/secrets/kubernetes.io/serviceaccount/x"])
def test_these_tests_run_on_a_read_only_file_system(site: Site, sweeper: Object, tmp_path: Path, path: str) -> None:
    sweeper["containers"][0] |= {"command": ["touch", path], "args": []}
    code, log = swept(sweeper, site, tmp_path)
    assert (code, "Read-only file system" in log or "Permission denied" in log) == (1, True)
