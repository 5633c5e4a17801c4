"""The objects that a simulated cluster starts with: five components and their operators, or the user's manifests."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

from .types import Object

__all__ = ["default_manifests", "load_manifests"]

# Manifests of the components: names, labels, containers, probes and strategies as their projects ship them
MANIFESTS = Path(__file__).with_name("manifests")


def default_manifests() -> list[Object]:
    """Return the objects of the five components.

    Deployments `odh-model-controller` and `kserve-controller-manager` in `opendatahub`, `controller` in
    `knative-serving`, `cert-manager` in `cert-manager`, `istiod` in `istio-system`, each with its operator's
    custom resource, whose annotations configure the operator: see
    `controllers.operator`.
    """
    return [obj for path in sorted(MANIFESTS.glob("*.yaml")) for obj in load_manifests(path)]


def load_manifests(path: Path) -> list[Object]:
    """Return the objects of a file of manifests; those of a `List` one by one.

    Args:
        path: YAML or JSON, with one or more documents.

    Raises:
        OSError: the file cannot be read.
        ValueError: it is neither YAML nor JSON, or holds something that is no object.
    """
    try:
        documents = list(yaml.safe_load_all(path.read_text(encoding="utf-8")))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ValueError(f"{path}: {error}") from error
    return list(_objects(path, documents))


def _objects(path: Path, documents: Iterable[Any]) -> Iterable[Object]:
    for document in documents:
        if document is None:
            continue
        if not _is_object(document):
            raise ValueError(f"{path}: not a Kubernetes object: {str(document)[:60]}")
        if document["kind"] == "List":
            yield from _objects(path, document.get("items") or ())
        else:
            yield document


def _is_object(document: Any) -> bool:
    return (
        isinstance(document, dict)
        and all(isinstance(document.get(key), str) for key in ("kind", "apiVersion"))
        and isinstance(document.get("metadata", {}), dict)
    )
