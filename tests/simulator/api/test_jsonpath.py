"""JSONPath, as far as columns and scales use it."""

from typing import Any

import pytest

from chaosimagecorrupt.simulator.api.jsonpath import find


@pytest.mark.parametrize(
    ("path", "found"),
    [
        (".a.b", [1]),
        (".list[0].x", [1]),
        (".list[*].x", [1, 2]),
        (".list[-1].x", [2]),
        (".list[9].x", []),
        ('.list[?(@.name=="two")].x', [2]),
        (".dotted\\.name", [7]),
        (".a['b']", [1]),
        (".nothing.here", []),
        (".a{broken", []),
    ],
)
def test_json_paths(path: str, found: list[Any]) -> None:
    value = {"a": {"b": 1}, "list": [{"name": "one", "x": 1}, {"name": "two", "x": 2}], "dotted.name": 7}
    assert find(value, path) == found
