"""What hypothesis makes of Deployments: any container names, images, foreign annotations and labels."""

from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from chaosimagecorrupt.record.annotations import (
    EXPIRES,
    LABEL,
    OPERATOR_CHAOS_CONTAINER,
    ORIGINAL_IMAGE,
    RECORD,
)

from .manifests import a_deployment

__all__ = ["annotations", "container_names", "deployments", "images", "json_values", "labels", "quickly"]

# a machine that is busy with something else is no reason to fail
quickly = settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.too_slow])

_label = st.text("abz019-", min_size=1, max_size=63).map(lambda s: s.strip("-") or "a")
# alike in what a shortened key keeps of them
_alike = st.text("ab", min_size=1, max_size=24).map(lambda s: "x" * 39 + s)
container_names = st.one_of(_label, _alike, st.sampled_from(["a", "b" * 48, "b" * 49, "b" * 63]))

_path = st.lists(st.text("abz09", min_size=1, max_size=8), min_size=1, max_size=3).map("/".join)
_registry = st.sampled_from(["", "localhost/", "localhost:5000/", "registry.invalid/", "quay.io:443/"])
_suffix = st.sampled_from(["", ":v1", ":latest", "@sha256:" + "0" * 64, ":v1@sha256:" + "f" * 64])
images = st.builds(lambda registry, path, suffix: registry + path + suffix, _registry, _path, _suffix)

_prefix = st.sampled_from(["", "kubectl.kubernetes.io/", "example.com/", "chaos.operatorchaos.io/"])
_keys = st.builds(str.__add__, _prefix, st.text("abiM09._-", max_size=20).map(lambda s: f"k{s}k"))
_ours = (RECORD, EXPIRES, LABEL, OPERATOR_CHAOS_CONTAINER)


def _foreign(key: str) -> bool:
    return key not in _ours and not key.startswith(ORIGINAL_IMAGE)


annotations = st.dictionaries(_keys.filter(_foreign), st.text(max_size=30), max_size=4)
labels = st.dictionaries(_keys.filter(_foreign), _label, max_size=3)

json_values: st.SearchStrategy[Any] = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20), images),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=10), inner, max_size=3)),
    max_leaves=8,
)


@st.composite
def deployments(draw: st.DrawFn, *, at_least: int = 1) -> Any:
    """Deployments with some containers, perhaps init containers, annotations and labels."""
    names = draw(st.lists(container_names, unique=True, min_size=at_least, max_size=5))
    inits = draw(st.integers(0, len(names) - 1))
    there = {name: draw(images) for name in names}
    return a_deployment(
        containers={n: there[n] for n in names[inits:]},
        init_containers={n: there[n] for n in names[:inits]},
        annotations=draw(annotations),
        labels=draw(labels),
        progressDeadlineSeconds=draw(st.sampled_from([30, 600, 2147483647])),
    )
