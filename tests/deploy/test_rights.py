"""The shipped roles are enough for every feature, and each rule of them is needed by just those that the table says."""

import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from chaosimagecorrupt.kube.client import Cluster, connect
from chaosimagecorrupt.kube.configuration import configuration_of
from chaosimagecorrupt.kube.requests import Request
from chaosimagecorrupt.kube.settings import Settings
from chaosimagecorrupt.kube.timing import CLIENT_TIMING
from chaosimagecorrupt.preflight.features import Feature
from chaosimagecorrupt.preflight.optional_rights import OPERATOR_RIGHTS, PULL_CHECK_RIGHTS, WORKLOAD_RIGHTS
from chaosimagecorrupt.preflight.rights import RIGHTS, Right
from chaosimagecorrupt.preflight.rights_page import rights_page

from ..faulty_simulator import FaultySimulator
from .features import FEATURES, NS, OPERATOR, WAIT, WAIT_FOR_REFUSAL, WORKLOAD_FEATURES, Account
from .manifests import DEPLOY, kind, objects

RBAC = "/apis/rbac.authorization.k8s.io/v1"
GROUP = "rbac.authorization.k8s.io"
ALL = (*RIGHTS, *WORKLOAD_RIGHTS, *PULL_CHECK_RIGHTS, *OPERATOR_RIGHTS)
ROLES = (DEPLOY / "base" / "roles.yaml", DEPLOY / "components" / "pull-check" / "role.yaml")
SHIPPED = [role for path in ROLES for role in kind(objects(path.read_text()), "ClusterRole")]

# those on which some feature can be tried: of the operators' resources one stands for all
TRIED = [right for right in ALL if right not in OPERATOR_RIGHTS or right.resource == "knativeservings"]


ALL_FEATURES = {**FEATURES, **WORKLOAD_FEATURES}


@pytest.fixture
def simulator() -> Iterator[FaultySimulator]:
    version, kind_of, name = OPERATOR
    status = {"conditions": [{"type": "Ready", "status": "True"}]}
    metadata = {"name": name, "namespace": NS}
    serving = {"apiVersion": version, "kind": kind_of, "metadata": metadata, "spec": {}, "status": status}
    scaled = {"apiVersion": "keda.sh/v1alpha1", "kind": "ScaledObject", "metadata": metadata, "spec": {}}
    with FaultySimulator(
        [{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": NS}}, serving, scaled]
    ) as simulator:
        yield simulator


@pytest.fixture
def account(simulator: FaultySimulator, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Account]:
    """Return what makes an account: with the rules of the shipped roles, without one of them, or with just some."""
    admin = Cluster(configuration_of(Settings(kubeconfig=str(simulator.kubeconfig))))

    def make(without: Right | None = None, only: Iterable[Right] | None = None) -> Account:
        name = f"chaos-{uuid.uuid4().hex[:6]}"
        gone = None if without is None else triple_of(without)
        triples = [triple for role in SHIPPED for triple in granted(role) if triple != gone]
        if only is not None:
            triples = sorted({*map(triple_of, only)})
        rules = [{"verbs": [verb], "apiGroups": [group], "resources": [resource]} for verb, group, resource in triples]
        metadata = {"metadata": {"name": name}}
        reference = {"apiGroup": GROUP, "kind": "ClusterRole", "name": name}
        subjects = [{"kind": "ServiceAccount", "name": name, "namespace": NS}]
        for path, body in (
            (f"/api/v1/namespaces/{NS}/serviceaccounts", metadata),
            (f"{RBAC}/clusterroles", {**metadata, "rules": rules}),
            (f"{RBAC}/clusterrolebindings", {**metadata, "roleRef": reference, "subjects": subjects}),
        ):
            admin.send(Request("POST", path, "create", body=body))
        kubeconfig: Path = simulator.account_kubeconfig(NS, name)
        monkeypatch.setenv("KUBECONFIG", str(kubeconfig))
        if without is not None:  # what it may not do does not come, however long it waits
            connect().timing = replace(CLIENT_TIMING, scale_down=1.0)
        refused = without is not None and without.verb == "watch"
        return Account(kubeconfig, simulator, WAIT_FOR_REFUSAL if refused else WAIT)

    return make


def triple_of(right: Right) -> tuple[str, str, str]:
    return (right.verb, right.group, right.resource)


def granted(role: dict[str, list[dict[str, list[str]]]]) -> list[tuple[str, str, str]]:
    return [
        (verb, group, resource)
        for rule in role["rules"]
        for group in rule["apiGroups"]
        for resource in rule["resources"]
        for verb in rule["verbs"]
    ]


def test_roles_give_just_the_rights_that_the_source_names() -> None:
    shipped = {(role["metadata"]["name"], *triple) for role in SHIPPED for triple in granted(role)}
    assert shipped == {(r.role, r.verb, r.group, r.resource) for r in ALL}


def test_page_is_what_the_source_says() -> None:
    page = (DEPLOY.parent / "docs" / "rights.md").read_text()
    assert page == rights_page(), "make docs"


def test_every_feature_of_the_table_is_tried_here() -> None:
    assert {*FEATURES, *WORKLOAD_FEATURES} == {feature for right in ALL for feature in right.features}


def test_every_feature_works_with_the_shipped_roles(account: Callable[..., Account]) -> None:
    shipped = account()
    assert {f.name: said for f, run in ALL_FEATURES.items() if (said := run(shipped))} == {}


# Both together say that just those features fail without a right that are listed with it, and cost much less than to
# try each feature without each right


@pytest.mark.parametrize("feature", ALL_FEATURES, ids=lambda feature: feature.name)
def test_a_feature_needs_no_other_rights_than_those_that_are_listed(
    feature: Feature, account: Callable[..., Account]
) -> None:
    beside = RIGHTS if feature in WORKLOAD_FEATURES else ()  # as their names say
    assert ALL_FEATURES[feature](account(only=[*beside, *(r for r in ALL if feature in r.features)])) == []


@pytest.mark.parametrize("right", TRIED, ids=lambda right: right.full_name)
def test_each_feature_that_is_listed_fails_without_the_right_and_names_it(
    right: Right, account: Callable[..., Account]
) -> None:
    lacking = account(without=right)
    listed = {feature for other in ALL if triple_of(other) == triple_of(right) for feature in other.features}
    said = {feature.name: ALL_FEATURES[feature](lacking) for feature in listed}
    assert {name: texts for name, texts in said.items() if not any(right.full_name in text for text in texts)} == {}
