"""The documentation: its links resolve, what it names exists, and the recovery by hand works to the letter."""

import importlib.util
import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from click import Context
from markdown_it import MarkdownIt
from markdown_it.token import Token

from chaosimagecorrupt.actions import corrupt_image
from chaosimagecorrupt.cli import image_corrupt

from .faulty_simulator import FaultySimulator

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
PAGES = [*sorted(ROOT.glob("*.md")), *sorted(DOCS.rglob("*.md"))]

# The name of the corrupt ReplicaSet that docs/recover-by-hand.md deletes follows from this template
WEB = {
    "apiVersion": "apps/v1",
    "kind": "Deployment",
    "metadata": {"name": "web", "namespace": "shop", "labels": {"app": "web"}},
    "spec": {
        "replicas": 2,
        "selector": {"matchLabels": {"app": "web"}},
        "template": {
            "metadata": {"labels": {"app": "web"}},
            "spec": {
                "initContainers": [{"name": "setup", "image": "quay.io/shop/setup:v1"}],
                "containers": [{"name": "app", "image": "quay.io/shop/web:v1"}],
            },
        },
    },
}

each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))


def parsed(page: Path) -> list[Token]:
    return MarkdownIt("commonmark").enable("table").parse(page.read_text())


def inline(page: Path) -> Iterator[Token]:
    """Yield the parts of the text: links, pictures, code."""
    for token in parsed(page):
        yield from token.children or []


def links(page: Path) -> Iterator[str]:
    for token in inline(page):
        target = token.attrs.get("href") or token.attrs.get("src")
        if target and not re.match(r"[a-z]+:", str(target)):
            yield str(target)


def anchors(page: Path) -> set[str]:
    """Return the anchors that GitHub gives to the headings: lower case, without punctuation, `-` for each space."""
    tokens = parsed(page)
    headings = [text.content for mark, text in pairwise(tokens) if mark.type == "heading_open"]
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def commands(page: Path, until: str) -> str:
    """Return the console blocks before a heading, as one script."""
    before = page.read_text().partition(until)[0]
    return "".join(t.content for t in MarkdownIt().parse(before) if t.type == "fence" and t.info == "console")


def exists(dotted: str) -> bool:
    """Whether this is a module of the package, or a name in one."""
    module, _, name = dotted.rpartition(".")
    try:
        if importlib.util.find_spec(dotted) is not None:
            return True
    except ModuleNotFoundError:  # what is before the last dot is no package
        pass
    return bool(module) and hasattr(importlib.import_module(module), name)


@each_page
def test_relative_links_and_their_anchors_resolve(page: Path) -> None:
    broken = []
    for link in links(page):
        path, _, anchor = link.partition("#")
        there = (page.parent / path).resolve() if path else page
        if not there.exists() or (anchor and anchor not in anchors(there)):
            broken.append(link)
    assert broken == []


@each_page
def test_subcommands_that_are_mentioned_exist(page: Path) -> None:
    known = image_corrupt.list_commands(Context(image_corrupt))
    mentioned = set(re.findall(r"chaos image-corrupt\s+([a-z]+)", page.read_text()))
    assert mentioned - set(known) == set()


@each_page
def test_modules_that_are_mentioned_exist(page: Path) -> None:
    mentioned = re.findall(r"\bchaosimagecorrupt((?:\.[a-z]\w*)+)", page.read_text())
    assert [name for name in mentioned if not exists(f"chaosimagecorrupt{name}")] == []


def test_modules_that_the_architecture_names_exist() -> None:
    packages = {p.parent.name for p in (ROOT / "chaosimagecorrupt").glob("*/__init__.py")}
    code = [t.content for t in inline(DOCS / "architecture.md") if t.type == "code_inline"]
    named = [c for c in code if re.fullmatch(r"[a-z_]+(\.\w+)+", c) and c.partition(".")[0] in packages]
    assert len(named) > 20
    assert [name for name in named if not exists(f"chaosimagecorrupt.{name}")] == []


def test_every_package_is_in_the_architecture() -> None:
    rows = re.findall(r"^\| `(\w+)` \|", (DOCS / "architecture.md").read_text(), re.MULTILINE)
    modules = {p.stem for p in (ROOT / "chaosimagecorrupt").glob("[a-z]*.py")}
    packages = {p.parent.name for p in (ROOT / "chaosimagecorrupt").glob("*/__init__.py")}
    assert set(rows) == modules | packages


def test_the_readme_is_short_and_leads_to_every_page() -> None:
    readme = ROOT / "README.md"
    assert len(readme.read_text().split()) <= 600
    assert {f"docs/{page.name}" for page in DOCS.glob("*.md")} - set(links(readme)) == set()


def test_pictures_are_small() -> None:
    assert [p.name for p in DOCS.glob("*.png") if p.stat().st_size > 150_000] == []


@pytest.fixture
def shop(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[FaultySimulator]:
    """A cluster with the Deployment that docs/recover-by-hand.md is about, rolled out."""
    namespace = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop"}}
    with FaultySimulator([namespace, WEB]) as simulator:
        monkeypatch.setenv("KUBECONFIG", str(simulator.kubeconfig))
        monkeypatch.setenv("KUBECACHEDIR", str(tmp_path))
        yield simulator


def run(script: str) -> str:
    command = ["bash", "-euo", "pipefail", "-c", script]
    done = subprocess.run(command, env=os.environ, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.skipif(shutil.which("kubectl") is None, reason="kubectl is not on the PATH")
@pytest.mark.usefixtures("shop")
def test_recovery_by_hand_works_to_the_letter() -> None:
    corrupt_image("web", "shop", progress_deadline=60, guard=False)
    run(commands(DOCS / "recover-by-hand.md", until="## Special cases"))
    found = json.loads(run("kubectl get deployments,replicasets -n shop -o json --show-managed-fields"))["items"]
    web: dict[str, Any] = next(d for d in found if d["kind"] == "Deployment")
    assert web["spec"]["template"]["spec"]["containers"][0]["image"] == "quay.io/shop/web:v1"
    assert (web["spec"]["progressDeadlineSeconds"], web["status"]["readyReplicas"]) == (600, 2)
    assert [d["kind"] for d in found] == ["Deployment", "ReplicaSet"]
    assert "operatorchaos" not in json.dumps(found)
    assert "chaosimagecorrupt" not in json.dumps(found)
