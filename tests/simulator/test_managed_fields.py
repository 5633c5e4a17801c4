"""Who owns which fields: as recorded, and under server-side apply."""

import copy
import json
from pathlib import Path

from chaosimagecorrupt.simulator.managed_fields import sort_entries
from chaosimagecorrupt.simulator.types import ManagedFieldsEntry, Object

from .calls import DEPLOYMENTS, JSON_PATCH, MERGE, STRATEGIC, WEB, PureCalls, deployment, image_patch
from .owners import applied, managed, owner_of_image

RECORDING = Path(__file__).parent.parent / "recordings" / "managed-fields.json"
RECORDED = [moment["object"] for moment in json.loads(RECORDING.read_text())]
NAMESPACE = "/apis/apps/v1/namespaces/rec-mf/deployments"


def owners(obj: Object) -> list[Object]:
    """The managedFields without their times, and so in the order of the managers."""
    entries = [{name: value for name, value in entry.items() if name != "time"} for entry in managed(obj)]
    return sorted(entries, key=lambda entry: str(entry["manager"]))


def test_the_recorded_owners(calls: PureCalls) -> None:
    calls("POST", "/api/v1/namespaces", {"metadata": {"name": "rec-mf"}})
    first = RECORDED[0]
    body = {"metadata": {"name": "web", "labels": first["metadata"]["labels"]}, "spec": first["spec"]}
    calls("POST", f"{NAMESPACE}?fieldManager=installer", body)
    calls.advance(5)
    seen = [calls("GET", f"{NAMESPACE}/web").body]
    corrupt = image_patch("registry.invalid/nonexistent:chaos")
    corrupt["metadata"] = {"annotations": {"chaos.operatorchaos.io/original-image-app": "localhost/app:v1"}}
    calls("PATCH", f"{NAMESPACE}/web?fieldManager=chaosimagecorrupt", corrupt, STRATEGIC)
    calls.advance(5)
    seen.append(calls("GET", f"{NAMESPACE}/web").body)
    calls("PATCH", f"{NAMESPACE}/web?fieldManager=my-operator", image_patch("localhost/app:v1"), STRATEGIC)
    calls.advance(5)
    seen.append(calls("GET", f"{NAMESPACE}/web").body)
    assert [owners(obj) for obj in seen] == [owners(obj) for obj in RECORDED]


def test_entries_are_in_the_order_of_operation_time_and_manager() -> None:
    entries = [managed(obj) for obj in RECORDED]
    assert [sort_entries(each[::-1]) for each in entries] == entries
    newest: ManagedFieldsEntry = {"manager": "a", "operation": "Apply", "time": "2027-01-01T00:00:00Z"}
    assert sort_entries([*entries[0], newest])[0] == newest


def test_the_writer_is_named_by_its_user_agent(calls: PureCalls) -> None:
    created = calls("POST", DEPLOYMENTS, deployment(), **{"user-agent": "kubectl/v1.32 (linux)"}).body
    assert [entry["manager"] for entry in managed(created)] == ["kubectl"]


def test_an_entry_that_is_removed_makes_way_for_its_owner(calls: PureCalls) -> None:
    applied(calls, deployment(), "argo")
    calls("PATCH", f"{WEB}?fieldManager=chaosimagecorrupt", image_patch("bad:1"), STRATEGIC)
    calls("PATCH", f"{WEB}?fieldManager=chaosimagecorrupt", image_patch("example.org/app:v1"), STRATEGIC)
    index = [entry["manager"] for entry in managed(calls("GET", WEB).body)].index("chaosimagecorrupt")
    path = f"/metadata/managedFields/{index}"
    remove = [
        {"op": "test", "path": f"{path}/manager", "value": "chaosimagecorrupt"},
        {"op": "remove", "path": path},
    ]
    cleaned = calls("PATCH", f"{WEB}?fieldManager=chaosimagecorrupt", remove, JSON_PATCH)
    assert owner_of_image(cleaned.body) == []
    assert applied(calls, deployment(image="example.org/app:v2"), "argo").status == 200


def test_removing_an_entry_moves_the_version_but_not_the_generation(calls: PureCalls) -> None:
    before = calls("POST", f"{DEPLOYMENTS}?fieldManager=helm", deployment()).body["metadata"]
    remove = [{"op": "remove", "path": "/metadata/managedFields/0"}]
    calls("PATCH", WEB, image_patch("b:1"), STRATEGIC)
    after = calls("PATCH", WEB, remove, JSON_PATCH).body["metadata"]
    assert after["resourceVersion"] > before["resourceVersion"]
    assert after["generation"] == before["generation"] + 1  # by the image, not by the removal


def test_an_empty_list_of_owners_is_ignored(calls: PureCalls) -> None:
    before = calls("POST", DEPLOYMENTS, deployment()).body
    after = calls("PATCH", WEB, {"metadata": {"managedFields": []}}, MERGE).body
    assert owners(after) == owners(before)


def test_one_empty_entry_forgets_all_owners(calls: PureCalls) -> None:
    calls("POST", DEPLOYMENTS, deployment())
    assert managed(calls("PATCH", WEB, {"metadata": {"managedFields": [{}]}}, MERGE).body) == []
    assert managed(calls("PATCH", WEB, image_patch("b:1"), STRATEGIC).body) == []


def test_a_put_without_owners_keeps_them(calls: PureCalls) -> None:
    created = calls("POST", f"{DEPLOYMENTS}?fieldManager=helm", deployment()).body
    new = copy.deepcopy(created)
    del new["metadata"]["managedFields"]
    new["spec"]["replicas"] = 4
    replaced = calls("PUT", f"{WEB}?fieldManager=scaler", new).body
    assert [entry["manager"] for entry in managed(replaced)] == ["helm", "scaler"]
    assert managed(replaced)[1]["fieldsV1"] == {"f:spec": {"f:replicas": {}}}


def test_a_scale_is_owned_through_its_subresource(calls: PureCalls) -> None:
    calls("POST", f"{DEPLOYMENTS}?fieldManager=helm", deployment())
    calls("PATCH", f"{WEB}/scale?fieldManager=scaler", {"spec": {"replicas": 5}}, MERGE)
    entry = managed(calls("GET", WEB).body)[1]
    assert (entry["manager"], entry["subresource"]) == ("scaler", "scale")
    assert entry["fieldsV1"] == {"f:spec": {"f:replicas": {}}}


def test_a_custom_resource_is_owned_field_by_field(calls: PureCalls) -> None:
    from .custom_resource import WIDGET, WIDGETS, define_widgets

    define_widgets(calls)
    made = calls("POST", f"{WIDGETS}?fieldManager=me", WIDGET).body
    assert managed(made)[0]["fieldsV1"] == {"f:spec": {".": {}, "f:size": {}}}
