"""Who owns a Deployment, and what they do to a fault in it."""

import json
from typing import Any

import pytest

from chaosimagecorrupt.kube.managed_fields import add_field, image_path
from chaosimagecorrupt.workload.owners import Reaction, find_owners, only_labelled

from ..manifests import a_deployment

Object = Any
HEALS, CALLED, NONE = Reaction.HEALS, Reaction.CALLED, Reaction.NONE


def entry(manager: str, operation: str = "Update", field: str = "containers", container: str = "app") -> Object:
    """Return an entry of managedFields that owns a container's image."""
    entries: list[Any] = [{"manager": manager, "operation": operation, "time": "1", "fieldsV1": {}}]
    add_field(entries, image_path(field, container), manager, operation, "1")
    return entries[0]


def found(deployment: Object, container: str | None = None) -> list[tuple[str, Reaction]]:
    return [(str(owner), owner.reaction) for owner in find_owners(deployment, container)]


def managed(*entries: Object, **given: Any) -> Object:
    deployment = a_deployment(**given)
    deployment["metadata"]["managedFields"] = list(entries)
    return deployment


def triggered(path: str, **trigger: Any) -> Object:
    source = {"kind": "ImageStreamTag", "name": "web:latest"}
    text = json.dumps([{"from": source, "fieldPath": path, **trigger}])
    containers = {"app": "a", "proxy": "p"}
    annotations = {"image.openshift.io/triggers": text}
    return a_deployment(containers=containers, init_containers={"prepare": "i"}, annotations=annotations)


def test_nobody_owns_a_common_deployment() -> None:
    assert found(a_deployment(labels={"app.kubernetes.io/managed-by": "Helm"})) == []


@pytest.mark.parametrize("where", ["labels", "annotations"])
def test_a_tool_is_known_by_a_label_or_an_annotation(where: str) -> None:
    marked: dict[str, Any] = {where: {"olm.owner": "op.v1"}}
    assert found(a_deployment(**marked)) == [("OLM (olm.owner)", HEALS)]


def test_a_tool_is_known_by_its_field_manager_whatever_it_owns() -> None:
    other = {"manager": "argocd-controller", "operation": "Apply", "fieldsV1": {"f:metadata": {}}}
    labels = {"app.kubernetes.io/instance": "shop"}
    (owner,) = find_owners(managed(other, labels=labels))
    assert str(owner) == "Argo CD (app.kubernetes.io/instance, manager argocd-controller)"
    assert owner.advice.endswith("argocd app set shop --sync-policy none")


def test_who_only_writes_the_status_or_the_scale_is_no_owner() -> None:
    entries = [{**entry("argocd-controller"), "subresource": s} for s in ("status", "scale")]
    assert found(managed(*entries)) == []


def test_several_marks_of_a_tool_are_one_owner() -> None:
    deployment = managed(entry("olm"), labels={"olm.managed": "true", "olm.owner": "op.v1", "olm.owner.kind": "x"})
    reference = {"apiVersion": "operators.coreos.com/v1alpha1", "kind": "ClusterServiceVersion", "name": "op.v1"}
    deployment["metadata"]["ownerReferences"] = [reference]
    assert found(deployment) == [("OLM (olm.owner, ClusterServiceVersion op.v1, manager olm)", HEALS)]


def test_a_tool_that_is_told_to_leave_it_alone_does_nothing() -> None:
    labels = {"kustomize.toolkit.fluxcd.io/name": "apps"}
    deployment = a_deployment(labels=labels, annotations={"kustomize.toolkit.fluxcd.io/reconcile": "disabled"})
    (owner,) = find_owners(deployment)
    assert (owner.name, owner.reaction) == ("Flux", NONE)
    assert owner.effect == "leaves the image alone: kustomize.toolkit.fluxcd.io/reconcile is disabled"


def test_those_that_put_the_image_back_come_first() -> None:
    annotations = {"meta.helm.sh/release-name": "shop", "argocd.argoproj.io/tracking-id": "shop:x"}
    deployment = managed(entry("kubectl-set"), annotations=annotations)
    assert [reaction for _, reaction in found(deployment)] == [HEALS, CALLED, NONE]


def test_of_unknown_owner_references_the_controller_heals() -> None:
    deployment = a_deployment()
    references = [
        {"apiVersion": "v1", "kind": "ConfigMap", "name": "shop"},
        {"apiVersion": "example.com/v1", "kind": "Web", "name": "shop", "controller": True},
    ]
    deployment["metadata"]["ownerReferences"] = references
    assert found(deployment) == [
        ("Web shop (ownerReferences)", HEALS),
        ("ConfigMap shop (ownerReferences)", CALLED),
    ]


MANAGERS = [
    ("kubectl", "Apply", NONE),
    ("kubectl-client-side-apply", "Update", NONE),
    ("kubectl-set", "Update", NONE),
    ("oc", "Update", NONE),
    ("installer", "Update", NONE),
    ("installer", "Apply", HEALS),
    ("manager", "Update", HEALS),
    ("cert-manager-operator", "Update", HEALS),
    ("web-controller", "Update", HEALS),
]


@pytest.mark.parametrize(("manager", "operation", "reaction"), MANAGERS)
def test_the_manager_of_the_image_is_an_owner(manager: str, operation: str, reaction: Reaction) -> None:
    assert found(managed(entry(manager, operation))) == [(f"manager {manager} (owns the image of app)", reaction)]


@pytest.mark.parametrize("manager", ["chaosimagecorrupt", "before-first-apply"])
def test_a_manager_that_stands_for_nobody_is_no_owner(manager: str) -> None:
    assert found(managed(entry(manager))) == []


def test_a_manager_of_a_known_tool_is_not_named_again() -> None:
    assert found(managed(entry("helm"))) == [("Helm (manager helm)", CALLED)]


def test_only_managers_of_the_chosen_container_count() -> None:
    entries = [entry("ci", container="proxy"), entry("ops", field="initContainers", container="prepare")]
    deployment = managed(*entries, containers={"app": "a", "proxy": "p"}, init_containers={"prepare": "i"})
    assert found(deployment, "app") == []
    assert found(deployment, "proxy") == [("manager ci (owns the image of proxy)", NONE)]
    assert len(found(deployment)) == 2


def test_who_owned_the_image_before_the_fault_still_counts() -> None:
    deployment = managed(entry("chaosimagecorrupt"))
    (owner,) = find_owners(deployment, recorded={"app": [["web-operator", "Update", "1"]]})
    assert (owner.name, owner.reaction) == ("manager web-operator", HEALS)


PATHS = [
    ('spec.template.spec.containers[?(@.name=="app")].image', "app"),
    ("spec.template.spec.containers[?(@.name=='proxy')].image", "proxy"),
    ("spec.template.spec.containers[1].image", "proxy"),
    ("spec.template.spec.initContainers[0].image", "prepare"),
]


@pytest.mark.parametrize(("path", "container"), PATHS)
def test_an_image_trigger_owns_the_container_that_it_names(path: str, container: str) -> None:
    deployment, names = triggered(path), ("app", "proxy", "prepare")
    owner = ("OpenShift's image trigger (image.openshift.io/triggers, web:latest)", HEALS)
    assert {name for name in names if found(deployment, name) == [owner]} == {container}
    assert found(deployment) == [owner]


@pytest.mark.parametrize("path", ["spec.template.spec.containers[9].image", "somewhere", ""])
def test_a_trigger_of_which_the_container_cannot_be_told_counts_for_each(path: str) -> None:
    assert [reaction for _, reaction in found(triggered(path), "app")] == [HEALS]


@pytest.mark.parametrize(("paused", "reaction"), [(True, NONE), ("true", NONE), (False, HEALS), ("false", HEALS)])
def test_an_image_trigger_that_is_paused_does_nothing(paused: object, reaction: Reaction) -> None:
    deployment = triggered("spec.template.spec.containers[0].image", paused=paused)
    assert [found for _, found in found(deployment)] == [reaction]


@pytest.mark.parametrize("text", ["", "{", "7", "null", "[" * 100_000])
def test_a_trigger_that_cannot_be_read_may_set_the_image(text: str) -> None:
    deployment = a_deployment(annotations={"image.openshift.io/triggers": text})
    assert found(deployment) == [("OpenShift's image trigger (image.openshift.io/triggers)", HEALS)]


@pytest.mark.parametrize("text", ["[]", "[7]", "{}"])
def test_an_annotation_without_a_trigger_is_no_owner(text: str) -> None:
    assert found(a_deployment(annotations={"image.openshift.io/triggers": text})) == []


def test_owners_have_no_raw_control_character() -> None:
    deployment = managed(entry("\x1bmanager"), annotations={"argocd.argoproj.io/\x1b": "x"})
    references = [{"kind": "\x1b[2J", "name": "a\nb", "controller": c} for c in (True, False)]
    deployment["metadata"]["ownerReferences"] = references
    assert len(find_owners(deployment)) == 4 and all(str(o).isprintable() for o in find_owners(deployment))


def test_the_instance_label_alone_is_no_proof() -> None:
    labels = {"app.kubernetes.io/instance": "shop"}
    assert (found(a_deployment(labels=labels)), only_labelled(a_deployment(labels=labels))) == ([], True)
    assert not only_labelled(a_deployment())
    assert not only_labelled(a_deployment(labels=labels, annotations={"meta.helm.sh/release-name": "shop"}))
