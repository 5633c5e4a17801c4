"""One Deployment with many pods: the answer must not cost more, whatever their number."""

import shutil
from collections.abc import Callable, Iterator, Sequence
from functools import partial

from chaosk8s.pod.probes import pods_in_phase

from chaosimagecorrupt.actions import corrupt_image
from chaosimagecorrupt.probes import image_pull_failing, pods_ready
from chaosimagecorrupt.rollbacks import restore_image

from .measuring import Row, Sample, ratio_row, said, summary
from .place import Place
from .timing import by_turns, fresh

__all__ = ["measure"]

Growth = dict[str, dict[int, float]]

READY, PHASE = "pods_ready", "pods_in_phase of chaostoolkit-kubernetes"
PROOF = "image_pull_failing, one pod of all failing"
KUBECTL = "kubectl get pods -o json"


def measure(place: Place, sizes: Sequence[int], growth: Growth) -> Iterator[Row]:
    """Yield a row for each measurement with many pods.

    Args:
        place: where.
        sizes: numbers of pods, ascending; the rows are about the first and the last.
        growth: gets the milliseconds by name and size.
    """
    places = {size: place.namespace(f"pods-{size}") for size in sizes}
    for size, ns in places.items():
        place.deploy(ns, ["web"], size)
    found = _measured(places)
    for name, by_size in found.items():
        growth[name] = {size: sample.median for size, sample in by_size.items()}
    few, last = sizes[0], sizes[-1]
    called = f"{last:,} pods"
    yield ratio_row(
        f"pods ready, {called}: time, against pods_in_phase", found[READY][last], found[PHASE][last], 1 / 50
    )
    yield _memory(places[last], called)
    what = f"proof of a pull failure, {called}, one failing, against {few}"
    yield ratio_row(what, found[PROOF][last], found[PROOF][few], 3, strictly=True)
    if KUBECTL in found:
        sample = found[KUBECTL][last]
        yield Row(f"`kubectl get pods -o json`, {called}", said(sample), samples=(sample,))


def _measured(places: dict[int, str]) -> dict[str, dict[int, Sample]]:
    """Measure each thing with all numbers of pods by turns; return samples by name and size."""
    ways: dict[str, tuple[Callable[[str], object], int]] = {
        READY: (lambda ns: pods_ready("web", ns), 20),
        PHASE: (lambda ns: pods_in_phase("app=web", ns=ns), 3),
    }
    if shutil.which("kubectl"):
        ways[KUBECTL] = (lambda ns: fresh(["kubectl", "get", "pods", "-n", ns, "-o", "json"]), 2)
    found = {name: _by_size(name, places, *way) for name, way in ways.items()}
    try:
        for ns in places.values():
            corrupt_image("web", ns, guard=False, ttl="1h")
            assert image_pull_failing("web", ns, timeout=60)
        found[PROOF] = _by_size(PROOF, places, lambda ns: image_pull_failing("web", ns), 20)
    finally:
        for ns in places.values():
            restore_image("web", ns)
    return found


def _by_size(name: str, places: dict[int, str], call: Callable[[str], object], repeats: int) -> dict[int, Sample]:
    taken = by_turns({str(size): partial(call, ns) for size, ns in places.items()}, repeats)
    return {int(size): summary(f"{name}, {int(size):,} pods", values) for size, values in taken.items()}


def _memory(ns: str, called: str) -> Row:
    ours = f"from chaosimagecorrupt.probes import pods_ready as p; assert p('web', ns={ns!r})"
    theirs = f"from chaosk8s.pod.probes import pods_in_phase as p; assert p('app=web', ns={ns!r})"
    mine, others = ([fresh(code)[1] for _ in range(3)] for code in (ours, theirs))
    what = f"pods ready, {called}: largest resident set of a process that does only this"
    return ratio_row(what, summary(READY, mine, "MB"), summary(PHASE, others, "MB"), 1 / 4)
