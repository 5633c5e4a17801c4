"""Parts of the API server's answers. Pure."""

from collections.abc import Iterable, Iterator, Mapping

__all__ = ["lines_of", "retry_after"]


def lines_of(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the lines of an answer as they are complete, without the empty ones.

    Args:
        chunks: the answer's body as it arrives.
    """
    rest_of_line = b""
    for chunk in chunks:
        *lines, rest_of_line = (rest_of_line + chunk).split(b"\n")
        yield from (line for line in lines if line.strip())


def retry_after(headers: Mapping[str, str]) -> float:
    """Return how long the API server asks to wait before the next attempt, in seconds; 0 when it does not say."""
    seconds = headers.get("Retry-After", "")
    return float(seconds) if seconds.isdecimal() else 0.0
