"""One Deployment with many pods: the cost of a probe must not grow with their number."""

import shutil
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import NamedTuple

from chaosk8s.pod.probes import pods_in_phase  # type: ignore[import-untyped]  # it ships no types

from chaosimagecorrupt.actions import corrupt_image
from chaosimagecorrupt.probes import image_pull_failing, pods_ready
from chaosimagecorrupt.rollbacks import restore_image

from .bench_cluster import BenchCluster
from .measuring import Row, Sample, median_text, ratio_row, summary
from .timing import by_turns, fresh

__all__ = ["measure"]

Growth = dict[str, dict[int, float]]  # milliseconds by name and size

READY, PHASE = "pods_ready", "pods_in_phase of chaostoolkit-kubernetes"
PROOF = "image_pull_failing, one pod of all failing"
KUBECTL = "kubectl get pods -o json"


class _Probe(NamedTuple):
    """A call with a namespace, and how often it is measured."""

    call: Callable[[str], object]
    repeats: int


def measure(cluster: BenchCluster, sizes: Sequence[int], growth: Growth) -> Iterator[Row]:
    """Yield a row for each measurement with many pods.

    Args:
        cluster: to measure on.
        sizes: numbers of pods, ascending; the rows are about the first and the last.
        growth: receives the milliseconds.
    """
    namespaces = {size: cluster.namespace(f"pods-{size}") for size in sizes}
    for size, ns in namespaces.items():
        cluster.deploy(ns, ["web"], size)
    found = _measure(namespaces)
    for name, by_size in found.items():
        growth[name] = {size: sample.median for size, sample in by_size.items()}
    few, last = sizes[0], sizes[-1]
    label = f"{last:,} pods"
    yield ratio_row(
        "pods ready, many pods: time, against pods_in_phase", found[READY][last], found[PHASE][last], 1 / 50
    )
    yield _memory(namespaces[last], label)
    what = "proof of a pull failure, one failing of many pods, against one of few"
    yield ratio_row(what, found[PROOF][last], found[PROOF][few], 3, strictly=True)
    if KUBECTL in found:
        sample = found[KUBECTL][last]
        yield Row("`kubectl get pods -o json`, many pods", f"{median_text(sample)} ({label})", samples=(sample,))


def _measure(namespaces: dict[int, str]) -> dict[str, dict[int, Sample]]:
    """Measure each probe with all numbers of pods by turns; return samples by name and size."""
    probes = {
        READY: _Probe(lambda ns: pods_ready("web", ns), 20),
        PHASE: _Probe(lambda ns: pods_in_phase("app=web", ns=ns), 3),
    }
    if shutil.which("kubectl"):
        probes[KUBECTL] = _Probe(lambda ns: fresh(["kubectl", "get", "pods", "-n", ns, "-o", "json"]), 2)
    found = {name: _by_size(name, namespaces, *probe) for name, probe in probes.items()}
    try:
        for ns in namespaces.values():
            corrupt_image("web", ns, guard=False, ttl="1h")
            assert image_pull_failing("web", ns, timeout=60)
        found[PROOF] = _by_size(PROOF, namespaces, lambda ns: image_pull_failing("web", ns), 20)
    finally:
        for ns in namespaces.values():
            restore_image("web", ns)
    return found


def _by_size(name: str, namespaces: dict[int, str], call: Callable[[str], object], repeats: int) -> dict[int, Sample]:
    taken = by_turns({str(size): partial(call, ns) for size, ns in namespaces.items()}, repeats)
    return {int(size): summary(f"{name}, {int(size):,} pods", values) for size, values in taken.items()}


def _memory(ns: str, label: str) -> Row:
    ours = f"from chaosimagecorrupt.probes import pods_ready as p; assert p('web', ns={ns!r})"
    theirs = f"from chaosk8s.pod.probes import pods_in_phase as p; assert p('app=web', ns={ns!r})"
    mine, others = ([fresh(code).megabytes for _ in range(3)] for code in (ours, theirs))
    what = "pods ready, many pods: largest resident set of a process that does only this"
    return ratio_row(what, summary(READY, mine, "MB"), summary(f"{PHASE}, {label}", others, "MB"), 1 / 4)
