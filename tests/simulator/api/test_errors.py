"""The API's errors, in the words of the API server."""

import pytest

from chaosimagecorrupt.simulator.api.errors import (
    ApiError,
    Cause,
    already_exists,
    bad_request,
    conflict,
    expired,
    forbidden,
    invalid,
    invalid_value,
    not_acceptable,
    not_found,
    not_simulated,
    required,
    unauthorized,
    unsupported_media_type,
    unsupported_value,
    wrong_method,
)
from chaosimagecorrupt.simulator.api.rbac import Attributes
from chaosimagecorrupt.simulator.api.request import User
from chaosimagecorrupt.simulator.kinds import Kinds, Resource

from ..controller_cluster import DEPLOYMENTS

ANN = User("ann")


@pytest.fixture
def resource() -> Resource:
    return Kinds().named(DEPLOYMENTS)


CODES = {
    "bad request": (bad_request("x"), 400, "BadRequest"),
    "unauthorized": (unauthorized(), 401, "Unauthorized"),
    "wrong method": (wrong_method("PUT", "pods"), 405, "MethodNotAllowed"),
    "not acceptable": (not_acceptable(), 406, "NotAcceptable"),
    "expired": (expired("x"), 410, "Expired"),
    "media type": (unsupported_media_type(), 415, "UnsupportedMediaType"),
    "not simulated": (not_simulated("x"), 501, "NotImplemented"),
}


@pytest.mark.parametrize(("error", "code", "reason"), CODES.values(), ids=list(CODES))
def test_an_error_becomes_a_status(error: ApiError, code: int, reason: str) -> None:
    answer = error.response()
    status = answer.json()
    assert (answer.status, status["code"], status["reason"]) == (code, code, reason)
    assert (status["kind"], status["status"], status["message"]) == ("Status", "Failure", str(error))


def test_an_error_about_an_object_names_it(resource: Resource) -> None:
    errors = [not_found(resource, "web"), already_exists(resource, "web"), conflict(resource, "web")]
    assert [(e.code, e.status["details"]) for e in errors] == [
        (code, {"name": "web", "group": "apps", "kind": "deployments"}) for code in (404, 409, 409)
    ]
    assert str(errors[0]) == 'deployments.apps "web" not found'
    assert str(errors[1]) == 'deployments.apps "web" already exists'
    assert str(errors[2]).startswith('Operation cannot be fulfilled on deployments.apps "web": the object has been mod')


def test_an_invalid_object_has_a_cause_for_each_field(resource: Resource) -> None:
    one, two = required("spec.a", "it is"), invalid_value("spec.b", 5, "too much")
    assert str(invalid(resource, "web", [one])) == ('Deployment.apps "web" is invalid: spec.a: Required value: it is')
    both = invalid(resource, "web", [one, two, two])
    assert str(both).endswith("[spec.a: Required value: it is, spec.b: Invalid value: 5: too much]")
    assert [c["field"] for c in both.status["details"]["causes"]] == ["spec.a", "spec.b", "spec.b"]


def test_a_value_that_is_not_supported_names_those_that_are() -> None:
    message = 'Unsupported value: "x": supported values: "a", "b"'
    assert unsupported_value("f", "x", ["a", "b"]) == Cause("f", "FieldValueNotSupported", message)


@pytest.mark.parametrize(
    ("namespace", "name", "message"),
    [
        (
            "shop",
            "web",
            'deployments.apps "web" is forbidden: User "ann" cannot patch resource "deployments/scale" '
            'in API group "apps" in the namespace "shop"',
        ),
        (
            "",
            "",
            'deployments.apps is forbidden: User "ann" cannot patch resource "deployments/scale" '
            'in API group "apps" at the cluster scope',
        ),
    ],
)
def test_what_no_role_allows_is_forbidden_in_full(namespace: str, name: str, message: str) -> None:
    attributes = Attributes("patch", "apps", "deployments", "scale", namespace, name)
    assert str(forbidden(ANN, attributes)) == message
