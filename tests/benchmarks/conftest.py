"""Results as they are read from the file."""

import json

import pytest

from benchmarks.measuring import Row, ratio_row, summary
from benchmarks.results import Machine, Results, Side

OURS, THEIRS = summary("ours", [1.0, 2.0, 30.0]), summary("theirs", [4.0, 8.0, 12.0])
MACHINE: Machine = {
    "processors": 2,
    "memory": "8 GB",
    "system": "Linux",
    "python": "3.11",
    "packages": {"urllib3": "2.8"},
}


@pytest.fixture
def results() -> dict[Side, Results]:
    rows = [ratio_row("fast", OURS, THEIRS, 0.5), ratio_row("slow", THEIRS, OURS, 0.5), Row("reported", "5 MB")]
    found: Results = {
        "measured": "2026-01-01",
        "machine": MACHINE,
        "seconds": 9,
        "rows": [row.to_json() for row in rows],
        "requests": {"pods_ready": {"requests": 2, "bytes": 5745}},
        "growth": {"pods": {"pods_ready": {10: 1.0, 5000: 2.0}}},
    }
    stored: dict[Side, Results] = json.loads(json.dumps({"simulator": found}))
    return stored
