"""Who put the image back."""

from ..duration import duration_text, from_rfc3339
from ..kube.requests import FIELD_MANAGER
from ..timeline.fields import ImageWriter, last_writer_in, writer_in
from ..timeline.states import State
from .observed import Observed

__all__ = ["healed_by_others", "healer_of", "is_earlier", "is_expired", "undone_early_text", "undone_elsewhere"]


def healer_of(observed: Observed) -> ImageWriter | None:
    """Return the field manager that put the image back, None when that is not known.

    If several managers did, each in another container, a manager that is not this tool is returned.
    """
    if observed.restored is None or observed.last_corrupt is None:
        return None
    writers = _restoring_writers(observed, observed.last_corrupt.state, observed.restored.state)
    return next((w for w in writers if w.manager != FIELD_MANAGER), next(iter(writers), None))


def healed_by_others(observed: Observed) -> bool:
    """Return whether another field manager than this tool is known to have put the image back."""
    healer = healer_of(observed)
    return healer is not None and healer.manager != FIELD_MANAGER


def undone_elsewhere(observed: Observed) -> bool:
    """Return whether this tool is known to have put the image back, but not this run."""
    healer = healer_of(observed)
    return healer is not None and healer.manager == FIELD_MANAGER and observed.facts.restored_here is False


def undone_early_text(observed: Observed) -> str | None:
    """Explain that this tool, but not this run, undid the fault; None when that did not happen."""
    if not undone_elsewhere(observed):
        return None
    who = (
        "when its ttl was over, by the guard or a sweep"
        if is_expired(observed)
        else "by another run, by chaos image-corrupt, or by a guard that was stopped"
    )
    seconds = duration_text(round(observed.fault_seconds))
    return f"the fault was undone before the run's own restore, {seconds} after the injection, {who}"


def is_expired(observed: Observed) -> bool:
    """Return whether the image was put back only when the fault's ttl was over."""
    expiry = min((from_rfc3339(e.expires) for e in observed.facts.entries if e.expires), default=None)
    if expiry is None or observed.restored is None:
        return False
    restored = from_rfc3339(observed.timeline["started"]) + observed.restored.at
    return restored >= expiry - 1  # the record keeps whole seconds


def _restoring_writers(observed: Observed, corrupt: State, restored: State) -> list[ImageWriter]:
    """Return who wrote the images that replaced the corrupt ones."""
    found = []
    for container, image in observed.images.items():
        removed = f"image:{container}" not in restored  # the container's fields, and who wrote them, went with it
        writer = last_writer_in(restored) if removed else writer_in(restored, container)
        before = writer_in(corrupt, container)
        if corrupt.get(f"image:{container}") != image or writer is None:
            continue
        # An owner that got its field back wrote before the fault; both times are the API server's
        if not is_earlier(writer.at, before.at if before else None):
            found.append(writer)
    return found


def is_earlier(one: str | None, other: str | None) -> bool:
    """Return whether both RFC 3339 times are known and the first is earlier."""
    return one is not None and other is not None and from_rfc3339(one) < from_rfc3339(other)
