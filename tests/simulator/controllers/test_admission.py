"""What admission adds to a Pod."""

from ..controller_cluster import BETTER, NS, PODS, ControllerCluster


def test_the_quality_of_service_follows_the_resources() -> None:
    cluster = ControllerCluster()
    both = {"cpu": "1", "memory": "1Gi"}
    for name, resources in (
        ("a", {}), ("b", {"requests": {"cpu": "1"}}), ("c", {"limits": both}), ("d", {"requests": both, "limits": both})
    ):  # fmt: skip
        pod = {"containers": [{"name": "app", "image": BETTER, "resources": resources}]}
        cluster.create({"metadata": {"name": name, "namespace": NS}, "spec": pod}, PODS)
    classes = [pod["status"]["qosClass"] for pod in cluster.pods()]
    assert classes == ["BestEffort", "Burstable", "Guaranteed", "Guaranteed"]
