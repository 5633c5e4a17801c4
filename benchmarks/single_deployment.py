"""One Deployment: the fault and its restore, a probe in a warm and in a fresh process, the latency of an event."""

import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator

from chaosk8s.deployment.probes import (  # type: ignore[import-untyped]  # it ships no types
    deployment_available_and_healthy,
)

from chaosimagecorrupt.actions import corrupt_image
from chaosimagecorrupt.kube.requests import Request
from chaosimagecorrupt.kube.resources import PODS
from chaosimagecorrupt.probes import deployment_available, resource_condition
from chaosimagecorrupt.rollbacks import restore_image

from .baseline import BaselineClient
from .bench_cluster import BenchCluster
from .measuring import Row, median_text, ratio_row, summary
from .timing import by_turns, fresh, seconds_of

__all__ = ["measure"]

BAD = "registry.invalid/nonexistent:chaos"
FAULTS = 8
SETTLED = 0.25  # seconds until the controllers have handled a patch; not measured
WATCH_START = 0.3  # seconds until a waiting probe has opened its watch
CONDITION = "example.com/bench"
# the command `chaos`, with all plugins or without ours
CHAOS = """
import importlib.metadata as m, sys
found = m.entry_points
def without(**chosen):
    return m.EntryPoints(e for e in found(**chosen) if not e.value.startswith({hidden!r}))
m.entry_points = without
from chaostoolkit.__main__ import cli
cli(["--no-version-check", "--version"])
"""


def measure(cluster: BenchCluster) -> Iterator[Row]:
    """Yield a row for each measurement on one Deployment."""
    ns = cluster.namespace("single")
    cluster.deploy(ns, ["web"], 2)
    yield from _fault(cluster, ns)
    yield from _warm_probe(ns)
    yield from _fresh_probe(ns)
    yield from _event(cluster, ns)
    yield _version()


def _fault(cluster: BenchCluster, ns: str) -> Iterator[Row]:
    baseline = BaselineClient(os.environ["KUBECONFIG"])
    image = cluster.get(ns, "web")["spec"]["template"]["spec"]["containers"][0]["image"]

    def corrupt_bare() -> None:
        baseline.get_namespace(ns)  # its owner may have protected it
        baseline.set_image(ns, "web", BAD)
        baseline.emit(ns, "web")

    def restore_bare() -> None:
        baseline.set_image(ns, "web", image)
        baseline.annotate(ns, "web")  # as the field ownership is given up
        baseline.emit(ns, "web")

    faults: dict[str, tuple[Callable[[], object], Callable[[], object]]] = {
        "corrupt + restore": (
            lambda: corrupt_image("web", ns, guard=False),
            lambda: restore_image("web", ns, clean_history=False),
        ),
        "bare GET + PATCH, twice": (
            lambda: baseline.set_image(ns, "web", BAD),
            lambda: baseline.set_image(ns, "web", image),
        ),
        "the same requests, bare": (corrupt_bare, restore_bare),
        "history cleaned": (lambda: corrupt_image("web", ns, guard=False), lambda: restore_image("web", ns)),
        "guarded": (lambda: corrupt_image("web", ns), lambda: restore_image("web", ns)),
    }
    found: dict[str, list[float]] = {name: [] for name in faults}
    for number in range(FAULTS + 1):
        for name, (corrupt, restore) in faults.items():
            taken = seconds_of(corrupt)
            time.sleep(SETTLED)
            taken += seconds_of(restore)
            cluster.settle(ns)
            time.sleep(SETTLED)
            if number:  # the first of each makes connections
                found[name].append(taken * 1000)
    plain, least, same, cleaned, guarded = (summary(name, values) for name, values in found.items())
    what = "corrupt + restore in one process, no guard, history left, against the same eight requests"
    yield ratio_row(what, plain, same, 1.3)
    what = "the bare GET + PATCH, twice: without the namespace, the Events and the PATCH that gives up field ownership"
    yield Row(what, median_text(least), samples=(least,))
    what = "corrupt + restore, no guard; waits for the controller, then deletes the corrupt ReplicaSet (default)"
    yield Row(what, median_text(cleaned), samples=(cleaned,))
    what = "corrupt + restore with a guard, which is up before the patch (default)"
    yield Row(what, median_text(guarded), samples=(guarded,))


def _warm_probe(ns: str) -> Iterator[Row]:
    calls = {
        "deployment_available": lambda: deployment_available("web", ns),
        "deployment_available_and_healthy": lambda: deployment_available_and_healthy("web", ns),
    }
    ours, theirs = (summary(name, values) for name, values in by_turns(calls, 40).items())
    yield ratio_row("one-shot probe in a warm process", ours, theirs, 0.25)


def _fresh_probe(ns: str) -> Iterator[Row]:
    ours = f"from chaosimagecorrupt.probes import deployment_available as p; assert p('web', ns={ns!r})"
    theirs = f"from chaosk8s.deployment.probes import deployment_available_and_healthy as p; assert p('web', ns={ns!r})"
    calls = {"deployment_available": lambda: fresh(ours), "deployment_available_and_healthy": lambda: fresh(theirs)}
    if shutil.which("kubectl"):
        command = ["kubectl", "wait", "deployment/web", "-n", ns, "--for=condition=Available", "--timeout=5s"]
        calls["kubectl wait"] = lambda: fresh(command)
    mine, others, *kubectl = (summary(name, values) for name, values in by_turns(calls, 7).items())
    yield ratio_row("first probe of a fresh process, import to answer", mine, others, 0.35)
    for sample in kubectl:
        yield ratio_row("the same, against `kubectl wait --for=condition=Available`", mine, sample, 2.0)


def _event(cluster: BenchCluster, ns: str) -> Iterator[Row]:
    pod = cluster.a_pod(ns, "web")
    found = [_event_latency(cluster, ns, pod, bool(n % 2)) for n in range(20)]
    whole = summary("event to return", [from_request * 1000 for from_request, _ in found])
    what = "event to the probe's return, median, from before the request that causes it"
    yield Row(what, median_text(whole), "at most 20 ms", whole.median <= 20, whole.median, (whole,))
    ours = summary("bare watch to return", [from_line * 1000 for _, from_line in found])
    what = "event to the probe's return, median, from when a bare watch in the same process has read its line"
    yield Row(what, median_text(ours), "at most 2 ms", ours.median <= 2, ours.median, (ours,))


def _event_latency(cluster: BenchCluster, ns: str, pod: str, status: bool) -> tuple[float, float]:
    """Return the seconds to the probe's return: from the request that causes an event, and from its line on the socket.

    The first includes the server's work.
    """
    returned: list[float] = []
    read: list[float] = []

    def wait() -> None:
        assert resource_condition("v1", "Pod", pod, CONDITION, status=str(status), ns=ns, timeout=30)
        returned.append(time.perf_counter())

    def watch() -> None:
        query = f"?watch=true&timeoutSeconds=30&fieldSelector=metadata.name%3D{pod}"
        for at, found in BaselineClient(os.environ["KUBECONFIG"]).watch(PODS.path(ns) + query):
            if (CONDITION, str(status)) in {(c["type"], c["status"]) for c in found["status"].get("conditions", ())}:
                read.append(at)
                return

    waiting, watching = threading.Thread(target=wait), threading.Thread(target=watch)
    waiting.start()
    watching.start()
    time.sleep(WATCH_START)
    body = {"status": {"conditions": [{"type": CONDITION, "status": str(status)}]}}
    path, kind = PODS.path(ns, pod) + "/status", "application/strategic-merge-patch+json"
    sent = time.perf_counter()
    cluster.connection.send(Request("PATCH", path, "patch a pod", body=body, content_type=kind))
    waiting.join()
    watching.join()
    return returned[0] - sent, returned[0] - read[0]


def _version() -> Row:
    calls = {
        "with": lambda: fresh(CHAOS.format(hidden="-")),
        "without": lambda: fresh(CHAOS.format(hidden="chaosimagecorrupt")),
    }
    having, lacking = (summary(name, values) for name, values in by_turns(calls, 11).items())
    apart = having.median - lacking.median
    spread = max(having.high - having.low, lacking.high - lacking.low)
    medians = f"{median_text(having)} against {median_text(lacking)}"
    found = f"{medians}: {apart:+.0f} ms; half of the runs lie within {spread:.0f} ms"
    target = "no difference beyond that spread"
    return Row(
        "`chaos --version` with and without this extension", found, target, apart <= spread, apart, (having, lacking)
    )
