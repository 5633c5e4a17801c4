"""The messages in docs/troubleshooting.md are those that users see."""

import re
from pathlib import Path

from markdown_it import MarkdownIt

ROOT = Path(__file__).parent.parent.parent
PAGE = ROOT / "docs" / "troubleshooting.md"


def source() -> str:
    """The code of the package, with strings that it joins as one."""
    code = "\n".join(path.read_text() for path in (ROOT / "chaosimagecorrupt").rglob("*.py"))
    return re.sub(r'"\s*\+?\s*f?"', "", code)


def messages() -> list[str]:
    """The messages that stand in blocks of their own or as the reason in a table, with `...` for what varies."""
    text = PAGE.read_text()
    blocks = [t.content.strip() for t in MarkdownIt().parse(text) if t.type == "fence" and t.info == "text"]
    return blocks + re.findall(r"^\| `([a-z][^`]+)` \|", text, re.M)


def test_every_message_is_one_of_the_package() -> None:
    parts = [part.strip() for message in messages() for part in re.split(r"\.\.\.|[:;] ", message)]
    code = source()
    assert len(parts) > 15
    assert [part for part in parts if part not in code] == []
