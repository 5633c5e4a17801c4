"""The same experiment in several clusters."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from chaosimagecorrupt.actions import corrupt_image
from chaosimagecorrupt.errors import Refused
from chaosimagecorrupt.probes import image_corrupted
from chaosimagecorrupt.rollbacks import restore_image

from ..faulty_simulator import FaultySimulator
from .conftest import E2E, ROOT, Api

pytestmark = pytest.mark.skipif(E2E is not None, reason="needs two clusters")

NS, NAME = "cert-manager", "cert-manager"


@pytest.fixture(scope="module")
def clusters(tmp_path_factory: Any) -> Iterator[Any]:
    """Two clusters in one kubeconfig, whose current context is the first."""
    path = tmp_path_factory.mktemp("contexts") / "config"
    merged: dict[str, Any] = {"apiVersion": "v1", "kind": "Config", "current-context": "here"}
    with FaultySimulator() as here, FaultySimulator() as there:
        for name, simulator in (("here", here), ("there", there)):
            config = yaml.safe_load(simulator.kubeconfig.read_text())
            for kind in ("clusters", "users"):
                merged.setdefault(kind, []).append({**config[kind][0], "name": name})
            context = {"name": name, "context": {"cluster": name, "user": name}}
            merged.setdefault("contexts", []).append(context)
        path.write_text(yaml.safe_dump(merged))
        yield path, {"here": Api(here.kubeconfig), "there": Api(there.kubeconfig)}


@pytest.fixture
def apis(clusters: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("KUBECONFIG", str(clusters[0]))
    return clusters[1]


def image(api: Any) -> Any:
    return api.deployment(NS, NAME)["spec"]["template"]["spec"]["containers"][0]["image"]


def test_the_configuration_says_in_which_cluster_and_the_record_says_it_too(apis: Any) -> None:
    configuration, original = {"KUBERNETES_CONTEXT": "there"}, image(apis["there"])
    done = corrupt_image(NAME, NS, guard=False, configuration=configuration)
    assert (image(apis["here"]), image(apis["there"])) == (original, "registry.invalid/nonexistent:chaos")
    record = json.loads(
        apis["there"].deployment(NS, NAME)["metadata"]["annotations"]["chaos.operatorchaos.io/image-corrupt"]
    )
    address = apis["there"].core.api_client.configuration.host
    assert record["cert-manager-controller"]["cluster"] == done["cluster"] == address
    assert not image_corrupted(NAME, NS)
    assert image_corrupted(NAME, NS, configuration=configuration)
    assert restore_image(NAME, NS)["outcome"] == "nothing-to-restore"
    assert restore_image(NAME, NS, configuration=configuration)["outcome"] == "restored"
    assert image(apis["there"]) == original


def test_secrets_count_more_than_the_configuration(apis: Any) -> None:
    with pytest.raises(Refused, match="nowhere"):
        corrupt_image(
            NAME, NS, configuration={"KUBERNETES_CONTEXT": "there"}, secrets={"KUBERNETES_CONTEXT": "nowhere"}
        )


def test_a_run_takes_the_context_from_the_command_line(apis: Any, chaos: Any, clusters: Any) -> None:
    experiment, before = ROOT / "experiments" / "cert-manager-image-corrupt.json", apis["here"].deployment(NS, NAME)
    code, printed = chaos.finish(experiment, "--var", "KUBERNETES_CONTEXT=there", KUBECONFIG=str(clusters[0]))
    assert (code, chaos.journal["status"]) == (0, "completed"), printed
    address = apis["there"].core.api_client.configuration.host
    assert [t["cluster"] for t in chaos.journal["image-corrupt"]["targets"]] == [address]
    assert apis["here"].deployment(NS, NAME) == before


def test_a_run_in_another_cluster_than_the_expected_one_is_refused_and_changes_nothing(
    apis: Any, chaos: Any, clusters: Any
) -> None:
    experiment, before = ROOT / "experiments" / "cert-manager-image-corrupt.json", apis["here"].deployment(NS, NAME)
    code, printed = chaos.finish(experiment, KUBECONFIG=str(clusters[0]), IMAGE_CORRUPT_CLUSTER="there")
    assert code != 0 and "cluster: 'there' is expected" in printed
    assert chaos.journal["steady_states"]["before"] is None  # not even the hypothesis was looked at
    assert apis["here"].deployment(NS, NAME) == before


def test_every_shipped_experiment_takes_the_expected_cluster_from_the_environment() -> None:
    for path in ROOT.rglob("experiments/**/*-image-corrupt.*"):
        experiment = yaml.safe_load(path.read_text())
        variable = experiment["configuration"]["cluster"]
        assert variable == {"type": "env", "key": "IMAGE_CORRUPT_CLUSTER", "default": ""}, path
        calls = [a["provider"] for a in experiment["method"] if a["provider"].get("func", "").startswith("corrupt_im")]
        assert [call["arguments"]["cluster"] for call in calls] == ["${cluster}"], path
