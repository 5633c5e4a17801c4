"""The cause of a failed pull is read from the kubelet's words, whatever the runtime."""

import pytest

from chaosimagecorrupt.errors import Refused
from chaosimagecorrupt.workload.pull_causes import (
    INTENDED,
    PullCause,
    cause_text,
    parse_pull_cause,
    pull_cause,
    pull_error_text,
)

# its parts look like causes
IMAGE = "unauthorized.example:5000/denied-404/not-found:429"
RESOLVE = f'failed to pull and unpack image "{IMAGE}": failed to resolve reference "{IMAGE}": '
REQUEST = RESOLVE + 'failed to do request: Head "https://unauthorized.example:5000/v2/denied-404/manifests/429": '
STATUS = RESOLVE + "pulling from host unauthorized.example:5000 failed with status code [manifests 429]: "
CRI_O = f"initializing source docker://{IMAGE}: "

MESSAGES = [
    # containerd, as recorded
    (f"rpc error: code = NotFound desc = {RESOLVE}{IMAGE}: not found", PullCause.NOT_FOUND),
    (REQUEST + "dial tcp: lookup registry.invalid on 10.96.0.10:53: no such host", PullCause.NAME_DOES_NOT_RESOLVE),
    (REQUEST + "dial tcp 127.0.0.1:5999: connect: connection refused", PullCause.CONNECTION_REFUSED),
    (STATUS + "401 Unauthorized", PullCause.UNAUTHORIZED),
    (STATUS + "401 UNAUTHORIZED", PullCause.UNAUTHORIZED),
    (STATUS + "403 Forbidden", PullCause.FORBIDDEN),
    (STATUS + "429 Too Many Requests", PullCause.RATE_LIMITED),
    (STATUS + "500 Internal Server Error", PullCause.REGISTRY_ERROR),
    # the resolver refuses, or does not answer
    (REQUEST + "dial tcp: lookup r on 10.0.0.10:53: read udp: connection refused", PullCause.NAME_DOES_NOT_RESOLVE),
    (REQUEST + "dial tcp: lookup r on 10.0.0.10:53: read udp: i/o timeout", PullCause.NAME_DOES_NOT_RESOLVE),
    (REQUEST + "tls: failed to verify certificate: x509: certificate signed by unknown authority", PullCause.TLS),
    (REQUEST + "http: server gave HTTP response to HTTPS client", PullCause.TLS),
    (
        RESOLVE + "pull access denied, repository does not exist or may require authorization: server message: "
        "insufficient_scope: authorization failed",
        PullCause.UNAUTHORIZED,
    ),
    (RESOLVE + "failed to authorize: failed to fetch oauth token: status: 403 Forbidden", PullCause.FORBIDDEN),
    (RESOLVE + "unexpected status code: 429 - Server message: toomanyrequests: 404", PullCause.RATE_LIMITED),
    ("pull QPS exceeded", PullCause.RATE_LIMITED),
    # CRI-O
    (CRI_O + "reading manifest 429 in unauthorized.example:5000/x: manifest unknown", PullCause.NOT_FOUND),
    (
        CRI_O + "pinging container registry unauthorized.example:5000: Get: dial tcp: lookup r: Temporary failure in "
        "name resolution",
        PullCause.NAME_DOES_NOT_RESOLVE,
    ),
    (
        CRI_O + f"(Mirrors also failed: [m.corp/x: reading manifest 1 in m.corp/x: manifest unknown]): {IMAGE}: "
        "pinging container registry quay.io: Get: dial tcp: lookup quay.io on 10.0.0.1:53: server misbehaving",
        PullCause.NAME_DOES_NOT_RESOLVE,
    ),
    (CRI_O + "reading manifest 1 in r/x: unauthorized: access is not authorized", PullCause.UNAUTHORIZED),
    (CRI_O + "Requesting bearer token: invalid status code from registry 403 (Forbidden)", PullCause.FORBIDDEN),
    (CRI_O + "received unexpected HTTP status: 503 Service Unavailable", PullCause.REGISTRY_ERROR),
    # Docker
    (
        "Error response from daemon: pull access denied for x, repository does not exist or may require 'docker "
        "login': denied: requested access to the resource is denied",
        PullCause.UNAUTHORIZED,
    ),
    ("Error response from daemon: manifest for x:1 not found: manifest unknown", PullCause.NOT_FOUND),
    # the kubelet itself
    (f'couldn\'t parse image name "{IMAGE}": invalid reference format', PullCause.INVALID_REFERENCE),
    (f'Container image "{IMAGE}" is not present with pull policy of Never', PullCause.NOT_PRESENT),
    # what is none of these is not guessed
    (RESOLVE + "no match for platform in manifest: not found", PullCause.UNKNOWN),
    (REQUEST + "dial tcp 10.0.0.1:443: i/o timeout", PullCause.UNKNOWN),
    (f"image pull failed for {IMAGE} because the signature validation failed: not found", PullCause.UNKNOWN),
    ("no space left on device", PullCause.UNKNOWN),
]


@pytest.mark.parametrize(("message", "cause"), MESSAGES)
def test_the_cause_is_read_from_the_message(message: str, cause: PullCause) -> None:
    assert pull_cause(message, "ErrImagePull") is cause


@pytest.mark.parametrize(("message", "cause"), MESSAGES)
def test_it_is_the_same_while_the_kubelet_waits_and_in_its_event(message: str, cause: PullCause) -> None:
    waiting = f'Back-off pulling image "{IMAGE}": ErrImagePull: {message}'
    assert pull_cause(waiting, "ImagePullBackOff") is cause
    assert pull_cause(f'Failed to pull image "{IMAGE}": {message}') is cause


@pytest.mark.parametrize(
    ("reason", "cause"),
    [
        ("InvalidImageName", PullCause.INVALID_REFERENCE),
        ("ErrImageNeverPull", PullCause.NOT_PRESENT),
        ("SignatureValidationFailed", PullCause.UNKNOWN),
    ],
)
def test_some_reasons_say_it_alone(reason: str, cause: PullCause) -> None:
    assert pull_cause("", reason) is cause
    assert pull_cause("401 Unauthorized", reason) is cause


def test_an_older_kubelet_that_waits_says_no_cause() -> None:
    assert pull_cause('Back-off pulling image "a"', "ImagePullBackOff") is None
    assert cause_text('Back-off pulling image "a"', "ImagePullBackOff") == ""


def test_an_unknown_cause_comes_with_the_message() -> None:
    assert cause_text('Back-off pulling image "a": ErrImagePull: out of luck') == "unknown: out of luck"
    assert cause_text("", "SignatureValidationFailed") == "unknown"
    assert cause_text(STATUS + "401 Unauthorized") == "unauthorized"


def test_an_event_is_told_by_its_cause_and_the_end_of_its_words() -> None:
    message = 'Failed to pull image "a": rpc error: dial tcp: lookup registry.invalid: no such host'
    assert pull_error_text(message) == "name does not resolve (lookup registry.invalid: no such host)"
    assert pull_error_text('Failed to pull image "a": out of luck') == "unknown: out of luck"
    assert [pull_error_text(text) for text in ("Error: ErrImagePull", "")] == ["", ""]


@pytest.mark.parametrize("cause", PullCause)
def test_every_cause_can_be_named_with_blanks_or_hyphens(cause: PullCause) -> None:
    assert parse_pull_cause(cause.value) is parse_pull_cause(cause.value.replace(" ", "-").upper()) is cause


@pytest.mark.parametrize(("name", "cause"), INTENDED.items())
def test_a_cause_can_be_named_as_corrupt_image_does(name: str, cause: PullCause) -> None:
    assert parse_pull_cause(name) is cause


def test_any_other_name_is_refused() -> None:
    assert parse_pull_cause(None) is parse_pull_cause("") is None
    with pytest.raises(Refused, match="cause: 'timeout' is none of dns, not-found, "):
        parse_pull_cause("timeout")
