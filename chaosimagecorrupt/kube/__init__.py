"""The API server: how it is reached, what is asked of it, and how its objects are listed and watched.

Here belongs what would serve any client of Kubernetes: kubeconfigs, requests, errors, watches, selectors, names.
Not here: Deployments and their rollouts (`workload`), and anything that knows of a fault's record (`record`).
"""
