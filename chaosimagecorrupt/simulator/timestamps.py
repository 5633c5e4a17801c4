"""Times as the API writes them: RFC 3339, UTC, whole seconds."""

from datetime import UTC, datetime

__all__ = ["seconds_of", "timestamp"]


def timestamp(seconds: float) -> str:
    """Return a time as the API writes it.

    Args:
        seconds: since 1970.
    """
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def seconds_of(text: str) -> float:
    """Return the seconds since 1970 of a time.

    Args:
        text: the time, RFC 3339.
    """
    return datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()
