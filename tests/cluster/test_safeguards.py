"""The safeguards of chaostoolkit-addons end a run when an alarm is raised, and the image is restored at once."""

import json
import re
import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from chaosimagecorrupt.duration import from_rfc3339

from ..fixtures_http import soon
from ..servers import Handler, Scripted, answer
from .conftest import IMAGE, ROOT, Api, Run

EXPERIMENT = ROOT / "experiments" / "safeguards-image-corrupt.yaml"
# seconds from the alarm to the restore; on an idle machine about 1.5, of which 1 is the safeguards' own pause
AT_ONCE = 10
SAMPLE = {"metric": {}, "value": [1, "0.01"]}


class Service:
    """The health check of a service, and the Prometheus that watches it."""

    def __init__(self) -> None:
        self.bad: set[str] = set()
        self.first_bad_answer: float | None = None

    def play(self, handler: Handler) -> None:
        path = handler.path.partition("?")[0]
        if path in self.bad and self.first_bad_answer is None:
            self.first_bad_answer = datetime.now(UTC).timestamp()
        result = [] if path in self.bad else [SAMPLE]
        code = 503 if path in self.bad and path == "/healthz" else 200
        answer({"status": "success", "data": {"result": result}}, code, Content_Type="application/json")(handler)


@pytest.fixture
def service() -> Service:
    return Service()


@pytest.fixture
def start(service: Service, chaos: Run, deploy: Callable[..., str]) -> Iterator[Any]:
    """Return what starts a run on a Deployment `web`; its health is that of the service."""
    with Scripted(service.play) as server:
        chaos.env |= {
            "IMAGE_CORRUPT_HEALTH_URL": f"{server.url}/healthz",
            "IMAGE_CORRUPT_PROMETHEUS_URL": server.url,
            "IMAGE_CORRUPT_NAMESPACE": deploy(),
            "IMAGE_CORRUPT_DEADLINE_TIMEOUT": "60",
        }
        yield lambda experiment: chaos.start(experiment)


def with_prometheus(folder: Path) -> Path:
    """Return the experiment with the query that is a comment in it."""
    text, times = re.subn(
        r"^ {10}# - type: probe\n(?: {10}# .*\n)+",
        lambda block: re.sub(r"(?m)^( +)# ", r"\1", block[0]),
        EXPERIMENT.read_text(),
        flags=re.MULTILINE,
    )
    assert times == 1
    path = folder / EXPERIMENT.name
    path.write_text(text)
    return path


def with_our_control_first(folder: Path) -> Path:
    """Return the experiment with its controls in the opposite order."""
    experiment = yaml.safe_load(EXPERIMENT.read_text())
    experiment["controls"].reverse()
    path = folder / "reversed.json"
    path.write_text(json.dumps(experiment))
    return path


def image(api: Api, ns: str) -> str:
    return str(api.deployment(ns, "web")["spec"]["template"]["spec"]["containers"][0]["image"])


def pull_fails(api: Api, ns: str) -> bool:
    states = [c for pod in api.core.list_namespaced_pod(ns).items for c in pod.status.container_statuses or []]
    return any(c.state.waiting and c.state.waiting.reason in ("ErrImagePull", "ImagePullBackOff") for c in states)


STOPS = {
    "health check": (lambda folder: EXPERIMENT, "/healthz", "service-is-healthy", '{"status": 503'),
    "Prometheus query": (with_prometheus, "/api/v1/query", "few-requests-fail", '"result": []'),
    "our control first": (with_our_control_first, "/healthz", "service-is-healthy", '{"status": 503'),
}


@pytest.mark.parametrize(("experiment", "path", "name", "measured"), STOPS.values(), ids=list(STOPS))
def test_an_alarm_during_the_fault_ends_the_run_and_restores_at_once(
    experiment: Callable[[Path], Path],
    path: str,
    name: str,
    measured: str,
    service: Service,
    start: Callable[[Path], "subprocess.Popen[str]"],
    chaos: Run,
    api: Api,
    tmp_path: Path,
) -> None:
    process = start(experiment(tmp_path))
    ns = chaos.env["IMAGE_CORRUPT_NAMESPACE"]
    assert soon(lambda: pull_fails(api, ns))
    service.bad.add(path)
    printed, _ = process.communicate(timeout=60)
    journal, deployment = chaos.journal, api.deployment(ns, "web")
    section = journal["image-corrupt"]
    reason = section["targets"][0]["reasons"][0]
    assert (process.returncode, journal["status"], section["verdict"]) == (1, "interrupted", "Failed"), printed
    assert reason.startswith(f"the safeguard {name} ended the run at ") and measured in reason
    assert image(api, ns) == IMAGE and "operatorchaos" not in str(deployment["metadata"])
    assert service.first_bad_answer is not None
    seconds = from_rfc3339(section["targets"][0]["recovery"]["restored_at"]) - service.first_bad_answer
    print(f"from the alarm to the restore: {seconds:.2f} s")
    assert 0 < seconds < AT_ONCE
