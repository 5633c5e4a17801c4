"""DELETE: what goes, what stays, and what waits."""

import pytest

from ..calls import (
    CONFIGS,
    DEPLOYMENTS,
    MERGE,
    PODS,
    REPLICASETS,
    STRATEGIC,
    WEB,
    PureCalls,
    created,
    deployment,
    image_patch,
)


def test_a_delete_answers_with_a_status_or_with_the_pod(calls: PureCalls) -> None:
    created(calls, replicas=1)
    calls.advance(5)
    pod = calls("GET", PODS).body["items"][0]["metadata"]["name"]
    assert calls("DELETE", f"{PODS}/{pod}").body["metadata"]["deletionGracePeriodSeconds"] == 30
    assert calls("DELETE", WEB).body["status"] == "Success"


def test_background_deletion_lets_what_is_owned_follow(calls: PureCalls) -> None:
    created(calls)
    calls.advance(5)
    calls("DELETE", WEB)
    assert calls("GET", WEB).status == 404
    assert len(calls("GET", REPLICASETS).body["items"]) == 1
    calls.advance(60)
    assert (calls("GET", REPLICASETS).body["items"], calls("GET", PODS).body["items"]) == ([], [])


def test_foreground_deletion_waits_for_what_is_owned(calls: PureCalls) -> None:
    created(calls)
    calls.advance(5)
    shown = calls("DELETE", WEB, {"propagationPolicy": "Foreground"}).body
    assert shown["metadata"]["finalizers"] == ["foregroundDeletion"]
    assert "deletionTimestamp" in calls("GET", WEB).body["metadata"]
    calls.advance(60)
    assert calls("GET", WEB).status == 404
    assert calls("GET", PODS).body["items"] == []


@pytest.mark.parametrize("query", ["propagationPolicy=Orphan", "orphanDependents=true"])
def test_orphans_stay(calls: PureCalls, query: str) -> None:
    created(calls)
    calls.advance(5)
    calls("DELETE", f"{WEB}?{query}")
    calls.advance(60)
    assert calls("GET", WEB).status == 404
    (orphan,) = calls("GET", REPLICASETS).body["items"]
    assert "ownerReferences" not in orphan["metadata"]
    assert len(calls("GET", PODS).body["items"]) == 2


def test_finalizers_keep_an_object_until_they_are_removed(calls: PureCalls) -> None:
    calls("POST", CONFIGS, {"metadata": {"name": "a", "finalizers": ["example.com/x"]}})
    held = calls("DELETE", f"{CONFIGS}/a").body
    assert "deletionTimestamp" in held["metadata"]
    refused = calls("PATCH", f"{CONFIGS}/a", {"metadata": {"finalizers": ["example.com/x", "example.com/y"]}}, MERGE)
    assert refused.fields == ["metadata.finalizers"]
    calls("PATCH", f"{CONFIGS}/a", {"metadata": {"finalizers": []}}, MERGE)
    assert calls("GET", f"{CONFIGS}/a").status == 404


@pytest.mark.parametrize("precondition", ["uid", "resourceVersion"])
def test_preconditions_of_a_delete(calls: PureCalls, precondition: str) -> None:
    made = calls("POST", CONFIGS, {"metadata": {"name": "a"}}).body["metadata"]
    assert calls("DELETE", f"{CONFIGS}/a", {"preconditions": {precondition: "other"}}).status == 409
    assert calls("DELETE", f"{CONFIGS}/a", {"preconditions": {precondition: made[precondition]}}).status == 200


@pytest.mark.parametrize("query", ["propagationPolicy=Sideways", "gracePeriodSeconds=x"])
def test_options_of_a_delete_that_make_no_sense(calls: PureCalls, query: str) -> None:
    created(calls)
    assert calls("DELETE", f"{WEB}?{query}").status == 400
    assert calls("GET", WEB).status == 200


def test_a_dry_run_of_a_delete(calls: PureCalls) -> None:
    created(calls)
    assert calls("DELETE", f"{WEB}?dryRun=All").body["status"] == "Success"
    assert calls("DELETE", WEB, {"dryRun": ["All"]}).body["status"] == "Success"
    assert calls("GET", WEB).status == 200


def test_no_grace_removes_a_pod_at_once(calls: PureCalls) -> None:
    created(calls, replicas=1)
    calls.advance(5)
    pod = calls("GET", PODS).body["items"][0]["metadata"]["name"]
    calls("DELETE", f"{PODS}/{pod}?gracePeriodSeconds=0")
    assert calls("GET", f"{PODS}/{pod}").status == 404


def test_a_selection_is_deleted_together(calls: PureCalls) -> None:
    for name in ("a", "b", "c"):
        calls("POST", CONFIGS, {"metadata": {"name": name, "labels": {"keep": str(name == "b")}}})
    gone = calls("DELETE", f"{CONFIGS}?labelSelector=keep%21%3DTrue").body
    assert [item["metadata"]["name"] for item in gone["items"]] == ["a", "c"]
    assert [item["metadata"]["name"] for item in calls("GET", CONFIGS).body["items"]] == ["b"]


def test_a_namespace_goes_with_all_that_is_in_it(calls: PureCalls) -> None:
    calls("POST", "/api/v1/namespaces", {"metadata": {"name": "shop"}})
    calls("POST", "/apis/apps/v1/namespaces/shop/deployments", deployment())
    calls.advance(5)
    assert calls("DELETE", "/api/v1/namespaces/shop").body["status"]["phase"] == "Terminating"
    refused = calls("POST", "/api/v1/namespaces/shop/configmaps", {"metadata": {"name": "a"}})
    assert (refused.status, "is being terminated" in refused.message) == (403, True)
    calls.advance(120)
    assert calls("GET", "/api/v1/namespaces/shop").status == 404
    assert calls("GET", "/api/v1/namespaces/shop/pods").body["items"] == []


def test_a_body_of_a_delete_is_its_options(calls: PureCalls) -> None:
    calls("POST", DEPLOYMENTS, deployment())
    assert calls("DELETE", WEB, [1]).status == 400
    assert calls("DELETE", WEB, {"dryRun": ["Some"]}).status == 400
    assert calls("DELETE", WEB, {"gracePeriodSeconds": 0}).status == 200


def test_a_namespace_that_is_going_already_stays_so(calls: PureCalls) -> None:
    calls("POST", "/api/v1/namespaces", {"metadata": {"name": "shop"}})
    calls("POST", "/api/v1/namespaces/shop/configmaps", {"metadata": {"name": "a", "finalizers": ["x.io/y"]}})
    first = calls("DELETE", "/api/v1/namespaces/shop").body["metadata"]["deletionTimestamp"]
    calls.advance(30)
    assert calls("DELETE", "/api/v1/namespaces/shop").body["metadata"]["deletionTimestamp"] == first


def test_a_deletion_moves_the_generation(calls: PureCalls) -> None:
    calls("POST", DEPLOYMENTS, deployment())
    shown = calls("DELETE", f"{WEB}?propagationPolicy=Foreground").body
    assert shown["metadata"]["generation"] == 2


def test_what_is_being_deleted_can_still_be_patched(calls: PureCalls) -> None:
    held = deployment()
    held["metadata"]["finalizers"] = ["example.com/x"]
    calls("POST", DEPLOYMENTS, held)
    calls("DELETE", WEB)
    assert calls("PATCH", WEB, image_patch("b:1"), STRATEGIC).status == 200
