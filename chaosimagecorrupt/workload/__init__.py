"""Deployments, their ReplicaSets and pods: reads and changes them, emits Events on them, and derives the state.

This package knows nothing of the fault.
Not here: requests and watches (`kube`), and the fault's annotations (`record`).
"""
