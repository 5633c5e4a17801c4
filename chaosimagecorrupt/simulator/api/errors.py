"""The API's errors, as Status bodies (k8s.io/apimachinery/pkg/api/errors)."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ..kinds import Resource
from ..types import Object
from .rbac import Attributes
from .request import Response, User, as_json

__all__ = [
    "ApiError",
    "Cause",
    "already_exists",
    "bad_request",
    "conflict",
    "expired",
    "forbidden",
    "invalid",
    "invalid_value",
    "not_acceptable",
    "not_found",
    "not_simulated",
    "required",
    "unauthorized",
    "unsupported_media_type",
    "unsupported_value",
    "wrong_method",
]

MODIFIED = "the object has been modified; please apply your changes to the latest version and try again"


# The HTTP status of each reason (k8s.io/apimachinery/pkg/apis/meta/v1: StatusReason)
_CODES = {
    "BadRequest": 400,
    "Unauthorized": 401,
    "Forbidden": 403,
    "NotFound": 404,
    "MethodNotAllowed": 405,
    "NotAcceptable": 406,
    "AlreadyExists": 409,
    "Conflict": 409,
    "Expired": 410,
    "RequestEntityTooLarge": 413,
    "UnsupportedMediaType": 415,
    "Invalid": 422,
    "InternalError": 500,
    "NotImplemented": 501,
    "Timeout": 504,
}


class ApiError(Exception):
    """A request that fails.

    Args:
        code: the HTTP status.
        reason: for programs.
        message: for people.
        details: what it is about; `None` leaves the member out.
        headers: further headers of the answer.
    """

    def __init__(
        self,
        code: int,
        reason: str,
        message: str,
        details: Object | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.headers = headers or {}
        self.status: Object = {
            "kind": "Status",
            "apiVersion": "v1",
            "metadata": {},
            "status": "Failure",
            "message": message,
            "reason": reason,
        }
        if details is not None:
            self.status["details"] = details
        self.status["code"] = code

    @classmethod
    def of(cls, reason: str, message: str, details: Object | None = None) -> "ApiError":
        """Return the error of a reason, whose HTTP status follows from it.

        Args:
            reason: one that Kubernetes knows, for programs.
            message: for people.
            details: what it is about; `None` leaves the member out.
        """
        return cls(_CODES[reason], reason, message, details)

    def response(self) -> Response:
        """Return the answer."""
        return as_json(self.status, self.code, self.headers)


@dataclass(frozen=True)
class Cause:
    """One thing that is wrong with an object.

    Attributes:
        field: where, such as `spec.template.spec.containers[0].image`.
        reason: for programs, such as `FieldValueRequired`.
        message: for people.
    """

    field: str
    reason: str
    message: str


def required(field: str, detail: str = "") -> Cause:
    """Return the cause for a value that is missing.

    Args:
        field: where.
        detail: an explanation, if any.
    """
    return Cause(field, "FieldValueRequired", "Required value" + (f": {detail}" if detail else ""))


def invalid_value(field: str, value: Any, detail: str) -> Cause:
    """Return the cause for a value that is not allowed.

    Args:
        field: where.
        value: the value.
        detail: why.
    """
    return Cause(field, "FieldValueInvalid", f"Invalid value: {json.dumps(value)}: {detail}")


def unsupported_value(field: str, value: Any, supported: Sequence[str]) -> Cause:
    """Return the cause for a value that is not supported.

    Args:
        field: where.
        value: the value.
        supported: the supported values.
    """
    choices = ", ".join(json.dumps(choice) for choice in supported)
    text = f"Unsupported value: {json.dumps(value)}: supported values: {choices}"
    return Cause(field, "FieldValueNotSupported", text)


def _about(resource: Resource, name: str) -> Object:
    details = {"name": name, "group": resource.group, "kind": resource.plural}
    return {member: value for member, value in details.items() if value}


def not_found(resource: Resource, name: str) -> ApiError:
    """Return 404 for an object that is not there.

    Args:
        resource: what it would be.
        name: its name.
    """
    return ApiError.of("NotFound", f'{resource.name} "{name}" not found', _about(resource, name))


def already_exists(resource: Resource, name: str) -> ApiError:
    """Return 409 for an object that is there already.

    Args:
        resource: what it is.
        name: its name.
    """
    return ApiError.of("AlreadyExists", f'{resource.name} "{name}" already exists', _about(resource, name))


def conflict(resource: Resource, name: str, why: str = MODIFIED) -> ApiError:
    """Return 409 for a write that rests on a state that is past.

    Args:
        resource: what it is about.
        name: the object's name.
        why: what does not fit.
    """
    message = f'Operation cannot be fulfilled on {resource.name} "{name}": {why}'
    return ApiError.of("Conflict", message, _about(resource, name))


def invalid(resource: Resource, name: str, causes: Sequence[Cause]) -> ApiError:
    """Return 422 for an object that fails validation.

    Args:
        resource: what it is.
        name: its name.
        causes: what is wrong, at least one thing.
    """
    texts = list(dict.fromkeys(f"{cause.field}: {cause.message}" for cause in causes))
    text = texts[0] if len(texts) == 1 else f"[{', '.join(texts)}]"
    kind = f"{resource.kind}.{resource.group}" if resource.group else resource.kind
    details: Object = {"name": name, "group": resource.group, "kind": resource.kind}
    details = {member: value for member, value in details.items() if value}
    details["causes"] = [vars(cause) for cause in causes]
    return ApiError.of("Invalid", f'{kind} "{name}" is invalid: {text}', details)


def bad_request(message: str) -> ApiError:
    """Return 400.

    Args:
        message: what is wrong.
    """
    return ApiError.of("BadRequest", message)


def unauthorized() -> ApiError:
    """Return 401: the credentials are not known here."""
    return ApiError.of("Unauthorized", "Unauthorized")


def forbidden(user: User, attributes: Attributes) -> ApiError:
    """Return 403 for what no role allows.

    Args:
        user: who asks.
        attributes: for what.
    """
    plural, group, name = attributes.resource, attributes.group, attributes.name
    qualified = f"{plural}.{group}" if group else plural
    where = f'in the namespace "{attributes.namespace}"' if attributes.namespace else "at the cluster scope"
    message = (
        f"{qualified}{f' {json.dumps(name)}' if name else ''} is forbidden: User {json.dumps(user.name)} cannot "
        f'{attributes.verb} resource "{attributes.combined}" in API group "{group}" {where}'
    )
    details = {"name": name, "group": group, "kind": plural}
    return ApiError.of("Forbidden", message, {member: value for member, value in details.items() if value})


def unsupported_media_type() -> ApiError:
    """Return 415: a patch of a type that the resource does not take."""
    return ApiError.of("UnsupportedMediaType", "415: Unsupported Media Type", {})


def not_acceptable() -> ApiError:
    """Return 406: the client takes only what the simulator does not produce."""
    message = "this is the simulator: only application/json, also as=Table;v=v1;g=meta.k8s.io, is produced"
    return ApiError.of("NotAcceptable", message)


def expired(message: str) -> ApiError:
    """Return 410: the version that was asked for is past.

    Args:
        message: which, and how far back the versions go.
    """
    return ApiError.of("Expired", message)


def wrong_method(method: str, resource: str) -> ApiError:
    """Return 405 for a method that a resource does not have.

    Args:
        method: the HTTP method.
        resource: what it was sent to.
    """
    message = f"this is the simulator: {method} is not supported on {resource}"
    return ApiError.of("MethodNotAllowed", message, {})


def not_simulated(what: str) -> ApiError:
    """Return 501 for something that a real cluster has and the simulator has not.

    Args:
        what: what it is.
    """
    return ApiError.of("NotImplemented", f"this is the simulator: {what} is not simulated")
