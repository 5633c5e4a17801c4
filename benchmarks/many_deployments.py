"""Many Deployments concurrently, compared with one after the other."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial

from chaosimagecorrupt.actions import corrupt_image, corrupt_images
from chaosimagecorrupt.concurrency import CONCURRENCY, map_concurrently
from chaosimagecorrupt.kube.requests import list_request, patch_request
from chaosimagecorrupt.kube.resources import DEPLOYMENTS
from chaosimagecorrupt.kube.types import Json
from chaosimagecorrupt.kube.waiting import WatchSet
from chaosimagecorrupt.record.annotations import DEFAULT_IMAGE, read_record
from chaosimagecorrupt.rollbacks import restore_image, restore_images

from .bench_cluster import IMAGE, LABEL, BenchCluster
from .many_pods import Growth
from .measuring import Row, ratio_row, summary
from .timing import seconds_of

__all__ = ["measure"]

TOGETHER = "corrupt_images + restore_images"
REPEATS = 3
PATIENCE = 120.0  # seconds
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
            cluster.settle(ns)
            yield _last_image_row(cluster, ns, names, guard=guard, how=how)


def _last_image_row(cluster: BenchCluster, ns: str, names: Sequence[str], *, guard: bool, how: str) -> Row:
    """Return the row on how soon the last image is back, against the bare patches at the same concurrency."""
    ours, bare = list[float](), list[float]()
    for _ in range(REPEATS):
        corrupt_images(f"{LABEL}=yes", ns, max_targets=len(names), guard=guard)
        ours.append(_until_last_image(cluster, ns, partial(restore_images, f"{LABEL}=yes", ns)))
        cluster.settle(ns)
        _patch_all(cluster, ns, names, DEFAULT_IMAGE)
        bare.append(_until_last_image(cluster, ns, partial(_patch_all, cluster, ns, names, IMAGE)))
        cluster.settle(ns)
    what = f"the last of {len(names)} images is back, restored together, {how}"
    return ratio_row(
        what, summary("restore_images", ours, "s"), summary("bare PATCHes, as many at a time", bare, "s"), 1.5
    )


def _until_last_image(cluster: BenchCluster, ns: str, restore: Callable[[], object]) -> float:
    """Return the seconds from the start of a restore until a watch has shown every Deployment with its image."""
    watch_set = WatchSet(cluster.connection)
    deployments = watch_set.add(DEPLOYMENTS, ns, {})
    watch_set.next_change(0.0)  # opens the watch
    began = time.monotonic()
    thread = threading.Thread(target=restore)
    thread.start()
    while any(_image(d) != IMAGE for d in deployments.objects.values()):
        watch_set.next_change(began + PATIENCE)
        assert time.monotonic() < began + PATIENCE
    taken = time.monotonic() - began
    thread.join()
    watch_set.close()
    return taken


def _image(deployment: Json) -> str:
    return str(deployment["spec"]["template"]["spec"]["containers"][0]["image"])


def _patch_all(cluster: BenchCluster, ns: str, names: Sequence[str], image: str) -> None:
    patch = {"spec": {"template": {"spec": {"containers": [{"name": "app", "image": image}]}}}}

    def send(name: str) -> None:
        cluster.connection.send(patch_request(DEPLOYMENTS, ns, name, {"metadata": {}, **patch}))

    list(map_concurrently(send, names, CONCURRENCY))


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
