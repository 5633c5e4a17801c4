"""Requests and responses as plain values."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

__all__ = ["ANONYMOUS", "Request", "Response", "User", "as_json", "encode"]

ANONYMOUS = "system:anonymous"


@dataclass(frozen=True)
class User:
    """Who sends a request.

    Attributes:
        name: the user's name, such as `system:serviceaccount:default:installer`.
        groups: the groups that the user is in.
        uid: the user's uid, empty when unknown.
    """

    name: str
    groups: tuple[str, ...] = ()
    uid: str = ""


@dataclass(frozen=True)
class Request:
    """One request.

    Attributes:
        method: `GET`, `POST`, `PUT`, `PATCH` or `DELETE`.
        path: the decoded path, without the query.
        query: the query's parameters.
        headers: the headers that matter, by their name in lower case.
        body: the body's bytes.
        certificate: who the client's certificate says it is, `None` without one.
        impersonation: the headers `Impersonate-...`, which may be there several times: names in lower case and values.
    """

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    certificate: User | None = None
    impersonation: tuple[tuple[str, str], ...] = ()

    @property
    def content_type(self) -> str:
        """Return the body's media type without parameters."""
        return self.headers.get("content-type", "").split(";")[0].strip().lower()

    @property
    def accept(self) -> str:
        """Return what the client takes."""
        return self.headers.get("accept", "")

    @property
    def dry_run(self) -> bool:
        """Return whether nothing is to be stored."""
        return self.query.get("dryRun") == "All"

    def flag(self, name: str) -> bool:
        """Return a boolean parameter of the query, false when it is absent.

        Args:
            name: the parameter's name.
        """
        return self.query.get(name, "").lower() in ("1", "true")

    @property
    def field_manager(self) -> str:
        """Return who owns what this request writes: `fieldManager`, else the client's name."""
        manager = self.query.get("fieldManager") or self.headers.get("user-agent", "").split("/")[0]
        return manager[:128] or "unknown"


@dataclass(frozen=True)
class Response:
    """One answer.

    Attributes:
        status: the HTTP status.
        body: the body's bytes.
        content_type: the body's media type.
        headers: further headers.
    """

    status: int
    body: bytes
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)

    def json(self) -> Any:
        """Return the body, decoded."""
        return json.loads(self.body)


def as_json(value: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """Return an answer with a JSON body.

    Args:
        value: the body.
        status: the HTTP status.
        headers: further headers.
    """
    return Response(status, encode(value), headers=headers or {})


def encode(value: Any) -> bytes:
    """Return a value as compact JSON.

    Args:
        value: the value.
    """
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()
