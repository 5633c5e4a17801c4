"""The metrics of a sweep."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client import generate_latest
from prometheus_client.parser import text_string_to_metric_families

from chaosimagecorrupt.cli.json_types import SweepLine
from chaosimagecorrupt.cli.metrics import sweep_metrics
from chaosimagecorrupt.record.snapshot import Snapshot
from chaosimagecorrupt.restore.outcome import RestoreOutcome
from chaosimagecorrupt.restore.result import NotRestored, RestoreResult

from ..manifests import NOW, a_deployment, corrupted

TTL = 300.0


def samples_of(found: Sequence[Any], results: Sequence[SweepLine], now: float) -> dict[str, float]:
    """Return the samples by their names, as Prometheus reads them; those with labels have the Deployment's name."""
    text = generate_latest(sweep_metrics(map(Snapshot, found), results, now)).decode()
    samples = [s for family in text_string_to_metric_families(text) for s in family.samples]
    return {
        s.name.removeprefix("image_corrupt_") + (f" {s.labels['deployment']}" if s.labels else ""): s.value
        for s in samples
    }


def result(name: str, outcome: str) -> SweepLine:
    if outcome == RestoreOutcome.FAILED:
        return NotRestored(namespace="shop", deployment=name, outcome=outcome, error="gone")
    return RestoreResult(namespace="shop", deployment=name, outcome=outcome, restored=LATER, containers=[], warnings=[])


FRESH, OLD = corrupted(a_deployment("fresh"), now=NOW + 200), corrupted(a_deployment("old"), now=NOW)
LATER = NOW + TTL + 42


def test_nothing_is_corrupted() -> None:
    found = samples_of([], [], NOW)
    assert found.pop("sweep_timestamp_seconds") == NOW
    assert set(found.values()) == {0.0}


def test_what_was_expired_and_is_restored_no_longer_counts_but_says_how_late_it_was() -> None:
    found = samples_of([FRESH, OLD], [result("old", "restored")], LATER)
    assert (found["records"], found["expired"], found["overdue_seconds"]) == (1, 0, 42)
    assert (found["sweep_restored"], found["sweep_failed"], found["oldest_age_seconds"]) == (1, 0, 142)
    assert found["expires_timestamp_seconds fresh"] == NOW + 200 + TTL
    assert "expires_timestamp_seconds old" not in found


def test_what_could_not_be_restored_goes_on_counting() -> None:
    found = samples_of([FRESH, OLD], [result("old", "failed")], LATER)
    assert (found["records"], found["expired"], found["sweep_failed"], found["oldest_age_seconds"]) == (2, 1, 1, 342)
    assert found["expires_timestamp_seconds old"] == NOW + TTL


def test_someone_elses_image_is_done_but_not_restored() -> None:
    found = samples_of([OLD], [result("old", "superseded")], LATER)
    assert (found["records"], found["sweep_restored"], found["sweep_failed"]) == (0, 0, 0)


def test_deployments_that_could_not_be_listed_are_one_failure() -> None:
    assert samples_of([], [{"outcome": "failed", "error": "no"}], NOW)["sweep_failed"] == 1


def test_the_sample_alerts_are_about_metrics_and_labels_that_there_are() -> None:
    text = (Path(__file__).parent.parent.parent / "deploy" / "samples" / "alerts.yaml").read_text()
    families = list(sweep_metrics(map(Snapshot, [FRESH, OLD]), [], LATER).collect())
    rules = [rule for group in yaml.safe_load(text)["spec"]["groups"] for rule in group["rules"]]
    used = {name for rule in rules for name in re.findall(r"image_corrupt_\w+", rule["expr"])}
    assert used and used <= {family.name for family in families}
    labels = set(re.findall(r"\$labels\.(\w+)", text))
    assert labels == {label for family in families for sample in family.samples for label in sample.labels}


@pytest.mark.parametrize("hostile", ['"', "\\", "\n", "\u202e"])
def test_hostile_names_do_not_break_the_format(hostile: str) -> None:
    found = corrupted(a_deployment("web"), now=NOW)
    found["metadata"]["name"] = f"web{hostile}"
    assert f"expires_timestamp_seconds web{hostile}" in samples_of([found], [], NOW)
