"""Chooses which of many Deployments to corrupt. Pure; with the seed in the journal, the choice can be repeated."""

import hashlib
import math
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from ..errors import Refused, one_line
from ..kube.types import Deployment

__all__ = ["Selection", "any_label_selector", "check_label_selector", "check_selection", "select", "whole_number"]


@dataclass(frozen=True)
class Selection:
    """How to choose among the Deployments that match.

    Attributes:
        label_selector: a Deployment must match it.
        max_targets: how many may be chosen; more are refused.
        exclude_namespaces: Deployments in these are not chosen; `*` stands for any characters and `?` for one.
        fraction: the share of the matches to choose, above 0 and up to 1; the number is rounded up.
        seed: decides which of them. The same seed and the same matches give the same choice; one Deployment more or
            less changes at most one other choice.
    """

    label_selector: str
    max_targets: int
    exclude_namespaces: tuple[str, ...]
    fraction: float
    seed: str


def check_selection(
    label_selector: object, max_targets: object, exclude_namespaces: object, fraction: object, seed: object
) -> Selection:
    """Check the arguments of a selection, and return it; see `Selection`.

    Args:
        label_selector: text, not empty.
        max_targets: a whole number above 0, which may be text.
        exclude_namespaces: a list of texts; None for none.
        fraction: a number above 0 and up to 1, which may be text.
        seed: text or a whole number.

    Raises:
        Refused: with the argument that is not as above.
    """
    namespaces = exclude_namespaces or []
    if not isinstance(namespaces, (list, tuple)) or not all(isinstance(n, str) for n in namespaces):
        raise Refused(f"exclude_namespaces: must be a list of namespaces, found {one_line(namespaces, 80)}")
    try:
        share = float(fraction)  # type: ignore[arg-type]  # raises for what is no number
    except (TypeError, ValueError):
        share = math.nan
    if isinstance(fraction, bool) or not 0 < share <= 1:
        raise Refused(f"fraction: must be above 0 and up to 1, found {one_line(fraction, 80)}")
    if isinstance(seed, bool) or not isinstance(seed, (int, str)):
        raise Refused(f"seed: must be a whole number or text, found {one_line(seed, 80)}")
    return Selection(
        check_label_selector(label_selector),
        whole_number(max_targets, "max_targets"),
        tuple(namespaces),
        share,
        str(seed),
    )


def check_label_selector(label_selector: object) -> str:
    """Refuse an empty label selector, which matches every Deployment.

    Raises:
        Refused: it is empty, or not text.
    """
    if label_selector is not None and not isinstance(label_selector, str):
        raise Refused(f"label_selector: must be text such as app=web, found {one_line(repr(label_selector), 80)}")
    if not (label_selector or "").strip():
        raise Refused("label_selector: an empty one matches every Deployment; name the labels, such as app=web")
    return str(label_selector)


def any_label_selector(label_selector: object) -> str:
    """Return a label selector as text; None and an empty one select every Deployment.

    Raises:
        Refused: it is not text.
    """
    return check_label_selector(label_selector) if label_selector not in (None, "") else ""


def whole_number(value: object, called: str) -> int:
    """Read a whole number above 0, which may be text, as environment variables are.

    Args:
        value: the argument.
        called: its name, for the error.

    Returns:
        The number, of at most 9 digits.

    Raises:
        Refused: it is not such a number.
    """
    text = str(value).strip()
    if isinstance(value, (int, str)) and text.isascii() and text.isdecimal() and 0 < len(text) < 10 and int(text) > 0:
        return int(text)
    raise Refused(f"{called}: must be a whole number above 0, found {one_line(value, 80)}")


def select(deployments: Iterable[Deployment], selection: Selection, kind: str = "Deployment") -> list[Any]:
    """Choose the targets.

    Args:
        deployments: those that match the label selector.
        selection: how to choose.
        kind: of these, for messages.

    Returns:
        The chosen Deployments, sorted by namespace and name.

    Raises:
        Refused: none is left, or more than `max_targets` are.
    """
    candidates = [d for d in deployments if not _excluded(d, selection.exclude_namespaces)]
    if not candidates:
        raise Refused(
            f"label_selector: no {kind} matches '{one_line(selection.label_selector)}'"
            + (" outside the excluded namespaces" if selection.exclude_namespaces else "")
            + ", so nothing would be injected"
        )
    number = math.ceil(
        round(len(candidates) * selection.fraction, 9)
    )  # without round(): 0.1 * 30 is a little more than 3, and would become 4
    chosen = sorted(candidates, key=lambda d: _rank(d, selection.seed))[:number]
    chosen.sort(key=_name)
    if len(chosen) > selection.max_targets:
        some = ", ".join("/".join(_name(d)) for d in chosen[:10])
        raise Refused(
            f"max_targets: {len(chosen)} {kind}s would be corrupted, at most {selection.max_targets} may be: "
            f"{one_line(some)}{', ...' if len(chosen) > 10 else ''}; nothing was changed"
        )
    return chosen


def _excluded(deployment: Deployment, patterns: Iterable[str]) -> bool:
    return any(fnmatchcase(deployment["metadata"]["namespace"], p) for p in patterns)


def _name(deployment: Deployment) -> tuple[str, str]:
    return deployment["metadata"]["namespace"], deployment["metadata"]["name"]


def _rank(deployment: Deployment, seed: str) -> bytes:
    return hashlib.sha256("\0".join((seed, *_name(deployment))).encode()).digest()
