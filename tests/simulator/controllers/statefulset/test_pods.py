"""The names, ordinals and states of a StatefulSet's Pods."""

import pytest

from chaosimagecorrupt.simulator.controllers.statefulset.pods import (
    claims_of,
    is_created,
    is_running_and_available,
    is_unavailable,
    new_pod,
    ordinal_of,
    revision_of,
    start_of,
)
from chaosimagecorrupt.simulator.types import Object

from ...api.workloads import CLAIM
from ...controller_cluster import NS, stateful_set

WEB = stateful_set()
WEB["metadata"]["uid"] = "1"


def ready(since: str = "2026-01-01T00:00:00Z") -> Object:
    conditions = [{"type": "Ready", "status": "True", "lastTransitionTime": since}]
    return {"metadata": {"name": "web-0"}, "status": {"phase": "Running", "conditions": conditions}}


@pytest.mark.parametrize(("name", "ordinal"), [("web-0", 0), ("web-12", 12), ("web", None), ("web-x", None),
                                               ("other-1", None), ("web-1-1", None)])  # fmt: skip
def test_the_ordinal_is_what_the_name_ends_in(name: str, ordinal: int | None) -> None:
    assert ordinal_of(WEB, {"metadata": {"name": name}}) == ordinal


def test_a_pod_has_the_labels_and_names_of_its_ordinal() -> None:
    pod = new_pod(WEB, WEB["spec"]["template"], "web-abc", 2)
    assert pod["metadata"]["name"] == "web-2" and revision_of(pod) == "web-abc"
    assert pod["metadata"]["labels"] == {
        "app": "web",
        "apps.kubernetes.io/pod-index": "2",
        "controller-revision-hash": "web-abc",
        "statefulset.kubernetes.io/pod-name": "web-2",
    }
    assert (pod["spec"]["hostname"], pod["spec"]["subdomain"]) == ("web-2", "web")
    assert "volumes" not in pod["spec"] and not is_created(pod)


def test_a_pod_has_its_claims_as_volumes() -> None:
    template = {**WEB["spec"]["template"], "spec": {"volumes": [{"name": "data"}, {"name": "tmp", "emptyDir": {}}]}}
    owner = {**WEB, "spec": {**WEB["spec"], "volumeClaimTemplates": [CLAIM]}}
    pod = new_pod(owner, template, "r", 1)
    claimed = {"name": "data", "persistentVolumeClaim": {"claimName": "data-web-1"}}
    assert pod["spec"]["volumes"] == [claimed, {"name": "tmp", "emptyDir": {}}]
    [claim] = claims_of(owner, pod)
    assert claim["metadata"] == {"name": "data-web-1", "namespace": NS, "labels": {"app": "web"}}


def test_ordinals_begin_where_the_spec_says() -> None:
    assert start_of(WEB) == 0 and start_of(stateful_set(ordinals={"start": 5})) == 5


def test_a_pod_is_available_once_it_was_ready_for_long_enough() -> None:
    start = 1767225600.0
    assert not is_running_and_available(ready(), 10, start + 9)
    assert is_running_and_available(ready(), 10, start + 10)
    going = {**ready(), "metadata": {"name": "web-0", "deletionTimestamp": "2026-01-01T00:00:00Z"}}
    assert is_unavailable(going, 0, start + 10) and not is_unavailable(ready(), 0, start + 10)
