"""Probes: the state of a rollout, its pods and its operator during the fault and after it.

Here belong the activities that experiments call, and what they share (modules with an underscore).
Not here: how a state is derived (`workload`, `verdict`), and what changes anything (`actions`, `rollbacks`). Only
`original_pullable` creates something, a pod of its own, and deletes it.

`timeout` is in seconds, or Go's duration: 0 answers from the current state, with more, the probe watches until the
state is reached. No probe answers from a status that is older than the spec: it waits some seconds for the controller,
and fails when the status stays old.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .back_off import pull_backoff_growing
    from .deployment import (
        deployment_available,
        deployment_progressing,
        pods_ready,
        progress_deadline_exceeded,
        progress_deadline_set,
        serving_pods,
    )
    from .image import image_corrupted, image_pull_failing
    from .many import (
        corrupted_deployments,
        deployments_recovered,
        deployments_recovery,
        images_pull_failing,
    )
    from .many_during import deployments_available, progress_deadlines_exceeded, pull_backoffs_growing
    from .original import original_pullable
    from .recovery import deployment_recovered, reconcile_cycles, recovery_seconds, workload_recovered
    from .resource import collateral, resource_condition, resource_exists

__all__ = [
    "collateral",
    "corrupted_deployments",
    "deployment_available",
    "deployment_progressing",
    "deployment_recovered",
    "deployments_available",
    "deployments_recovered",
    "deployments_recovery",
    "image_corrupted",
    "image_pull_failing",
    "images_pull_failing",
    "original_pullable",
    "pods_ready",
    "progress_deadline_exceeded",
    "progress_deadline_set",
    "progress_deadlines_exceeded",
    "pull_backoff_growing",
    "pull_backoffs_growing",
    "reconcile_cycles",
    "recovery_seconds",
    "resource_condition",
    "resource_exists",
    "serving_pods",
    "workload_recovered",
]

if not TYPE_CHECKING:
    # A module is imported with the first use of one of its probes: most read the present state, and need neither
    # timeline nor verdict, which are a quarter of all imports
    _MODULES = {
        "back_off": ["pull_backoff_growing"],
        "deployment": [
            "deployment_available",
            "deployment_progressing",
            "pods_ready",
            "progress_deadline_exceeded",
            "progress_deadline_set",
            "serving_pods",
        ],
        "image": ["image_corrupted", "image_pull_failing"],
        "many": ["corrupted_deployments", "deployments_recovered", "deployments_recovery", "images_pull_failing"],
        "many_during": ["deployments_available", "progress_deadlines_exceeded", "pull_backoffs_growing"],
        "original": ["original_pullable"],
        "recovery": ["deployment_recovered", "reconcile_cycles", "recovery_seconds", "workload_recovered"],
        "resource": ["collateral", "resource_condition", "resource_exists"],
    }
    _MODULE_OF = {name: module for module, names in _MODULES.items() for name in names}

    def __getattr__(name):
        if name not in _MODULE_OF:
            raise AttributeError(f"module '{__name__}' has no attribute '{name}'")
        return getattr(import_module(f".{_MODULE_OF[name]}", __name__), name)

    def __dir__():
        return [*globals(), *__all__]
