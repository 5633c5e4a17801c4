"""The experiments beside other extensions of Chaos Toolkit: both do their part, and the image comes back."""

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from ..servers import Handler, Scripted, answer
from .conftest import IMAGE, OTHER_IMAGE, ROOT, Api, Object, Run
from .monitoring import PROMETHEUS, Spans, attributes, prometheus, prometheus_protocol

COMBINED = ROOT / "experiments" / "combined"
Finish = Callable[..., Object]


class Ended(NamedTuple):
    """How a run ended."""

    code: int
    status: str
    verdict: str
    image: str
    record: bool


WELL = Ended(0, "completed", "Resilient", IMAGE, False)


class Lab:
    """A Deployment `web`, and runs on it."""

    def __init__(self, chaos: Run, api: Api, ns: str) -> None:
        self.chaos, self.ns, self._api = chaos, ns, api
        self.printed = ""

    def run(self, experiment: Path, *options: str, **env: str) -> Ended:
        """Run an experiment to its end."""
        target = {"IMAGE_CORRUPT_NAME": "web", "IMAGE_CORRUPT_NAMESPACE": self.ns}
        code, self.printed = self.chaos.finish(experiment, *options, **target, **env)
        journal, web = self.chaos.journal, self._api.deployment(self.ns, "web")
        image = web["spec"]["template"]["spec"]["containers"][0]["image"]
        record = "operatorchaos" in str(web["metadata"])
        return Ended(code, journal["status"], journal["image-corrupt"]["verdict"], image, record)

    def combined(self, name: str, *options: str, **env: str) -> Ended:
        """Run a shipped experiment."""
        return self.run(COMBINED / f"{name}-image-corrupt.yaml", *options, **env)

    def outputs(self, name: str) -> list[Any]:
        """What an activity of the method returned, each time."""
        return [r["output"] for r in self.chaos.journal["run"] if r["activity"]["name"] == name]

    def steady(self, when: str) -> list[Any]:
        """What the probes of the hypothesis returned."""
        return [probe["output"] for probe in self.chaos.journal["steady_states"][when]["probes"]]

    def pods(self) -> set[str]:
        return {pod.metadata.name for pod in self._api.core.list_namespaced_pod(self.ns).items}


@pytest.fixture
def lab(chaos: Run, api: Api, deploy: Callable[..., str]) -> Lab:
    return Lab(chaos, api, deploy())


def test_kubernetes_deletes_an_old_pod_and_the_old_replica_set_replaces_it(lab: Lab) -> None:
    before = lab.pods()
    assert lab.combined("kubernetes") == WELL._replace(verdict="Degraded"), lab.printed
    [[deleted]] = lab.outputs("delete-an-old-pod")
    assert deleted in before and deleted not in lab.pods()
    assert lab.outputs("old-pods-serve-again") == [True]
    assert lab.steady("before") == lab.steady("after") == [True, True]
    assert any("ready pods lost: 1" in reason for reason in lab.chaos.journal["image-corrupt"]["reasons"])


MONITORS = {
    "prometheus": pytest.param(
        prometheus, marks=pytest.mark.skipif(PROMETHEUS is None, reason="prometheus is not on the PATH")
    ),
    "protocol": prometheus_protocol,
}


@pytest.mark.parametrize("monitor", MONITORS.values(), ids=list(MONITORS))
def test_prometheus_sees_the_failed_pull_and_that_pods_serve_all_the_time(
    monitor: Callable[[Api, str, Path], AbstractContextManager[str]], lab: Lab, api: Api, tmp_path: Path
) -> None:
    with monitor(api, lab.ns, tmp_path) as url:
        env = {"IMAGE_CORRUPT_DEADLINE_TIMEOUT": "60", "IMAGE_CORRUPT_PROGRESS_DEADLINE": "2"}
        assert lab.combined("prometheus", IMAGE_CORRUPT_PROMETHEUS_URL=url, **env) == WELL, lab.printed
    [failed] = lab.outputs("prometheus-sees-the-failed-pull")
    assert {sample["metric"]["reason"] for sample in failed["data"]["result"]} <= {"ErrImagePull", "ImagePullBackOff"}
    answers = [failed, *lab.steady("before"), *lab.steady("after")]
    assert [len(each["data"]["result"]) for each in answers] == [1] * 3
    [over_time] = lab.outputs("available-pods-over-time")
    assert {value for series in over_time["data"]["result"] for _, value in series["values"]} == {"2"}


def test_opentelemetry_has_a_span_for_each_activity_and_for_its_requests(lab: Lab) -> None:
    spans = Spans()
    with Scripted(spans.play) as collector:
        assert lab.combined("opentelemetry", OTEL_EXPORTER_OTLP_ENDPOINT=collector.url) == WELL, lab.printed
    [root] = spans.named("experiment")
    assert attributes(root)["chaostoolkit.experiment.status"] == "completed"
    [restored] = spans.named("activity: restore-the-image")
    assert json.loads(attributes(restored)["chaostoolkit.activity.output"])["outcome"] == "restored"
    patches = [spans.path(span) for span in spans.named("PATCH")]
    assert ["experiment", "method", "activity: corrupt-the-image", "PATCH"] in patches
    assert ["experiment", "method", "activity: restore-the-image", "PATCH"] in patches


def test_repeat_counts_the_serving_pods_five_times_during_the_fault(lab: Lab) -> None:
    assert lab.combined("repeat", IMAGE_CORRUPT_COUNT_EVERY="0") == WELL, lab.printed
    assert lab.outputs("old-pods-still-serve") == [2] * 5


def test_a_corruption_that_is_repeated_is_refused_and_the_first_is_restored(lab: Lab, tmp_path: Path) -> None:
    experiment = yaml.safe_load((COMBINED / "repeat-image-corrupt.yaml").read_text())
    activities = {activity["name"]: activity for activity in experiment["method"]}
    activities["corrupt-the-image"]["controls"] = activities["old-pods-still-serve"].pop("controls")
    (tmp_path / "experiment.json").write_text(json.dumps(experiment))
    ended = lab.run(tmp_path / "experiment.json", IMAGE_CORRUPT_COUNT_EVERY="0")
    assert ended == WELL, lab.printed
    runs = [r for r in lab.chaos.journal["run"] if r["activity"]["name"] == "corrupt-the-image"]
    assert ["already corrupted" in str(r.get("exception")) for r in runs] == [False, *[True] * 4]


def test_a_process_and_a_url_tell_of_the_fault_and_of_the_service(lab: Lab) -> None:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    with Scripted(answer(b"healthy")) as service:
        env = {"IMAGE_CORRUPT_HEALTH_URL": f"{service.url}/healthz", "PATH": path}
        assert lab.combined("process-and-http", **env) == WELL, lab.printed
    assert service.requests == ["GET /healthz"] * 3
    [corrupted] = [json.loads(output["stdout"]) for output in lab.outputs("what-is-corrupted")]
    assert [(row["deployment"], row["original_image"]) for row in corrupted] == [("web", IMAGE)]
    assert [output["body"] for output in lab.outputs("service-answers-during-the-fault")] == ["healthy"]
    assert [json.loads(lab.steady(when)[0]["stdout"]) for when in ("before", "after")] == [[], []]


@pytest.fixture
def told(lab: Lab, tmp_path: Path) -> Iterator[list[Object]]:
    """What a webhook is told, by the settings that are shipped."""
    events: list[Object] = []

    def play(handler: Handler) -> None:
        events.append(json.loads(handler.body))
        answer()(handler)

    with Scripted(play) as webhook:
        settings = yaml.safe_load((COMBINED / "notifications.yaml").read_text())
        settings["notifications"][0]["url"] = webhook.url
        (tmp_path / "settings.yaml").write_text(yaml.safe_dump(settings))
        lab.chaos.before_run.append(f"--settings={tmp_path / 'settings.yaml'}")
        yield events


ENDS = {
    "well": ({}, ["run-started", "run-completed"], "Resilient"),
    "without a proof": (
        {"IMAGE_CORRUPT_IMAGE": OTHER_IMAGE, "IMAGE_CORRUPT_BITE_TIMEOUT": "1"},
        ["run-started", "run-failed"],
        "Inconclusive",
    ),
}


@pytest.mark.parametrize(("env", "events", "verdict"), ENDS.values(), ids=list(ENDS))
def test_a_webhook_is_told_of_the_start_and_of_the_verdict(
    env: dict[str, str], events: list[str], verdict: str, lab: Lab, told: list[Object]
) -> None:
    ended = lab.run(ROOT / "experiments" / "deployment-image-corrupt.yaml", **env)
    assert [event["name"] for event in told] == events
    assert "image-corrupt" in str(told[0]["payload"]["controls"])
    assert told[-1]["payload"]["image-corrupt"]["verdict"] == ended.verdict == verdict
    assert (ended.image, ended.record) == (IMAGE, False)
