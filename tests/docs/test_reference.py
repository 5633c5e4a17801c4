"""The reference: every activity is on its page, and its examples run as they stand there."""

import json
import os
import re
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from chaoslib.hypothesis import within_tolerance

from chaosimagecorrupt import actions, probes, rollbacks

from ..quick_cluster import quick_cluster

PAGES = Path(__file__).parent.parent.parent / "docs" / "reference"
ACTIVITIES = {
    "actions": set(actions.__all__),
    "rollbacks": set(rollbacks.__all__),
    "probes": set(probes.__all__),
}
LANGUAGES: dict[str, Callable[[str], Any]] = {"yaml": yaml.safe_load, "json": json.loads}

# the order in which a run makes sense
BEFORE = [
    *("deployment_available", "deployment_progressing", "pods_ready", "serving_pods", "progress_deadline_set"),
    *("resource_exists", "image_corrupted", "corrupted_deployments", "deployments_available"),
    "original_pullable",
]
ONE = [
    *("corrupt_image", "image_pull_failing", "progress_deadline_exceeded", "pull_backoff_growing"),
    *("resource_condition", "collateral"),
    *("restore_image", "deployment_recovered", "workload_recovered", "recovery_seconds", "reconcile_cycles"),
]
MANY = [
    *("corrupt_images", "images_pull_failing", "progress_deadlines_exceeded", "pull_backoffs_growing"),
    *("restore_images", "deployments_recovered", "deployments_recovery"),
]
METHOD = [*BEFORE, *ONE, *MANY]

# what the examples are about; the operator of the resource reports while the rollout is not complete
CLUSTER = """
apiVersion: v1
kind: Namespace
metadata: {name: shop}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop, labels: {app: web}}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers: [{name: app, image: "quay.io/shop/web:v1"}]
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: webshops.example.com}
spec:
  group: example.com
  names: {kind: WebShop, listKind: WebShopList, plural: webshops, singular: webshop}
  scope: Namespaced
  versions:
    - name: v1
      served: true
      storage: true
      subresources: {status: {}}
      schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
---
apiVersion: example.com/v1
kind: WebShop
metadata:
  name: shop
  namespace: shop
  annotations: {simulator.operatorchaos.io/watches: shop/web=Ready}
spec: {}
"""


def examples(page: str, language: str) -> dict[str, Any]:
    """The examples of a page in one language, by the activity that they stand below."""
    _, *parts = re.split(rf"^::: chaosimagecorrupt\.{page}\.(\w+)$", (PAGES / f"{page}.md").read_text(), flags=re.M)
    found = {}
    for activity, text in zip(parts[::2], parts[1::2], strict=True):
        (example,) = re.findall(rf"^    ```{language}\n(.*?)^    ```$", text, re.M | re.S)
        found[activity] = LANGUAGES[language](textwrap.dedent(example))
    return found


def run(experiment: Path, kubeconfig: Path) -> Any:
    """Run an experiment as its reader does; the journal."""
    chaos = [str(Path(sys.executable).with_name("chaos")), "--no-version-check"]
    environment = {**os.environ, "KUBECONFIG": str(kubeconfig), "XDG_STATE_HOME": str(experiment.parent)}
    done = subprocess.run(
        [*chaos, "run", str(experiment)],
        cwd=experiment.parent,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads((experiment.parent / "journal.json").read_text())


def test_every_activity_has_its_place_in_the_run() -> None:
    assert sorted(METHOD) == sorted(set.union(*ACTIVITIES.values()))


@pytest.mark.parametrize("page", ACTIVITIES)
def test_every_activity_is_on_its_page(page: str) -> None:
    assert set(examples(page, "yaml")) == ACTIVITIES[page]


@pytest.mark.parametrize("page", ACTIVITIES)
def test_both_examples_of_an_activity_call_it_alike(page: str) -> None:
    found = examples(page, "yaml")
    assert examples(page, "json") == found
    assert [e["provider"]["func"] for e in found.values()] == list(found)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_examples_run_and_are_within_their_tolerance(language: str, tmp_path: Path) -> None:
    found = {name: example for page in ACTIVITIES for name, example in examples(page, language).items()}
    method = [found[name] for name in METHOD]
    experiment = tmp_path / f"experiment.{language}"
    # JSON is YAML, but only a file of its own language shows that Chaos Toolkit reads it so
    text = {"title": "The examples", "description": "in their order", "method": method}
    experiment.write_text(json.dumps(text) if language == "json" else yaml.safe_dump(text))
    with quick_cluster(CLUSTER) as kubeconfig:
        done = run(experiment, kubeconfig)["run"]
    assert [(r["activity"]["name"], r["status"]) for r in done] == [(e["name"], "succeeded") for e in method]
    outside = [r for r in done if "tolerance" in r["activity"] and not _within(r)]
    assert [(r["activity"]["provider"]["func"], r["output"]) for r in outside] == []


def _within(done: Any) -> bool:
    return bool(within_tolerance(done["activity"]["tolerance"], done["output"]))
