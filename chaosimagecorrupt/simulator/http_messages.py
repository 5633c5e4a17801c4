"""Conversion between aiohttp's messages and the API's requests and responses."""

from aiohttp import web

from .api import Request, Response, User
from .types import Object

__all__ = ["request_of", "response_headers", "response_of"]


def response_headers(content_type: str) -> dict[str, str]:
    """Return the headers that every response has.

    Args:
        content_type: of the body.
    """
    return {"Content-Type": content_type, "Cache-Control": "no-cache, private"}


def response_of(answer: Response) -> web.Response:
    """Return an answer of the API as aiohttp sends it.

    Args:
        answer: the answer.
    """
    headers = {**answer.headers, **response_headers(answer.content_type)}
    return web.Response(status=answer.status, body=answer.body, headers=headers)


async def request_of(incoming: web.BaseRequest) -> Request:
    """Read a request and return it as the API takes it.

    Args:
        incoming: the request as aiohttp received it.

    Raises:
        HTTPRequestEntityTooLarge: its body has more than 1 MiB.
    """
    pairs = [(name.lower(), value) for name, value in incoming.headers.items()]
    impersonation = tuple((name, value) for name, value in pairs if name.startswith("impersonate-"))
    body = await incoming.read()
    certificate = _certificate(incoming)
    return Request(incoming.method, incoming.path, dict(incoming.query), dict(pairs), body, certificate, impersonation)


def _certificate(incoming: web.BaseRequest) -> User | None:
    """Return the user that the client's certificate names: CN is the name, O are the groups."""
    transport = incoming.transport
    certificate: Object = (transport.get_extra_info("peercert") or {}) if transport else {}
    subject = [pair for part in certificate.get("subject", ()) for pair in part]
    names = [value for key, value in subject if key == "commonName"]
    if not names:
        return None
    return User(names[0], tuple(value for key, value in subject if key == "organizationName"))
