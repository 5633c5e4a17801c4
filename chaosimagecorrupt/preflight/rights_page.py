"""docs/rights.md: `python -m chaosimagecorrupt.preflight.rights_page` prints it."""

from collections.abc import Iterable

from . import features
from .optional_rights import OPERATOR_RIGHTS, PULL_CHECK_RIGHTS, WORKLOAD_RIGHTS
from .rights import RIGHTS, Right

__all__ = ["rights_page"]

_ORDER = (
    *(
        features.CORRUPT,
        features.CORRUPT_MANY,
        features.CONSENT,
        features.RESTORE,
        features.RESTORE_MANY,
        features.GUARD,
        features.NO_REPLICA_SET,
        features.NO_COPY,
        features.EVENTS,
    ),
    *(features.STATUS, features.PREFLIGHT, features.NAMESPACE),
    *(
        features.PROBE,
        features.PROBE_WAITING,
        features.PULL_FAILING,
        features.PULL_FAILING_WAITING,
        features.ORIGINAL_PULLABLE,
        features.BACK_OFF,
        features.RECOVERED,
        features.RECOVERED_WAITING,
        features.CONDITION,
        features.CONDITION_WAITING,
    ),
    *(features.COLLATERAL, features.TIMELINE),
    *(features.STATEFUL_SET, features.DAEMON_SET, features.NO_REVISION_COPY),
)


def rights_page() -> str:
    """Return docs/rights.md."""
    known = (*RIGHTS, *WORKLOAD_RIGHTS, *PULL_CHECK_RIGHTS, *OPERATOR_RIGHTS)
    by_right = [(f"`{r.full_name}`", f"`{r.role}`", "yes" if r.required else "", r.lost) for r in known]
    by_feature = [(f.name, _needed(r for r in known if f in r.features), f.reported_in) for f in _ORDER]
    return _PAGE.format(
        by_right=_table(("right", "role", "required", "without it"), by_right),
        by_feature=_table(("feature", "needs", "what names a missing right"), by_feature),
    )


_PAGE = """# Rights

What `chaos image-corrupt manifests` installs grants these rights to the service account `image-corrupt`, in several
roles, so that you can omit the roles that you do not want. Every account may read the API groups and check its own
rights (`system:discovery`, `system:basic-user`). `chaos image-corrupt preflight` lists the missing rights.

The role `image-corrupt-pull-check` is not among them. Who may create pods in a namespace may act as any of its service
accounts, so you [grant it on purpose](how-to/original-image.md#1-before-the-run).
`preflight` names its rights only with `--pull-check`.

{by_right}

## What each feature needs

Without one of these rights, exactly the features that need it do not work, or not in full; the others do.

{by_feature}
"""


def _needed(needed: Iterable[Right]) -> str:
    """Return the verbs by resource, as text."""
    verbs: dict[str, list[str]] = {}
    for right in needed:
        verb, resource = right.full_name.split()
        verbs.setdefault(resource, []).append(verb)
    return "; ".join(f"{', '.join(found)} `{resource}`" for resource, found in verbs.items())


def _table(heading: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [heading, ("---",) * len(heading), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


if __name__ == "__main__":
    print(rights_page(), end="")
