"""The row on the original image: does anything show that it can be pulled?"""

from ..model import Criterion, Evidence, Row
from ..observed import Observed
from ..obstacles import no_fault_text
from ..pulls import original_image_text, original_pull

__all__ = ["original_pulled"]

_ORIGINAL_PULLED = Criterion(
    "Recovery", "original-pulled", "The original image was pulled after the restore, or was shown to be pullable"
)


def original_pulled(observed: Observed) -> Row:
    """Return whether the original image was pulled: by a pod after the restore, or by that of `original_pullable`.

    A recovery alone does not show it: old pods, and nodes that have the image, need no pull.
    """
    pull, check = original_pull(observed), observed.facts.pull_check
    if pull is not None:
        return _ORIGINAL_PULLED.met("the original was pulled after the restore", pull)
    if check is None:
        return _ORIGINAL_PULLED.not_observed(f"not known: {_why_not_known(observed)}")
    evidence = Evidence(
        f"{observed.kind.name} {observed.facts.name}", f"original_pullable answered {check.pullable}", check.at
    )
    if check.pullable:
        why = "original_pullable showed that it can be pulled; no pull of it was observed after the restore"
        return _ORIGINAL_PULLED.met(why, evidence)
    why = "original_pullable could not pull it, and no pull of it was observed after the restore"
    return _ORIGINAL_PULLED.violated(why, evidence)


def _why_not_known(observed: Observed) -> str:
    if observed.corrupted is None:
        return no_fault_text(observed)
    if observed.restored is None:
        return "no restore was observed"
    return original_image_text(observed)
