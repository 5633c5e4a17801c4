"""Valid names of Deployments and namespaces. Pure."""

import re

from ..errors import Refused, one_line

__all__ = ["DNS_LABEL", "DNS_SUBDOMAIN", "any_namespace", "check_namespace", "check_target"]

# https://kubernetes.io/docs/concepts/overview/working-with-objects/names/
DNS_LABEL = re.compile(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?", re.ASCII)

DNS_SUBDOMAIN = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*", re.ASCII)


def check_target(name: object, ns: object) -> None:
    """Refuse names that no Deployment and no namespace can have; they become part of a URL.

    Args:
        name: the Deployment's name.
        ns: its namespace.

    Raises:
        Refused: when one of them is not a name in Kubernetes' sense.
    """
    if not isinstance(name, str) or len(name) > 253 or not DNS_SUBDOMAIN.fullmatch(name):
        raise Refused(
            f"name: '{one_line(name, 80)}' is not the name of a Deployment (lower case letters, digits, - and .)"
        )
    check_namespace(ns)


def check_namespace(ns: object) -> None:
    """Refuse a name that no namespace can have.

    Raises:
        Refused: when it is not a name in Kubernetes' sense.
    """
    if not isinstance(ns, str) or not DNS_LABEL.fullmatch(ns):
        raise Refused(f"ns: '{one_line(ns, 80)}' is not the name of a namespace (lower case letters, digits and -)")


def any_namespace(ns: object) -> str | None:
    """Return a namespace, or None for all namespaces when it is empty.

    Raises:
        Refused: it is not a name in Kubernetes' sense.
    """
    if not ns:
        return None
    check_namespace(ns)
    return str(ns)
