"""Every request of the recording gets the recorded answer, with and without HTTP.

What may differ is said in ``MASKED`` (what identifies one cluster at one time) and in ``DIFFERENT`` (by line).
"""

import json
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from chaosimagecorrupt.simulator.clock import ManualClock

from ...faulty_simulator import FaultySimulator
from ..calls import Calls, HttpCalls, PureCalls

RECORDING = Path(__file__).parent.parent.parent / "recordings" / "api.jsonl"
LINES = [json.loads(line) for line in RECORDING.read_text().splitlines()]

# Members whose values are another cluster's; that they are there is still compared
MASKED = {
    "uid", "resourceVersion", "creationTimestamp", "lastUpdateTime", "lastTransitionTime", "startTime", "startedAt",
    "podIP", "podIPs", "containerID", "imageID", "nodeName",
}  # fmt: skip

# Members that differ in a line, by their path, with the reason
DIFFERENT = {
    0: {"gitCommit", "gitTreeState", "goVersion", "compiler"},  # says that it is a simulation
    1: {"serverAddressByClientCIDRs.serverAddress"},  # another port
    22: {
        # the simulated kubelet gives pods no address and mounts no token
        "items.status.podIP",
        "items.status.podIPs",
        "items.spec.volumes",
        "items.spec.containers.volumeMounts",
        "items.status.containerStatuses.volumeMounts",
        # the recorded node had both images under one digest, and named it by the first
        "items.status.containerStatuses.image",
    },
    25: {"object.message"},  # names the oldest version, which is another number
}

# The lines that the next one followed before the controllers had seen the change
AT_ONCE = (12,)

# The requests that were recorded as the service account ``weak``, which has no role
WEAK = ("forbidden: no role", "forbidden patch")


@pytest.fixture(scope="module", params=["pure", "http"])
def calls(request: pytest.FixtureRequest) -> Iterator[Calls]:
    if request.param == "pure":
        yield PureCalls()
        return
    with FaultySimulator([], clock=ManualClock()) as simulator:
        http = HttpCalls(simulator)
        yield http
        http.close()


@pytest.fixture(scope="module")
def answers(calls: Calls) -> list[tuple[int, str, Any]]:
    """The answers to all requests, in their order."""
    versions: dict[str, str] = {}
    found = []
    for number, line in enumerate(LINES):
        request, note = line["request"], line["note"]
        token = None
        if note in WEAK:
            token = weak_token(calls)
        elif note == "bad token":
            token = "bad"
        body = with_own_version(request["body"], versions)
        kind = request["contentType"] or "application/json"
        answer = calls(request["method"], request["path"], body, kind, token)
        found.append((answer.status, answer.content_type, answer.body))
        learn_version(line["response"]["body"], answer.body, versions)
        if number not in AT_ONCE:
            calls.advance(5)
    return found


def weak_token(calls: Calls) -> str:
    account = {"metadata": {"name": "weak"}}
    calls("POST", "/api/v1/namespaces/rec-api/serviceaccounts", account)
    return calls.account_token("rec-api", "weak")


def with_own_version(body: Any, versions: dict[str, str]) -> Any:
    version = body.get("metadata", {}).get("resourceVersion") if isinstance(body, dict) else None
    if version is None:
        return body
    return {**body, "metadata": {**body["metadata"], "resourceVersion": versions.get(version, version)}}


def learn_version(recorded: Any, own: Any, versions: dict[str, str]) -> None:
    if isinstance(recorded, dict) and "resourceVersion" in recorded.get("metadata", {}):
        versions[recorded["metadata"]["resourceVersion"]] = own["metadata"]["resourceVersion"]


def masked(value: Any, left_out: frozenset[str] | set[str] = frozenset(), path: str = "") -> Any:
    if isinstance(value, dict):
        found = {}
        for name, child in value.items():
            where = f"{path}.{name}" if path else name
            if name != "managedFields" and where not in left_out:
                found[name] = "MASKED" if name in MASKED else masked(child, left_out, where)
        return found
    if isinstance(value, list):
        return [masked(child, left_out, path) for child in value]
    if isinstance(value, str):
        value = re.sub(r"\bweb-[a-z0-9]{8,10}\b(-[a-z0-9]{5}\b)?", "web-HASH", value)
        return re.sub(r"^[bcdfghjklmnpqrstvwxz2456789]{8,10}$", "HASH", value)
    return value


@pytest.mark.parametrize("number", range(len(LINES)), ids=lambda n: f"{n}-{LINES[n]['note'].split(':')[0]}")
def test_answers_as_recorded(number: int, answers: list[tuple[int, str, Any]]) -> None:
    recorded = LINES[number]["response"]
    status, content_type, body = answers[number]
    left_out = DIFFERENT.get(number, set())
    assert (status, content_type) == (recorded["status"], recorded["contentType"])
    assert masked(body, left_out) == masked(recorded["body"], left_out)


def test_generations_and_versions_move_as_recorded(answers: list[tuple[int, str, Any]]) -> None:
    def moves(bodies: list[Any]) -> list[bool]:
        deployments = [body for body in bodies if isinstance(body, dict) and body["kind"] == "Deployment"]
        versions = [body["metadata"]["resourceVersion"] for body in deployments]
        return [one != other for one, other in pairwise(versions)]

    own = moves([body for _, _, body in answers if isinstance(body, dict) and "kind" in body])
    assert own == moves([line["response"]["body"] for line in LINES if "kind" in line["response"]["body"]])


def test_a_mask_hides_values_but_not_their_absence() -> None:
    assert masked({"uid": "a"}) == masked({"uid": "b"}) != masked({})
