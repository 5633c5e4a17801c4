"""The Jobs' pods, run for real: the journal, a pod that is deleted, which index runs what."""

import json
from pathlib import Path
from typing import Any

import pytest

from ..fixtures_http import soon
from .conftest import IMAGE, ROOT, Site
from .manifests import DEPLOY, objects, pod_of
from .pods import Host, Pod, needs_namespaces

pytestmark = needs_namespaces

EXPERIMENT = "deployment-image-corrupt.yaml"
SETTINGS = {
    "IMAGE_CORRUPT_NAME": "web",
    "IMAGE_CORRUPT_NAMESPACE": "shop",
    "IMAGE_CORRUPT_DEADLINE_TIMEOUT": "0",
    "IMAGE_CORRUPT_BACKOFF_TIMEOUT": "0",
    "IMAGE_CORRUPT_BITE_TIMEOUT": "600s",
}
# an image that a simulated node can pull, so that the probe that waits for the failure to pull it waits on
PULLABLE = {"IMAGE_CORRUPT_IMAGE": "registry.k8s.io/pause:3.9"}

Object = dict[str, Any]


def job(name: str) -> Object:
    (found,) = objects((DEPLOY / name / "job.yaml").read_text())
    pod = pod_of(found)
    assert pod is not None
    return pod


def host(site: Site, folder: Path, **settings: str) -> Host:
    experiment = {EXPERIMENT: (ROOT / "experiments" / EXPERIMENT).read_text()}
    return site.host(folder, image_corrupt_experiment=experiment, image_corrupt_run=SETTINGS | settings)


def journal(there: Host, name: str = "run") -> Object:
    return dict(json.loads((there.claim("image-corrupt-journals") / f"{name}.json").read_text()))


def test_run_keeps_its_journal_and_the_guards_log(site: Site, tmp_path: Path) -> None:
    there = host(site, tmp_path)
    with Pod(job("run"), there, "run") as running:
        assert running.wait() == 0, running.log
    assert journal(there)["image-corrupt"]["verdict"] == "Resilient"
    assert len(list(there.claim("image-corrupt-journals").glob("chaosimagecorrupt/guard-*.log"))) == 1
    assert (site.image(), site.left()) == (IMAGE, [])


def test_run_that_is_deleted_restores_at_once_though_its_probe_goes_on(site: Site, tmp_path: Path) -> None:
    there = host(site, tmp_path, **PULLABLE)
    with Pod(job("run"), there, "run") as running:
        assert soon(lambda: ", 10 min at most" in running.log, 60)
        running.delete()
        assert soon(lambda: site.image() == IMAGE and site.left() == [], 60)


def test_run_that_is_deleted_while_it_starts_does_not_begin(site: Site, tmp_path: Path) -> None:
    with Pod(job("run"), host(site, tmp_path), "run") as running:
        running.delete()
        assert running.wait() != 0
    assert not [r for r in site.simulator.requests if r.method == "PATCH" and r.user_agent == "chaosimagecorrupt"]


def test_run_whose_node_vanishes_leaves_what_the_sweeper_finds(site: Site, tmp_path: Path) -> None:
    with Pod(job("run"), host(site, tmp_path, **PULLABLE), "run"):
        assert soon(lambda: site.image() == PULLABLE["IMAGE_CORRUPT_IMAGE"], 60)
    assert site.image() == PULLABLE["IMAGE_CORRUPT_IMAGE"]
    assert site.get()["metadata"]["labels"]["chaos.operatorchaos.io/type"] == "ImageCorrupt"


SUITE = {f"{title}.yaml": f"{{title: {title}, description: d, method: []}}" for title in ("pears", "apples", "quinces")}


@pytest.mark.parametrize(("index", "title"), [(0, "apples"), (1, "pears"), (2, "quinces")])
def test_suite_runs_the_experiments_sorted_one_for_each_index(
    site: Site, tmp_path: Path, index: int, title: str
) -> None:
    there = site.host(tmp_path, image_corrupt_suite=SUITE)
    with Pod(job("suite"), there, "suite", {"JOB_COMPLETION_INDEX": str(index)}) as running:
        assert running.wait() == 0, running.log
    assert journal(there, f"suite-{title}")["experiment"]["title"] == title


def test_suite_with_more_indexes_than_experiments_fails(site: Site, tmp_path: Path) -> None:
    there = site.host(tmp_path, image_corrupt_suite=SUITE)
    with Pod(job("suite"), there, "suite", {"JOB_COMPLETION_INDEX": "3"}) as running:
        assert running.wait() != 0
    assert list(there.claim("image-corrupt-journals").iterdir()) == []
