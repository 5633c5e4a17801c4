"""Which pods a ResourceQuota counts."""

import pytest

from chaosimagecorrupt.preflight.pod_resources import admitted
from chaosimagecorrupt.preflight.quota_scopes import asks_for_a_priority_class, covers

from .deployments import Object, made, quota, sized

SIZED = sized(app={"requests": {"cpu": "1"}})


def priority(operator: str, *values: str) -> Object:
    return {"scopeName": "PriorityClass", "operator": operator, **({"values": list(values)} if values else {})}


SELECTORS = [
    (priority("In", "high"), "high", True),
    (priority("In", "high"), "low", False),
    (priority("In", "high"), None, False),
    (priority("NotIn", "high"), "high", False),
    (priority("NotIn", "high"), "low", True),
    (priority("NotIn", "high"), None, True),
    (priority("Exists"), "low", True),
    (priority("Exists"), None, False),
    (priority("DoesNotExist"), "low", False),
    (priority("DoesNotExist"), None, True),
]


@pytest.mark.parametrize(("selector", "named", "counts"), SELECTORS)
def test_a_quota_counts_pods_of_the_priority_classes_that_it_selects(
    selector: Object, named: str | None, counts: bool
) -> None:
    found = made()
    if named:
        found["spec"]["template"]["spec"]["priorityClassName"] = named
    assert covers(quota(selector=[selector]), admitted(found)) is counts


def test_the_default_priority_class_counts() -> None:
    found = quota(selector=[priority("In", "usual")])
    assert covers(found, admitted(made(), default_priority_class="usual"))
    assert not covers(found, admitted(made()))


TERM: Object = {"topologyKey": "zone"}
ELSEWHERE: Object = {**TERM, "namespaces": ["other"]}
ANYWHERE: Object = {**TERM, "namespaceSelector": {}}
AFFINE = [
    ({"podAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [ELSEWHERE]}}, True),
    ({"podAntiAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [ANYWHERE]}}, True),
    ({"podAntiAffinity": {"preferredDuringSchedulingIgnoredDuringExecution": [{"podAffinityTerm": ELSEWHERE}]}}, True),
    ({"podAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [TERM]}}, False),
    ({"nodeAffinity": {}}, False),
]


@pytest.mark.parametrize(("affinity", "counts"), AFFINE)
def test_a_quota_of_pods_that_look_into_other_namespaces(affinity: Object, counts: bool) -> None:
    found = made()
    found["spec"]["template"]["spec"]["affinity"] = affinity
    assert covers(quota(scopes=["CrossNamespacePodAffinity"]), admitted(found)) is counts


@pytest.mark.parametrize(
    ("scopes", "counts"),
    [
        (["NotTerminating"], True),
        (["Terminating"], False),
        (["NotBestEffort"], True),
        (["BestEffort"], False),
        (["NotTerminating", "NotBestEffort"], True),
        (["NotTerminating", "BestEffort"], False),
        (["VolumeAttributesClass"], False),
        (["OfTheFuture"], False),
    ],
)
def test_a_quota_counts_only_pods_in_all_of_its_scopes(scopes: list[str], counts: bool) -> None:
    assert covers(quota(scopes=scopes), admitted(SIZED)) is counts


def test_a_scope_can_also_be_selected() -> None:
    found = quota(selector=[{"scopeName": "BestEffort", "operator": "Exists"}])
    assert (covers(found, admitted(made())), covers(found, admitted(SIZED))) == (True, False)


def test_a_quota_without_scopes_counts_every_pod() -> None:
    assert covers(quota(), admitted(made()))


@pytest.mark.parametrize(
    ("found", "asks"),
    [
        (quota(selector=[priority("Exists")]), True),
        (quota(scopes=["PriorityClass"]), True),
        (quota(scopes=["BestEffort"]), False),
        ({"metadata": {}, "spec": {}}, False),
    ],
)
def test_which_quotas_ask_for_a_priority_class(found: Object, asks: bool) -> None:
    assert asks_for_a_priority_class(found) is asks
