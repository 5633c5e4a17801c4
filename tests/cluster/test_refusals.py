"""Every refusal says what is wrong, what was found and what to do, and nothing was sent or changed."""

import math
import socket
import time
from collections.abc import Iterator
from inspect import signature
from pathlib import Path
from typing import Any

import pytest

from chaosimagecorrupt import probes
from chaosimagecorrupt.actions import corrupt_image, corrupt_images
from chaosimagecorrupt.errors import Forbidden, ImageCorruptError, NotFound, Refused, Unreachable
from chaosimagecorrupt.fault.inject import Injection
from chaosimagecorrupt.fault.spec import FaultSpec
from chaosimagecorrupt.kube.client import Patience, connect
from chaosimagecorrupt.rollbacks import restore_image, restore_images
from chaosimagecorrupt.workload.target import Target

from .conftest import IMAGE

CORRUPT = "registry.invalid/nonexistent:chaos"
ORIGINAL = "chaos.operatorchaos.io/original-image-app"


@pytest.fixture(scope="module")
def shop(own_place: Any, tmp_path_factory: Any) -> Iterator[Any]:
    """A namespace with a Deployment `web` that all these tests share, because none of them may change it."""
    with own_place(tmp_path_factory.mktemp("state")) as found:
        found.deploy(pod={"initContainers": [{"name": "setup", "image": IMAGE, "restartPolicy": "Always"}]})
        yield found


def test_missing_deployment_says_what_is_there(shop: Any) -> None:
    with shop.untouched(), pytest.raises(NotFound) as refusal:
        corrupt_image("wbe", shop.ns)
    assert str(refusal.value) == f'Deployment "wbe" is not in namespace "{shop.ns}"; found there: web'


def test_missing_deployment_in_an_empty_namespace_says_so(place: Any) -> None:
    before = place.writes()
    with pytest.raises(NotFound, match=f'"web" is not in namespace "{place.ns}"; found there: no Deployment at all'):
        corrupt_image("web", place.ns)
    assert (place.writes(), place.guard_logs()) == (before, [])


def test_missing_namespace_says_that_it_is_the_namespace(shop: Any) -> None:
    with shop.untouched(), pytest.raises(NotFound) as refusal:
        corrupt_image("web", "no-such-namespace")
    assert str(refusal.value).startswith(
        f'namespace "no-such-namespace" does not exist on {shop.api.core.api_client.configuration.host}'
    )


@pytest.mark.parametrize("dry_run", [False, True])
def test_missing_container_names_those_that_are_there(shop: Any, dry_run: Any) -> None:
    with shop.untouched(), pytest.raises(Refused) as refusal:
        corrupt_image("web", shop.ns, container_name="ap", dry_run=dry_run)
    assert str(refusal.value) == (
        f"Deployment {shop.ns}/web has no container 'ap'; it has app and the init containers setup"
    )


def test_already_corrupted_says_since_when_by_which_injection_and_until_when(place: Any) -> None:
    place.deploy()
    first = corrupt_image("web", place.ns, guard=False)
    with place.untouched_but_for_the_status(), pytest.raises(Refused) as refusal:
        corrupt_image("web", place.ns, image="registry.invalid/another:1")
    for part in ("already corrupted", first["id"], first["injected"], first["expires"], IMAGE, "restore it first"):
        assert part in str(refusal.value)
    assert place.record()[ORIGINAL] == IMAGE


@pytest.mark.parametrize("image", ["", " x:1", "x:1 ", "\tx:1", "x:1\n", "\u00a0x:1", None, 5, True, ["x:1"], {}])
def test_impossible_image_is_refused_before_anything_is_sent(shop: Any, image: Any) -> None:
    with shop.no_request(), pytest.raises(Refused, match=r"^image: "):
        corrupt_image("web", shop.ns, image=image)


def test_corrupt_image_without_a_record_is_not_taken_for_the_original(place: Any) -> None:
    place.deploy(pod={"containers": [{"name": "app", "image": CORRUPT}]}, settled=False)
    with (
        place.untouched_but_for_the_status(),
        pytest.raises(Refused, match=r"has the corrupt image .* already, but no"),
    ):
        corrupt_image("web", place.ns, image="registry.invalid/other:1")


def test_present_image_is_refused(shop: Any) -> None:
    with shop.untouched(), pytest.raises(Refused, match=f"container app is '{IMAGE}' already; name another one"):
        corrupt_image("web", shop.ns, image=IMAGE)


@pytest.mark.parametrize(
    "ttl",
    [
        *("", "soon", "5 m", "-5m", "0", "0s", "nan", "inf", "1e3", "9" * 400, "99999999h"),
        *(0, -1, math.nan, math.inf, -math.inf, 1e300, 10**400, True, None, ["5m"], {}),
    ],
)
def test_impossible_ttl_is_refused(shop: Any, ttl: Any) -> None:
    with shop.untouched(), pytest.raises(Refused, match=r"^ttl: ") as refusal:
        corrupt_image("web", shop.ns, ttl=ttl)
    assert len(str(refusal.value)) < 500


@pytest.mark.parametrize("deadline", [0, -1, 1.5, "soon", "1.5", True, math.nan, ["60"]])
def test_impossible_progress_deadline_is_refused(shop: Any, deadline: Any) -> None:
    with shop.untouched(), pytest.raises(Refused, match=r"^progress_deadline: "):
        corrupt_image("web", shop.ns, progress_deadline=deadline)


@pytest.mark.parametrize(
    ("spec", "wrong", "what_to_do"),
    [({"paused": True}, "is paused", "kubectl rollout resume"), ({"replicas": 0}, "has 0 replicas", "kubectl scale")],
)
def test_deployment_that_cannot_roll_out_is_refused(place: Any, spec: Any, wrong: Any, what_to_do: Any) -> None:
    place.deploy(**spec)
    with place.untouched(), pytest.raises(Refused, match=f"{wrong}.*{what_to_do}"):
        corrupt_image("web", place.ns)


def test_deployment_that_is_being_deleted_is_refused(place: Any) -> None:
    place.deploy(metadata={"finalizers": ["example.com/keep"]})
    place.api.apps.delete_namespaced_deployment("web", place.ns, propagation_policy="Background")
    since = place.get()["metadata"]["deletionTimestamp"]
    try:
        with (
            place.untouched_but_for_the_status(),
            pytest.raises(Refused, match=f"is being deleted since {since}; no rollout can start"),
        ):
            corrupt_image("web", place.ns)
    finally:
        place.api.patch(place.ns, "web", {"metadata": {"finalizers": None}})


@pytest.mark.parametrize("ns", ["kube-system", "kube-public", "kube-node-lease"])
@pytest.mark.parametrize("dry_run", [False, True])
def test_protected_namespace_is_refused(simulator: Any, place: Any, ns: Any, dry_run: Any) -> None:
    place.ns, own = ns, place.ns
    place.deploy("dns")
    with place.untouched("dns"), pytest.raises(Refused, match=f"{ns}/dns is in a namespace of the cluster itself"):
        corrupt_image("dns", ns, dry_run=dry_run)
    place.api.apps.delete_namespaced_deployment("dns", ns)
    place.ns = own


READ = {"apiGroups": ["apps"], "resources": ["deployments", "replicasets"], "verbs": ["get", "list", "watch"]}


def test_403_on_the_patch_names_verb_and_resource_and_ends_the_guard(place: Any, account: Any) -> None:
    place.deploy()
    account(READ)
    before = place.get()
    with pytest.raises(Forbidden, match=r'does not allow to patch deployments\.apps "web" in namespace') as refusal:
        corrupt_image("web", place.ns)
    assert "cannot patch resource" in str(refusal.value)
    assert place.get() == before
    assert place.guards_ended()


def test_403_on_the_read_names_verb_and_resource(place: Any, account: Any) -> None:
    place.deploy()
    account()
    with place.untouched(), pytest.raises(Forbidden, match=r'not allow to get deployments\.apps "web" in namespace'):
        corrupt_image("web", place.ns)


PATCH = {"apiGroups": ["apps"], "resources": ["deployments"], "verbs": ["patch"]}
GET_NAMESPACE = {"apiGroups": [""], "resources": ["namespaces"], "verbs": ["get"]}
PROTECTED_MARK = {"metadata": {"labels": {"chaos.operatorchaos.io/protected": "true"}}}


def test_a_role_in_one_namespace_is_enough_to_read_the_mark_of_its_owner(place: Any, account: Any) -> None:
    place.deploy()
    place.api.core.patch_namespace(place.ns, PROTECTED_MARK)
    account(READ, PATCH, GET_NAMESPACE)
    with place.untouched(), pytest.raises(Refused, match=f"on Namespace {place.ns}; ask the owner"):
        corrupt_image("web", place.ns, guard=False)


def test_a_role_that_may_not_read_the_namespace_is_a_warning_unless_an_opt_in_is_required(
    place: Any, account: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.deploy()
    account(READ, PATCH)
    warnings = corrupt_image("web", place.ns, dry_run=True)["warnings"]
    assert any("owner protects it is not known" in w and "get namespaces" in w for w in warnings)
    monkeypatch.setenv("IMAGE_CORRUPT_REQUIRE_OPT_IN", "true")
    with place.untouched(), pytest.raises(Refused, match=r"IMAGE_CORRUPT_REQUIRE_OPT_IN=true requires.*get namespaces"):
        corrupt_image("web", place.ns)


def test_missing_namespace_cannot_be_told_by_a_role_that_sees_one_only(place: Any, account: Any) -> None:
    place.deploy()
    account(READ)
    with place.untouched(), pytest.raises(NotFound, match=r'"wbe" is not in namespace .*; found there: web'):
        corrupt_image("wbe", place.ns)


def nobody_listens() -> Any:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def unreachable(host: Any) -> Any:
    secrets = {"KUBERNETES_HOST": host, "KUBERNETES_VERIFY_SSL": "true"}
    cluster = connect(secrets).with_patience(Patience(connect=0.2, read=0.2, retry_for=0.3))
    started = time.monotonic()
    with pytest.raises(Unreachable) as refusal:
        Injection(Target("web", "shop", cluster), FaultSpec(None, CORRUPT, 300.0)).inject()
    assert time.monotonic() - started < 10  # 15 with the patience that is the default
    return str(refusal.value)


def test_closed_port_says_the_address_within_the_patience(shop: Any) -> None:
    host = f"https://127.0.0.1:{nobody_listens()}"
    with shop.untouched():
        message = unreachable(host)
    assert f"the API server at {host} is not reachable" in message
    assert "refused" in message


def test_api_server_that_never_answers_says_the_address_within_the_patience(shop: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener, shop.untouched():
        host = f"https://127.0.0.1:{listener.getsockname()[1]}"
        assert f"the API server at {host} is not reachable" in unreachable(host)


def test_unknown_host_says_the_address(shop: Any) -> None:
    with shop.untouched():
        assert "the API server at https://api.invalid is not reachable" in unreachable("https://api.invalid")


def test_api_server_of_another_authority_is_not_trusted(simulator: Any, shop: Any) -> None:
    with shop.untouched():
        assert "CERTIFICATE_VERIFY_FAILED" in unreachable(simulator.url)


def test_missing_kubeconfig_is_named(shop: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("KUBECONFIG", str(tmp_path / "nothing"))
    with shop.no_request(), pytest.raises(Refused, match="nothing, which does not exist"):
        corrupt_image("web", shop.ns)


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"5", b"\xff\xfe", b"a: b", b"current-context: x", b"contexts: 5\ncurrent-context: x", b"\x00"],
)
def test_broken_kubeconfig_is_named(shop: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: Any) -> None:
    path = tmp_path / "broken"
    path.write_bytes(content)
    monkeypatch.setenv("KUBECONFIG", str(path))
    with shop.no_request(), pytest.raises(Refused, match=r"/broken\b"):
        corrupt_image("web", shop.ns)


def test_kubeconfig_that_is_a_folder_is_named(shop: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("KUBECONFIG", str(tmp_path))
    with shop.no_request(), pytest.raises(Refused, match="configuration of the cluster"):
        corrupt_image("web", shop.ns)


def test_unknown_context_is_named(shop: Any) -> None:
    with shop.no_request(), pytest.raises(Refused, match="nowhere"):
        corrupt_image("web", shop.ns, secrets={"KUBERNETES_CONTEXT": "nowhere"})


HOSTILE = [
    *("../x", "a/b", "a%2fb", "", " ", "web ", "ünï", "x" * 300, "a\nb", "\x1b[2J", "a?b=c", "-"),
    *(["web"], None, 5, True),
]
ACTIVITIES = [
    corrupt_image,
    restore_image,
    *(getattr(probes, name) for name in probes.__all__ if not name.startswith("resource_")),
]
ON_MANY = [corrupt_images, restore_images, *(a for a in ACTIVITIES if "label_selector" in signature(a).parameters)]
ACTIVITIES = [a for a in ACTIVITIES if a not in ON_MANY]


@pytest.mark.parametrize("activity", ACTIVITIES, ids=lambda a: a.__name__)
@pytest.mark.parametrize("argument", ["name", "ns"])
def test_hostile_names_are_refused_before_anything_is_sent(shop: Any, activity: Any, argument: Any) -> None:
    with shop.no_request():
        for hostile in HOSTILE:
            with pytest.raises(Refused, match=rf"^{argument}: ") as refusal:
                activity(**{"name": "web", "ns": shop.ns, argument: hostile})
            assert str(refusal.value).isprintable() and len(str(refusal.value)) < 250


@pytest.mark.parametrize("activity", ON_MANY, ids=lambda a: a.__name__)
def test_hostile_namespaces_and_selectors_of_many_are_refused_before_anything_is_sent(shop: Any, activity: Any) -> None:
    with shop.no_request():
        for hostile in (h for h in HOSTILE if h):
            with pytest.raises(Refused, match=r"^ns: ") as refusal:
                activity(label_selector="app=web", ns=hostile)
            assert str(refusal.value).isprintable() and len(str(refusal.value)) < 250
        for no_text in (5, ["app"], True, {"app": "web"}):
            with pytest.raises(Refused, match=r"^label_selector: "):
                activity(label_selector=no_text, ns=shop.ns)


@pytest.mark.parametrize("activity", [a for a in ON_MANY if a not in (restore_images, probes.corrupted_deployments)])
def test_what_could_mean_every_deployment_is_refused(shop: Any, activity: Any) -> None:
    with shop.no_request():
        for everything in ("", " ", None):
            with pytest.raises(Refused, match=r"^label_selector: an empty one matches every Deployment"):
                activity(label_selector=everything, ns=shop.ns)


@pytest.mark.parametrize("hostile", [h for h in HOSTILE if h])
def test_hostile_container_names_are_refused(shop: Any, hostile: Any) -> None:
    with shop.untouched(), pytest.raises(Refused, match="has no container") as refusal:
        corrupt_image("web", shop.ns, container_name=hostile)
    assert str(refusal.value).isprintable() and len(str(refusal.value)) < 400


@pytest.mark.parametrize("hostile", ["../x", "a/b", "a%2fb", "a,b", ".", "..", "", ["web"], 5])
def test_hostile_resource_names_are_refused_before_anything_is_sent(shop: Any, hostile: Any) -> None:
    with shop.no_request(), pytest.raises(Refused, match=r"^name: "):
        probes.resource_condition("apps/v1", "Deployment", hostile, "Available", ns=shop.ns)
    with shop.no_request(), pytest.raises(Refused, match=r"^name: "):
        probes.resource_exists("apps/v1", "Deployment", hostile, ns=shop.ns)


@pytest.mark.parametrize("hostile", ["../v1", "apps/v1/../..", "v1?x=y", "", None, ["v1"], "apps/v1\n"])
def test_hostile_api_versions_are_refused_before_anything_is_sent(shop: Any, hostile: Any) -> None:
    with shop.no_request(), pytest.raises(Refused, match=r"^api_version: "):
        probes.resource_condition(hostile, "Deployment", "web", "Available", ns=shop.ns)
    with shop.no_request(), pytest.raises(Refused, match=r"^api_version: "):
        probes.resource_exists(hostile, "Deployment", "web", ns=shop.ns)


@pytest.mark.parametrize("ns", ["../x", "a/b", "X", ["x"], 5])
def test_hostile_namespace_is_refused_by_the_sweep(shop: Any, ns: Any) -> None:
    with shop.no_request(), pytest.raises(Refused, match=r"^ns: "):
        restore_images(ns=ns)


@pytest.mark.parametrize("timeout", ["soon", -1, math.nan, math.inf, None, []])
def test_impossible_timeout_is_refused(shop: Any, timeout: Any) -> None:
    with shop.untouched(), pytest.raises(Refused, match=r"^timeout: "):
        probes.deployment_available("web", shop.ns, timeout=timeout)


@pytest.mark.parametrize(
    ("how", "warning"),
    [
        ({"strategy": {"type": "Recreate"}}, "strategy Recreate: all pods are stopped"),
        ({"progressDeadlineSeconds": 301}, "ttl of 300 s is not longer than the progress deadline of 301 s"),
        ({"progressDeadlineSeconds": 2147483647}, "no progress deadline is set"),
        ({"metadata": {"labels": {"olm.owner": "x"}}}, "OLM (olm.owner) owns it and may put the image back"),
        (
            {"metadata": {"annotations": {"argocd.argoproj.io/tracking-id": "x"}}},
            "Argo CD (argocd.argoproj.io/tracking-id) owns it and may put the image back",
        ),
    ],
)
def test_warnings_are_in_the_result_and_in_the_log(place: Any, said: Any, how: Any, warning: Any) -> None:
    place.deploy(**how)
    found = corrupt_image("web", place.ns, dry_run=True)["warnings"]
    assert len([w for w in found if warning in w]) == 1
    assert len([line for line in said if line.startswith("WARNING") and warning in line]) == 1


def test_rollout_in_progress_is_warned_of(place: Any, said: Any) -> None:
    place.deploy(pod={"containers": [{"name": "app", "image": "registry.invalid/typo:1"}]}, settled=False)
    found = corrupt_image("web", place.ns, dry_run=True)["warnings"]
    assert any(w.startswith("a rollout is in progress already (") for w in found)
    assert any(line.startswith("WARNING") and "a rollout is in progress already" in line for line in said)


def test_nothing_is_warned_of_without_a_reason(place: Any, said: Any) -> None:
    place.deploy(progressDeadlineSeconds=60)
    assert corrupt_image("web", place.ns, dry_run=True)["warnings"] == []
    assert not [line for line in said if line.startswith("WARNING")]


def test_all_refusals_are_activity_failures() -> None:
    from chaoslib.exceptions import ActivityFailed

    assert issubclass(ImageCorruptError, ActivityFailed)
