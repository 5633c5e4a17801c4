"""A `ChaosExperiment`, as the documentation of operator-chaos describes it, for tests to change."""

from copy import deepcopy
from typing import Any

__all__ = ["AVAILABLE", "a_chaos_experiment", "without"]

AVAILABLE = {"type": "conditionTrue", "kind": "Deployment", "name": "web", "conditionType": "Available"}

_EXPERIMENT: dict[str, Any] = {
    "apiVersion": "chaos.operatorchaos.io/v1alpha1",
    "kind": "ChaosExperiment",
    "metadata": {"name": "web-image"},
    "spec": {
        "target": {"operator": "shop-operator", "component": "frontend", "resource": "Deployment/web"},
        "injection": {"type": "ImageCorrupt", "parameters": {"name": "web"}},
        "hypothesis": {"description": "It comes back."},
        "blastRadius": {"allowedNamespaces": ["shop"]},
    },
}


def a_chaos_experiment(metadata: dict[str, Any] | None = None, **spec: dict[str, Any]) -> dict[str, Any]:
    """Return a `ChaosExperiment` for Deployment shop/web; the arguments are merged into its sections.

    Args:
        metadata: further fields.
        spec: fields of the sections of the spec, by the section.
    """
    experiment = deepcopy(_EXPERIMENT)
    experiment["metadata"] |= metadata or {}
    for section, fields in spec.items():
        experiment["spec"][section] = {**experiment["spec"].get(section, {}), **fields}
    return experiment


def without(experiment: dict[str, Any], *path: str) -> dict[str, Any]:
    """Return a `ChaosExperiment` without a field."""
    changed = deepcopy(experiment)
    section = changed
    for key in path[:-1]:
        section = section[key]
    del section[path[-1]]
    return changed
