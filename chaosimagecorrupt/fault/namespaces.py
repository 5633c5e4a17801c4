"""Reads what decides on consent besides the Deployment: the environment, and the Deployment's Namespace."""

import os
from collections.abc import Iterable
from dataclasses import replace

from ..concurrency import CONCURRENCY, map_concurrently
from ..errors import Forbidden, NotFound
from ..kube.client import Cluster
from ..kube.requests import get_request
from ..kube.resources import NAMESPACES
from .consent import Consent, check_allow_protected, read_consent_settings

__all__ = ["consent_of", "with_namespace", "with_namespaces"]


def consent_of(allow_protected: object = False) -> Consent:
    """Return what this process's environment protects; no Namespace is read.

    Args:
        allow_protected: whether a namespace that matches a protected pattern is allowed.

    Raises:
        Refused: the argument is no boolean, or an environment variable is invalid.
    """
    return Consent(read_consent_settings(os.environ), check_allow_protected(allow_protected))


def with_namespace(consent: Consent, cluster: Cluster, namespace: str) -> Consent:
    """Return the consent with the Namespace, or with why it is not known: the role, or there is none.

    Args:
        consent: from `consent_of`.
        cluster: the connection to the cluster.
        namespace: the Namespace's name.

    Raises:
        ClusterError: it cannot be read for another reason.
    """
    try:
        return replace(consent, namespace=cluster.send(get_request(NAMESPACES, None, namespace)))
    except (Forbidden, NotFound) as x:  # where there is no Namespace, the read of the Deployment says so
        return replace(consent, unreadable=str(x))


def with_namespaces(
    consent: Consent, cluster: Cluster, namespaces: Iterable[str], concurrency: int = CONCURRENCY
) -> dict[str, Consent]:
    """Return the consent for each namespace, as `with_namespace` does; each is read once.

    Args:
        consent: from `consent_of`.
        cluster: the connection to the cluster.
        namespaces: the Namespaces' names, which may repeat.
        concurrency: how many are read at the same time, at most.
    """
    names = sorted(set(namespaces))
    found = map_concurrently(lambda name: with_namespace(consent, cluster, name), names, concurrency)
    return dict(zip(names, found, strict=True))
