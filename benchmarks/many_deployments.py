"""Many Deployments concurrently, compared with one after the other."""

from collections.abc import Iterator, Sequence
from functools import partial

from chaosimagecorrupt.actions import corrupt_image, corrupt_images
from chaosimagecorrupt.kube.requests import list_request
from chaosimagecorrupt.kube.resources import DEPLOYMENTS
from chaosimagecorrupt.record.annotations import read_record
from chaosimagecorrupt.rollbacks import restore_image, restore_images

from .bench_cluster import LABEL, BenchCluster
from .many_pods import Growth
from .measuring import Row, ratio_row, summary
from .timing import seconds_of

__all__ = ["measure"]

TOGETHER = "corrupt_images + restore_images"
ONE_BY_ONE = "corrupt_image + restore_image, one after the other"


def measure(cluster: BenchCluster, sizes: Sequence[int], compared: int, growth: Growth) -> Iterator[Row]:
    """Yield the row about many Deployments.

    Args:
        cluster: to measure on.
        sizes: numbers of Deployments.
        compared: the one of them that is also measured one after the other, which takes long.
        growth: receives the milliseconds.
    """
    for size in sizes:
        ns = cluster.namespace(f"many-{size}")
        names = [f"web-{n}" for n in range(size)]
        cluster.deploy(ns, names, 1)
        together = seconds_of(partial(_together, cluster, ns, size, guard=False))
        growth.setdefault(TOGETHER, {})[size] = together * 1000
        if size != compared:
            continue
        what = f"{size} Deployments corrupted and restored"
        for guard, how in ((True, "with a guard (default)"), (False, "without a guard")):
            cluster.settle(ns)
            together = seconds_of(partial(_together, cluster, ns, size, guard=guard))
            cluster.settle(ns)
            one_by_one = seconds_of(partial(_one_by_one, ns, names, guard=guard))
            samples = summary(TOGETHER, [together], "s"), summary(ONE_BY_ONE, [one_by_one], "s")
            yield ratio_row(f"{what}, {how}", *samples, 1 / 5)


def _together(cluster: BenchCluster, ns: str, size: int, *, guard: bool) -> None:
    done = corrupt_images(f"{LABEL}=yes", ns, max_targets=size, guard=guard)
    restored = restore_images(f"{LABEL}=yes", ns)
    left = [d for d in cluster.connection.send(list_request(DEPLOYMENTS, ns))["items"] if read_record(d)]
    assert len(done["targets"]) == size and not left, restored


def _one_by_one(ns: str, names: Sequence[str], *, guard: bool) -> None:
    for name in names:
        corrupt_image(name, ns, guard=guard)
    for name in names:
        restore_image(name, ns)
