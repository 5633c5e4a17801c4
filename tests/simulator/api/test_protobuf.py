"""Bodies in protobuf become objects."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chaosimagecorrupt.simulator.api.errors import ApiError
from chaosimagecorrupt.simulator.api.protobuf import decode


def varint(number: int) -> bytes:
    number &= (1 << 64) - 1
    found = bytearray()
    while number > 0x7F:
        found.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*found, number])


def field(number: int, value: int | str | bytes) -> bytes:
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    content = value.encode() if isinstance(value, str) else value
    return varint(number << 3 | 2) + varint(len(content)) + content


def body(version: str, kind: str, raw: bytes) -> bytes:
    return b"k8s\0" + field(1, field(1, version) + field(2, kind)) + field(2, raw)


METADATA = field(1, field(1, "a"))


def test_maps_bytes_and_flags() -> None:
    raw = METADATA + field(2, field(1, "key") + field(2, b"\0")) + field(3, "Opaque") + field(5, 1)
    assert decode(body("v1", "Secret", raw)) == {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": "a"},
        "data": {"key": base64.b64encode(b"\0").decode()},
        "type": "Opaque",
        "immutable": True,
    }


def test_messages_within_messages_and_repeated_ones() -> None:
    port = field(1, "http") + field(2, 0) + field(3, 80)
    containers = [field(1, "app") + field(3, "run") + field(3, "fast") + field(6, port), field(1, "side")]
    template = field(2, b"".join(field(2, each) for each in containers))
    found = decode(body("apps/v1", "Deployment", METADATA + field(2, field(3, template))))
    # a port on the host that is 0 is none
    assert found["spec"]["template"]["spec"]["containers"] == [
        {"name": "app", "command": ["run", "fast"], "ports": [{"name": "http", "containerPort": 80}]},
        {"name": "side"},
    ]


@given(st.integers(-(1 << 31), (1 << 31) - 1))
def test_numbers_keep_their_sign(replicas: int) -> None:
    found = decode(body("apps/v1", "Deployment", METADATA + field(2, field(1, replicas))))
    assert found["spec"] == {"replicas": replicas}


def test_what_the_server_sets_is_left_out() -> None:
    metadata = field(1, field(1, "a") + field(5, "uid") + field(3, ""))
    assert decode(body("v1", "ServiceAccount", metadata))["metadata"] == {"name": "a"}


@pytest.mark.parametrize(
    ("refused", "what"),
    [
        (b"{}", "this body"),
        (body("v1", "Node", METADATA), "Node"),
        (body("v1", "ConfigMap", field(9, "x")), "field 9 of ConfigMap"),
        (body("v1", "ConfigMap", varint(1 << 3 | 5)), "wire type 5"),
        (body("v1", "ConfigMap", b"\xff"), "a body that breaks off"),
    ],
    ids=["no protobuf", "kind", "field", "wire type", "cut off"],
)
def test_what_is_not_known_is_refused(refused: bytes, what: str) -> None:
    with pytest.raises(ApiError, match=f"{what} is not decoded from protobuf") as refusal:
        decode(refused)
    assert refusal.value.code == 415
