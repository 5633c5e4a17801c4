"""Whether the original image can be pulled, shown by a pod of its own, of which nothing stays."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from chaosimagecorrupt.actions import corrupt_image
from chaosimagecorrupt.errors import ClusterError, Forbidden, ImageCorruptError
from chaosimagecorrupt.probes import original_pullable
from chaosimagecorrupt.workload.pull_pod import PULL_CHECK

from ..fixtures_http import soon
from .conftest import IMAGE

MISSING = "registry.invalid/shop/app:v1"
NOWHERE = {"nodeSelector": {"chaosimagecorrupt": "no-node-has-this"}}
LEAST = (
    {"apiGroups": ["apps"], "resources": ["deployments"], "verbs": ["get", "list", "watch", "patch"]},
    {"apiGroups": [""], "resources": ["pods"], "verbs": ["list", "watch"]},
)
CREATE = {"apiGroups": [""], "resources": ["pods"], "verbs": ["create"]}


def check_pods(place: Any) -> list[Any]:
    """The pods of checks, as they are."""
    return list(place.api.core.list_namespaced_pod(place.ns, label_selector=PULL_CHECK).items)


def restrict(place: Any) -> None:
    labels = {"pod-security.kubernetes.io/enforce": "restricted"}
    place.api.core.patch_namespace(place.ns, {"metadata": {"labels": labels}})


def add_quota(place: Any, **hard: str) -> None:
    quota = {"metadata": {"name": "quota"}, "spec": {"hard": hard}}
    place.api.core.create_namespaced_resource_quota(place.ns, quota)
    assert soon(lambda: getattr(place.api.core.read_namespaced_resource_quota("quota", place.ns).status, "used", None))


def add_limits(place: Any, **item: Any) -> None:
    limits = {"metadata": {"name": "limits"}, "spec": {"limits": [{"type": "Container", **item}]}}
    place.api.core.create_namespaced_limit_range(place.ns, limits)


@contextmanager
def waiting_check(place: Any) -> Iterator["subprocess.Popen[bytes]"]:
    """A process whose check waits, because no node takes its pod."""
    place.deploy("nowhere", pod=NOWHERE, settled=False)
    code = f"from chaosimagecorrupt.probes import original_pullable; original_pullable('nowhere', '{place.ns}')"
    with subprocess.Popen([sys.executable, "-c", code], env=os.environ, stderr=subprocess.DEVNULL) as process:
        assert soon(lambda: check_pods(place))
        yield process
        process.kill()


def test_an_image_that_can_be_pulled(place: Any) -> None:
    place.deploy()
    before = place.get()
    assert original_pullable("web", place.ns) is True
    assert place.get() == before and soon(lambda: not check_pods(place))


def test_an_image_that_cannot_be_pulled_although_the_deployment_knows_no_other(place: Any, said: list[str]) -> None:
    place.deploy(pod={"containers": [{"name": "app", "image": MISSING}]}, settled=False)
    assert original_pullable("web", place.ns) is False
    warned = next(text for text in said if text.startswith("WARNING"))
    assert f"the original image '{MISSING}' cannot be pulled: ErrImagePull: " in warned and "no such host" in warned
    assert soon(lambda: not check_pods(place))


def test_during_the_fault_the_image_of_the_record_is_checked(place: Any) -> None:
    place.deploy(strategy={"type": "Recreate"})
    corrupt_image("web", place.ns, guard=False)
    assert original_pullable("web", place.ns) is True
    assert original_pullable("web", place.ns, container_name="app") is True


def test_an_init_container_has_an_image_of_its_own(place: Any) -> None:
    place.deploy(pod={"initContainers": [{"name": "setup", "image": MISSING}]}, settled=False)
    assert original_pullable("web", place.ns) is True
    assert original_pullable("web", place.ns, container_name="setup") is False


def test_pod_security_admits_the_pod(place: Any) -> None:
    place.deploy()
    restrict(place)
    assert original_pullable("web", place.ns) is True


def test_a_quota_that_demands_requests_and_limits_admits_the_pod(place: Any) -> None:
    place.deploy()
    add_quota(place, **{"requests.cpu": "20m", "limits.memory": "64Mi"})
    assert original_pullable("web", place.ns) is True


def test_limits_of_the_namespace_admit_the_pod(place: Any) -> None:
    place.deploy()
    add_limits(place, min={"cpu": "100m"}, max={"cpu": "2", "memory": "64Mi"}, defaultRequest={"memory": "64Mi"})
    assert original_pullable("web", place.ns) is True


def test_a_pod_that_a_quota_refuses_is_no_answer(place: Any) -> None:
    place.deploy()
    add_quota(place, pods="2")
    with pytest.raises(ClusterError, match=r"could not create pods.*exceeded quota: quota, requested: pods=1"):
        original_pullable("web", place.ns)


def test_a_pod_that_no_node_takes_is_no_answer(place: Any) -> None:
    place.deploy(pod=NOWHERE, settled=False)
    with pytest.raises(ImageCorruptError, match=r"was not tried by Pod web-pull-check-\w+: Unschedulable: "):
        original_pullable("web", place.ns, timeout=3)
    assert soon(lambda: not check_pods(place))


def test_a_role_that_may_not_create_pods_is_named(place: Any, account: Any) -> None:
    place.deploy()
    account(*LEAST)
    with pytest.raises(Forbidden, match="the role does not allow to create pods"):
        original_pullable("web", place.ns)


def test_a_pod_that_the_role_may_not_delete_is_said_to_be_left(place: Any, account: Any, said: list[str]) -> None:
    place.deploy()
    account(*LEAST, CREATE)
    assert original_pullable("web", place.ns) is True
    left = check_pods(place)[0].metadata.name
    assert any("delete pods" in text and f"kubectl delete pod {left} -n {place.ns}" in text for text in said)


def test_no_selector_of_the_namespace_finds_the_pod(place: Any) -> None:
    """A Service, a PodDisruptionBudget and a NetworkPolicy of the workload select by its labels."""
    place.deploy()
    with waiting_check(place):
        selected = place.api.core.list_namespaced_pod(place.ns, label_selector="app=web").items
        (own,) = check_pods(place)
    assert own.metadata.name not in {pod.metadata.name for pod in selected}
    assert set(own.metadata.labels) == {PULL_CHECK}


def test_a_check_that_is_interrupted_deletes_its_pod(place: Any) -> None:
    with waiting_check(place) as process:
        process.send_signal(signal.SIGINT)
        process.wait(60)
        assert soon(lambda: not check_pods(place))


def test_the_pod_of_a_check_that_was_killed_goes_with_the_deployment(place: Any) -> None:
    with waiting_check(place) as process:
        process.kill()
        process.wait()
        (left,) = check_pods(place)
    assert left.spec.active_deadline_seconds == 150
    place.api.apps.delete_namespaced_deployment("nowhere", place.ns)
    assert soon(lambda: not check_pods(place))


def test_the_next_check_deletes_what_one_that_was_killed_left(place: Any) -> None:
    place.deploy()
    owner = place.get()["metadata"]["uid"]
    spec = {"restartPolicy": "Never", "containers": [{"name": "app", "image": IMAGE, "command": ["/nonexistent/x"]}]}
    left = {"metadata": {"name": "left", "labels": {PULL_CHECK: owner}}, "spec": spec}
    place.api.core.create_namespaced_pod(place.ns, left)
    assert soon(lambda: check_pods(place)[0].status.phase == "Failed")
    assert original_pullable("web", place.ns) is True
    assert soon(lambda: not check_pods(place))
