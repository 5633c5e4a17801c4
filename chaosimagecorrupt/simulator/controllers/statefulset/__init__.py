"""The StatefulSet controller (kubernetes/pkg/controller/statefulset).

Here belongs what creates, replaces, deletes and counts the Pods of a StatefulSet, one ordinal after the other or all at
once, and what keeps its ControllerRevisions.
Not here: what StatefulSets and DaemonSets have in common (`controllers.controller_revisions`).
"""

__all__: list[str] = []
