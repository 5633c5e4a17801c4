"""What becomes of one container in a restore: a rule on the image that it has now and on who set it. Pure."""

import shlex
from dataclasses import dataclass
from enum import StrEnum

from ..errors import Refused, one_line
from ..kube.managed_fields import writer_of
from ..kube.requests import FIELD_MANAGER
from ..kube.types import Deployment
from ..record.annotations import OPERATOR_CHAOS_CONTAINER, RECORD, original_image_key
from ..record.entry import Entry
from ..record.presence import in_place
from ..record.snapshot import Snapshot
from ..workload.containers import container_of
from ..workload.made_up_images import is_made_up

__all__ = ["Outcome", "RestoreOutcome", "outcome_of"]


class RestoreOutcome(StrEnum):
    """What becomes of a container or of the Deployment. A Deployment's outcome is the first of these that occurs."""

    RESTORED = "restored"  # the image was the corrupt one, and is put back
    HEALED = "healed"  # another client had put the original back
    SUPERSEDED = "superseded"  # another client has deployed a third image, which stays
    CONTAINER_GONE = "container-gone"
    NOTHING_TO_RESTORE = "nothing-to-restore"
    DEPLOYMENT_GONE = "deployment-gone"
    FAILED = "failed"  # an error was raised, where other Deployments are still to be restored


@dataclass(frozen=True)
class Outcome:
    """What becomes of one container.

    Attributes:
        container: the container's name.
        outcome: RESTORED, HEALED, SUPERSEDED or CONTAINER_GONE.
        entry: the record of the injection.
        found: the image that the container has before the restore; None when the container is gone.
        by: the field manager that set that image, for HEALED and SUPERSEDED; None when managedFields name none.
        at: when it set that image, RFC 3339; None when managedFields do not say.
    """

    container: str
    outcome: RestoreOutcome
    entry: Entry
    found: str | None = None
    by: str | None = None
    at: str | None = None


def outcome_of(snapshot: Snapshot, entry: Entry) -> Outcome:
    """Decide what becomes of one container.

    Args:
        snapshot: the Deployment as it was read.
        entry: the injection to undo.

    Returns:
        The outcome. The image is put back only for RESTORED.

    Raises:
        Refused: the container has the corrupt image, but the original one is unknown; or the record does not name the
            corrupt image, and another client has set the present one.
    """
    found = container_of(snapshot.deployment, entry.container)
    if found is None:
        return Outcome(entry.container, RestoreOutcome.CONTAINER_GONE, entry)
    field, container = found
    image = container["image"]
    if image == entry.original:
        outcome = RestoreOutcome.HEALED
    elif _is_corrupt(snapshot, field, entry, image):
        if entry.original is None:
            raise _original_unknown(snapshot, entry, image)
        return Outcome(entry.container, RestoreOutcome.RESTORED, entry, image)
    elif entry.image is None:
        raise _corrupt_image_unknown(snapshot, entry, image)
    else:
        outcome = RestoreOutcome.SUPERSEDED
    writer = writer_of(snapshot.deployment, field, entry.container) or {}
    return Outcome(entry.container, outcome, entry, image, writer.get("manager"), writer.get("time"))


def _is_corrupt(snapshot: Snapshot, field: str, entry: Entry, image: str) -> bool:
    """Return whether the container's present image is the one that the fault set."""
    recorded = entry.container in snapshot.record
    if image == entry.image and _comes_from_fault(snapshot, field, entry, recorded=recorded):
        return True
    # operator-chaos stores no corrupt image, also when it corrupts a container that is corrupted already
    annotations = snapshot.deployment["metadata"].get("annotations") or {}
    unknown = entry.image is None or annotations.get(OPERATOR_CHAOS_CONTAINER) == entry.container
    if unknown and _set_with_record(snapshot.deployment, field, entry):
        return True
    # an admission webhook may have made another image of the corrupt one
    return recorded and entry.image is not None and _set_by_us(snapshot.deployment, field, entry.container)


def _comes_from_fault(snapshot: Snapshot, field: str, entry: Entry, *, recorded: bool) -> bool:
    """Return whether the fault set the corrupt image, and not another client that has deployed the same image since.

    An image that arrived together with its record counts as the fault's: `kubectl rollout undo` to the corrupt
    ReplicaSet brings both, and so does a copy of the Deployment's manifest.
    """
    if is_made_up(entry.image) or in_place(snapshot.deployment, entry):
        return True
    is_copy = entry.uid != snapshot.uid
    return recorded and (is_copy or _set_with_record(snapshot.deployment, field, entry))


def _set_with_record(deployment: Deployment, field: str, entry: Entry) -> bool:
    """Return whether one write set the present image and the record, which makes this image the corrupt one."""
    container = container_of(deployment, entry.container)
    if container is not None and is_made_up(container.image):
        return True
    writer = writer_of(deployment, field, entry.container) or {}
    annotations = ((writer.get("fieldsV1") or {}).get("f:metadata") or {}).get("f:annotations") or {}
    return any("f:" + key in annotations for key in (original_image_key(entry.container), OPERATOR_CHAOS_CONTAINER))


def _set_by_us(deployment: Deployment, field: str, container: str) -> bool:
    """Return whether this extension wrote the present image.

    The API server attributes what an admission webhook changes to the client that sent the request.
    """
    writer = writer_of(deployment, field, container)
    return writer is not None and writer.get("manager") == FIELD_MANAGER


def _original_unknown(snapshot: Snapshot, entry: Entry, image: str) -> Refused:
    return Refused(
        f"{snapshot.name}, container {one_line(entry.container, 63)} has the corrupt image '{one_line(image)}', but "
        f"neither {original_image_key(entry.container)} nor the rollout history names the original one; put it back: "
        f"`{_set_image(snapshot, entry, 'IMAGE')}`"
    )


def _corrupt_image_unknown(snapshot: Snapshot, entry: Entry, image: str) -> Refused:
    original = f"is '{one_line(entry.original)}'" if entry.original else "is not recorded either"
    key = original_image_key(entry.container) if entry.original else RECORD
    return Refused(
        f"{snapshot.name}, container {one_line(entry.container, 63)}: its record does not say which image is the "
        f"corrupt one, and another client has set '{one_line(image)}'; nothing is changed. The original "
        f"image {original}: put it back by `{_set_image(snapshot, entry, entry.original or 'IMAGE')}`, or remove the "
        f"annotation {key}"
    )


def _set_image(snapshot: Snapshot, entry: Entry, image: str) -> str:
    metadata = snapshot.deployment["metadata"]
    assignment = shlex.quote(one_line(f"{entry.container}={image}", 1000))
    return f"kubectl set image {snapshot.kind.name.lower()}/{metadata['name']} {assignment} -n {metadata['namespace']}"
