"""The ReplicaSet controller."""

__all__: list[str] = []
