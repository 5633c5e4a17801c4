"""The state of a rollout in words."""

from chaosimagecorrupt.workload.rollout_text import rollout_text

from ..manifests import a_deployment
from ..recorded import at


def test_the_progress_line_shows_what_gives_the_fault_away() -> None:
    assert rollout_text(at("rolling-update", 20).deployment) == "2/2 ready, 1 of 2 updated, 1 surplus pod"
    assert rollout_text(at("deadline", 20).deployment).endswith(", ProgressDeadlineExceeded")
    assert rollout_text(at("recreate", 20).deployment) == "0/2 ready, 2 of 2 updated, not Available"
    assert rollout_text(at("paused", 70).deployment).startswith("0/2 ready, 0 of 2 updated, paused")


def test_the_progress_line_says_why_no_pod_could_be_made() -> None:
    text = rollout_text(at("whitespace-image", 10).deployment)
    assert ", FailedCreate: Pod " in text and "must not have leading or trailing whitespace" in text


def test_the_progress_line_has_no_raw_control_character() -> None:
    deployment = a_deployment(replicas=2)
    hostile = {"status": "True", "type": "ReplicaFailure", "reason": "\x1b[2J", "message": "a\nb\u202e"}
    deployment["status"]["conditions"].append(hostile)
    assert rollout_text(deployment).isprintable()
