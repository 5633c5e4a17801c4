"""What goes into the API and what comes out: plain values, no sockets."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

__all__ = ["ANONYMOUS", "Request", "Response", "User", "as_json", "encode"]

ANONYMOUS = "system:anonymous"


@dataclass(frozen=True)
class User:
    """Who sends a request.

    Args:
        name: The user's name, such as ``system:serviceaccount:default:installer``.
        groups: The groups that the user is in.
        uid: The user's uid, empty when unknown.
    """

    name: str
    groups: tuple[str, ...] = ()
    uid: str = ""


@dataclass(frozen=True)
class Request:
    """One request.

    Args:
        method: ``GET``, ``POST``, ``PUT``, ``PATCH`` or ``DELETE``.
        path: The decoded path, without the query.
        query: The query's parameters.
        headers: The headers that matter, by their name in lower case.
        body: The body's bytes.
        certificate: Who the client's certificate says it is, ``None`` without one.
    """

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    certificate: User | None = None

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
            name: The parameter's name.
        """
        return self.query.get(name, "").lower() in ("1", "true")

    @property
    def field_manager(self) -> str:
        """Return who owns what this request writes: ``fieldManager``, else the client's name."""
        manager = self.query.get("fieldManager") or self.headers.get("user-agent", "").split("/")[0]
        return manager[:128] or "unknown"


@dataclass(frozen=True)
class Response:
    """One answer.

    Args:
        status: The HTTP status.
        body: The body's bytes.
        content_type: The body's media type.
        headers: Further headers.
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
        value: The body.
        status: The HTTP status.
        headers: Further headers.
    """
    return Response(status, encode(value), headers=headers or {})


def encode(value: Any) -> bytes:
    """Return a value as compact JSON.

    Args:
        value: The value.
    """
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()
