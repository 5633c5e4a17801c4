"""Deployments are found by their record, by what is left of one, or by their labels."""

import logging
import time
from typing import Any

import pytest

from chaosimagecorrupt.errors import ClusterError, Forbidden
from chaosimagecorrupt.record.annotations import LABEL, LABEL_VALUE, original_image_key
from chaosimagecorrupt.record.find import _log_once, matching_workloads, recorded_workloads
from chaosimagecorrupt.workload.statefulset import STATEFUL_SET

from ..in_process_client import InProcessClient, Place
from ..restricted_client import RestrictedClient

RECORDED, LABELLED = {original_image_key("app"): "localhost/app:v1"}, {LABEL: LABEL_VALUE}

Object = dict[str, Any]


def manifest(
    name: str, namespace: str = "shop", labels: dict[str, str] | None = None, annotations: dict[str, str] | None = None
) -> Object:
    app = {"app": name}
    template = {"metadata": {"labels": app}, "spec": {"containers": [{"name": "app", "image": "localhost/app:v1"}]}}
    metadata = {"name": name, "namespace": namespace, "labels": labels or {}, "annotations": annotations or {}}
    spec = {"selector": {"matchLabels": app}, "template": template}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata, "spec": spec}


@pytest.fixture
def cluster() -> InProcessClient:
    """Return a connection to a cluster with Deployments whose names say what they carry."""
    manifests = [
        manifest("both", labels={**LABELLED, "part-of": "shop"}, annotations=RECORDED),
        manifest("label", labels=LABELLED),
        manifest("record", annotations=RECORDED),
        manifest("neither", labels={"part-of": "shop"}),
        manifest("pod-kill", labels={LABEL: "PodKill"}),
        manifest("elsewhere", "bank", LABELLED, RECORDED),
    ]
    return InProcessClient(Place(time.time(), manifests), "finder")


def recorded(cluster: InProcessClient, namespace: str | None, selector: str | None = None, **how: Any) -> set[str]:
    return {d.deployment["metadata"]["name"] for d in recorded_workloads(cluster, namespace, selector, **how)}


def test_a_record_is_found_by_its_label_even_when_only_the_label_is_left(cluster: InProcessClient) -> None:
    assert recorded(cluster, "shop") == {"both", "label"}


def test_without_a_namespace_all_are_searched(cluster: InProcessClient) -> None:
    assert recorded(cluster, None) == {"both", "label", "elsewhere"}


def test_a_record_without_its_label_is_found_when_every_deployment_is_read(cluster: InProcessClient) -> None:
    assert recorded(cluster, "shop", unlabelled=True) == {"both", "label", "record"}


def test_a_label_selector_narrows_the_search(cluster: InProcessClient) -> None:
    assert recorded(cluster, "shop", "part-of=shop") == {"both"}
    assert recorded(cluster, "shop", "part-of=shop", unlabelled=True) == {"both"}


def test_matching_deployments_need_no_record(cluster: InProcessClient) -> None:
    assert {d["metadata"]["name"] for d in matching_workloads(cluster, "shop", "part-of=shop")} == {"both", "neither"}
    assert len(list(matching_workloads(cluster, None, ""))) == 6


def test_a_selector_that_does_not_parse_is_an_error(cluster: InProcessClient) -> None:
    with pytest.raises(ClusterError, match="400"):
        list(matching_workloads(cluster, "shop", "=,="))


SETS = ("StatefulSet", "DaemonSet")


def all_kinds(*forbidden: str) -> RestrictedClient:
    """Return a connection to a cluster with a record on a workload of each kind; each is named after its kind."""
    manifests = []
    for kind in ("Deployment", *SETS):
        found = manifest(kind.lower(), labels=LABELLED, annotations=RECORDED) | {"kind": kind}
        found["spec"] |= {"serviceName": "web"} if kind == "StatefulSet" else {}
        manifests.append(found)
    return RestrictedClient(Place(time.time(), manifests), "finder", *forbidden)


def test_records_are_found_on_all_kinds_and_each_knows_its_own() -> None:
    found = list(recorded_workloads(all_kinds(), "shop", None))
    assert [(f.kind.name, f.name) for f in found] == [(k, f"{k} shop/{k.lower()}") for k in ("Deployment", *SETS)]
    assert recorded(all_kinds(), "shop", kinds=[STATEFUL_SET]) == {"statefulset"}


def test_a_role_for_deployments_alone_finds_their_records() -> None:
    limited = all_kinds("list statefulsets", "list daemonsets")
    assert recorded(limited, "shop") == {"deployment"}
    with pytest.raises(Forbidden):
        recorded(limited, "shop", kinds=[STATEFUL_SET])


BOTH = "records on StatefulSets and DaemonSets are not looked for in all namespaces: "


@pytest.mark.parametrize(
    ("forbidden", "said"),
    [
        ((), []),
        (("list statefulsets", "list daemonsets"), ["INFO " + BOTH]),
        (("list daemonsets",), ["WARNING " + BOTH.replace("StatefulSets and ", "")]),
    ],
)
def test_kinds_that_the_role_does_not_allow_to_list_are_said_once_and_as_a_warning_if_it_is_a_gap(
    forbidden: tuple[str, ...], said: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    _log_once.cache_clear()
    with caplog.at_level(logging.INFO):
        for _ in range(2):
            assert "deployment" in recorded(all_kinds(*forbidden), None)
    ends = "the role does not allow to list them; the role image-corrupt-workloads does, which `chaos image-corrupt "
    assert [f"{r.levelname} {r.getMessage()}" for r in caplog.records] == [f"{s}{ends}manifests` writes" for s in said]


def test_a_role_that_does_not_allow_to_list_deployments_is_an_error() -> None:
    with pytest.raises(Forbidden):
        recorded(all_kinds("list deployments"), "shop")
