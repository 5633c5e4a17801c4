"""One Deployment: the fault and its undoing, a probe in a warm and in a fresh process, the way of an event."""

import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator

from chaosk8s.deployment.probes import deployment_available_and_healthy

from chaosimagecorrupt.actions import corrupt_image
from chaosimagecorrupt.kube.requests import Request
from chaosimagecorrupt.kube.resources import PODS
from chaosimagecorrupt.probes import deployment_available, resource_condition
from chaosimagecorrupt.rollbacks import restore_image

from .floor import Floor
from .measuring import Row, ratio_row, said, summary
from .place import Place
from .timing import by_turns, fresh, seconds_of

__all__ = ["measure"]

BAD = "registry.invalid/nonexistent:chaos"
FAULTS = 8
SETTLED = 0.25  # seconds until the controllers have nothing to say of a patch any more; not measured
WATCHING = 0.3  # seconds in which a probe that waits has opened its watch
CONDITION = "example.com/bench"
# the whole of `chaos`, with all plugins or without ours
CHAOS = """
import importlib.metadata as m, sys
found = m.entry_points
def without(**chosen):
    return m.EntryPoints(e for e in found(**chosen) if not e.value.startswith({hidden!r}))
m.entry_points = without
from chaostoolkit.__main__ import cli
cli(["--no-version-check", "--version"])
"""


def measure(place: Place) -> Iterator[Row]:
    """Yield a row for each measurement on one Deployment."""
    ns = place.namespace("single")
    place.deploy(ns, ["web"], 2)
    yield from _fault(place, ns)
    yield from _warm_probe(ns)
    yield from _fresh_probe(ns)
    yield _event(place, ns)
    yield _version()


def _fault(place: Place, ns: str) -> Iterator[Row]:
    floor = Floor(os.environ["KUBECONFIG"])
    image = place.get(ns, "web")["spec"]["template"]["spec"]["containers"][0]["image"]

    ways: dict[str, tuple[Callable[[], object], Callable[[], object]]] = {
        "corrupt + restore": (
            lambda: corrupt_image("web", ns, guard=False),
            lambda: restore_image("web", ns, clean_history=False),
        ),
        "bare GET + PATCH, twice": (
            lambda: floor.set_image(ns, "web", BAD),
            lambda: floor.set_image(ns, "web", image),
        ),
        "as many bare GETs and PATCHes": (
            lambda: floor.set_image(ns, "web", BAD),
            lambda: (floor.set_image(ns, "web", image), floor.annotate(ns, "web")),
        ),
        "history cleaned": (lambda: corrupt_image("web", ns, guard=False), lambda: restore_image("web", ns)),
        "guarded": (lambda: corrupt_image("web", ns), lambda: restore_image("web", ns)),
    }
    found: dict[str, list[float]] = {name: [] for name in ways}
    for number in range(FAULTS + 1):
        for name, (corrupt, restore) in ways.items():
            taken = seconds_of(corrupt)
            time.sleep(SETTLED)
            taken += seconds_of(restore)
            place.settle(ns)
            time.sleep(SETTLED)
            if number:  # the first of each makes connections
                found[name].append(taken * 1000)
    plain, least, same, cleaned, guarded = (summary(name, values) for name, values in found.items())
    yield ratio_row("corrupt + restore in one process, no guard, history left", plain, least, 1.5)
    what = "the same, against as many bare requests: it gives up its field ownership by a third PATCH"
    yield ratio_row(what, plain, same, 1.5)
    what = "corrupt + restore, no guard; waits for the controller, then deletes the corrupt ReplicaSet (default)"
    yield Row(what, said(cleaned), samples=(cleaned,))
    yield Row(
        "corrupt + restore with a guard, which is up before the patch (default)", said(guarded), samples=(guarded,)
    )


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
    yield ratio_row("first probe of a fresh process, import to answer", mine, others, 0.6)
    for sample in kubectl:
        yield Row("the same by `kubectl wait --for=condition=Available`", said(sample), samples=(sample,))


def _event(place: Place, ns: str) -> Row:
    """From sending what causes an event to the probe's return: an upper bound, the server's own work is in it."""
    pod, taken = place.a_pod(ns, "web"), []
    for number in range(20):
        status = str(bool(number % 2))
        returned: list[float] = []

        def wait(status: str = status, returned: list[float] = returned) -> None:
            assert resource_condition("v1", "Pod", pod, CONDITION, status=status, ns=ns, timeout=30)
            returned.append(time.perf_counter())

        waiting = threading.Thread(target=wait)
        waiting.start()
        time.sleep(WATCHING)
        condition = {"type": CONDITION, "status": status}
        path = PODS.path(ns, pod) + "/status"
        body = {"status": {"conditions": [condition]}}
        kind = "application/strategic-merge-patch+json"
        sent = time.perf_counter()
        place.cluster.send(Request("PATCH", path, "patch a pod", body=body, content_type=kind))
        waiting.join()
        taken.append((returned[0] - sent) * 1000)
    sample = summary("event to return", taken)
    what = "event to the probe's return, median, from before the request that causes it"
    return Row(what, said(sample), "at most 20 ms", sample.median <= 20, sample.median, (sample,))


def _version() -> Row:
    calls = {
        "with": lambda: fresh(CHAOS.format(hidden="-")),
        "without": lambda: fresh(CHAOS.format(hidden="chaosimagecorrupt")),
    }
    having, lacking = (summary(name, values) for name, values in by_turns(calls, 11).items())
    apart = having.median - lacking.median
    spread = max(having.high - having.low, lacking.high - lacking.low)
    found = f"{said(having)} against {said(lacking)}: {apart:+.0f} ms; half of the runs lie within {spread:.0f} ms"
    target = "no difference beyond that spread"
    return Row(
        "`chaos --version` with and without this extension", found, target, apart <= spread, apart, (having, lacking)
    )
