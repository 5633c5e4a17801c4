"""What the actions take and return; what they do to a cluster is tested in `tests/cluster`."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from chaosimagecorrupt.actions import corrupt_image, corrupt_images
from chaosimagecorrupt.errors import Refused
from chaosimagecorrupt.kube.client import connect
from chaosimagecorrupt.kube.requests import get_request, patch_request
from chaosimagecorrupt.kube.resources import NAMESPACES
from chaosimagecorrupt.record.annotations import DEFAULT_IMAGE, read_record
from chaosimagecorrupt.record.memory import MEMORY

from .fixtures_http import NS, Shop
from .traces import images

ORIGINAL = "registry.k8s.io/pause:3.10"


@pytest.fixture
def marked(shop: Shop) -> Iterator[Callable[..., None]]:
    """Return what annotates the Namespace; the marks of a test end with it."""
    keys: set[str] = set()

    def annotate(**marks: str | None) -> None:
        annotations = {f"chaos.operatorchaos.io/{key}": value for key, value in marks.items()}
        shop.cluster.send(patch_request(NAMESPACES, "", NS, {"metadata": {"annotations": annotations}}))
        keys.update(marks)

    yield annotate
    annotate(**dict.fromkeys(keys))


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
        "cause": "dns",
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
        ("allow_protected", "false"),
        ("cluster", 5),
    ],
)
def test_an_argument_that_is_refused_is_named_before_any_cluster_is_asked(argument: str, value: Any) -> None:
    nowhere = {"KUBERNETES_HOST": "https://nowhere.invalid"}
    with pytest.raises(Refused, match=f"^{argument}: "):
        corrupt_images("app=web", secrets=nowhere, **{argument: value})


def test_a_label_selector_that_matches_everything_is_refused() -> None:
    with pytest.raises(Refused, match=r"^label_selector: an empty one matches every Deployment"):
        corrupt_images(" ", secrets={"KUBERNETES_HOST": "https://nowhere.invalid"})


def test_what_the_namespaces_owner_protects_is_refused_and_stays_as_it_is(web: Shop, marked: Any) -> None:
    before = web.get()
    marked(protected="true")
    for allow_protected in (False, True):
        with pytest.raises(Refused, match=f'protected: "true" on Namespace {NS}'):
            corrupt_image(web.name, NS, guard=False, allow_protected=allow_protected)
        with pytest.raises(Refused, match=f'1 of 1 Deployments are refused.*protected: "true" on Namespace {NS}'):
            selected(web, allow_protected=allow_protected)
    assert web.get() == before


def test_what_the_deployments_owner_protects_refuses_all_that_are_selected(web: Shop) -> None:
    other = Shop(web.simulator, web.cluster)
    other.patch({"metadata": {"labels": {"app": web.name, "chaos.operatorchaos.io/protected": "true"}}})
    with pytest.raises(Refused, match=f"1 of 2 Deployments are refused, so none was touched: .*{other.name}"):
        selected(web)
    assert images(web.get()) == images(other.get()) == {"app": ORIGINAL}
    other.delete()


def test_a_protected_name_of_a_namespace_is_refused_unless_the_call_allows_it(
    web: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IMAGE_CORRUPT_PROTECTED_NAMESPACES", "sh?p")
    for call in (lambda **how: corrupt_image(web.name, NS, guard=False, **how), lambda **how: selected(web, **how)):
        with pytest.raises(Refused, match=r"a protected namespace \(sh\?p"):
            call(dry_run=True)
        call(dry_run=True, allow_protected=True)


def test_where_an_opt_in_is_required_the_namespace_can_give_it_for_all(
    web: Shop, marked: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IMAGE_CORRUPT_REQUIRE_OPT_IN", "true")
    with pytest.raises(Refused, match="is not allowed, and IMAGE_CORRUPT_REQUIRE_OPT_IN=true"):
        corrupt_image(web.name, NS, guard=False)
    marked(allowed="true")
    assert corrupt_image(web.name, NS, guard=False)["corrupt_image"] == DEFAULT_IMAGE


def test_a_mark_that_does_not_count_is_a_warning_of_the_result(web: Shop, marked: Any) -> None:
    marked(protected="yes")
    warnings = corrupt_image(web.name, NS, guard=False, dry_run=True)["warnings"]
    assert any(f'protected: "yes" on Namespace {NS} does not count' in warning for warning in warnings)


@pytest.mark.parametrize("expected", ["prod", "https://prod.invalid", "0b6b6a9e-6c1c-4d0e-9d0f-6c1f5b1a2b3c"])
def test_another_cluster_than_the_expected_one_is_refused_before_the_deployment_is_read(
    web: Shop, expected: str
) -> None:
    before, sent = web.get(), len(web.simulator.requests)
    for call in (lambda **how: corrupt_image(web.name, NS, **how), lambda **how: selected(web, **how)):
        with pytest.raises(Refused, match=f"^cluster: '{expected}' is expected, but this is {web.simulator.url}"):
            call(cluster=expected)
    asked = {r.path for r in web.simulator.requests[sent:]}
    assert asked == ({"/api/v1/namespaces/kube-system"} if expected.startswith("0b") else set())
    assert web.get() == before


def test_the_expected_cluster_is_named_by_its_address_its_context_or_its_uid(web: Shop) -> None:
    connection = connect()
    uid = connection.send(get_request(NAMESPACES, None, "kube-system"))["metadata"]["uid"]
    assert connection.context
    for expected in ("", web.simulator.url, f"{web.simulator.url}/", connection.context, uid):
        assert corrupt_image(web.name, NS, guard=False, dry_run=True, cluster=expected)["cluster"] == web.simulator.url
        assert selected(web, dry_run=True, cluster=expected)["matched"] == 1
