"""The Deployment controller, after kubernetes/pkg/controller/deployment."""

__all__: list[str] = []
