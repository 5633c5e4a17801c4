"""What to do when no connection to the API server comes about, by the reason. Pure."""

import re

__all__ = ["what_to_do"]

_PROXY = "check the proxy: proxy-url in the kubeconfig, or HTTPS_PROXY and NO_PROXY in the environment"
_SERVER = "check the address of the API server"

# by what the messages of urllib3, Python and OpenSSL say; the first that is found counts
_ADVICE = (
    (r"ProxyError|Unable to connect to proxy|SOCKS|Tunnel connection failed", _PROXY),
    (
        r"IP address mismatch|Hostname mismatch|doesn't match|not valid for",
        f"{_SERVER}: its certificate is for another name, which tls-server-name can state",
    ),
    (
        r"certificate has expired|certificate is not yet valid",
        "renew the API server's certificate, or set this machine's clock",
    ),
    (
        r"CERTIFICATE_VERIFY_FAILED|certificate verify failed",
        "its certificate is not signed by an authority that is trusted here: get a new kubeconfig for this cluster, or "
        "correct its certificate-authority or certificate-authority-data",
    ),
    (r"WRONG_VERSION_NUMBER|HTTP_REQUEST|record layer failure", f"{_SERVER}: it may speak http:// instead of https://"),
    (
        r"CERTIFICATE_REQUIRED|ALERT_HANDSHAKE_FAILURE|ALERT_UNKNOWN_CA|ALERT_BAD_CERTIFICATE|CERTIFICATE_EXPIRED|CERTIFICATE_UNKNOWN",
        "it does not accept the client certificate: log in again, or get a new kubeconfig",
    ),
    (
        r"NameResolutionError|Failed to resolve|getaddrinfo|Name or service not known",
        f"{_SERVER}: is its name right, and is the VPN or DNS that knows it on?",
    ),
    (
        r"Connection refused|Errno 111",
        f"{_SERVER}: does it run, and are address and port right? `kubectl cluster-info` shows what kubectl uses",
    ),
    (
        r"timed out|No route to host|Network is unreachable",
        f"{_SERVER}, the network and the VPN: nothing answers at this address",
    ),
)


def what_to_do(reason: str) -> str:
    """Return what a person can do about a connection that does not come about.

    Args:
        reason: the error's text, with the name of its class.

    Returns:
        One sentence, without a full stop.
    """
    for pattern, advice in _ADVICE:
        if re.search(pattern, reason):
            return advice
    return "try again; if it stays so, compare with `kubectl get --raw /readyz`"
