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

# for those who change the code
FOR_CONTRIBUTORS = ("speed.md",)
USERS_PAGES = [page for page in PAGES if page.name not in FOR_CONTRIBUTORS]

_ENDS = ("do", "done")
# a command that works in a checkout only
_IN_A_CHECKOUT = re.compile(
    r"(^|\s)make [a-z]"
    r"|(^|[\s=@(])(\./)?(experiments|deploy|tests|docs|benchmarks)/"
    r"|-k\s+deploy\b"
    r"|pip install (-e )?\.(\s|\[|$)"
)

each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
each_page_for_users = pytest.mark.parametrize("page", USERS_PAGES, ids=lambda page: str(page.relative_to(ROOT)))


def fences(page: Path, *languages: str) -> Iterator[str]:
    tokens = MarkdownIt().parse(page.read_text())
    yield from (token.content for token in tokens if token.type == "fence" and token.info in languages)


def commands(page: Path) -> Iterator[list[str]]:
    """The commands that readers are to type, each as words; `;`, `|`, `$(` and the like end one."""
    for block in fences(page, "console", "shell", "sh"):
        typed = [line[2:] for line in block.splitlines() if line.startswith("$ ")]
        lines = "\n;".join(typed) or block.replace("\n", "\n;").replace("\\\n;", "")
        lexer = shlex.shlex(lines, posix=True, punctuation_chars=True)
        lexer.whitespace_split = True
        for is_end, words in groupby(lexer, lambda word: word in _ENDS or word[0] in ";&|()"):
            if not is_end:
                yield list(words)


def check_call(command: click.Command, words: list[str]) -> None:
    """Raise click's error if the command has no such option, or an argument or an option does not take such a name."""
    context = click.Context(command)
    values, _, _ = command.make_parser(context).parse_args(words)
    for param in command.params:
        value = values.get(param.name or "")
        if isinstance(param.type, click.Choice) and isinstance(value, str):
            param.type_cast_value(context, value)


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
            check_call(command, [w for w in rest if w not in "<>"])


@each_page_for_users
def test_no_command_needs_a_checkout(page: Path) -> None:
    assert [line for words in commands(page) if _IN_A_CHECKOUT.search(line := " ".join(words))] == []


@pytest.mark.parametrize("name", image_corrupt.list_commands(click.Context(image_corrupt)))
def test_no_example_in_a_help_text_needs_a_checkout(name: str) -> None:
    command = image_corrupt.get_command(click.Context(image_corrupt), name)
    assert command is not None and command.help and _IN_A_CHECKOUT.search(command.help) is None


@pytest.mark.parametrize(
    "line",
    [
        "make demo",
        "chaos run experiments/cert-manager-image-corrupt.json",
        "kubectl apply --filename=deploy/samples/operator.yaml",
        "kubectl apply -k deploy",
        "pip install .[report,simulator]",
        "pytest ./tests/docs",
    ],
)
def test_a_command_that_needs_a_checkout_is_found(line: str) -> None:
    assert _IN_A_CHECKOUT.search(line)


def test_image_that_is_built_without_a_checkout_is_run_as_the_one_of_a_checkout() -> None:
    (shown,) = fences(ROOT / "docs" / "in-the-cluster.md", "dockerfile")
    manifests = image_corrupt.get_command(click.Context(image_corrupt), "manifests")
    assert manifests is not None and manifests.help
    for text in (shown, manifests.help, (ROOT / "Dockerfile").read_text()):
        assert {"USER 10001", 'ENTRYPOINT ["chaos"]'} <= {line.strip() for line in text.splitlines()}


def test_a_command_with_a_name_that_does_not_exist_is_found() -> None:
    experiments = image_corrupt.get_command(click.Context(image_corrupt), "experiments")
    assert experiments is not None
    with pytest.raises(click.BadParameter):
        check_call(experiments, ["--path", "cert-manger"])


def test_an_example_with_an_argument_that_does_not_exist_is_found() -> None:
    with pytest.raises(InvalidActivity):
        validate_control({"provider": {"arguments": {"recovers_within": "30s"}}})
