"""The kinds of workloads that a fault can be put into. Pure."""

from typing import Any, TypeVar, cast

from ..errors import Refused, one_line
from ..kube.types import Json
from .daemonset import DAEMON_SET
from .deployment import DEPLOYMENT
from .kind import WorkloadKind
from .statefulset import STATEFUL_SET

__all__ = ["KINDS", "WORKLOADS", "called", "kind_named", "kind_of", "split_name", "with_kind", "workload_argument"]

T = TypeVar("T")

KINDS: tuple[WorkloadKind, ...] = (DEPLOYMENT, STATEFUL_SET, DAEMON_SET)
_BY_NAME = {kind.name: kind for kind in KINDS}
WORKLOADS = frozenset(_BY_NAME)
"""Their names."""


def kind_of(workload: Json) -> WorkloadKind:
    """Return the kind of an object that the API returned; without one it is a Deployment."""
    return _BY_NAME.get(workload.get("kind", ""), DEPLOYMENT)


def kind_named(name: object) -> WorkloadKind:
    """Return the kind that an argument names; None and an empty text are a Deployment.

    Raises:
        Refused: there is none of that name, with those that there are.
    """
    if name in (None, ""):
        return DEPLOYMENT
    found = next((k for k in KINDS if isinstance(name, str) and name.lower() in _words(k)), None)
    if found is None:
        raise Refused(f"kind: '{one_line(name, 80)}' is not one of {', '.join(_BY_NAME)}")
    return found


def split_name(text: str, default: WorkloadKind = DEPLOYMENT) -> tuple[WorkloadKind, str]:
    """Return kind and name of a workload as kubectl takes and prints them: `sts/web`, `statefulset.apps/web`, `web`.

    Args:
        text: the name, which may have the kind in front.
        default: the kind of a name without one.

    Raises:
        Refused: the kind in front is none of these.
    """
    kind, slash, name = text.rpartition("/")
    return (kind_named(kind), name) if slash else (default, text)


def with_kind(result: T, kind: WorkloadKind) -> T:
    """Return a result with the key `kind`, which that of a Deployment does not have: older journals know no other kind.

    Args:
        result: a dict, such as what an activity returns.
        kind: of the workload that it is about.
    """
    return result if kind is DEPLOYMENT else cast(T, {**cast(Any, result), "kind": kind.name})


def workload_argument(name: str, kind: WorkloadKind) -> str:
    """Return a workload as the commands take it: a Deployment by its name alone, others as `statefulset/web`."""
    return name if kind is DEPLOYMENT else f"{kind.name.lower()}/{name}"


def called(workload: Json) -> str:
    """Return a workload as messages name it: kind, namespace and name."""
    metadata = workload["metadata"]
    return f"{kind_of(workload).name} {metadata['namespace']}/{metadata['name']}"


def _words(kind: WorkloadKind) -> set[str]:
    """Return what kubectl takes for a kind, in lower case."""
    return {
        kind.name.lower(),
        kind.resource.plural,
        kind.resource.full_name,
        f"{kind.name.lower()}.apps",
        *kind.short_names,
    }
