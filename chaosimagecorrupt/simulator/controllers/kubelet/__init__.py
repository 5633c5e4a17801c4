"""The kubelet: runs Pods as far as their status and events show, and pulls images or fails to."""

__all__: list[str] = []
