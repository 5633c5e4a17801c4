"""Deployments, their ReplicaSets and pods: reads and changes them, emits Events on them, and derives the state.

Here belongs what follows from their JSON alone: the state of a rollout, who owns them and scales them, what they serve,
how many pods must stay ready. Not here: requests and watches (`kube`), and the fault's annotations (`record`).
"""
