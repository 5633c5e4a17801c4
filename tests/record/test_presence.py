"""Who owns what the fault changed: the same after the restore as before, as far as nobody has written meanwhile."""

import time
from typing import Any

import pytest

from chaosimagecorrupt.fault.inject import Injection
from chaosimagecorrupt.fault.spec import FaultSpec
from chaosimagecorrupt.record.entry import Entry
from chaosimagecorrupt.record.presence import with_owners_back
from chaosimagecorrupt.record.snapshot import Snapshot
from chaosimagecorrupt.restore.restore import restore
from chaosimagecorrupt.workload.target import Target

from ..in_process_client import SETTLE, InProcessClient, Place
from ..manifests import a_deployment

NS, PATH = "shop", "/apis/apps/v1/namespaces/shop/deployments"
APPLY, MERGE = "application/apply-patch+yaml", "application/strategic-merge-patch+json"
V1, V2 = "localhost/app:v1", "localhost/app:v2"

Object = Any


class Owned:
    """A Deployment with the containers app and side, and a progress deadline of 120 s."""

    def __init__(self, *, applied: bool) -> None:
        self.place = Place(time.time(), [{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": NS}}])
        if applied:
            self.apply(self.manifest())
        else:
            self.ask("POST", PATH, self.manifest(), "application/json", fieldManager="owner")
        self.place.clock.advance(SETTLE)

    def manifest(self, image: str = V1, **changed: Any) -> Object:
        pod = {"containers": [{"name": "app", "image": image}, {"name": "side", "image": V1}]}
        template = {"metadata": {"labels": {"app": "web"}}, "spec": pod}
        spec = {"selector": {"matchLabels": {"app": "web"}}, "template": template, "progressDeadlineSeconds": 120}
        metadata = {"name": "web", "namespace": NS}
        return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata, "spec": {**spec, **changed}}

    def ask(self, method: str, path: str = f"{PATH}/web", *what: Any, **query: str) -> Object:
        status, found = self.place.ask(method, path, *what, **query)
        assert status < 300, found
        return dict(found)

    def apply(self, manifest: Object, manager: str = "owner", **query: str) -> Object:
        return self.ask("PATCH", f"{PATH}/web", manifest, APPLY, fieldManager=manager, **query)

    def conflict(self, manager: str) -> str:
        """The answer to another client that applies another image."""
        query = {"fieldManager": manager, "dryRun": "All"}
        _, found = self.place.ask("PATCH", f"{PATH}/web", self.manifest(V2), APPLY, **query)
        return str(found.get("message", ""))

    def fields(self) -> list[Object]:
        """managedFields, without the controller's."""
        found = self.ask("GET")["metadata"]["managedFields"]
        return [e for e in found if e["manager"] != "kube-controller-manager"]

    def target(self, name: str = "process") -> Target:
        return Target("web", NS, InProcessClient(self.place, name))

    def corrupt(self, container: str = "app", deadline: int | None = 60) -> None:
        Injection(self.target(), FaultSpec(container, "registry.invalid/x:1", 300.0, deadline)).inject()
        self.place.clock.advance(SETTLE)


@pytest.fixture(params=[True, False], ids=["applied", "updated"])
def owned(request: pytest.FixtureRequest) -> Owned:
    return Owned(applied=request.param)


@pytest.mark.parametrize("process", ["process", "another process"])
def test_owners_are_the_same_after_a_restore(owned: Owned, process: str) -> None:
    before = owned.fields()
    owned.corrupt()
    assert owned.fields() != before
    restore(owned.target(process))
    assert owned.fields() == before


def test_owner_of_the_image_alone_gets_it_back(owned: Owned) -> None:
    pod = {"containers": [{"name": "app", "image": V2}]}
    owned.ask("PATCH", f"{PATH}/web", {"spec": {"template": {"spec": pod}}}, MERGE, fieldManager="kubectl-set")
    before = owned.fields()
    owned.corrupt()
    restore(owned.target("another process"))
    assert owned.fields() == before


@pytest.mark.parametrize("deadlines", [(60, 30), (60, None), (None, 30)])
def test_owners_get_back_what_two_faults_took_one_by_one(owned: Owned, deadlines: tuple[int | None, ...]) -> None:
    before = owned.fields()
    for container, deadline in zip(("app", "side"), deadlines, strict=True):
        owned.corrupt(container, deadline)
    for container in ("app", "side"):
        restore(owned.target(container), container_name=container)
    assert owned.fields() == before


def test_owners_get_it_back_when_who_restored_did_not_come_to_clean_up(owned: Owned) -> None:
    before = owned.fields()
    owned.corrupt()
    killed = InProcessClient(owned.place, "killed")
    killed.troubles += [None] * 2 + ["drop"] * 9  # read, patched, and nothing else
    assert "restore again to remove them" in restore(Target("web", NS, killed))["warnings"][0]
    assert owned.fields() != before
    assert restore(owned.target("another process"))["outcome"] == "nothing-to-restore"
    assert owned.fields() == before


def test_deadline_of_a_fault_that_was_undone_by_hand_is_put_back_with_the_next_fault(owned: Owned) -> None:
    owned.corrupt(deadline=60)
    notes = {k: None for k in owned.ask("GET")["metadata"]["annotations"] if "operatorchaos" in k}
    pod = {"containers": [{"name": "app", "image": V1}]}
    undo = {"metadata": {"annotations": notes}, "spec": {"template": {"spec": pod}}}
    owned.ask("PATCH", f"{PATH}/web", undo, MERGE, fieldManager="kubectl-rollout")
    owned.place.clock.advance(SETTLE)
    owned.corrupt("side", deadline=None)
    restore(owned.target("another process"))
    assert owned.ask("GET")["spec"]["progressDeadlineSeconds"] == 120
    deadlines = {e["manager"]: "f:progressDeadlineSeconds" in e["fieldsV1"].get("f:spec", {}) for e in owned.fields()}
    assert deadlines == {"owner": True, "kubectl-rollout": False}


def test_someone_else_who_applies_gets_the_conflict_with_the_owner_as_before(owned: Owned) -> None:
    before = owned.conflict("other")
    owned.corrupt()
    restore(owned.target())
    assert 'conflict with "owner"' in owned.conflict("other") == before


def test_what_the_owner_drops_from_its_manifest_goes() -> None:
    owned = Owned(applied=True)
    owned.corrupt()
    restore(owned.target())
    manifest = owned.manifest()
    del manifest["spec"]["progressDeadlineSeconds"]
    assert owned.apply(manifest)["spec"]["progressDeadlineSeconds"] == 600


def test_what_an_applier_has_dropped_meanwhile_is_not_given_back() -> None:
    owned = Owned(applied=True)
    owned.corrupt()
    manifest = owned.manifest(replicas=2)
    del manifest["spec"]["progressDeadlineSeconds"]
    del manifest["spec"]["template"]["spec"]["containers"][0]["image"]
    owned.place.clock.advance(1.0)
    owned.apply(manifest)
    restore(owned.target())
    [entry] = owned.fields()
    assert "f:progressDeadlineSeconds" not in entry["fieldsV1"]["f:spec"]


def test_what_someone_has_taken_meanwhile_is_theirs(owned: Owned) -> None:
    owned.corrupt()
    owned.apply(owned.manifest(V2), "other", force="true")
    before = owned.fields()
    assert restore(owned.target())["outcome"] == "superseded"
    assert owned.fields() == [e for e in before if e["manager"] != "chaosimagecorrupt"]


def test_the_image_of_another_fault_stays_ours(owned: Owned) -> None:
    owned.corrupt("app")
    owned.corrupt("side")
    restore(owned.target(), container_name="app")
    [ours] = [e for e in owned.fields() if e["manager"] == "chaosimagecorrupt"]
    assert list(ours["fieldsV1"]["f:spec"]["f:template"]["f:spec"]["f:containers"]) == ['k:{"name":"side"}']


def test_an_element_that_is_owned_by_itself_stays_so() -> None:
    key = 'k:{"name":"app"}'

    def fields(below: Object) -> Object:
        return {"f:spec": {"f:template": {"f:spec": {"f:containers": {key: below}}}}}

    deployment = a_deployment()
    deployment["metadata"]["managedFields"] = [
        {"manager": "chaosimagecorrupt", "operation": "Update", "fieldsV1": fields({"f:image": {}})},
        {"manager": "owner", "operation": "Apply", "time": "2026-11-22T15:00:00Z", "fieldsV1": fields({})},
    ]
    owner = ["owner", "Apply", "2026-11-22T15:00:00Z"]
    entry = Entry("app", V1, "bad", "id1", uid="1", owners={"image": [owner]})
    [found] = with_owners_back(Snapshot(deployment), [entry])
    assert found["fieldsV1"] == fields({".": {}, "f:image": {}})
