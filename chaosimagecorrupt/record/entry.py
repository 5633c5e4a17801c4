"""One container's entry in the record, and its JSON."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..duration import from_rfc3339
from ..errors import Refused
from ..kube.types import MAX_INT32
from ..workload.made_up_images import DEFAULT_IMAGE
from ..workload.pull_causes import INTENDED
from ..workload.stop_condition import parse_stop_below

__all__ = [
    "DEADLINE_OWNERS",
    "IMAGE_OWNERS",
    "OPERATOR_CHAOS",
    "Entry",
    "entry_of",
    "expired",
    "is_by_operator_chaos",
]

IMAGE_OWNERS, DEADLINE_OWNERS = "image", "progressDeadlineSeconds"  # the keys of Entry.owners
OPERATOR_CHAOS = "operator-chaos"


@dataclass(frozen=True)
class Entry:
    """One container's entry in the record.

    Attributes:
        container: the container's name.
        original: the image before the fault; None when its annotation was removed.
        image: the corrupt image; None in a record made by operator-chaos, which does not store it.
        id: the injection's id; empty when unknown, like the five below.
        at: RFC 3339, when the fault was injected.
        expires: RFC 3339, when the guard undoes it at the latest.
        by: user and host that injected it.
        cluster: the API server's address that the injecting process used.
        uid: the Deployment's uid; a Deployment that was deleted and created again has another.
        generation: metadata.generation after the injection; None when unknown.
        revision: the revision of the rollout before the injection; None when unknown. Later ones are higher.
        original_deadline: progressDeadlineSeconds before the fault; None when the fault did not change it.
        deadline: progressDeadlineSeconds that the fault set; None when it set none.
        stop_below: how many pods must stay ready, see `stop_condition.parse_stop_below`; empty for no such condition.
        owners: manager, operation and time of the entries of managedFields that owned what the fault changed, with the
            keys `IMAGE_OWNERS` and `DEADLINE_OWNERS`.
        cause: what the kubelet is to report, a key of `pull_causes.INTENDED`; empty when none was named.
    """

    container: str
    original: str | None
    image: str | None = None
    id: str = ""
    at: str = ""
    expires: str = ""
    by: str = ""
    cluster: str = ""
    uid: str = ""
    generation: int | None = None
    revision: int | None = None
    original_deadline: int | None = None
    deadline: int | None = None
    stop_below: str = ""
    owners: dict[str, list[list[str]]] = field(default_factory=dict)
    cause: str = ""

    @property
    def intended(self) -> str:
        """The cause that the kubelet is to report: the named one, `dns` for the default image, else empty."""
        return self.cause or ("dns" if self.image == DEFAULT_IMAGE else "")

    def to_json(self) -> dict[str, Any]:
        """Return this entry as the annotation holds it; unknown values are left out."""
        deadline = {"original": self.original_deadline, "set": self.deadline} if self.deadline is not None else None
        stored = {
            "id": self.id,
            "image": self.image,
            "original": self.original,
            "at": self.at,
            "expires": self.expires,
            "by": self.by,
            "cluster": self.cluster,
            "uid": self.uid,
            "generation": self.generation,
            "revision": self.revision,
            "progressDeadlineSeconds": deadline,
            "stopBelow": self.stop_below,
            "cause": self.cause,
            "owners": self.owners,
        }
        return {k: v for k, v in stored.items() if v not in (None, "", {})}


def expired(entry: Entry, now: float) -> bool:
    """Return whether an entry has expired at `now`, in seconds since 1970; one without a valid expiry never has."""
    try:
        return from_rfc3339(entry.expires) <= now
    except ValueError:
        return False


def is_by_operator_chaos(entry: Entry) -> bool:
    """Return whether operator-chaos made a record: it holds the original image, and nothing else."""
    return not entry.id and entry.image is None and not entry.expires


def entry_of(container: str, stored: Mapping[str, Any], annotated: str | None) -> Entry:
    """Read one container's entry; a value of a wrong type or format counts as unknown.

    Args:
        container: the container's name.
        stored: its JSON in the record.
        annotated: the original image in the container's own annotation; None without one.
    """
    original_deadline, deadline = _deadlines(stored.get("progressDeadlineSeconds"))
    image = _text(stored, "image") or None
    # operator-chaos, corrupting a container that is corrupted already, overwrites the annotation with that image
    originals = (annotated, _text(stored, "original"))
    return Entry(
        container=container,
        original=next((o for o in originals if o and o != image), None),
        image=image,
        id=_text(stored, "id"),
        at=_time(stored, "at"),
        expires=_time(stored, "expires"),
        by=_text(stored, "by"),
        cluster=_text(stored, "cluster"),
        uid=_text(stored, "uid"),
        generation=_number(stored, "generation"),
        revision=_number(stored, "revision"),
        original_deadline=original_deadline,
        deadline=deadline,
        stop_below=_stop_below(stored),
        cause=_cause(stored),
        owners=_owners(stored.get("owners")),
    )


def _owners(stored: object) -> dict[str, list[list[str]]]:
    found = stored if isinstance(stored, dict) else {}
    listed = {k: found[k] for k in (IMAGE_OWNERS, DEADLINE_OWNERS) if isinstance(found.get(k), list)}
    owners = {k: [o for o in v if _is_owner(o)] for k, v in listed.items()}
    return {k: v for k, v in owners.items() if v}


def _is_owner(stored: object) -> bool:
    if not isinstance(stored, list) or len(stored) != 3 or not all(isinstance(text, str) for text in stored):
        return False
    manager, operation, time = stored
    # k8s.io/apimachinery/pkg/apis/meta/v1/validation: FieldManagerMaxLength, ValidateManagedFields
    if not (0 < len(manager) <= 128 and manager.isprintable() and operation in ("Apply", "Update")):
        return False
    return _time({"time": time}, "time") != ""


def _deadlines(stored: object) -> tuple[int | None, int | None]:
    deadlines = stored if isinstance(stored, dict) else {}
    original, deadline = _number(deadlines, "original"), _number(deadlines, "set")
    # a fault only shortens the deadline
    if original is None or deadline is None or not 0 < deadline < original <= MAX_INT32:
        return None, None
    return original, deadline


def _stop_below(stored: Mapping[str, Any]) -> str:
    try:
        return parse_stop_below(_text(stored, "stopBelow"))
    except Refused:
        return ""


def _cause(stored: Mapping[str, Any]) -> str:
    cause = _text(stored, "cause")
    return cause if cause in INTENDED else ""


def _text(stored: Mapping[str, Any], key: str) -> str:
    value = stored.get(key)
    return value if isinstance(value, str) else ""


def _time(stored: Mapping[str, Any], key: str) -> str:
    text = _text(stored, key)
    try:
        from_rfc3339(text)
    except ValueError:
        return ""
    return text


def _number(stored: Mapping[str, Any], key: str) -> int | None:
    value = stored.get(key)
    return value if isinstance(value, int) and not isinstance(value, bool) else None
