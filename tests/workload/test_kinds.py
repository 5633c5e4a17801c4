"""The kind of a workload is read from the object, and from what people type."""

import pytest

from chaosimagecorrupt.errors import Refused
from chaosimagecorrupt.workload.kinds import KINDS, called, kind_named, kind_of, split_name

from ..manifests import a_deployment


def test_an_object_tells_its_kind_and_without_one_it_is_a_deployment() -> None:
    assert [kind_of({"kind": kind.name}) for kind in KINDS] == list(KINDS)
    assert kind_of(a_deployment()).name == "Deployment"


@pytest.mark.parametrize(
    ("text", "kind", "name"),
    [
        ("web", "Deployment", "web"),
        ("deployment/web", "Deployment", "web"),
        ("deployment.apps/web", "Deployment", "web"),
        ("deploy/web", "Deployment", "web"),
        ("sts/web", "StatefulSet", "web"),
        ("statefulset.apps/web", "StatefulSet", "web"),
        ("statefulsets.apps/web", "StatefulSet", "web"),
        ("StatefulSet/web", "StatefulSet", "web"),
        ("ds/web", "DaemonSet", "web"),
        ("daemonsets/web", "DaemonSet", "web"),
    ],
)
def test_names_are_taken_as_kubectl_takes_and_prints_them(text: str, kind: str, name: str) -> None:
    found, rest = split_name(text)
    assert (found.name, rest) == (kind, name)


def test_a_kind_that_is_none_of_these_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(Refused, match="kind: 'ReplicaSet' is not one of Deployment, StatefulSet, DaemonSet"):
        kind_named("ReplicaSet")
    assert kind_named(None) is kind_named("") is kind_named("Deployment")


def test_messages_name_kind_namespace_and_name() -> None:
    assert called({**a_deployment(), "kind": "StatefulSet"}) == "StatefulSet shop/web"
