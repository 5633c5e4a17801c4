"""What the rollbacks restore and return; what they do to a cluster is tested in `tests/cluster`."""

from typing import Any

import pytest

from chaosimagecorrupt.actions import corrupt_image
from chaosimagecorrupt.errors import Refused
from chaosimagecorrupt.record.annotations import DEFAULT_IMAGE, LABEL
from chaosimagecorrupt.record.memory import MEMORY
from chaosimagecorrupt.rollbacks import restore_image, restore_images

from .fixtures_http import NS, Shop
from .traces import images

ORIGINAL = "registry.k8s.io/pause:3.10"


@pytest.fixture
def corrupt(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> Shop:
    """Return a Deployment that this run has corrupted."""
    monkeypatch.setenv("KUBECONFIG", str(shop.simulator.kubeconfig))
    shop.patch({"metadata": {"labels": {"part-of": shop.name}}})
    corrupt_image(shop.name, NS, guard=False)
    shop.second_after_patches()
    return shop


def restore_group(shop: Shop, **arguments: Any) -> list[str]:
    """Restore all Deployments that belong to the test; return the outcomes."""
    result = restore_images(f"part-of={shop.name}", NS, **arguments)
    outcomes = [d["outcome"] for d in result["deployments"]]
    assert (result["restored"], result["failed"]) == (
        len(outcomes) - outcomes.count("failed"),
        outcomes.count("failed"),
    )
    return outcomes


def image(shop: Shop) -> str:
    return images(shop.get())["app"]


@pytest.mark.parametrize("container", [None, "", "app"])
def test_the_image_is_put_back_and_a_second_call_does_nothing(corrupt: Shop, container: str | None) -> None:
    result = restore_image(corrupt.name, NS, container_name=container)
    assert (result["outcome"], result["warnings"], image(corrupt)) == ("restored", [], ORIGINAL)
    assert restore_image(corrupt.name, NS)["outcome"] == "nothing-to-restore"


def test_of_this_run_only_its_own_injection_is_undone(corrupt: Shop) -> None:
    MEMORY.forget()  # as another run
    result = restore_image(corrupt.name, NS, this_run_only=True)
    assert (result["outcome"], result["containers"], image(corrupt)) == ("nothing-to-restore", [], DEFAULT_IMAGE)
    assert restore_group(corrupt, this_run_only=True) == []
    assert image(corrupt) == DEFAULT_IMAGE


def test_this_run_undoes_its_own_injection(corrupt: Shop) -> None:
    assert restore_image(corrupt.name, NS, this_run_only=True)["outcome"] == "restored"
    assert image(corrupt) == ORIGINAL


def test_this_run_undoes_what_has_lost_record_and_label(corrupt: Shop) -> None:
    corrupt.patch({"metadata": {"annotations": dict.fromkeys(corrupt.get()["metadata"]["annotations"])}})
    corrupt.patch({"metadata": {"labels": {LABEL: None}}})
    assert restore_group(corrupt) == []
    assert restore_group(corrupt, this_run_only=True) == ["restored"]
    assert image(corrupt) == ORIGINAL


@pytest.mark.parametrize("this_run_only", [True, False])
def test_a_fault_whose_ttl_is_not_over_stays_when_only_the_expired_are_restored(
    corrupt: Shop, this_run_only: bool
) -> None:
    assert restore_group(corrupt, expired_only=True, this_run_only=this_run_only) == []
    assert image(corrupt) == DEFAULT_IMAGE


def test_a_record_without_its_label_is_found_when_every_deployment_is_read(corrupt: Shop) -> None:
    corrupt.patch({"metadata": {"labels": {LABEL: None}}})
    assert restore_group(corrupt) == []
    assert restore_group(corrupt, unlabelled=True) == ["restored"]


def test_other_labels_and_other_namespaces_are_not_searched(corrupt: Shop) -> None:
    assert restore_images(f"part-of={corrupt.name}-2", NS)["deployments"] == []
    assert restore_images(f"part-of={corrupt.name}", "default")["deployments"] == []
    assert image(corrupt) == DEFAULT_IMAGE


@pytest.mark.parametrize(("argument", "value"), [("concurrency", 0), ("ns", "a/b"), ("label_selector", 5)])
def test_an_argument_that_is_refused_is_named_before_any_cluster_is_asked(argument: str, value: Any) -> None:
    with pytest.raises(Refused, match=f"^{argument}: "):
        restore_images(secrets={"KUBERNETES_HOST": "https://nowhere.invalid"}, **{argument: value})
