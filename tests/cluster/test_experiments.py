"""Each experiment through the real `chaos run`: the journal, and the Deployment before, during and after."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from chaosimagecorrupt.duration import parse_duration

from .conftest import IMAGE, ROOT

CORRUPT = "registry.invalid/nonexistent:chaos"
ALL = sorted((ROOT / "experiments").glob("*-image-corrupt.*"))
# these run in test_combined.py
COMBINED = sorted((ROOT / "experiments" / "combined").glob("*-image-corrupt.*"))
# it needs a health check, see test_safeguards.py
SAFEGUARDS = ROOT / "experiments" / "safeguards-image-corrupt.yaml"
# on other kinds than Deployments, see test_workloads.py
OTHER_KINDS = [ROOT / "experiments" / f"{kind}-image-corrupt.yaml" for kind in ("statefulset", "daemonset")]
EXPERIMENTS = [e for e in ALL if e not in (SAFEGUARDS, *OTHER_KINDS)]
MANY = ROOT / "experiments" / "deployments-image-corrupt.yaml"
ON_ONE = [e for e in EXPERIMENTS if e != MANY]


def unobserved(row: Any) -> bool:
    """Whether a row of the rubric says that what is expected was not observed."""
    return bool((row["section"], row["result"]) == ("Expected", "not observed"))


def without_status(deployment: Any) -> Any:
    metadata = {k: deployment["metadata"].get(k) for k in ("labels", "annotations")}
    (metadata["annotations"] or {}).pop("deployment.kubernetes.io/revision", None)
    return {"spec": deployment["spec"], **metadata}


def assert_fault_came_and_went(chaos: Any, recorder: Any, container: Any) -> None:
    states, original = recorder.states, recorder.images(container)[0]
    assert recorder.images(container) == [original, CORRUPT, original]
    during = next(
        s for s in states if f"chaos.operatorchaos.io/original-image-{container}" in s["metadata"]["annotations"]
    )
    assert during["metadata"]["annotations"][f"chaos.operatorchaos.io/original-image-{container}"] == original
    assert during["metadata"]["labels"]["chaos.operatorchaos.io/type"] == "ImageCorrupt"
    assert without_status(states[-1]) == without_status(states[0])
    assert chaos.output("corrupt-the-image")["original_image"] == original
    assert chaos.output("new-pods-cannot-pull") is True
    assert chaos.output("old-pods-still-serve") >= 1
    assert chaos.output("restore-the-image")["outcome"] == "restored"
    assert chaos.output("deployment-recovers") is True
    assert 0 <= chaos.output("seconds-to-recover") < 45
    assert chaos.output("changes-made-by-others") == 0
    assert chaos.journal["rollbacks"][0]["output"]["outcome"] == "nothing-to-restore"


@pytest.mark.parametrize("experiment", ON_ONE, ids=lambda p: p.name)
def test_every_experiment_corrupts_proves_and_recovers(experiment: Any, deploy: Any, chaos: Any, record: Any) -> None:
    """With waits that are cut short; the hypothesis is checked all the time."""
    ns = deploy()
    target = {"IMAGE_CORRUPT_NAME": "web", "IMAGE_CORRUPT_NAMESPACE": ns, "IMAGE_CORRUPT_CONTAINER": "app"}
    with record(ns, "web") as recorder:
        code, printed = chaos.finish(
            experiment, "--hypothesis-strategy=continuously", **target, IMAGE_CORRUPT_OPERATOR_TIMEOUT="0"
        )
    assert (code, chaos.journal["status"], chaos.journal["deviated"]) == (0, "completed", False), printed
    assert_fault_came_and_went(chaos, recorder, "app")
    assert recorder.images("app")[0] == IMAGE


def test_the_faults_end_long_after_the_last_wait() -> None:
    """The timeouts before the restore together are shorter than the ttl."""
    for experiment in ALL + COMBINED:
        text = yaml.safe_load(experiment.read_text())["configuration"]
        waits = [v["default"] for k, v in text.items() if k.endswith("_timeout")]
        waits = [parse_duration(w, "timeout") for w in waits if w != text["recovery_timeout"]["default"]]
        assert sum(waits) < parse_duration(text["ttl"]["default"], "ttl"), experiment


def test_experiment_on_a_corrupted_deployment_fails_without_touching_it(deploy: Any, chaos: Any, api: Any) -> None:
    from chaosimagecorrupt.actions import corrupt_image

    ns = deploy()
    corrupt_image("web", ns, image="registry.invalid/someone-else:1")
    before = api.deployment(ns, "web")
    code, _ = chaos.finish(
        ROOT / "experiments" / "deployment-image-corrupt.yaml",
        IMAGE_CORRUPT_NAME="web",
        IMAGE_CORRUPT_NAMESPACE=ns,
        IMAGE_CORRUPT_STEADY_TIMEOUT="1",
        IMAGE_CORRUPT_RECOVERY_TIMEOUT="1",
    )
    after = api.deployment(ns, "web")
    assert (code, chaos.journal["status"]) == (1, "failed")
    assert without_status(after) == without_status(before)
    assert after["metadata"]["annotations"]["chaos.operatorchaos.io/original-image-app"] == IMAGE


def test_the_experiment_on_many_deployments_corrupts_proves_and_recovers(deploy: Any, chaos: Any, api: Any) -> None:
    for name in ("a", "b", "c", "d"):
        ns = deploy(name, replicas=1, metadata={"labels": {"part-of": "shop"}})
    chaos.env |= {"IMAGE_CORRUPT_DEADLINE_TIMEOUT": "60", "IMAGE_CORRUPT_BACKOFF_TIMEOUT": "90"}
    selected = {"IMAGE_CORRUPT_SELECTOR": "part-of=shop", "IMAGE_CORRUPT_NAMESPACE": ns}
    code, printed = chaos.finish(MANY, "--hypothesis-strategy=continuously", **selected)
    assert (code, chaos.journal["status"], chaos.journal["deviated"]) == (0, "completed", False), printed
    assert [t["deployment"] for t in chaos.output("corrupt-the-images")["targets"]] == ["a", "b", "c", "d"]
    verdict = chaos.journal["image-corrupt"]
    assert {t["deployment"]: t["verdict"] for t in verdict["targets"]} == dict.fromkeys("abcd", "Resilient")
    assert not [r for t in verdict["targets"] for r in t["rubric"] if unobserved(r)]
    assert verdict["recovery"]["targets"] == 4 and verdict["recovery"]["median"] <= verdict["recovery"]["worst"] < 45
    assert "operatorchaos" not in str([d["metadata"] for d in api.deployments(ns)])


@pytest.mark.parametrize("experiment", EXPERIMENTS, ids=lambda p: p.name)
def test_a_run_that_was_refused_leaves_someone_elses_fault_alone(
    experiment: Any, deploy: Any, chaos: Any, api: Any
) -> None:
    """Also when nothing was checked before, as when two runs begin at the same time."""
    from chaosimagecorrupt.actions import corrupt_image

    ns = deploy()
    corrupt_image("web", ns, image="registry.invalid/someone-else:1", guard=False)
    before = api.deployment(ns, "web")
    target = {"IMAGE_CORRUPT_NAME": "web", "IMAGE_CORRUPT_CONTAINER": "app", "IMAGE_CORRUPT_SELECTOR": "app=web"}
    quick = {f"IMAGE_CORRUPT_{wait}_TIMEOUT": "0" for wait in ("STEADY", "BITE", "RECOVERY", "OPERATOR")}
    chaos.finish(experiment, "--hypothesis-strategy=after-method-only", IMAGE_CORRUPT_NAMESPACE=ns, **target, **quick)
    (refused,) = (r for r in chaos.journal["run"] if r["activity"]["name"].startswith("corrupt-the-image"))
    assert "already corrupted" in str(refused["exception"])
    assert without_status(api.deployment(ns, "web")) == without_status(before)


@pytest.mark.parametrize("experiment", ALL + COMBINED, ids=lambda p: p.name)
def test_every_experiment_undoes_the_fault_of_its_own_run_only(experiment: Any) -> None:
    text = yaml.safe_load(experiment.read_text())
    assert text["controls"][-1]["provider"] == {"type": "python", "module": "chaosimagecorrupt.control"}
    assert text["runtime"]["rollbacks"]["strategy"] == "always"
    restores = [a["provider"] for a in text["method"] + text["rollbacks"] if a["name"].startswith("restore-the-image")]
    assert [r["arguments"]["this_run_only"] for r in restores] == [True, True]


@pytest.mark.parametrize("experiment", ALL, ids=lambda p: p.name)
def test_every_experiment_is_valid(experiment: Any, tmp_path: Path) -> None:
    chaos = Path(sys.executable).with_name("chaos")
    command = [str(chaos), "--no-version-check", "validate", str(experiment)]
    assert subprocess.run(command, cwd=tmp_path, capture_output=True).returncode == 0
