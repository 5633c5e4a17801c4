"""An experiment as a file: what is read from it is the experiment, whatever its comments say."""

import json
from pathlib import Path

import pytest
import yaml

from chaosimagecorrupt.cli.experiment_file import to_json, to_yaml, write_experiment
from chaosimagecorrupt.cli.experiment_for import experiment_for
from chaosimagecorrupt.errors import Refused

from ..manifests import a_deployment
from ..recorded import at

IMAGE = "registry.invalid/x:y"


def test_yaml_reads_back_as_what_it_was_with_a_comment_for_each_thing_seen() -> None:
    experiment = experiment_for(a_deployment(progressDeadlineSeconds=600), image=IMAGE)
    text = to_yaml(experiment, ["warning: webhooks: [it's] {hostile}: #", "warning: quota: full"])
    assert yaml.safe_load(text) == experiment
    assert text.startswith("# warning: webhooks: [it's] {hostile}: #\n# warning: quota: full\n")
    assert "# progress_deadline: progressDeadlineSeconds during the fault, 30 s," in text
    assert "# IMAGE_CORRUPT_CLUSTER: any cluster but" in text


def test_json_reads_back_as_what_it_was() -> None:
    experiment = experiment_for(a_deployment(), image=IMAGE)
    assert json.loads(to_json(experiment)) == experiment


def test_yaml_says_that_kubernetes_reports_nothing_about_another_kind() -> None:
    experiment = experiment_for(at("sts-rolling", 4.0).deployment, image=IMAGE)
    assert "# A StatefulSet has no progress deadline: Kubernetes never reports" in to_yaml(experiment)


def test_a_file_that_exists_is_overwritten_only_when_that_is_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "new" / "web.yaml"
    write_experiment(path, "first", force=False, make_folder=True)
    with pytest.raises(Refused, match=r"web\.yaml exists already; --force overwrites it"):
        write_experiment(path, "second", force=False)
    assert path.read_text() == "first"
    write_experiment(path, "second", force=True)
    assert path.read_text() == "second"
