"""YAML of others, read as data: no tags that call Python, and no document that grows when it is read. Pure."""

from collections.abc import Iterator

import yaml

from ...errors import Refused, one_line

__all__ = ["MOST_BYTES", "documents"]

MOST_BYTES = 1024 * 1024  # of a file; operator-chaos reads no more either
_MOST_NODES = 200_000  # of a document, each alias counted as what it stands for
_MOST_DIGITS = 40  # Python refuses to print a number of some thousands
_NUMBERS = ("tag:yaml.org,2002:int", "tag:yaml.org,2002:float")


def documents(content: bytes) -> list[object]:
    """Return the documents of a YAML or JSON file; empty ones are left out.

    Args:
        content: of the file.

    Raises:
        Refused: it is no YAML, or larger than what a person writes.
    """
    if len(content) > MOST_BYTES:
        raise Refused(f"is larger than {MOST_BYTES // 1024} KiB")
    try:
        return [document for document in _constructed(content) if document is not None]
    except RecursionError as x:
        raise Refused("is nested too deeply") from x
    except yaml.MarkedYAMLError as x:
        line = f"line {x.problem_mark.line + 1}: " if x.problem_mark else ""
        raise Refused(f"is no YAML: {line}{one_line(x.problem or x.context, 200)}") from x
    except (yaml.YAMLError, ValueError) as x:  # ValueError: a time such as 2026-99-99
        raise Refused(f"is no YAML: {one_line(str(x).partition(chr(10))[0], 200)}") from x
    except (LookupError, AttributeError) as x:  # PyYAML's constructors, such as `!!bool x`
        raise Refused("is no YAML: a value does not have the type that its tag says") from x


def _constructed(content: bytes) -> Iterator[object]:
    loader = yaml.SafeLoader(content)
    try:
        while loader.check_node() and (node := loader.get_node()) is not None:
            _check_size(node)
            yield loader.construct_document(node)
    finally:
        loader.dispose()


def _check_size(document: yaml.Node) -> None:
    """Refuse a document that is small only because aliases stand for its parts, and numbers that are none."""
    todo, seen = [document], 0
    while todo:
        node = todo.pop()
        seen += 1
        if seen > _MOST_NODES:
            raise Refused(f"has more than {_MOST_NODES} values, aliases included")
        if isinstance(node, yaml.MappingNode):
            todo.extend(part for pair in node.value for part in pair)
        elif isinstance(node, yaml.SequenceNode):
            todo.extend(node.value)
        elif node.tag in _NUMBERS and len(node.value) > _MOST_DIGITS:
            raise Refused(f"line {node.start_mark.line + 1}: a number of {len(node.value)} digits")
