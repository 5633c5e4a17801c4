"""Deployments, their ReplicaSets and pods: what the API's objects say of a rollout, and how one is read and changed.

Here belongs what a user of Kubernetes would say of a Deployment without knowing of the fault.
Not here: requests and watches (`kube`), and the fault's annotations (`record`).
"""
