"""The ReplicaSet controller (kubernetes/pkg/controller/replicaset).

Here belongs what creates, deletes and counts the Pods of a ReplicaSet.
Not here: what happens to a Pod once it exists (`controllers.scheduler`, `controllers.kubelet`).
"""

__all__: list[str] = []
