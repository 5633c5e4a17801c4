"""Deployments, their ReplicaSets and pods: reads and changes them, and derives the state of a rollout.

This package knows nothing of the fault.
Not here: requests and watches (`kube`), and the fault's annotations (`record`).
"""
