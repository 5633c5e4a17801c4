"""From a body to an object."""

import pytest

from ..calls import CONFIGS, DEPLOYMENTS, MERGE, WEB, PureCalls, created, deployment, with_template


def test_what_is_empty_is_left_out_as_go_does(calls: PureCalls) -> None:
    obj = with_template(nodeSelector={}, tolerations=[], hostname="", nodeName=None)
    spec = calls("POST", DEPLOYMENTS, obj).body["spec"]["template"]["spec"]
    assert not {"nodeSelector", "tolerations", "hostname", "nodeName"} & spec.keys()
    assert spec["securityContext"] == {}


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"3"])
def test_a_body_that_is_no_object(calls: PureCalls, body: bytes) -> None:
    assert calls("POST", CONFIGS, body).status == 400


def test_a_body_in_yaml(calls: PureCalls) -> None:
    body = b"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {x: y}\n"
    assert calls("POST", CONFIGS, body, "application/yaml").body["data"] == {"x": "y"}


def test_a_value_of_the_wrong_type(calls: PureCalls) -> None:
    answer = created(calls, replicas="many")
    told = "json: cannot unmarshal string into Go struct field Deployment.spec.replicas of type int32"
    assert (answer.status, told in answer.message) == (400, True)


@pytest.mark.parametrize(("mode", "status"), [("Strict", 400), ("Warn", 201), ("Ignore", 201), (None, 201)])
def test_unknown_fields(calls: PureCalls, mode: str | None, status: int) -> None:
    obj = deployment(colour="red")
    answer = calls("POST", DEPLOYMENTS + (f"?fieldValidation={mode}" if mode else ""), obj)
    assert answer.status == status
    assert "colour" not in answer.body.get("spec", {})
    assert ("Warning" in answer.headers) == (mode in ("Warn", None))


def test_the_warning_of_an_unknown_field(calls: PureCalls) -> None:
    answer = created(calls, colour="red")
    assert answer.headers["Warning"] == '299 - "unknown field \\"spec.colour\\""'


def test_an_unknown_field_in_a_strict_patch(calls: PureCalls) -> None:
    created(calls)
    answer = calls("PATCH", f"{WEB}?fieldValidation=Strict", {"spec": {"colour": "red"}}, MERGE)
    assert (answer.status, 'unknown field "spec.colour"' in answer.message) == (422, True)


def test_a_media_type_of_a_body_that_is_not_known(calls: PureCalls) -> None:
    assert calls("POST", DEPLOYMENTS, b"<xml/>", "application/xml").status == 415
