"""The manifests: they parse, build, are what an API server takes, and pass the restricted Pod Security profile."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from chaosimagecorrupt import __version__

from ..faulty_simulator import FaultySimulator
from .conftest import ROOT
from .manifests import DEPLOY, KUSTOMIZATIONS, built, kind, needs_kubectl, objects, pod_of

Object = dict[str, Any]

SOURCES = sorted(path for path in DEPLOY.rglob("*.yaml"))
SAMPLES = sorted((DEPLOY / "samples").glob("*.yaml"))


def pods(found: Object) -> list[Object]:
    """The pods' specs in a manifest, also of those kinds that only their operators know."""
    if found["kind"] == "ChaosToolkitExperiment":
        return [found["spec"]["pod"]["template"]["spec"]]
    if found["kind"] == "Workflow":
        spec = found["spec"]
        own = yaml.safe_load(spec["podSpecPatch"])
        containers = [t["container"] for t in spec["templates"] if "container" in t]
        return [
            {**spec, "containers": [c, *own["containers"]], "initContainers": own["initContainers"]} for c in containers
        ]
    pod = pod_of(found)
    return [pod] if pod is not None else []


def with_pods() -> Iterator[Any]:
    for path in SOURCES:
        for found in objects(path.read_text()):
            for number, pod in enumerate(pods(found)):
                yield pytest.param(pod, id=f"{path.relative_to(DEPLOY)}-{number}")


def containers(pod: Object) -> list[Object]:
    return [*pod["containers"], *pod.get("initContainers", [])]


def test_there_is_something_to_check() -> None:
    assert len(list(with_pods())) >= 8 and len(KUSTOMIZATIONS) >= 12


# https://kubernetes.io/docs/concepts/security/pod-security-standards, restricted: what a pod must say
@pytest.mark.parametrize("pod", list(with_pods()))
class TestRestricted:
    def test_runs_as_someone_without_rights(self, pod: Object) -> None:
        assert pod["securityContext"]["runAsNonRoot"] is True
        assert pod["securityContext"].get("runAsUser", 1) != 0
        for each in containers(pod):
            assert {"runAsUser", "runAsNonRoot", "privileged", "procMount"}.isdisjoint(each["securityContext"])

    def test_has_the_runtimes_seccomp_profile(self, pod: Object) -> None:
        assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        assert all("seccompProfile" not in each["securityContext"] for each in containers(pod))

    def test_gains_nothing(self, pod: Object) -> None:
        for each in containers(pod):
            assert each["securityContext"]["allowPrivilegeEscalation"] is False
            assert each["securityContext"]["capabilities"] == {"drop": ["ALL"]}

    def test_shares_nothing_with_its_node(self, pod: Object) -> None:
        assert {"hostNetwork", "hostPID", "hostIPC"}.isdisjoint(pod)
        assert {"sysctls", "seLinuxOptions", "windowsOptions"}.isdisjoint(pod["securityContext"])
        assert all("hostPort" not in port for each in containers(pod) for port in each.get("ports", []))

    def test_mounts_only_what_is_allowed(self, pod: Object) -> None:
        kinds = {key for volume in pod["volumes"] for key in volume if key != "name"}
        assert kinds <= {"configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "persistentVolumeClaim", "secret"}

    def test_writes_only_to_volumes_and_has_bounds(self, pod: Object) -> None:
        first = pod["containers"][0]
        assert first["securityContext"]["readOnlyRootFilesystem"] is True
        assert {"name": "tmp", "mountPath": "/tmp"} in first["volumeMounts"]
        assert first["workingDir"] == "/tmp" and {"name": "HOME", "value": "/tmp"} in first["env"]
        assert set(first["resources"]["requests"]) == {"cpu", "memory"} and "memory" in first["resources"]["limits"]


def test_namespace_enforces_the_restricted_profile() -> None:
    (namespace,) = objects((DEPLOY / "base" / "namespace.yaml").read_text())
    assert namespace["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] == "restricted"


def test_sweeper_runs_each_minute_and_never_twice_at_once() -> None:
    (cron_job,) = objects((DEPLOY / "base" / "sweeper.yaml").read_text())
    spec = cron_job["spec"]
    assert (spec["schedule"], spec["concurrencyPolicy"]) == ("* * * * *", "Forbid")
    assert spec["startingDeadlineSeconds"] >= 10  # the controller looks every ten seconds
    assert spec["jobTemplate"]["spec"]["activeDeadlineSeconds"] > 0


def test_image_has_this_version_everywhere() -> None:
    (image,) = yaml.safe_load((DEPLOY / "components" / "image" / "kustomization.yaml").read_text())["images"]
    tagged = re.findall(r"image: chaostoolkit-image-corrupt:(\S+)", "".join(p.read_text() for p in SAMPLES))
    assert {image["newTag"], *tagged} == {__version__}


def test_operators_of_the_experiments_can_be_read() -> None:
    granted = [rule for role in _roles() for rule in role["rules"] if role["metadata"]["name"].endswith("-operators")]
    groups = {group for rule in granted for group in rule["apiGroups"]}
    texts = [json.loads(path.read_text()) for path in (ROOT / "experiments").glob("*.json")]
    named = {text["configuration"]["operator_api_version"]["default"].partition("/")[0] for text in texts}
    assert groups == named


def _roles() -> list[Object]:
    return objects((DEPLOY / "base" / "roles.yaml").read_text())


@needs_kubectl
@pytest.mark.parametrize("folder", KUSTOMIZATIONS)
def test_builds_with_one_image_and_one_namespace(folder: str) -> None:
    found = built(folder)
    images = {c["image"] for each in found for pod in pods(each) for c in pod["containers"]}
    assert images <= {f"chaostoolkit-image-corrupt:{__version__}"}
    namespaces = {each["metadata"]["namespace"] for each in found if "namespace" in each["metadata"]}
    assert namespaces == ({"default"} if "one-namespace" in folder else {"image-corrupt"})


@needs_kubectl
def test_suite_has_an_index_for_each_experiment() -> None:
    found = built("suite")
    (job,) = kind(found, "Job")
    (volume,) = [v for v in job["spec"]["template"]["spec"]["volumes"] if "configMap" in v]
    (listed,) = [m for m in kind(found, "ConfigMap") if m["metadata"]["name"] == volume["configMap"]["name"]]
    assert job["spec"]["completions"] == len(listed["data"]) == len(list((ROOT / "experiments").glob("*.json")))


@needs_kubectl
@pytest.mark.parametrize(
    ("folder", "component", "role"),
    [(".", "components/pull-check", "ClusterRole"), ("overlays/one-namespace", "../../components/pull-check", "Role")],
)
def test_pods_may_be_created_only_where_that_was_added(folder: str, component: str, role: str, tmp_path: Path) -> None:
    deploy = shutil.copytree(DEPLOY, tmp_path / "deploy")
    assert not _creating_pods(built(folder, deploy))
    with (deploy / folder / "kustomization.yaml").open("a") as file:
        file.write(f"components:\n  - {component}\n")
    found = built(folder, deploy)
    assert [(each["kind"], each["metadata"]["name"]) for each in _creating_pods(found)] == [
        (role, "image-corrupt-pull-check")
    ]
    (binding,) = (each for each in kind(found, f"{role}Binding") if each["roleRef"]["name"].endswith("-pull-check"))
    assert [subject["name"] for subject in binding["subjects"]] == ["image-corrupt"]


def _creating_pods(found: list[Object]) -> list[Object]:
    roles = [*kind(found, "ClusterRole"), *kind(found, "Role")]
    return [r for r in roles if any("pods" in rule["resources"] and "create" in rule["verbs"] for rule in r["rules"])]


@needs_kubectl
def test_overlay_for_one_namespace_has_nothing_of_the_cluster() -> None:
    found = built("overlays/one-namespace")
    assert {each["kind"] for each in found}.isdisjoint({"Namespace", "ClusterRole", "ClusterRoleBinding"})
    for binding in kind(found, "RoleBinding"):
        assert binding["roleRef"] == {
            "apiGroup": "rbac.authorization.k8s.io",
            "kind": "Role",
            "name": binding["metadata"]["name"],
        }
        assert [s["namespace"] for s in binding["subjects"]] == ["default"]
    assert {r["metadata"]["name"] for r in kind(found, "Role")} == {
        b["metadata"]["name"] for b in kind(found, "RoleBinding")
    }


@needs_kubectl
@pytest.mark.parametrize("folder", [f for f in KUSTOMIZATIONS if "openshift" in f])
def test_overlay_for_openshift_names_no_user_and_no_group(folder: str) -> None:
    found = [pod for each in built(folder) for pod in pods(each)]
    assert found and all({"runAsUser", "runAsGroup", "fsGroup"}.isdisjoint(p["securityContext"]) for p in found)


@pytest.fixture(scope="module")
def kubectl(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[str]]:
    with FaultySimulator([]) as simulator, pytest.MonkeyPatch.context() as patch:
        patch.setenv("KUBECACHEDIR", str(tmp_path_factory.mktemp("kubectl")))
        yield ["kubectl", "--kubeconfig", str(simulator.kubeconfig)]


def applied(kubectl: list[str], folder: str, *how: str) -> str:
    command = [*kubectl, "apply", "-k", str(DEPLOY / folder), *how]
    done = subprocess.run(command, env=os.environ, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout


@needs_kubectl
@pytest.mark.parametrize("folder", KUSTOMIZATIONS)
def test_client_takes_it(kubectl: list[str], folder: str) -> None:
    assert len(applied(kubectl, folder, "--dry-run=client").splitlines()) == len(built(folder))


@needs_kubectl
@pytest.mark.parametrize("folder", [".", "overlays/openshift", "overlays/one-namespace", "run", "suite", "journals"])
def test_server_takes_it_and_takes_it_again(kubectl: list[str], folder: str) -> None:
    if folder in ("run", "suite", "journals"):
        applied(kubectl, ".")
    first = applied(kubectl, folder).splitlines()
    assert len(first) == len(built(folder))
    assert {line.rsplit(" ", 1)[1] for line in applied(kubectl, folder).splitlines()} == {"unchanged"}
