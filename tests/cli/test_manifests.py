"""`chaos image-corrupt manifests`: one file gives what deploy/ gives, and the samples are what they say."""

from pathlib import Path

import pytest

from chaosimagecorrupt.simulator.components import load_manifests

from ..deploy.manifests import DEPLOY, built, kind, needs_kubectl, objects, pod_of
from ..faulty_simulator import FaultySimulator
from ..fixtures_http import soon
from .conftest import Run

SAMPLES = sorted(path.stem for path in (DEPLOY / "samples").glob("*.yaml"))


@needs_kubectl
def test_one_file_is_what_kustomize_builds(command: Run) -> None:
    assert objects(command("manifests").out) == built(".")


def test_one_file_has_every_object_of_the_base_in_its_namespace(command: Run) -> None:
    base = [each for path in (DEPLOY / "base").glob("*.yaml") for each in objects(path.read_text())]
    found = objects(command("manifests").out)
    wanted = {(each["kind"], each["metadata"]["name"]) for each in base if each["kind"] != "Kustomization"}
    assert {(each["kind"], each["metadata"]["name"]) for each in found} == wanted
    assert {each["metadata"].get("namespace", "image-corrupt") for each in found} == {"image-corrupt"}


def test_image_of_ones_own_registry_takes_the_place_of_ours(command: Run) -> None:
    own = "registry.example.com:5000/chaos/image-corrupt@sha256:0123"
    (sweeper,) = kind(objects(command("manifests", "--image", own).out), "CronJob")
    pod = pod_of(sweeper)
    assert pod is not None and [container["image"] for container in pod["containers"]] == [own]


def test_what_is_no_image_reference_is_refused(command: Run) -> None:
    assert command("manifests", "--image", "a\nb: c").usage_error == "--image: 'a\\nb: c' is not an image reference"


@pytest.mark.parametrize("name", SAMPLES)
def test_samples_are_those_of_deploy_and_the_help_names_them(command: Run, name: str) -> None:
    assert command("manifests", name).out == (DEPLOY / "samples" / f"{name}.yaml").read_text()
    assert f"`{name}`" in " ".join(command("manifests", "--help").out.split()).replace(
        "argo- workflow", "argo-workflow"
    )


def test_simulated_cluster_of_the_seed_has_a_deployment_that_is_available(command: Run, tmp_path: Path) -> None:
    path = tmp_path / "seed.yaml"
    path.write_text(command("manifests", "seed").out)
    with FaultySimulator(load_manifests(path)) as simulator:

        def available() -> bool:
            web = simulator.call(lambda: simulator.world.store.get("deployments.apps", "shop", "web"))
            return web is not None and web.get("status", {}).get("availableReplicas") == 2

        assert soon(available, 60)
