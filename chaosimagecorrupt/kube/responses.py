"""Parts of the API server's answers. Pure."""

from collections.abc import Iterable, Iterator, Mapping

__all__ = ["lines_of", "retry_after"]


def lines_of(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the lines of an answer as they are complete, without the empty ones.

    Args:
        chunks: the answer's body as it arrives.
    """
    begun: list[bytes] = []  # of a line that is not complete; a large object comes in hundreds of parts
    for chunk in chunks:
        *ends, rest = chunk.split(b"\n")
        for end in ends:
            line = b"".join([*begun, end])
            begun.clear()
            if line.strip():
                yield line
        begun.append(rest)


def retry_after(headers: Mapping[str, str]) -> float:
    """Return how long the API server asks to wait before the next attempt, in seconds; 0 when it does not say."""
    seconds = headers.get("Retry-After", "")
    return float(seconds) if seconds.isdecimal() else 0.0
