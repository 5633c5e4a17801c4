import threading
import time
import uuid
from collections.abc import Callable
from typing import Any

import pytest

from chaosimagecorrupt.errors import ImageCorruptError, NotFound, Refused
from chaosimagecorrupt.probes import resource_condition

from ..faulty_simulator import FaultySimulator
from ..fixtures_http import NS, once_within

KNATIVE = ("operator.knative.dev/v1beta1", "KnativeServing")
WIDE = ("datasciencecluster.opendatahub.io/v1", "DataScienceCluster")

Object = Any


class Resource:
    """An operator's custom resource of a test's own.

    Args:
        simulator: where it is.
        kind: API version and kind.
        namespace: None for one without.
    """

    def __init__(self, simulator: FaultySimulator, kind: tuple[str, str], namespace: str | None) -> None:
        self.name, self._simulator = f"it-{uuid.uuid4().hex[:6]}", simulator
        self._kind, self._namespace = kind, namespace
        self._key = simulator.world.store.kinds.of({"apiVersion": kind[0], "kind": kind[1]}).name
        metadata = {"name": self.name, **({"namespace": namespace} if namespace else {})}
        body = {"apiVersion": kind[0], "kind": kind[1], "metadata": metadata, "spec": {}}
        simulator.call(lambda: simulator.world.store.create(self._key, body))

    def report(self, *conditions: Any, **status: Any) -> None:
        """Have the operator write a status."""
        self._update({"status": {"conditions": list(conditions), **status}}, "status")

    def change(self) -> None:
        """Change the spec, which makes the next generation."""
        self._update({"spec": {"changed": uuid.uuid4().hex}})

    def delete(self) -> None:
        self._simulator.call(lambda: self._simulator.world.store.delete(self._key, self._namespace, self.name))

    def has(self, condition_type: str = "Ready", status: str = "True", timeout: float = 0, **more: Any) -> bool:
        """Ask our probe."""
        return resource_condition(
            *self._kind, self.name, condition_type, status, ns=self._namespace, timeout=timeout, **more
        )

    def once_watched(self, step: Callable[[], None]) -> None:
        """Do something as soon as someone watches."""
        thread = threading.Thread(target=step)  # the simulator's own has to answer meanwhile
        self._simulator.faults.hook("after", lambda request: thread.start(), path="watch=true")

    def _update(self, change: Object, subresource: str | None = None) -> None:
        store = self._simulator.world.store

        def update() -> None:
            found = store.get(self._key, self._namespace, self.name)
            assert found is not None
            store.update(self._key, {**found, **change}, subresource=subresource)

        self._simulator.call(update)


def condition(type: str = "Ready", status: str = "True", **more: Any) -> Object:
    return {"type": type, "status": status, **more}


@pytest.fixture(autouse=True)
def configured(simulator: FaultySimulator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KUBECONFIG", str(simulator.kubeconfig))


@pytest.fixture
def resource(simulator: FaultySimulator) -> Resource:
    """A custom resource in a namespace."""
    return Resource(simulator, KNATIVE, NS)


@pytest.mark.parametrize(("kind", "ns"), [(KNATIVE, NS), (WIDE, None)])
def test_custom_resources_with_and_without_a_namespace(kind: Any, ns: str | None, simulator: FaultySimulator) -> None:
    resource = Resource(simulator, kind, ns)
    assert resource.has() is False
    resource.report(condition())
    assert resource.has() is True


def test_a_namespace_does_not_matter_for_a_resource_without_one(simulator: FaultySimulator) -> None:
    resource = Resource(simulator, WIDE, None)
    resource.report(condition())
    assert resource_condition(*WIDE, resource.name, "Ready", ns="anything") is True


@pytest.mark.parametrize("kind", [("v1", "Node", "node1", "Ready", None), ("v1", "Namespace", NS, "Ready", None)])
def test_built_in_resources(kind: tuple[str, str, str, str, None], simulator: FaultySimulator) -> None:
    api_version, name_of_kind, name, condition_type, ns = kind
    assert resource_condition(api_version, name_of_kind, name, condition_type, ns=ns) is False


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"status": "False"}, True),
        ({"status": False}, True),
        ({"status": "True"}, False),
        ({"status": "False", "reason": "NotReady"}, True),
        ({"status": "False", "reason": ""}, True),
        ({"status": "False", "reason": "Other"}, False),
        ({"status": "False", "condition_type": "ready"}, False),
    ],
)
def test_type_status_and_reason_all_count(asked: Object, expected: bool, resource: Resource) -> None:
    resource.report(condition("Other"), condition(status="False", reason="NotReady"))
    assert resource.has(**asked) is expected


# What is not there


def test_an_unknown_group_is_refused() -> None:
    with pytest.raises(Refused, match=r"api_version: https://\S+ does not serve nope.io/v1; is its CRD installed\?"):
        resource_condition("nope.io/v1", "Nope", "x", "Ready")


def test_an_unknown_version_is_refused() -> None:
    with pytest.raises(Refused, match=r"does not serve operator.knative.dev/v9"):
        resource_condition("operator.knative.dev/v9", "KnativeServing", "x", "Ready", ns=NS)


@pytest.mark.parametrize("kind", ["Knativeserving", "knativeservings", "Nope", ""])
def test_an_unknown_kind_is_refused_with_those_there_are(kind: str) -> None:
    with pytest.raises(Refused, match=f"kind: operator.knative.dev/v1beta1 has no '{kind}'; it has KnativeServing"):
        resource_condition(KNATIVE[0], kind, "x", "Ready", ns=NS)


@pytest.mark.parametrize(
    "api_version", ["", "apps", "apps/", "/v1", "apps/v1/x", "../v1", "Apps/v1", "apps/v1\n", 1, None]
)
def test_what_is_no_api_version_is_refused(api_version: Any) -> None:
    with pytest.raises(Refused, match="is not of the form group/version, such as apps/v1"):
        resource_condition(api_version, "Deployment", "x", "Ready", ns=NS)


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", "a%2fb", "a,b", None, 5])
def test_what_is_no_name_is_refused(name: Any) -> None:
    with pytest.raises(Refused, match=r"name: '.*' cannot be a name"):
        resource_condition(*KNATIVE, name, "Ready", ns=NS)


def test_a_missing_name_is_said() -> None:
    with pytest.raises(NotFound, match=r'knativeservings.operator.knative.dev "nope" in namespace "shop" is not there'):
        resource_condition(*KNATIVE, "nope", "Ready", ns=NS, timeout=5)


@pytest.mark.parametrize("ns", [None, ""])
def test_a_missing_namespace_is_refused(ns: str | None) -> None:
    with pytest.raises(Refused, match="ns: KnativeServing lives in a namespace; name it"):
        resource_condition(*KNATIVE, "x", "Ready", ns=ns)


# Waiting


def test_a_condition_that_appears_is_seen_within_milliseconds(resource: Resource, simulator: FaultySimulator) -> None:
    def degrade(request: object) -> None:
        at.append(time.monotonic())
        found = store.get(key, NS, resource.name)
        assert found is not None
        store.update(key, {**found, "status": {"conditions": [condition("Degraded")]}})

    def attempt() -> float:
        resource.report()
        simulator.faults.hook("after", degrade, path="watch=true")
        assert resource.has("Degraded", timeout=60)
        return time.monotonic() - at[-1]

    at: list[float] = []
    store, key = simulator.world.store, resource._key
    assert once_within(0.2, attempt)


def test_a_condition_that_does_not_appear_is_waited_for_until_the_timeout(resource: Resource) -> None:
    resource.report(condition(status="False"))
    started = time.monotonic()
    assert resource.has(timeout=0.2) is False
    assert 0.2 <= time.monotonic() - started < 15


def test_changes_are_logged(resource: Resource, log: pytest.LogCaptureFixture) -> None:
    resource.report(condition(status="False"), condition("Other", "Unknown\x1b[2J"), condition("NotAsked"))
    resource.once_watched(lambda: resource.report(condition()))
    assert resource.has("", timeout=60, conditions=[{"type": "Ready"}, {"type": "Other"}])
    said = [r.getMessage() for r in log.records if r.levelname == "INFO"]
    called = f"KnativeServing {resource.name}"
    assert said == [
        rf"{called}: Ready=False, Other=Unknown\x1b[2J",
        f"{called}: waiting for Ready=True or Other=True, 60 s at most",
        f"{called}: Ready=True, 0 s of 60 s",
    ]


def test_one_that_is_deleted_meanwhile_is_an_error(resource: Resource) -> None:
    resource.once_watched(resource.delete)
    with pytest.raises(NotFound, match=f'"{resource.name}" in namespace "shop" is gone'):
        resource.has(timeout=0.3)


# Statuses that are older than the spec


@pytest.mark.parametrize("where", ["status", "condition"])
def test_a_status_that_is_older_than_the_spec_does_not_count(where: str, resource: Resource) -> None:
    age: dict[str, Any] = {"observedGeneration": 1}
    resource.change()
    resource.report(condition(**age if where == "condition" else {}), **age if where == "status" else {})
    with pytest.raises(
        ImageCorruptError, match=r"its status is older than its spec, 0 s long; does its operator run\?"
    ):
        resource.has(timeout=0.1)


@pytest.mark.parametrize("where", ["status", "condition"])
def test_a_status_that_catches_up_counts(where: str, resource: Resource) -> None:
    def report(age: int, status: str) -> None:
        aged: dict[str, Any] = {"observedGeneration": age}
        resource.report(
            condition(status=status, **aged if where == "condition" else {}), **aged if where == "status" else {}
        )

    resource.change()
    report(1, "True")
    resource.once_watched(lambda: report(2, "False"))
    assert resource.has(status="False", timeout=0) is True


def test_an_old_condition_of_another_type_does_not_matter(resource: Resource) -> None:
    resource.change()  # such as cert-manager's Issuing, which is only written when something is issued
    resource.report(condition("Issuing", observedGeneration=1), condition(observedGeneration=2))
    assert resource.has() is True


def test_an_old_condition_is_not_there_even_if_others_are_new(resource: Resource) -> None:
    resource.change()
    resource.report(condition(observedGeneration=1), condition("Other", observedGeneration=2))
    assert resource.has() is False


def test_an_operator_that_does_not_say_what_it_observed_is_believed(resource: Resource) -> None:
    resource.change()
    resource.report(condition())
    assert resource.has() is True


@pytest.mark.parametrize(
    "status",
    [
        None,
        {},
        "Ready",
        [],
        {"conditions": None},
        {"conditions": {"Ready": "True"}},
        {"conditions": "Ready"},
        {"conditions": ["Ready", None, {}, {"type": None}]},
        {"observedGeneration": "7"},
    ],
)
def test_a_status_of_odd_shape_has_no_conditions(status: Any, resource: Resource) -> None:
    resource._update({"status": status}, "status")
    assert resource.has() is False
