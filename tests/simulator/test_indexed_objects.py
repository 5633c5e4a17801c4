"""Lists by selector: the same as a look at every object, and no more looks than objects that are returned."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chaosimagecorrupt.simulator.api.selectors import field_selector, label_selector
from chaosimagecorrupt.simulator.indexed_objects import IndexedObjects
from chaosimagecorrupt.simulator.kinds import BUILTIN
from chaosimagecorrupt.simulator.selector import EVERYTHING, Selector
from chaosimagecorrupt.simulator.types import Object

PODS = next(kind for kind in BUILTIN if kind.name == "pods")

names, namespaces, nodes = st.sampled_from("abcd"), st.sampled_from(["x", "y"]), st.sampled_from(["", "n-1", "n-2"])
labels = st.none() | st.dictionaries(st.sampled_from(["app", "tier"]), st.sampled_from(["", "web", "db"]))
changes = st.lists(st.tuples(namespaces, names, st.none() | st.tuples(labels, nodes)), max_size=20)
label_selectors = st.lists(
    st.sampled_from(
        [
            *("app=web", "app=", "app==db", "app!=web", "tier", "!tier", "app=db"),
            *("app in (web, db)", "app in ()", "tier in (web)", "app notin (web)", "tier=db"),
        ]
    ),
    max_size=3,
).map(",".join)
field_selectors = st.lists(
    st.sampled_from(
        [
            *("metadata.name=a", "metadata.name!=a", "metadata.name=b", "spec.nodeName=n-1", "spec.nodeName="),
            *("spec.nodeName!=n-1", "metadata.namespace=x", "status.phase="),
        ]
    ),
    max_size=3,
).map(",".join)


def pod(namespace: str, name: str, labels: dict[str, str] | None = None, node: str = "") -> Object:
    metadata = {"namespace": namespace, "name": name, **({} if labels is None else {"labels": labels})}
    return {"metadata": metadata, "spec": {"nodeName": node} if node else {}}


@given(changes, label_selectors, field_selectors, st.none() | namespaces | st.just("nowhere"))
def test_a_list_is_what_a_look_at_every_object_finds(
    done: list[tuple[str, str, Any]], by_labels: str, by_fields: str, namespace: str | None
) -> None:
    objects, stored = IndexedObjects(), dict[tuple[str, str], Object]()
    for place, name, given_as in done:
        if given_as is not None:
            stored[place, name] = pod(place, name, *given_as)
            objects.put(place, name, stored[place, name])
        elif (place, name) in stored:
            assert objects.pop(place, name) is stored.pop((place, name))
        assert objects.get(place, name) is stored.get((place, name))
    selector = label_selector(by_labels) & field_selector(by_fields, PODS)
    scanned = [stored[key] for key in sorted(stored) if namespace in (None, key[0]) and selector.matches(stored[key])]
    assert objects.list(namespace, selector) == scanned


def test_what_is_not_there_cannot_be_removed() -> None:
    objects = IndexedObjects()
    for name in ("a", "b"):
        with pytest.raises(KeyError):
            objects.pop("x", name)
        objects.put("x", "a", pod("x", "a"))


def looked_at(objects: IndexedObjects, selector: Selector, namespace: str | None) -> tuple[int, int]:
    """How many objects a list returns, and at how many it looks for that."""
    looks = list[Object]()

    def matches(obj: Object) -> bool:
        looks.append(obj)
        return selector.matches(obj)

    return len(objects.list(namespace, replace(selector, matches=matches))), len(looks)


@pytest.mark.parametrize("namespace", ["shop", None])
@pytest.mark.parametrize(
    ("selector", "returned", "looks"),
    [
        (label_selector("app=web-7"), 5, 5),
        (label_selector("tier=front,app=web-7"), 5, 5),
        (label_selector("app in (web-7, web-8)"), 10, 10),
        (label_selector("app=web-7,!canary"), 5, 5),
        (label_selector("app=web-7,app=web-8"), 0, 5),
        (label_selector("app=nothing"), 0, 0),
        (field_selector("metadata.name=web-7-3", PODS), 1, 1),
        (field_selector("spec.nodeName=node-9", PODS), 10, 10),
        (label_selector("app=web-7") & field_selector("spec.nodeName=node-37", PODS), 1, 5),
        (label_selector("!app"), 0, 5000),
        (EVERYTHING, 5000, 5000),
    ],
)
def test_a_list_looks_at_what_it_returns_not_at_what_is_stored(
    selector: Selector, returned: int, looks: int, namespace: str | None
) -> None:
    objects = IndexedObjects()
    for app in range(1000):
        for n in range(5):
            node = f"node-{(app * 5 + n) % 500}"
            named = pod("shop", f"web-{app}-{n}", {"app": f"web-{app}", "tier": "front"}, node)
            objects.put("shop", named["metadata"]["name"], named)
    assert looked_at(objects, selector, namespace) == (returned, looks)
