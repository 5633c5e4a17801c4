"""What is used of a quota."""

from chaosimagecorrupt.simulator.controllers.quota_usage import counted_resources, total_usage, usage_of, written
from chaosimagecorrupt.simulator.store import Store
from chaosimagecorrupt.simulator.types import Object

NOW = 1_700_000_000.0


def stored(*objects: tuple[str, Object]) -> Store:
    store = Store(lambda: NOW)
    for resource, obj in objects:
        store.create(resource, obj)
    return store


def named(name: str, namespace: str = "shop", **more: Object) -> Object:
    return {"metadata": {"name": name, "namespace": namespace}, **more}


def pod(name: str, namespace: str = "shop", cpu: str = "500m", **spec: object) -> Object:
    resources = {"requests": {"cpu": cpu}}
    return named(name, namespace, spec={"containers": [{"name": "a", "resources": resources}], **spec})


def quota(hard: Object, *scopes: str) -> Object:
    return named("q", spec={"hard": hard, "scopes": list(scopes)})


def test_the_objects_of_the_namespace_are_added_up() -> None:
    store = stored(("pods", pod("a")), ("pods", pod("b")), ("pods", pod("c", "other")), ("configmaps", named("m")))
    hard = {"pods": "9", "requests.cpu": "9", "limits.cpu": "9", "count/configmaps": "1", "count/deployments.apps": "1"}
    used = {"pods": "2", "requests.cpu": "1", "limits.cpu": "0", "count/configmaps": "1", "count/deployments.apps": "0"}
    assert written(total_usage(store, quota(hard), NOW)) == used


def test_only_pods_in_its_scopes_count() -> None:
    store = stored(("pods", pod("a", activeDeadlineSeconds=5)), ("pods", pod("b")), ("configmaps", named("m")))
    hard = {"pods": "9", "configmaps": "9"}
    assert written(total_usage(store, quota(hard, "Terminating"), NOW)) == {"pods": "1", "configmaps": "0"}


def test_what_nobody_can_count_has_no_usage() -> None:
    assert total_usage(stored(), quota({"count/widgets.example.com": "1"}), NOW) == {}


def test_an_object_counts_for_the_resources_of_its_kind() -> None:
    hard = ["pods", "secrets", "count/secrets", "count/replicasets.apps"]
    assert counted_resources(quota({}), "secrets", named("s"), hard) == ["secrets", "count/secrets"]
    assert counted_resources(quota({}), "replicasets.apps", named("s"), hard) == ["count/replicasets.apps"]
    assert counted_resources(quota({}, "BestEffort"), "secrets", named("s"), hard) == []
    assert counted_resources(quota({}), "pods", pod("p"), hard) == ["pods"]
    assert written(usage_of("secrets", named("s"), NOW)) == {"secrets": "1", "count/secrets": "1"}
