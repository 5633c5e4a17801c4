"""ClusterRoles that consist of others."""

from chaosimagecorrupt.simulator.types import Object

from ..controller_cluster import ControllerCluster

ROLES = "clusterroles.rbac.authorization.k8s.io"
PARTS = [{"matchLabels": {"part": "one"}}, {"matchLabels": {"part": "two"}}]


def rule(resource: str) -> Object:
    return {"apiGroups": [""], "resources": [resource], "verbs": ["get"]}


def create(cluster: ControllerCluster, name: str, part: str = "", **more: Object | list[Object]) -> None:
    labels = {"part": part} if part else {}
    cluster.create({"metadata": {"name": name, "labels": labels}, **more}, ROLES, seconds=1)


def rules(cluster: ControllerCluster, name: str = "whole") -> list[Object]:
    return list(cluster.client.get(ROLES, "", name).get("rules") or [])


def test_an_aggregated_role_has_the_rules_of_those_that_it_selects(cluster: ControllerCluster) -> None:
    create(cluster, "b", "one", rules=[rule("pods"), rule("nodes")])
    create(cluster, "whole", "one", aggregationRule={"clusterRoleSelectors": PARTS}, rules=[rule("secrets")])
    assert rules(cluster) == [rule("pods"), rule("nodes")]
    create(cluster, "a", "two", rules=[rule("services"), rule("pods")])
    assert rules(cluster) == [rule("services"), rule("pods"), rule("nodes")]
    cluster.client.delete(ROLES, "", "b")
    cluster.clock.advance(1)
    assert rules(cluster) == [rule("services"), rule("pods")]


def test_an_aggregated_role_can_be_a_part_of_another(cluster: ControllerCluster) -> None:
    create(cluster, "whole", aggregationRule={"clusterRoleSelectors": PARTS[:1]})
    create(cluster, "half", "one", aggregationRule={"clusterRoleSelectors": PARTS[1:]})
    create(cluster, "part", "two", rules=[rule("pods")])
    assert rules(cluster) == rules(cluster, "half") == [rule("pods")]


def test_other_roles_keep_their_rules(cluster: ControllerCluster) -> None:
    create(cluster, "plain", "one", rules=[rule("pods")])
    create(cluster, "of-nothing", aggregationRule={}, rules=[rule("pods")])
    assert rules(cluster, "plain") == rules(cluster, "of-nothing") == [rule("pods")]
