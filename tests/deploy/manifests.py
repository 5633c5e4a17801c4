"""The manifests of deploy/, as they are applied."""

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

__all__ = ["DEPLOY", "KUSTOMIZATIONS", "built", "kind", "needs_kubectl", "objects", "pod_of"]

DEPLOY = Path(__file__).parent.parent.parent / "deploy"
# what can be applied, each a folder
KUSTOMIZATIONS = sorted(
    str(path.parent.relative_to(DEPLOY))
    for path in DEPLOY.rglob("kustomization.yaml")
    if "components" not in path.parts
)

needs_kubectl = pytest.mark.skipif(shutil.which("kubectl") is None, reason="kubectl is not on the PATH")

Object = dict[str, Any]


def objects(text: str) -> list[Object]:
    """Parse manifests."""
    return [found for found in yaml.safe_load_all(text) if found]


def built(folder: str, deploy: Path = DEPLOY) -> list[Object]:
    """What `kubectl apply -k` would apply, of deploy/ or of a copy of it."""
    command = ["kubectl", "kustomize", str(deploy / folder)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return objects(done.stdout)


def kind(found: list[Object], name: str) -> list[Object]:
    """Those of one kind."""
    return [each for each in found if each["kind"] == name]


def pod_of(found: Object) -> Object | None:
    """The pod's spec in a manifest, None when it makes no pod."""
    spec = found.get("spec") or {}
    if found["kind"] == "CronJob":
        spec = spec["jobTemplate"]["spec"]
    if found["kind"] in ("CronJob", "Job"):
        return dict(spec["template"]["spec"])
    return dict(spec) if found["kind"] == "Pod" else None
