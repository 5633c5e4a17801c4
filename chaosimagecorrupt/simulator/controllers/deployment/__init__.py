"""The Deployment controller (kubernetes/pkg/controller/deployment).

Here belongs what keeps the ReplicaSets and the status of a Deployment as its spec says.
Not here: the Pods of a ReplicaSet (`controllers.replicaset`).
"""

__all__: list[str] = []
