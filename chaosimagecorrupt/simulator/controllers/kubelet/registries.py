"""What registries answer. Names below `.test` (RFC 2606) stand for those that fail; every other one has every image."""

import ipaddress

from .references import Reference

__all__ = ["LOCALHOST", "exists_nowhere", "hangs", "pull_error"]

# Tags that begin so exist nowhere, and neither does a digest of zeros
NO_SUCH_TAG = "chaos-image-corrupt-"
NO_SUCH_DIGEST = "sha256:" + "0" * 64

# A registry that accepts connections and never answers
HANGS = "hangs.test"
# Addresses for documentation, to which no packet finds its way (RFC 5737)
UNREACHABLE = ipaddress.ip_network("192.0.2.0/24")

# Nobody listens there, and the images that are named after it are on the node
LOCALHOST = "localhost"

NOT_FOUND = "not-found.test"
# The HTTP status that a registry answers with
STATUS = {
    "unauthorized.test": "401 Unauthorized",
    "forbidden.test": "403 Forbidden",
    "rate-limited.test": "429 Too Many Requests",
    "error.test": "500 Internal Server Error",
}
# Why a registry cannot be asked
NO_ANSWER = {
    "tls.test": "tls: failed to verify certificate: x509: certificate signed by unknown authority",
    "refused.test": "dial tcp 127.0.0.1:{port}: connect: connection refused",
    LOCALHOST: "dial tcp 127.0.0.1:{port}: connect: connection refused",
}
NO_HOST = "dial tcp: lookup {host} on 127.0.0.53:53: no such host"


def hangs(reference: Reference) -> bool:
    """Return whether the registry never answers.

    Args:
        reference: the image.
    """
    host = reference.host.partition(":")[0]
    try:
        return ipaddress.ip_address(host) in UNREACHABLE
    except ValueError:
        return host == HANGS


def pull_error(reference: Reference, *, missing: bool) -> str | None:
    """Return why an image cannot be pulled, in the words of containerd; `None` when it can.

    Args:
        reference: the image.
        missing: whether the registry does not have it.
    """
    text, (host, _, port) = reference.text, reference.host.partition(":")
    failure = f'failed to pull and unpack image "{text}": failed to resolve reference "{text}"'
    cause = NO_HOST if host.endswith(".invalid") else NO_ANSWER.get(host)
    # a tag that exists nowhere is looked for where the original image comes from, whoever that may be
    if cause is not None and not (host == LOCALHOST and exists_nowhere(reference)):
        url = f"https://{reference.host}/v2/{reference.path}/manifests/{reference.version}"
        return f'{failure}: failed to do request: Head "{url}": {cause.format(host=host, port=port or 443)}'
    if host in STATUS:
        where = f"pulling from host {reference.host} failed with status code [manifests {reference.version}]"
        return f"{failure}: {where}: {STATUS[host]}"
    if missing or host == NOT_FOUND or exists_nowhere(reference):
        return f"rpc error: code = NotFound desc = {failure}: {text}: not found"
    return None


def exists_nowhere(reference: Reference) -> bool:
    """Return whether no registry has such an image, by its tag or digest.

    Args:
        reference: the image.
    """
    return reference.version.startswith(NO_SUCH_TAG) or reference.version == NO_SUCH_DIGEST
