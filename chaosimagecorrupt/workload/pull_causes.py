"""Why a pull failed: one word list for the kubelet's messages, whatever the runtime. Pure."""

import re
from collections.abc import Mapping, Sequence
from enum import StrEnum
from functools import cache
from types import MappingProxyType

from ..errors import Refused, one_line

__all__ = ["INTENDED", "PullCause", "cause_text", "is_failed_pull", "parse_pull_cause", "pull_cause", "pull_error_text"]


class PullCause(StrEnum):
    """Why a pull failed, as the kubelet reports it; UNKNOWN rather than a guess."""

    NOT_FOUND = "not found"
    NAME_DOES_NOT_RESOLVE = "name does not resolve"
    UNAUTHORIZED = "unauthorized"
    FORBIDDEN = "forbidden"
    RATE_LIMITED = "rate limited"
    REGISTRY_ERROR = "registry error"
    CONNECTION_REFUSED = "connection refused"
    TLS = "TLS"
    INVALID_REFERENCE = "invalid reference"
    NOT_PRESENT = "not present"
    UNKNOWN = "unknown"


# What the argument `cause` of corrupt_image makes a kubelet report
INTENDED: Mapping[str, PullCause] = MappingProxyType(
    {
        "dns": PullCause.NAME_DOES_NOT_RESOLVE,
        "not-found": PullCause.NOT_FOUND,
        "digest": PullCause.NOT_FOUND,
        "unauthorized": PullCause.UNAUTHORIZED,
        "invalid": PullCause.INVALID_REFERENCE,
        "never": PullCause.NOT_PRESENT,
    }
)

# What the reason alone says: kubernetes/pkg/kubelet/images/types.go. That a signature is not accepted is none of the
# causes, whatever its message quotes
_BY_REASON = {
    "InvalidImageName": PullCause.INVALID_REFERENCE,
    "ErrImageNeverPull": PullCause.NOT_PRESENT,
    "SignatureValidationFailed": PullCause.UNKNOWN,
}
# The first that is found. A status comes before the words of the answer's body: a registry that limits the rate may
# name the image, and Docker Hub says of an image that needs a login that it may not exist
_PATTERNS: tuple[tuple[PullCause, str], ...] = (
    (PullCause.UNKNOWN, r"SignatureValidationFailed|signature validation failed|no match for platform"),
    (PullCause.NOT_PRESENT, r"is not present with pull policy of Never"),
    (PullCause.INVALID_REFERENCE, r"couldn't parse image (?:name|reference)|invalid reference format"),
    (PullCause.RATE_LIMITED, r"429|too many requests|toomanyrequests|pull rate limit|rate limit exceeded"),
    (PullCause.RATE_LIMITED, r"pull QPS exceeded"),
    # `lookup HOST on SERVER: ...` is the resolver's, whatever follows: a refused connection to it, or a timeout
    (PullCause.NAME_DOES_NOT_RESOLVE, r"no such host|server misbehaving|name resolution|lookup \S+(?: on|:)"),
    (PullCause.TLS, r"x509|tls|remote error: tls|certificate|HTTP response to HTTPS client"),
    (PullCause.CONNECTION_REFUSED, r"connection refused"),
    (PullCause.FORBIDDEN, r"403"),
    (PullCause.UNAUTHORIZED, r"401|unauthorized|authentication required|no basic auth credentials"),
    (PullCause.UNAUTHORIZED, r"insufficient_scope|authorization failed|pull access denied"),
    (PullCause.FORBIDDEN, r"forbidden|denied"),
    (PullCause.REGISTRY_ERROR, r"50[0-4]|internal server error|bad gateway|service unavailable|gateway time-?out"),
    (PullCause.REGISTRY_ERROR, r"RegistryUnavailable|registry is unavailable"),
    (PullCause.NOT_FOUND, r"404|not found|NotFound|manifest[ _]unknown|name[ _]unknown|does not exist"),
)
_WORDS = r"(?<![\w.:/@-])(?:{})(?![\w.-]*\w)"

# In front of the message once the kubelet waits; older kubelets say no more than the first part
_BACK_OFF = re.compile(r'^Back-off pulling image "[^"]*"(?:: \w+)?(?:: |$)')
_EVENT = re.compile(r'^Failed to pull image "[^"]*": ')
_IMAGE = re.compile(r'(?:image|reference|name) "([^"]+)"')
# What names the image, and may look like a cause: containerd, then CRI-O, which tries mirrors first
_NAMES = re.compile(
    r'"[^"]*"|\(Mirrors also failed: \[.*?\]\)|pulling from host \S+|\[manifests [^]]*\]|docker://\S+(?=: )'
    r"|container registry \S+(?=: )|reading manifest \S+ in \S+(?=: )"
)
# a name's place in the message stays
_NAME = " * "


def pull_cause(message: str, reason: str = "") -> PullCause | None:
    """Return why a pull failed.

    Args:
        message: of the container's state, or of the kubelet's Event `Failed`.
        reason: of the container's state, such as `ErrImagePull`; empty for an Event.

    Returns:
        The cause, UNKNOWN when the message is none of the known ones; None when nothing is said: older kubelets do not
        repeat the cause while they wait for the next attempt.
    """
    own_words = _own_words(message)
    known = _BY_REASON.get(reason)
    if known is not None:
        return known
    if not own_words:
        return None
    without_names = own_words
    for image in sorted(set(_IMAGE.findall(message)), key=len, reverse=True):
        without_names = re.sub(rf"(?<![\w./-]){re.escape(image)}(?![\w./-])", _NAME, without_names)
    without_names = _NAMES.sub(_NAME, without_names)
    return next((cause for cause, pattern in _causes() if pattern.search(without_names)), PullCause.UNKNOWN)


def cause_text(message: str, reason: str = "") -> str:
    """Return why a pull failed in a few words: the cause, with the message only when it is unknown.

    Args:
        message: see `pull_cause`.
        reason: see `pull_cause`.

    Returns:
        `name does not resolve`, or `unknown: out of luck`; empty when nothing is said.
    """
    cause = pull_cause(message, reason)
    if cause is None:
        return ""
    return f"{cause}: {_own_words(message)}".removesuffix(": ") if cause is PullCause.UNKNOWN else cause.value


def pull_error_text(message: str) -> str:
    """Return why a pull failed, from an Event: the cause, and the end of the kubelet's message in its own words.

    Args:
        message: of the kubelet's Event `Failed`.

    Returns:
        `name does not resolve (lookup registry.invalid: no such host)`; `unknown: ` and the message when it is not
        known; empty when the message is not about a pull.
    """
    if not is_failed_pull(message):
        return ""
    cause, own_words = pull_cause(message), _own_words(message)
    if cause in (None, PullCause.UNKNOWN):
        return cause_text(message)
    return f"{cause} ({': '.join(own_words.split(': ')[-2:])})"


def is_failed_pull(message: str) -> bool:
    """Return whether a message of the kubelet's Event `Failed` is about a pull, and not about a start."""
    return _EVENT.match(message) is not None


def parse_pull_cause(cause: object) -> PullCause | None:
    """Return the cause that a user names: as the kubelet's are called here, or as `corrupt_image` calls it.

    Args:
        cause: such as `rate limited`, `rate-limited` or `dns`; None or empty for any.

    Raises:
        Refused: it is none of them.
    """
    if cause in (None, ""):
        return None
    text = str(cause).strip().casefold()
    by_name = {c.value.casefold(): c for c in PullCause} | dict(INTENDED)
    found = by_name.get(text) or by_name.get(text.replace("-", " "))
    if found is None:
        names = ", ".join([*INTENDED, *(c.value for c in PullCause if c.value not in INTENDED)])
        raise Refused(f"cause: '{one_line(cause, 80)}' is none of {names}")
    return found


def _own_words(message: str) -> str:
    """Return a message without what the kubelet puts in front of that of the runtime."""
    return _EVENT.sub("", _BACK_OFF.sub("", message))


@cache  # compiled with the first pull that failed: it takes as long as the imports of three modules
def _causes() -> Sequence[tuple[PullCause, re.Pattern[str]]]:
    return [(cause, re.compile(_WORDS.format(pattern), re.IGNORECASE)) for cause, pattern in _PATTERNS]
