"""Which ports of its node a Pod takes, and which are free."""

import pytest

from chaosimagecorrupt.simulator.controllers.host_ports import HostPort, are_free, host_ports
from chaosimagecorrupt.simulator.types import Object


def container(*ports: Object, **more: str) -> Object:
    return {"name": "app", "ports": list(ports), **more}


@pytest.mark.parametrize(
    ("spec", "taken"),
    [
        ({"containers": [container({"containerPort": 80})]}, []),
        ({"containers": [container({"containerPort": 80, "hostPort": 8080})]}, [("0.0.0.0", "TCP", 8080)]),
        (
            {"containers": [container({"containerPort": 53, "hostPort": 53, "protocol": "UDP", "hostIP": "10.0.0.1"})]},
            [("10.0.0.1", "UDP", 53)],
        ),
        ({"containers": [container({"containerPort": 80})], "hostNetwork": True}, [("0.0.0.0", "TCP", 80)]),
        (
            {
                "containers": [container()],
                "initContainers": [
                    container({"containerPort": 1, "hostPort": 1}),
                    container({"containerPort": 2, "hostPort": 2}, restartPolicy="Always"),
                ],
            },
            [("0.0.0.0", "TCP", 2)],
        ),
    ],
)
def test_the_ports_that_a_pod_takes(spec: Object, taken: list[tuple[str, str, int]]) -> None:
    assert list(host_ports(spec)) == taken


ANY, ONE, OTHER = "0.0.0.0", "10.0.0.1", "10.0.0.2"


@pytest.mark.parametrize(
    ("port", "free"),
    [
        (HostPort(ONE, "TCP", 80), False),
        (HostPort(ANY, "TCP", 80), False),
        (HostPort(OTHER, "TCP", 80), True),
        (HostPort(ONE, "UDP", 80), True),
        (HostPort(ONE, "TCP", 81), True),
    ],
)
def test_a_port_is_free_unless_it_is_taken_on_the_same_address(port: HostPort, free: bool) -> None:
    assert are_free([port], [HostPort(ONE, "TCP", 80)]) is free
    assert not are_free([HostPort(ONE, "TCP", 80)], [HostPort(ANY, "TCP", 80)])
