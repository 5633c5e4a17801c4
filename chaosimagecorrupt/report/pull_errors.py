"""What the kubelet says about a pull that failed: the cause in a few words, and where the message says so."""

import re

__all__ = ["pull_error"]

# The first that is found: a registry that limits the rate answers with 429 and, in its body, may name the image
_CAUSES = (
    (r"429|toomanyrequests|too many requests|rate limit", "429, too many pulls"),
    (r"no such host|server misbehaving|name resolution|lookup .* timeout", "the registry's name does not resolve"),
    (r"401|unauthorized|authentication required", "401, not authorized"),
    (r"pull access denied|insufficient_scope", "access denied, or no such repository"),
    (r"403|forbidden|denied", "403, forbidden"),
    (r"manifest unknown|name unknown|404|not found|does not exist", "not found in the registry"),
    (r"x509|certificate", "the registry's certificate is not trusted"),
    (r"connection refused|no route to host|unreachable|timeout|deadline exceeded", "the registry does not answer"),
    (r"invalid reference|parse image|InvalidImageName", "the image's name is not valid"),
    (r"50[0-4]|internal server error|service unavailable", "the registry has an error of its own"),
)
_PULL = re.compile(r'^Failed to pull image "([^"]*)": ')


def pull_error(message: str) -> str:
    """Return why a pull failed: the cause, and the end of the kubelet's message in its own words.

    Args:
        message: of the kubelet's Event `Failed`.

    Returns:
        `the registry's name does not resolve (lookup registry.invalid: no such host)`; the whole message when its cause
        is not known; empty when the message is not about a pull.
    """
    start = _PULL.match(message)
    if start is None:
        return ""
    own_words = message[start.end() :]
    # the image's name and URLs, which every step of the message repeats, may look like a cause
    without_image = re.sub(r'"[^"]*"', "", own_words).replace(start[1], "")
    for pattern, cause in _CAUSES:
        if re.search(rf"(?<!\w)(?:{pattern})(?!\w)", without_image, re.IGNORECASE):
            return f"{cause} ({': '.join(own_words.split(': ')[-2:])})"
    return own_words
