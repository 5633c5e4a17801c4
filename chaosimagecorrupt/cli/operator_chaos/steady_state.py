"""The checks of a `ChaosExperiment`'s steady state. Pure."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from ...errors import one_line
from ...kube.names import DNS_LABEL
from .sections import Section

__all__ = ["CONDITION_TRUE", "SteadyStateCheck", "SteadyStateChecks", "read_checks"]

CONDITION_TRUE, RESOURCE_EXISTS = "conditionTrue", "resourceExists"

_API_VERSION = re.compile(r"([a-z0-9]([-a-z0-9.]*[a-z0-9])?/)?v[a-z0-9]+", re.ASCII)
_KIND = re.compile(r"[A-Za-z][A-Za-z0-9]*", re.ASCII)
_CONDITION_TYPE = re.compile(r"[A-Za-z0-9][-A-Za-z0-9_./]*", re.ASCII)
_NAME = re.compile(r"[A-Za-z0-9][-A-Za-z0-9_.:]*", re.ASCII)  # a ClusterRole may have `:`
_LONGEST = 253


@dataclass(frozen=True)
class SteadyStateCheck:
    """One of `steadyState.checks`.

    Attributes:
        api_version: of the resource.
        kind: of the resource.
        name: of the resource.
        namespace: of the resource; empty for the experiment's own.
        condition_type: of the condition that must be True; empty when the resource only has to exist.
    """

    api_version: str
    kind: str
    name: str
    namespace: str
    condition_type: str = ""


class SteadyStateChecks(NamedTuple):
    """`steadyState.checks`.

    Attributes:
        known: those that are carried over.
        skipped: why the others are not.
        namespace: the first that one names, of whatever type; empty when none does.
    """

    known: list[SteadyStateCheck]
    skipped: list[str]
    namespace: str


def read_checks(steady_state: Section) -> SteadyStateChecks:
    """Return the checks, and why others are not carried over.

    Args:
        steady_state: `spec.steadyState`.

    Raises:
        Refused: a field that is needed is missing, or one is not valid.
    """
    known, skipped, namespaces = [], [], []
    for check in steady_state.sections("checks"):
        kind_of_check = check.required("type")
        namespace = check.text("namespace", _matches(DNS_LABEL))
        namespaces.append(namespace)
        if kind_of_check in (CONDITION_TRUE, RESOURCE_EXISTS):
            known.append(_read_check(check, namespace, needs_condition=kind_of_check == CONDITION_TRUE))
        else:
            check.discard()
            skipped.append(f"{check.path}: a check of the type {one_line(kind_of_check, 40)} has no counterpart")
    return SteadyStateChecks(known, skipped, next(filter(None, namespaces), ""))


def _read_check(check: Section, namespace: str, *, needs_condition: bool) -> SteadyStateCheck:
    kind = check.required("kind", _matches(_KIND))
    default = "apps/v1" if kind == "Deployment" else ""
    return SteadyStateCheck(
        api_version=check.required("apiVersion", _matches(_API_VERSION), default),
        kind=kind,
        name=check.required("name", _matches(_NAME)),
        namespace=namespace,
        condition_type=check.required("conditionType", _matches(_CONDITION_TYPE)) if needs_condition else "",
    )


def _matches(pattern: "re.Pattern[str]") -> Callable[[str], bool]:
    return lambda text: len(text) <= _LONGEST and pattern.fullmatch(text) is not None
