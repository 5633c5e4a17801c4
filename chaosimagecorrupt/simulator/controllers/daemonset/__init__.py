"""The DaemonSet controller (kubernetes/pkg/controller/daemon).

Here belongs what creates, replaces, deletes and counts the Pods of a DaemonSet, one for each node that matches, and
what keeps its ControllerRevisions.
Not here: what StatefulSets and DaemonSets have in common (`controllers.controller_revisions`), and how a Pod gets to
its node (`controllers.scheduler`).
"""

__all__: list[str] = []
