"""Objects as the API serves them, for the states of a timeline."""

from typing import Any

__all__ = ["an_event", "an_object"]


def an_object(conditions: int) -> Any:
    """Return a custom resource with so many conditions, each with a long message."""
    found = [{"type": f"T{n}", "status": "True", "message": "m" * 10_000} for n in range(conditions)]
    return {"kind": "Shop", "metadata": {"name": "main"}, "status": {"conditions": found}}


def an_event(pod: str, **changed: Any) -> Any:
    """Return the Event of a pull."""
    about = {"kind": "Pod", "name": pod}
    return {"metadata": {"name": f"{pod}.1"}, "involvedObject": about, "reason": "Pulling", "count": 2, **changed}
