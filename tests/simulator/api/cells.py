"""One cell of a table."""

from typing import Any

from chaosimagecorrupt.simulator.api.columns import BUILTIN_COLUMNS


def cell(resource: str, name: str, **obj: Any) -> Any:
    column = next(column for column in BUILTIN_COLUMNS[resource] if column.name == name)
    return column.show({"metadata": {}, "spec": {}, **obj}, 200.0)
