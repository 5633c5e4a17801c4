"""Create: what the API server fills in, and what it refuses."""

from chaosimagecorrupt.simulator.types import Object

from ..calls import CONFIGS, DEPLOYMENTS, PODS, REPLICASETS, WEB, PureCalls, deployment

SERVICES = "/api/v1/namespaces/default/services"
NAMESPACED = "/api/v1/namespaces/default"


def test_a_new_object_has_no_version(calls: PureCalls) -> None:
    answer = calls("POST", CONFIGS, {"metadata": {"name": "a", "resourceVersion": "5"}})
    assert answer.message == "resourceVersion should not be set on objects to be created"


def test_a_namespace_that_is_not_there(calls: PureCalls) -> None:
    answer = calls("POST", "/api/v1/namespaces/nowhere/configmaps", {"metadata": {"name": "a"}})
    assert (answer.status, answer.message) == (404, 'namespaces "nowhere" not found')


def test_a_dry_run_of_a_create(calls: PureCalls) -> None:
    made = calls("POST", f"{DEPLOYMENTS}?dryRun=All", deployment())
    assert (made.status, made.body["metadata"]["generation"]) == (201, 1)
    assert calls("GET", WEB).status == 404


def test_services_get_addresses_of_their_own(calls: PureCalls) -> None:
    made = []
    for name in ("a", "b"):
        service = {"metadata": {"name": name}, "spec": {"ports": [{"port": 80}]}}
        made.append(calls("POST", SERVICES, service).body["spec"]["clusterIP"])
    assert made == ["10.96.0.1", "10.96.0.2"]
    assert calls("POST", SERVICES, {"metadata": {"name": "c"}, "spec": {}}).fields == ["spec.ports"]


def test_a_replicaset_of_ones_own(calls: PureCalls) -> None:
    obj = {**deployment("own"), "kind": "ReplicaSet"}
    made = calls("POST", REPLICASETS, obj)
    assert (made.status, made.body["status"], made.body["metadata"]["generation"]) == (201, {"replicas": 0}, 1)
    calls.advance(5)
    assert calls("GET", f"{REPLICASETS}/own").body["status"]["readyReplicas"] == 2
    del obj["spec"]["replicas"], obj["metadata"]["name"]
    obj["metadata"]["generateName"] = "own-"
    assert calls("POST", REPLICASETS, obj).body["spec"]["replicas"] == 1


def test_a_quota_refuses_pods(calls: PureCalls) -> None:
    quota = {"metadata": {"name": "few"}, "spec": {"hard": {"pods": "0"}}}
    calls("POST", f"{NAMESPACED}/resourcequotas", quota)
    status = {"hard": {"pods": "0"}, "used": {"pods": "0"}}
    calls("PATCH", f"{NAMESPACED}/resourcequotas/few/status", {"status": status}, "application/merge-patch+json")
    pod = {"metadata": {"name": "p"}, "spec": {"containers": [{"name": "a", "image": "x"}]}}
    answer = calls("POST", PODS, pod)
    assert (answer.status, "exceeded quota: few" in answer.message) == (403, True)


def test_a_pod_of_ones_own_runs(calls: PureCalls) -> None:
    pod = {"metadata": {"name": "p"}, "spec": {"containers": [{"name": "a", "image": "x:1"}]}}
    assert calls("POST", PODS, pod).body["status"]["phase"] == "Pending"
    calls.advance(5)
    assert calls("GET", f"{PODS}/p").body["status"]["phase"] == "Running"


def test_a_service_without_a_selector_of_pods(calls: PureCalls) -> None:
    service = {"metadata": {"name": "out"}, "spec": {"type": "ExternalName", "externalName": "example.org"}}
    made = calls("POST", f"{NAMESPACED}/services", service).body["spec"]
    assert "clusterIP" not in made
    bad = {"metadata": {"name": "bad"}, "spec": {"type": "Magic", "ports": [{"port": 80}]}}
    assert calls("POST", f"{NAMESPACED}/services", bad).fields == ["spec.type"]


MERGE = "application/merge-patch+json"


def test_what_is_created_is_charged_to_a_quota_unless_it_is_a_dry_run(calls: PureCalls) -> None:
    calls("POST", f"{NAMESPACED}/resourcequotas", {"metadata": {"name": "q"}, "spec": {"hard": {"count/secrets": "1"}}})
    status = {"hard": {"count/secrets": "1"}, "used": {"count/secrets": "0"}}
    calls("PATCH", f"{NAMESPACED}/resourcequotas/q/status", {"status": status}, MERGE)
    secret = {"metadata": {"name": "a"}}
    assert calls("POST", f"{NAMESPACED}/secrets?dryRun=All", secret).status == 201
    assert calls("POST", f"{NAMESPACED}/secrets", secret).status == 201
    assert calls("GET", f"{NAMESPACED}/resourcequotas/q").body["status"]["used"] == {"count/secrets": "1"}
    answer = calls("POST", f"{NAMESPACED}/secrets", {"metadata": {"name": "b"}})
    why = "exceeded quota: q, requested: count/secrets=1, used: count/secrets=1, limited: count/secrets=1"
    assert (answer.status, answer.message) == (403, f'secrets "b" is forbidden: {why}')


def sized(name: str, **resources: Object) -> Object:
    return {"metadata": {"name": name}, "spec": {"containers": [{"name": "a", "image": "x", "resources": resources}]}}


def test_a_limit_range_gives_a_pod_its_defaults_or_refuses_it(calls: PureCalls) -> None:
    limits = [{"type": "Container", "max": {"cpu": "1"}, "min": {"memory": "64Mi"}}]
    calls("POST", f"{NAMESPACED}/limitranges", {"metadata": {"name": "l"}, "spec": {"limits": limits}})
    fine = calls("POST", PODS, sized("fine")).body
    resources = {"limits": {"cpu": "1"}, "requests": {"cpu": "1", "memory": "64Mi"}}
    assert fine["spec"]["containers"][0]["resources"] == resources
    assert fine["metadata"]["annotations"]["kubernetes.io/limit-ranger"].startswith(
        "LimitRanger plugin set: cpu, memory"
    )
    big = calls("POST", PODS, sized("big", limits={"cpu": "2"}))
    why = "maximum cpu usage per Container is 1, but limit is 2"
    assert (big.status, big.message) == (403, f'pods "big" is forbidden: {why}')
    odd = calls("POST", PODS, sized("odd", requests={"cpu": "2"}))
    assert (odd.status, "must be less than or equal to cpu limit of 1" in odd.message) == (422, True)
