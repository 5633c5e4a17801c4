"""`chaos discover` lists what there is, as it is: derived from the modules."""

import importlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import chaosimagecorrupt
from chaosimagecorrupt import discover

MODULES = {"actions": "action", "rollbacks": "action", "probes": "probe"}
TYPES = {"string", "integer", "number", "boolean", "mapping", "list"}


@pytest.fixture(scope="module")
def discovered(tmp_path_factory: Any) -> Any:
    """What `chaos discover` writes."""
    folder = tmp_path_factory.mktemp("discovery")
    chaos = Path(sys.executable).with_name("chaos")
    command = [str(chaos), "--no-version-check", "discover", "chaostoolkit-image-corrupt", "--no-install"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return json.loads((folder / "discovery.json").read_text())


def activity(discovered: Any, name: Any) -> Any:
    return next(a for a in discovered["activities"] if a["name"] == name)


def arguments(discovered: Any, name: Any) -> Any:
    found = {a["name"]: (a["type"], a.get("default", "required")) for a in activity(discovered, name)["arguments"]}
    # what Chaos Toolkit passes itself is listed too, for every extension
    assert [found.pop(passed) for passed in ("configuration", "secrets")] == [("mapping", None)] * 2
    return found


def test_extension_is_named_with_its_version(discovered: Any) -> None:
    assert discovered["target"] == "image-corrupt"
    assert discovered["extension"]["name"] == "chaostoolkit-image-corrupt"
    assert discovered["extension"]["version"] == chaosimagecorrupt.__version__


def test_just_the_public_functions_are_listed_with_their_type(discovered: Any) -> None:
    public = [
        (name, kind, f"chaosimagecorrupt.{module}")
        for module, kind in MODULES.items()
        for name in importlib.import_module(f"chaosimagecorrupt.{module}").__all__
    ]
    assert sorted((a["name"], a["type"], a["mod"]) for a in discovered["activities"]) == sorted(public)


def test_names_of_the_contract_are_there(discovered: Any) -> None:
    assert {a["name"] for a in discovered["activities"]} >= {
        "collateral", "corrupt_image", "deployment_available", "deployment_progressing", "deployment_recovered",
        "image_corrupted", "image_pull_failing", "pods_ready", "progress_deadline_exceeded", "progress_deadline_set",
        "reconcile_cycles", "recovery_seconds", "resource_condition", "resource_exists", "restore_image",
        "restore_images", "serving_pods",
    }  # fmt: skip


def test_every_argument_has_a_type_that_a_user_can_write(discovered: Any) -> None:
    wrong = [
        (a["name"], argument)
        for a in discovered["activities"]
        for argument in a["arguments"]
        if argument["type"] not in TYPES
    ]
    assert wrong == []


def test_arguments_of_corrupt_image(discovered: Any) -> None:
    assert arguments(discovered, "corrupt_image") == {
        "name": ("string", "required"),
        "ns": ("string", "default"),
        "container_name": ("string", None),
        "image": ("string", "registry.invalid/nonexistent:chaos"),
        "ttl": ("string", "300s"),
        "progress_deadline": ("integer", None),
        "guard": ("boolean", True),
        "dry_run": ("boolean", False),
        "stop_below": ("string", None),
        "allow_protected": ("boolean", False),
        "cluster": ("string", None),
        "cause": ("string", None),
        "repository": ("string", None),
        "allow_slow": ("boolean", False),
        "kind": ("string", "Deployment"),
        "allow_on_delete": ("boolean", False),
    }


def test_arguments_of_a_probe(discovered: Any) -> None:
    assert arguments(discovered, "image_pull_failing") == {
        "name": ("string", "required"),
        "ns": ("string", "default"),
        "container_name": ("string", None),
        "image": ("string", None),
        "timeout": ("number", 60),
        "required": ("boolean", False),
        "cause": ("string", None),
        "kind": ("string", "Deployment"),
    }


@pytest.mark.parametrize(
    ("name", "returned"),
    [
        ("corrupt_image", "mapping"), ("restore_image", "mapping"), ("restore_images", "mapping"),
        ("collateral", "mapping"), ("image_corrupted", "boolean"), ("deployment_recovered", "boolean"),
        ("resource_condition", "boolean"), ("serving_pods", "integer"), ("reconcile_cycles", "integer"),
        ("recovery_seconds", "number"),
    ],
)  # fmt: skip
def test_return_types(discovered: Any, name: Any, returned: Any) -> None:
    assert activity(discovered, name)["return_type"] == returned


def test_every_activity_says_what_it_takes_returns_and_raises(discovered: Any) -> None:
    for found in discovered["activities"]:
        assert found["doc"].partition("\n")[0][-1] in ".?"
        assert [part in found["doc"] for part in ("Args:", "Returns:", "Raises:")] == [True] * 3
        assert [a["name"] for a in found["arguments"] if f"    {a['name']}: " not in found["doc"]] == []


def test_function_that_is_added_to_a_module_shows_up(monkeypatch: pytest.MonkeyPatch) -> None:
    probes = importlib.import_module("chaosimagecorrupt.probes")

    def added(name: str, tries: int = 3) -> bool:
        """Look."""
        return bool(name) and tries > 0

    monkeypatch.setattr(probes, "added", added, raising=False)
    monkeypatch.setattr(probes, "__all__", [*probes.__all__, "added"])
    found = activity(discover(), "added")
    assert (found["type"], [a["type"] for a in found["arguments"]]) == ("probe", ["string", "integer"])
