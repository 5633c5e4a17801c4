"""What the pages show of the output of commands, for the tests that run these commands."""

import re
from pathlib import Path

from markdown_it import MarkdownIt

__all__ = ["not_printed", "steps"]


def steps(page: Path) -> list[tuple[str, list[str]]]:
    """The commands of a page that are typed after a `$`, each with the lines that the page shows of its output."""
    blocks = [t.content for t in MarkdownIt().parse(page.read_text()) if t.type == "fence" and t.info == "console"]
    typed = [step for block in blocks for step in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]]
    found = [step.splitlines() for step in typed]
    return [(command, [line for line in shown if line != "..."]) for command, *shown in found]


def not_printed(shown: list[str], printed: str) -> list[str]:
    """The lines that a page shows and a command did not print."""
    found = {_comparable(line) for line in printed.splitlines()}
    return [line for line in shown if _comparable(line) not in found]


def _comparable(line: str) -> str:
    """A line without what differs from run to run: colors, numbers, and how long a probe waited.

    On a busy machine, a pull may have failed before the probe begins, which then waits for nothing;
    or what it finds is the pause before the next pull.
    """
    without_numbers = re.sub(r"\d+(\.\d+)?(?:[smh]\b)?", "N", re.sub(r"\x1b\[\d*m", "", line)).rstrip()
    return without_numbers.removesuffix(", N s of N s").replace("ImagePullBackOff", "ErrImagePull")
