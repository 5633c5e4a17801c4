"""What the actions take and return; what they do to a cluster is tested in `tests/cluster`."""

import re
from typing import Any

import pytest

from chaosimagecorrupt.actions import corrupt_image, corrupt_images
from chaosimagecorrupt.errors import Refused
from chaosimagecorrupt.record.annotations import DEFAULT_IMAGE, read_record
from chaosimagecorrupt.record.memory import MEMORY

from .fixtures_http import NS, Shop
from .traces import images

ORIGINAL = "registry.k8s.io/pause:3.10"


@pytest.fixture
def web(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> Shop:
    """Return a Deployment on the cluster that the activities reach."""
    monkeypatch.setenv("KUBECONFIG", str(shop.simulator.kubeconfig))
    return shop


def selected(web: Shop, **arguments: Any) -> Any:
    """Corrupt the Deployments with the label of this one, without a guard."""
    return corrupt_images(f"app={web.name}", NS, **{"guard": False, **arguments})


def test_the_result_says_what_was_done(web: Shop) -> None:
    result = corrupt_image(web.name, NS, guard=False)
    entry = read_record(web.get())["app"]
    assert result == {
        "id": entry.id,
        "cluster": web.simulator.url,
        "namespace": NS,
        "deployment": web.name,
        "container": "app",
        "original_image": ORIGINAL,
        "corrupt_image": DEFAULT_IMAGE,
        "injected": entry.at,
        "expires": entry.expires,
        "strategy": "RollingUpdate",
        "replicas": 2,
        "warnings": result["warnings"],
        "guard_log": None,
    }
    assert [re.sub(r"\d+ s", "N s", w)[:40] for w in result["warnings"]] == ["ttl of N s is not longer than the progre"]


@pytest.mark.parametrize("deadline", [400, "400", "400s", "6m40s"])
def test_a_progress_deadline_may_be_text_as_variables_are(web: Shop, deadline: Any) -> None:
    corrupt_image(web.name, NS, progress_deadline=deadline, guard=False)
    assert web.get()["spec"]["progressDeadlineSeconds"] == 400


def test_a_dry_run_returns_the_same_and_stores_nothing(web: Shop) -> None:
    before = web.get()
    result = corrupt_image(web.name, NS, dry_run=True)
    assert (result["original_image"], result["corrupt_image"]) == (ORIGINAL, DEFAULT_IMAGE)
    assert (web.get(), result["guard_log"], MEMORY.faults()) == (before, None, [])


def test_each_of_many_has_its_result_and_the_guard_is_reported_once_for_all(web: Shop) -> None:
    result = selected(web, seed=7)
    [target] = result["targets"]
    assert {k: v for k, v in result.items() if k != "targets"} == {
        "matched": 1,
        "seed": "7",
        "guard_log": None,
        "warnings": [],
    }
    assert (target["deployment"], target["corrupt_image"], "guard_log" in target) == (web.name, DEFAULT_IMAGE, False)
    assert images(web.get()) == {"app": DEFAULT_IMAGE}


@pytest.mark.parametrize("seed", [None, ""])
def test_without_a_seed_one_is_chosen_and_returned(web: Shop, seed: str | None) -> None:
    assert selected(web, seed=seed, dry_run=True)["seed"].isdecimal()


@pytest.mark.parametrize(
    ("argument", "value"),
    [
        ("image", ""),
        ("ttl", "soon"),
        ("progress_deadline", "soon"),
        ("max_targets", 0),
        ("fraction", 2),
        ("exclude_namespaces", "shop"),
        ("concurrency", "many"),
        ("ns", "a/b"),
    ],
)
def test_an_argument_that_is_refused_is_named_before_any_cluster_is_asked(argument: str, value: Any) -> None:
    nowhere = {"KUBERNETES_HOST": "https://nowhere.invalid"}
    with pytest.raises(Refused, match=f"^{argument}: "):
        corrupt_images("app=web", secrets=nowhere, **{argument: value})


def test_a_label_selector_that_matches_everything_is_refused() -> None:
    with pytest.raises(Refused, match=r"^label_selector: an empty one matches every Deployment"):
        corrupt_images(" ", secrets={"KUBERNETES_HOST": "https://nowhere.invalid"})
