"""Restores of a Deployment without a cluster."""

from collections.abc import Iterable, Sequence
from typing import Any

from chaosimagecorrupt.record.annotations import (
    EXPIRES,
    LABEL,
    LABEL_VALUE,
    OPERATOR_CHAOS_CONTAINER,
    RECORD,
)
from chaosimagecorrupt.record.entry import Entry
from chaosimagecorrupt.record.snapshot import Snapshot
from chaosimagecorrupt.restore.decide import RestorePlan, RestoreScope, plan_restore
from chaosimagecorrupt.restore.without_record import entries_without_record
from chaosimagecorrupt.workload.containers import container_of

from ..manifests import a_deployment, patched

ORIGINAL = "chaos.operatorchaos.io/original-image-app"


Object = Any


def plan(deployment: Object, revisions: Sequence[Object] | None = None, **scope: Any) -> RestorePlan:
    return plan_restore(Snapshot(deployment, revisions), RestoreScope(**scope))


def unrecorded(deployment: Object, revisions: Sequence[Object], known: Sequence[Entry] = ()) -> list[Entry]:
    return entries_without_record(Snapshot(deployment, revisions), known)


def restored(deployment: Object, **changed: Any) -> Object:
    """The Deployment after a restore, as the API server has it."""
    patch = plan(deployment, **changed).patch
    return deployment if patch is None else patched(deployment, patch)


def outcomes(deployment: Object, **changed: Any) -> dict[str, str]:
    return {o.container: o.outcome for o in plan(deployment, **changed).outcomes}


def with_image(deployment: Object, image: str, container: str = "app") -> Object:
    """The Deployment after someone else set a container's image."""
    return patched(deployment, {"spec": {"template": {"spec": {"containers": [{"name": container, "image": image}]}}}})


def image_of(deployment: Object, container: str = "app") -> str:
    found = container_of(deployment, container)
    assert found is not None
    return str(found[1]["image"])


def without(deployment: Object, keys: Iterable[str]) -> Object:
    return patched(deployment, {"metadata": {"annotations": dict.fromkeys(keys)}})


def refusal(deployment: Object, **changed: Any) -> str:
    decided = plan(deployment, **changed)
    assert decided.outcomes == []
    [message] = decided.refusals
    assert message.isprintable()
    return message


def by(manager: str, deployment: Object, *annotations: str) -> Object:
    """The Deployment after someone has set the image, and these annotations with it."""
    fields: Object = {"f:spec": {"f:template": {"f:spec": {"f:containers": {'k:{"name":"app"}': {"f:image": {}}}}}}}
    fields["f:metadata"] = {"f:annotations": {f"f:{a}": {} for a in annotations}}
    metadata = {**deployment["metadata"], "managedFields": [{"manager": manager, "fieldsV1": fields}]}
    return {**deployment, "metadata": metadata}


# Records that are not whole


def of_operator_chaos(image: str, *, manager: str | None) -> Object:
    deployment = a_deployment(
        containers={"app": image, "sidecar": "v9"},
        annotations={ORIGINAL: "v1", OPERATOR_CHAOS_CONTAINER: "app"},
        labels={LABEL: LABEL_VALUE},
    )
    if manager is not None:
        containers: Object = {'k:{"name":"app"}': {"f:image": {}}, 'k:{"name":"sidecar"}': {"f:imagePullPolicy": {}}}
        fields: Object = {"f:spec": {"f:template": {"f:spec": {"f:containers": containers}}}}
        if manager == "operator-chaos":
            fields["f:metadata"] = {"f:annotations": {"f:" + ORIGINAL: {}, "f:" + OPERATOR_CHAOS_CONTAINER: {}}}
        deployment["metadata"]["managedFields"] = [{"manager": manager, "fieldsV1": fields}]
    return deployment


# No record, but a corrupt image of this run


def stripped(deployment: Object) -> Object:
    return without(deployment, [ORIGINAL, RECORD, EXPIRES])


def set_by(manager: str, image: str, **changed: Any) -> Object:
    """A Deployment of whose image managedFields tell who set it."""
    found = a_deployment(containers={"app": image}, **changed)
    fields: Object = {"f:spec": {"f:template": {"f:spec": {"f:containers": {'k:{"name":"app"}': {"f:image": {}}}}}}}
    found["metadata"]["managedFields"] = [{"manager": manager, "operation": "Update", "fieldsV1": fields}]
    return found


def undone(deployment: Object, manager: str = "chaosimagecorrupt") -> Object:
    """The Deployment after `kubectl rollout undo`: its image is back, its record is gone, and only that."""
    after = stripped(with_image(deployment, "localhost/app:v1"))
    fields: Object = {"f:spec": {"f:progressDeadlineSeconds": {}}}
    after["metadata"]["managedFields"] = [{"manager": manager, "operation": "Update", "fieldsV1": fields}]
    return after
