"""The containers of a pod template."""

from chaosimagecorrupt.workload.containers import container_of, containers_of, images_of

from ..manifests import a_deployment


def test_containers_and_init_containers_are_found_by_name() -> None:
    deployment = a_deployment(containers={"app": "v1"}, init_containers={"prep": "v2"})
    found = {name: container_of(deployment, name) for name in ("app", "prep", "none")}
    assert found["app"] is not None and (found["app"].field, found["app"].image) == ("containers", "v1")
    assert found["prep"] is not None and (found["prep"].field, found["prep"].image) == ("initContainers", "v2")
    assert found["none"] is None


def test_init_containers_come_first_as_they_start() -> None:
    deployment = a_deployment(containers={"app": "v1", "sidecar": "v3"}, init_containers={"prep": "v2"})
    assert [(found.field, found.container["name"]) for found in containers_of(deployment)] == [
        ("initContainers", "prep"),
        ("containers", "app"),
        ("containers", "sidecar"),
    ]
    assert images_of(deployment) == {"app": "v1", "sidecar": "v3", "prep": "v2"}
