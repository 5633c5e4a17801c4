"""The kubelet (kubernetes/pkg/kubelet).

Here belongs what a node does with a Pod: pulling images, starting and stopping containers, writing the status.
Not here: which node a Pod runs on (`controllers.scheduler`). No process runs and no image is pulled.
"""

__all__: list[str] = []
