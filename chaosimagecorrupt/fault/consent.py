"""Consent: whether the owners of a Deployment and of its namespace let it be corrupted. Pure."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase

from ..errors import Refused, one_line
from ..kube.types import Deployment, Object
from ..record.annotations import PREFIX
from ..workload.kinds import called as describe

__all__ = [
    "ALLOWED",
    "DEFAULT_CONSENT",
    "PROTECTED",
    "PROTECTED_NAMESPACES",
    "REQUIRE_OPT_IN",
    "Consent",
    "ConsentSettings",
    "check_allow_protected",
    "check_consent",
    "read_consent_settings",
]

PROTECTED, ALLOWED = f"{PREFIX}protected", f"{PREFIX}allowed"
PROTECTED_NAMESPACES, REQUIRE_OPT_IN = "IMAGE_CORRUPT_PROTECTED_NAMESPACES", "IMAGE_CORRUPT_REQUIRE_OPT_IN"

_ALWAYS_PROTECTED = ("kube-*", "openshift*")
# what a namespace's name consists of, and the two wildcards
_PATTERN = re.compile(r"[-a-z0-9*?]+", re.ASCII)


@dataclass(frozen=True)
class ConsentSettings:
    """What is protected in this process.

    Attributes:
        patterns: Deployments in namespaces that match one are refused; `*` stands for any characters and `?` for one.
        opt_in_required: whether a Deployment or its namespace must be marked as allowed.
    """

    patterns: tuple[str, ...] = _ALWAYS_PROTECTED
    opt_in_required: bool = False


@dataclass(frozen=True)
class Consent:
    """What decides on consent, besides the Deployment.

    Attributes:
        settings: what is protected in this process.
        allow_protected: whether a namespace that matches a pattern is allowed; an owner's mark never gives way.
        namespace: the Namespace; None when it is not known.
        unreadable: why the Namespace could not be read; empty when it could.
    """

    settings: ConsentSettings = ConsentSettings()
    allow_protected: bool = False
    namespace: Object | None = None
    unreadable: str = ""


# what is always protected, and the marks of the Deployment
DEFAULT_CONSENT = Consent()


def read_consent_settings(env: Mapping[str, str]) -> ConsentSettings:
    """Read what is protected from the environment.

    Args:
        env: the process's environment.

    Raises:
        Refused: a pattern could match no namespace, or IMAGE_CORRUPT_REQUIRE_OPT_IN is neither true nor false.
    """
    added = [pattern.strip() for pattern in env.get(PROTECTED_NAMESPACES, "").split(",") if pattern.strip()]
    for pattern in added:
        if not _PATTERN.fullmatch(pattern):
            raise Refused(
                f"{PROTECTED_NAMESPACES}: '{one_line(pattern, 80)}' can match no namespace; a pattern has lower case "
                "letters, digits, - and the wildcards * and ?"
            )
    opt_in = env.get(REQUIRE_OPT_IN, "")
    if opt_in not in ("true", "false", ""):
        raise Refused(f"{REQUIRE_OPT_IN}: '{one_line(opt_in, 40)}' is neither true nor false")
    return ConsentSettings((*_ALWAYS_PROTECTED, *added), opt_in == "true")


def check_allow_protected(value: object) -> bool:
    """Return the argument `allow_protected`.

    Raises:
        Refused: it is not a boolean; text such as "false" would count as true.
    """
    if not isinstance(value, bool):
        raise Refused(f"allow_protected: must be true or false, found {one_line(repr(value), 80)}")
    return value


def check_consent(deployment: Deployment, consent: Consent) -> list[str]:
    """Check that a Deployment may be corrupted as far as its owners and the protected namespaces go.

    Args:
        deployment: the Deployment as it was read.
        consent: what else decides.

    Returns:
        Warnings: a mark that does not count, or a Namespace that could not be read.

    Raises:
        Refused: it is protected, or not allowed although that is required; with the way to allow it.
    """
    metadata = deployment["metadata"]
    called = describe(deployment)
    _refuse_namespace(called, metadata["namespace"], consent)
    holders = {called: deployment, **_namespace_of(consent, metadata["namespace"])}
    marks = [mark for holder, found in holders.items() for mark in _marks(holder, found)]
    _refuse_protected(called, marks)
    _refuse_without_opt_in(called, marks, consent)
    warnings = [f'{mark} does not count: only the value "true" does' for mark in marks if not mark.counts]
    if consent.unreadable:
        warnings.append(f"whether the namespace's owner protects it is not known{_unreadable(consent)}")
    return warnings


@dataclass(frozen=True)
class _Mark:
    """A label or an annotation of an owner."""

    holder: str
    field: str
    key: str
    value: str

    @property
    def counts(self) -> bool:
        return self.value == "true"

    def __str__(self) -> str:
        return f'the {self.field} {self.key}: "{one_line(self.value, 80)}" on {self.holder}'


def _refuse_namespace(called: str, namespace: str, consent: Consent) -> None:
    """Refuse a namespace that matches a pattern, unless that is overridden."""
    if consent.allow_protected:
        return
    for pattern in consent.settings.patterns:
        if fnmatchcase(namespace, pattern):
            kind = "a namespace of the cluster itself" if pattern in _ALWAYS_PROTECTED else "a protected namespace"
            origin = "" if pattern in _ALWAYS_PROTECTED else f" of {PROTECTED_NAMESPACES}"
            raise Refused(f"{called} is in {kind} ({pattern}{origin}); allow_protected: true allows it")


def _refuse_protected(called: str, marks: Iterable[_Mark]) -> None:
    """Refuse what an owner has marked as protected."""
    for mark in marks:
        if mark.key == PROTECTED and mark.counts:
            raise Refused(
                f"{called} is protected by its owner: {mark}; ask the owner to remove it, allow_protected does not "
                "override it"
            )


def _refuse_without_opt_in(called: str, marks: Iterable[_Mark], consent: Consent) -> None:
    """Refuse what no owner has marked as allowed, where that is required."""
    if consent.settings.opt_in_required and not any(mark.key == ALLOWED and mark.counts for mark in marks):
        raise Refused(
            f'{called} is not allowed, and {REQUIRE_OPT_IN}=true requires that it is: set {ALLOWED}: "true" on it or '
            f"on its namespace{_unreadable(consent)}"
        )


def _namespace_of(consent: Consent, name: str) -> dict[str, Object]:
    return {} if consent.namespace is None else {f"Namespace {name}": consent.namespace}


def _marks(holder: str, found: Mapping[str, object]) -> Iterator[_Mark]:
    """Yield the marks of an object."""
    metadata = found["metadata"]
    assert isinstance(metadata, Mapping)
    for field in ("label", "annotation"):
        there = metadata.get(f"{field}s") or {}
        for key in (PROTECTED, ALLOWED):
            if key in there:
                yield _Mark(holder, field, key, str(there[key]))


def _unreadable(consent: Consent) -> str:
    return f"; the Namespace could not be read: {one_line(consent.unreadable)}" if consent.unreadable else ""
