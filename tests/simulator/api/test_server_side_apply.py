"""Server-side apply: merging, pruning, conflicts."""

from ..calls import APPLY, DEPLOYMENTS, MERGE, STRATEGIC, WEB, PureCalls, deployment, image_patch
from ..owners import applied, managed, owner_of_image


def test_an_apply_owns_what_it_names_and_nothing_else(calls: PureCalls) -> None:
    created = applied(calls, deployment(replicas=3), "argo")
    assert created.status == 201
    (entry,) = managed(created.body)
    assert entry["operation"] == "Apply"
    assert entry["fieldsV1"] == {
        "f:metadata": {"f:labels": {"f:app": {}}},
        "f:spec": {
            "f:replicas": {},
            "f:selector": {},
            "f:template": {
                "f:metadata": {"f:labels": {"f:app": {}}},
                "f:spec": {"f:containers": {'k:{"name":"app"}': {".": {}, "f:image": {}, "f:name": {}}}},
            },
        },
    }


def test_what_another_owns_is_a_conflict(calls: PureCalls) -> None:
    applied(calls, deployment(), "argo")
    calls("PATCH", f"{WEB}?fieldManager=chaosimagecorrupt", image_patch("bad:1"), STRATEGIC)
    refused = applied(calls, deployment(image="example.org/app:v2"), "argo")
    assert refused.status == 409
    where = '.spec.template.spec.containers[name="app"].image'
    who = 'conflict with "chaosimagecorrupt" using apps/v1'
    assert refused.message == f"Apply failed with 1 conflict: {who}: {where}"
    cause = {"reason": "FieldManagerConflict", "message": who, "field": where}
    assert refused.body["details"] == {"causes": [cause]}


def test_several_conflicts_are_told_by_owner(calls: PureCalls) -> None:
    calls("POST", f"{DEPLOYMENTS}?fieldManager=helm", deployment())
    refused = applied(calls, deployment(image="other:1", replicas=5), "argo")
    assert refused.message == (
        'Apply failed with 2 conflicts: conflicts with "helm" using apps/v1:\n- .spec.replicas\n'
        '- .spec.template.spec.containers[name="app"].image'
    )


def test_force_takes_the_field(calls: PureCalls) -> None:
    calls("POST", f"{DEPLOYMENTS}?fieldManager=helm", deployment())
    forced = applied(calls, deployment(image="example.org/app:v2"), "argo", force=True)
    assert forced.status == 200
    assert owner_of_image(forced.body) == ["argo"]


def test_the_same_value_is_owned_together(calls: PureCalls) -> None:
    applied(calls, deployment(), "argo")
    assert owner_of_image(applied(calls, deployment(), "flux").body) == ["argo", "flux"]


def test_the_same_apply_again_changes_nothing(calls: PureCalls) -> None:
    applied(calls, deployment(), "argo")
    calls.advance(5)
    once = calls("GET", WEB).body
    calls.clock.advance(60)
    assert applied(calls, deployment(), "argo").body == once


def test_what_is_applied_no_more_goes(calls: PureCalls) -> None:
    labelled = deployment()
    labelled["metadata"]["labels"]["tier"] = "front"
    applied(calls, labelled, "argo")
    assert applied(calls, deployment(), "argo").body["metadata"]["labels"] == {"app": "web"}


def test_what_is_applied_no_more_stays_when_another_owns_it(calls: PureCalls) -> None:
    labelled = deployment()
    labelled["metadata"]["labels"]["tier"] = "front"
    applied(calls, labelled, "argo")
    applied(calls, labelled, "flux")
    assert applied(calls, deployment(), "argo").body["metadata"]["labels"]["tier"] == "front"


def test_a_container_that_is_applied_no_more_goes(calls: PureCalls) -> None:
    two = deployment()
    two["spec"]["template"]["spec"]["containers"].append({"name": "side", "image": "side:1"})
    applied(calls, two, "argo")
    left = applied(calls, deployment(), "argo").body["spec"]["template"]["spec"]["containers"]
    assert [container["name"] for container in left] == ["app"]


def test_an_apply_to_an_object_without_owners_names_those_before_it(calls: PureCalls) -> None:
    calls("POST", DEPLOYMENTS, deployment())
    calls("PATCH", WEB, {"metadata": {"managedFields": [{}]}}, MERGE)
    told = applied(calls, deployment(image="b:1"), "argo").message
    assert told.startswith('Apply failed with 1 conflict: conflict with "before-first-apply" using apps/v1: ')


def test_an_apply_needs_a_manager(calls: PureCalls) -> None:
    refused = calls("PATCH", WEB, deployment(), APPLY)
    assert (refused.status, "fieldManager: Required value" in refused.message) == (400, True)


def test_applied_yaml_may_name_no_owners(calls: PureCalls) -> None:
    named = deployment()
    named["metadata"]["managedFields"] = [{"manager": "me"}]
    assert applied(calls, named, "argo").message == "metadata.managedFields must be nil"


def test_a_stale_version_in_an_apply_is_a_conflict(calls: PureCalls) -> None:
    applied(calls, deployment(), "argo")
    stale = deployment(replicas=7)
    stale["metadata"]["resourceVersion"] = "1"
    assert "the object has been modified" in applied(calls, stale, "argo").message
