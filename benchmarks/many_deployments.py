"""Many Deployments concurrently, compared with one after the other."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial

from chaosimagecorrupt.actions import corrupt_image, corrupt_images
from chaosimagecorrupt.concurrency import CONCURRENCY, map_concurrently
from chaosimagecorrupt.errors import Conflict
from chaosimagecorrupt.kube.requests import Request, list_request, patch_request
from chaosimagecorrupt.kube.resources import DEPLOYMENTS
from chaosimagecorrupt.kube.types import Json
from chaosimagecorrupt.kube.waiting import WatchSet
from chaosimagecorrupt.record.annotations import read_record
from chaosimagecorrupt.record.find import recorded_workloads
from chaosimagecorrupt.restore.decide import RestoreScope, plan_restore
from chaosimagecorrupt.rollbacks import restore_image, restore_images
from chaosimagecorrupt.workload.rollout import observed

from .bench_cluster import IMAGE, LABEL, BenchCluster
from .many_pods import Growth
from .measuring import Row, ratio_row, summary
from .timing import collect_garbage, fresh, seconds_of

__all__ = ["measure"]

TOGETHER = "corrupt_images + restore_images"
REPEATS = 7
PATIENCE = 120.0  # seconds
ONE_BY_ONE = "corrupt_image + restore_image, one after the other"
MEGABYTES = 100  # for 1,000 Deployments
# what the control does: it follows what was corrupted, here until nothing changes any longer
FOLLOW = """
from chaosimagecorrupt.actions import corrupt_images
from chaosimagecorrupt.kube.client import connect
from chaosimagecorrupt.timeline.recorder import Recorder, start_together
from chaosimagecorrupt.workload.target import Target
done = corrupt_images("{label}=yes", {ns!r}, max_targets={size}, guard=False)
recorders = [Recorder(Target(each["deployment"], {ns!r}, connect())) for each in done["targets"]]
start_together(recorders)
for recorder in recorders:
    assert recorder.wait_until_following(60)
    recorder.wait_until_quiet(2.0, 30.0)
"""


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
        if size == sizes[-1]:
            yield _followed_row(cluster, ns, size)
        if size != compared:
            continue
        what, label = "many Deployments corrupted and restored", f"{size} Deployments"
        for guard, how in ((True, "with a guard (default)"), (False, "without a guard")):
            cluster.settle(ns)
            together = seconds_of(partial(_together, cluster, ns, size, guard=guard))
            cluster.settle(ns)
            one_by_one = seconds_of(partial(_one_by_one, ns, names, guard=guard))
            samples = summary(TOGETHER, [together], "s"), summary(f"{ONE_BY_ONE}, {label}", [one_by_one], "s")
            yield ratio_row(f"{what}, {how}", *samples, 1 / 5)
            cluster.settle(ns)
            yield _last_image_row(cluster, ns, names, guard=guard, how=how)


def _followed_row(cluster: BenchCluster, ns: str, size: int) -> Row:
    """Return the row on the memory of a process that corrupts many Deployments and follows what becomes of them."""
    cluster.settle(ns)
    peak = fresh(FOLLOW.format(label=LABEL, ns=ns, size=size)).megabytes
    restore_images(f"{LABEL}=yes", ns)
    what = "many Deployments corrupted and followed by a control: largest resident set of the process"
    found, target = f"{peak:.0f} MB ({size:,} Deployments)", f"at most {MEGABYTES} MB"
    return Row(what, found, target, peak <= MEGABYTES, peak)


def _last_image_row(cluster: BenchCluster, ns: str, names: Sequence[str], *, guard: bool, how: str) -> Row:
    """Return the row on how soon the last image is back, against the bare patches at the same concurrency."""
    ours, bare = list[float](), list[float]()
    for _ in range(REPEATS):
        _corrupt(cluster, ns, len(names), guard=guard)
        ours.append(_until_last_image(cluster, ns, partial(restore_images, f"{LABEL}=yes", ns)))
        cluster.settle(ns)
        _corrupt(cluster, ns, len(names), guard=guard)
        bare.append(_until_last_image(cluster, ns, partial(_send_all, cluster, _restoring_patches(cluster, ns))))
        restore_images(f"{LABEL}=yes", ns)  # cleans up
        cluster.settle(ns)
    patches = f"the bare PATCHes, as many at a time, {len(names)} Deployments"
    what = f"the last of many images is back, restored together, {how}"
    return ratio_row(what, summary("restore_images", ours, "s"), summary(patches, bare, "s"), 1.5)


def _corrupt(cluster: BenchCluster, ns: str, size: int, *, guard: bool) -> None:
    """Put the fault in place, and wait until the rollouts have reached it: until then each status may be a conflict."""
    corrupt_images(f"{LABEL}=yes", ns, max_targets=size, guard=guard)
    cluster.wait_until(_rolled_out, ns)


def _rolled_out(deployment: Json) -> bool:
    return observed(deployment) and deployment["status"].get("updatedReplicas") == deployment["spec"]["replicas"]


def _until_last_image(cluster: BenchCluster, ns: str, restore: Callable[[], object]) -> float:
    """Return the seconds from the start of a restore until a watch has shown every Deployment with its image."""
    watch_set = WatchSet(cluster.connection)
    deployments = watch_set.add(DEPLOYMENTS, ns, {})
    watch_set.next_change(0.0)  # opens the watch
    collect_garbage()
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


def _restoring_patches(cluster: BenchCluster, ns: str) -> list[Request]:
    """Return the requests that put the images back, as a restore sends them."""
    deployments = recorded_workloads(cluster.connection, ns, f"{LABEL}=yes")
    plans = [(d.deployment["metadata"]["name"], plan_restore(d, RestoreScope()).patch) for d in deployments]
    return [patch_request(DEPLOYMENTS, ns, name, patch) for name, patch in plans if patch is not None]


def _send_all(cluster: BenchCluster, requests: Sequence[Request]) -> None:
    def send(request: Request) -> None:
        with suppress(Conflict):  # a status changed since; the patch is sent again without the version
            cluster.connection.send(request)
            return
        metadata = {k: v for k, v in (request.body or {})["metadata"].items() if k != "resourceVersion"}
        cluster.connection.send(replace(request, body={**(request.body or {}), "metadata": metadata}))

    list(map_concurrently(send, requests, CONCURRENCY))


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
