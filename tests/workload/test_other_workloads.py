"""A Deployment of another workload is refused, with why and what to do instead."""

from typing import Any

import pytest

from chaosimagecorrupt.errors import Refused
from chaosimagecorrupt.workload.other_workloads import OTHER_WORKLOADS, owner_in, refuse_owned_by_other, why_not

from ..manifests import a_deployment, injection

KNATIVE = "a Revision never changes, so its controller puts the image of its Deployment back"


def reference(kind: str, version: str, name: str = "hello-00001") -> Any:
    return {"kind": kind, "apiVersion": version, "name": name, "uid": "9", "controller": True}


def owned_by(*references: Any) -> Any:
    found = a_deployment()
    found["metadata"]["ownerReferences"] = list(references)
    return found


@pytest.mark.parametrize(
    ("kind", "version", "why"),
    [
        ("Revision", "serving.knative.dev/v1", KNATIVE),
        ("Service", "serving.knative.dev/v1", KNATIVE),
        ("Rollout", "argoproj.io/v1alpha1", "kubectl argo rollouts set image hello-00001 '*=IMAGE' -n shop"),
        ("DeploymentConfig", "apps.openshift.io/v1", "oc set image dc/hello-00001 '*=IMAGE' -n shop"),
    ],
)
def test_a_deployment_of_such_an_owner_is_refused(kind: str, version: str, why: str) -> None:
    deployment = owned_by(reference(kind, version))
    with pytest.raises(Refused) as refused:
        refuse_owned_by_other(deployment)
    text = str(refused.value)
    assert text.startswith("Deployment shop/web belongs to another workload: ")
    assert f"{kind} ({version.partition('/')[0]}) shop/hello-00001 cannot be corrupted: " in text and why in text
    with pytest.raises(Refused, match="belongs to another workload"):
        injection(deployment)


@pytest.mark.parametrize(
    "owner",
    [
        reference("KnativeServing", "operator.knative.dev/v1beta1"),
        reference("Service", "v1"),
        reference("Application", "argoproj.io/v1alpha1"),
        {"kind": "Rollout", "name": "x", "uid": "1"},
    ],
)
def test_any_other_owner_is_not(owner: Any) -> None:
    assert owner_in([owner]) is None and owner_in(None) is None
    refuse_owned_by_other(owned_by(owner))


def test_a_name_from_the_cluster_cannot_break_the_message() -> None:
    assert all("\x1b" not in why_not(each, "shop", "a\x1b[2J") for each in OTHER_WORKLOADS)
