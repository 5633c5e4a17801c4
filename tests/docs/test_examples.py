"""The examples in the text: what they call exists, with these arguments and options, and they are what they say."""

import inspect
import json
import re
import shlex
from collections.abc import Iterator
from importlib import import_module
from itertools import groupby
from pathlib import Path
from typing import Any

import click
import pytest
import yaml
from chaoslib.exceptions import InvalidActivity
from chaoslib.experiment import ensure_experiment_is_valid
from markdown_it import MarkdownIt

from chaosimagecorrupt.cli import image_corrupt
from chaosimagecorrupt.control import validate_control

ROOT = Path(__file__).parent.parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
PAGES = [page for page in PAGES if page.parent.name != "reference"]

_ENDS = ("do", "done")

each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))


def fences(page: Path, *languages: str) -> Iterator[str]:
    tokens = MarkdownIt().parse(page.read_text())
    yield from (token.content for token in tokens if token.type == "fence" and token.info in languages)


def commands(page: Path) -> Iterator[list[str]]:
    """The commands that readers are to type, each as words; `;`, `|` and the like end one."""
    for block in fences(page, "console", "shell", "sh"):
        typed = [line[2:] for line in block.splitlines() if line.startswith("$ ")]
        lines = "\n;".join(typed) or block.replace("\n", "\n;").replace("\\\n;", "")
        lexer = shlex.shlex(lines, posix=True, punctuation_chars=True)
        lexer.whitespace_split = True
        for is_end, words in groupby(lexer, lambda word: word in _ENDS or word[0] in ";&|"):
            if not is_end:
                yield list(words)


def calls(value: Any) -> Iterator[dict[str, Any]]:
    """All calls of Python functions in an example."""
    if isinstance(value, dict):
        if value.get("type") == "python":
            yield value
        for each in value.values():
            yield from calls(each)
    elif isinstance(value, list):
        for each in value:
            yield from calls(each)


def parsed(page: Path) -> list[Any]:
    """What is in YAML or JSON; a part of an object in JSON is read as one."""
    found = [each for block in fences(page, "yaml") for each in yaml.safe_load_all(block)]
    return found + [json.loads(b if b.startswith(("{", "[")) else f"{{{b}}}") for b in fences(page, "json")]


@each_page
def test_what_an_example_calls_takes_these_arguments(page: Path) -> None:
    for call in (call for example in parsed(page) for call in calls(example)):
        if call["module"].startswith("chaosimagecorrupt") and "func" in call:
            signature = inspect.signature(getattr(import_module(call["module"]), call["func"]))
            signature.bind(**call.get("arguments", {}))
        elif call["module"] == "chaosimagecorrupt.control":
            validate_control({"provider": call})


@each_page
def test_an_example_that_is_a_whole_experiment_is_valid(page: Path) -> None:
    for experiment in (each for each in parsed(page) if isinstance(each, dict) and "method" in each):
        ensure_experiment_is_valid(experiment)


@each_page
def test_a_command_has_the_subcommand_and_the_options_that_an_example_shows(page: Path) -> None:
    for words in commands(page):
        _, found, after = " ".join(words).partition("chaos image-corrupt ")
        if found:
            name, command, rest = image_corrupt.resolve_command(click.Context(image_corrupt), after.split())
            assert command is not None, name
            command.make_parser(click.Context(command)).parse_args([w for w in rest if w not in "<>"])


@each_page
def test_files_of_the_repository_that_a_command_names_exist(page: Path) -> None:
    named = [w for words in commands(page) for w in words if re.match(r"(experiments|deploy|tests)/", w)]
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_an_example_with_an_argument_that_does_not_exist_is_found() -> None:
    with pytest.raises(InvalidActivity):
        validate_control({"provider": {"arguments": {"recovers_within": "30s"}}})
