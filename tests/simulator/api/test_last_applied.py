"""From client-side to server-side apply."""

from ..calls import APPLY, DEPLOYMENTS, WEB, PureCalls, deployment


def test_an_annotation_of_kubectl_that_is_broken_stands_for_nothing(calls: PureCalls) -> None:
    broken = deployment()
    broken["metadata"]["annotations"] = {"kubectl.kubernetes.io/last-applied-configuration": "{"}
    calls("POST", f"{DEPLOYMENTS}?fieldManager=kubectl-client-side-apply", broken)
    refused = calls("PATCH", f"{WEB}?fieldManager=kubectl", deployment(image="b:1"), APPLY)
    assert refused.status == 409
