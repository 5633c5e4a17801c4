"""What controllers get when the API refuses a request."""

__all__ = ["StatusError"]


class StatusError(Exception):
    """A request that was refused.

    Args:
        reason: Kubernetes' word for it, such as `Conflict`.
        message: what the server says.
    """

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason
