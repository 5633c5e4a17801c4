"""aiohttp's messages become the API's, and the other way round."""

import asyncio

import pytest
from aiohttp import StreamReader
from aiohttp.base_protocol import BaseProtocol
from aiohttp.test_utils import make_mocked_request

from chaosimagecorrupt.simulator.api import Request, User
from chaosimagecorrupt.simulator.api.request import as_json
from chaosimagecorrupt.simulator.http_messages import request_of, response_of
from chaosimagecorrupt.simulator.types import Object


class Transport(asyncio.Transport):
    """A connection of a client with this certificate."""

    def __init__(self, certificate: Object) -> None:
        super().__init__({"peercert": certificate})


def read(certificate: Object) -> Request:
    async def request() -> Request:
        body = StreamReader(BaseProtocol(asyncio.get_running_loop()), 100)
        body.feed_data(b"{}")
        body.feed_eof()
        path, headers = "/api/v1/a%20b?watch=true", {"Accept": "text/html"}
        incoming = make_mocked_request("GET", path, headers, transport=Transport(certificate), payload=body)
        return await request_of(incoming)

    return asyncio.run(request())


def test_a_request_is_decoded_and_its_headers_are_in_lower_case() -> None:
    found = read({})
    assert (found.method, found.path, found.query, found.body) == ("GET", "/api/v1/a b", {"watch": "true"}, b"{}")
    assert (found.headers["accept"], found.certificate) == ("text/html", None)


@pytest.mark.parametrize(
    ("subject", "user"),
    [
        ([("commonName", "ann")], User("ann")),
        ([("organizationName", "a"), ("commonName", "ann"), ("organizationName", "b")], User("ann", ("a", "b"))),
        ([("organizationName", "a")], None),
    ],
)
def test_a_certificate_names_its_user_and_groups(subject: list[tuple[str, str]], user: User | None) -> None:
    assert read({"subject": [(pair,) for pair in subject]}).certificate == user


def test_an_answer_keeps_its_own_headers() -> None:
    sent = response_of(as_json({"a": 1}, 201, {"Retry-After": "1"}))
    assert (sent.status, sent.body) == (201, b'{"a":1}')
    assert (sent.headers["Content-Type"], sent.headers["Retry-After"]) == ("application/json", "1")
    assert sent.headers["Cache-Control"] == "no-cache, private"
