"""Many Deployments at once, against one after the other."""

from collections.abc import Iterator, Sequence
from functools import partial

from chaosimagecorrupt.actions import corrupt_image, corrupt_images
from chaosimagecorrupt.kube.requests import list_request
from chaosimagecorrupt.kube.resources import DEPLOYMENTS
from chaosimagecorrupt.record.annotations import read_record
from chaosimagecorrupt.rollbacks import restore_image, restore_images

from .crowd import Growth
from .measuring import Row, ratio_row, summary
from .place import LABEL, Place
from .timing import seconds_of

__all__ = ["measure"]

TOGETHER = "corrupt_images + restore_images"
SINGLY = "corrupt_image + restore_image, one after the other"


def measure(place: Place, sizes: Sequence[int], compared: int, growth: Growth) -> Iterator[Row]:
    """Yield the row about many Deployments.

    Args:
        place: where.
        sizes: numbers of Deployments.
        compared: the one of them at which it is also done one after the other, which takes a while.
        growth: gets the milliseconds by name and size.
    """
    for size in sizes:
        ns = place.namespace(f"many-{size}")
        names = [f"web-{n}" for n in range(size)]
        place.deploy(ns, names, 1)
        together = seconds_of(partial(_together, place, ns, size, guard=False))
        growth.setdefault(TOGETHER, {})[size] = together * 1000
        if size != compared:
            continue
        what = f"{size} Deployments corrupted and restored"
        for guard, how in ((True, "with a guard (default)"), (False, "without a guard")):
            place.settle(ns)
            together = seconds_of(partial(_together, place, ns, size, guard=guard))
            place.settle(ns)
            singly = seconds_of(partial(_singly, ns, names, guard=guard))
            samples = summary(TOGETHER, [together], "s"), summary(SINGLY, [singly], "s")
            yield ratio_row(f"{what}, {how}", *samples, 1 / 5)


def _together(place: Place, ns: str, size: int, *, guard: bool) -> None:
    done = corrupt_images(f"{LABEL}=yes", ns, max_targets=size, guard=guard)
    restored = restore_images(f"{LABEL}=yes", ns)
    left = [d for d in place.cluster.send(list_request(DEPLOYMENTS, ns))["items"] if read_record(d)]
    assert len(done["targets"]) == size and not left, restored


def _singly(ns: str, names: Sequence[str], *, guard: bool) -> None:
    for name in names:
        corrupt_image(name, ns, guard=guard)
    for name in names:
        restore_image(name, ns)
