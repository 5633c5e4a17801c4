"""The ports of nodes that Pods take (kubernetes/pkg/scheduler/framework: HostPortInfo)."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from ..types import Object
from .kubelet.pod_runtime import is_sidecar

__all__ = ["HostPort", "are_free", "host_ports"]

ANY = "0.0.0.0"


class HostPort(NamedTuple):
    """A port of a node.

    Attributes:
        address: the address of the node that it is on.
        protocol: `TCP`, `UDP` or `SCTP`.
        number: its number.
    """

    address: str
    protocol: str
    number: int


def host_ports(spec: Object) -> Iterator[HostPort]:
    """Yield the ports of its node that a Pod takes: those of containers and sidecars.

    Args:
        spec: the Pod's spec.
    """
    for container in _running(spec):
        for port in container.get("ports") or ():
            number = port.get("hostPort") or (port["containerPort"] if spec.get("hostNetwork") else 0)
            if number:
                yield HostPort(port.get("hostIP", ANY), port.get("protocol", "TCP"), number)


def _running(spec: Object) -> Iterator[Object]:
    yield from filter(is_sidecar, spec.get("initContainers") or ())
    yield from spec.get("containers") or ()


def are_free(ports: Iterable[HostPort], taken: Iterable[HostPort]) -> bool:
    """Return whether ports can be taken beside others.

    Args:
        ports: the ports that are asked for.
        taken: the others.
    """
    others = list(taken)
    return not any(_collide(one, other) for one in ports for other in others)


def _collide(one: HostPort, other: HostPort) -> bool:
    same_address = one.address == other.address or ANY in (one.address, other.address)
    return same_address and one[1:] == other[1:]
