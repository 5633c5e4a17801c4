"""`chaos image-corrupt manifests`: one file gives what deploy/ gives, and the samples are what they say."""

from pathlib import Path

import pytest

from chaosimagecorrupt.cli.manifests import IMAGE
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


@pytest.mark.parametrize("name", ["install", "operator", "argo-workflow"])
def test_without_an_image_stderr_says_that_it_must_be_somewhere_and_stdout_stays_yaml(command: Run, name: str) -> None:
    done = command("manifests", name)
    (said,) = done.err.splitlines()
    assert said == f"The nodes must be able to pull {IMAGE}, which is not published; --image names another"
    assert IMAGE in done.out and objects(done.out)
    assert "The nodes" not in done.out


@pytest.mark.parametrize("arguments", [("--image", IMAGE), ("alerts",), ("seed",)], ids=" ".join)
def test_nothing_is_said_of_an_image_that_was_named_or_is_not_needed(command: Run, arguments: tuple[str, ...]) -> None:
    assert command("manifests", *arguments).err == ""


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
