"""Required affinity and anti-affinity between Pods (kubernetes/pkg/scheduler/framework/plugins/interpodaffinity)."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from ..label_selector import matches_label_selector
from ..types import Object

__all__ = ["AFFINITY", "ANTI_AFFINITY", "EXISTING", "PodAffinity"]

AFFINITY = "node(s) didn't match pod affinity rules"
ANTI_AFFINITY = "node(s) didn't match pod anti-affinity rules"
EXISTING = "node(s) didn't satisfy existing pods anti-affinity rules"

Labels = dict[str, str]

# A label of nodes and its value: the nodes that have it are one place
Place = tuple[str, str]


@dataclass(frozen=True)
class PodAffinity:
    """The terms of a Pod, and those of the Pods that are on nodes already.

    Attributes:
        pod: the Pod to schedule.
        assigned: the Pods that are on nodes.
        nodes: the labels of the nodes by name.
        namespace_labels: returns the labels of a namespace.
    """

    pod: Object
    assigned: list[Object]
    nodes: dict[str, Labels]
    namespace_labels: Callable[[str], Labels]

    def refusal(self, node: str) -> str:
        """Return why a node is none for the Pod; empty when it is one.

        Args:
            node: the node's name.
        """
        labels = self.nodes[node]
        if not self._is_near(labels):
            return AFFINITY
        for term in _terms(self.pod, "podAntiAffinity"):
            others = (other for other in self.assigned if self._selects(self.pod, term, other))
            if _place(term, labels) in self._places(term, others):
                return ANTI_AFFINITY
        return EXISTING if self._is_kept_away(labels) else ""

    def _is_near(self, labels: Labels) -> bool:
        """Return whether the Pods that the Pod wants to be near to are; the first one of a series needs none."""
        terms = list(_terms(self.pod, "podAffinity"))
        if any(term["topologyKey"] not in labels for term in terms):
            return False
        others = [other for other in self.assigned if self._selects_by_all(terms, other)]
        if all(_place(term, labels) in self._places(term, others) for term in terms):
            return True
        return not any(self._places(term, others) for term in terms) and self._selects_by_all(terms, self.pod)

    def _is_kept_away(self, labels: Labels) -> bool:
        """Return whether a Pod that is there already wants none like this one near to it."""
        return any(
            _place(term, labels) in self._places(term, [other]) and self._selects(other, term, self.pod)
            for other in self.assigned
            for term in _terms(other, "podAntiAffinity")
        )

    def _selects_by_all(self, terms: Iterable[Object], other: Object) -> bool:
        return all(self._selects(self.pod, term, other) for term in terms)

    def _selects(self, owner: Object, term: Object, other: Object) -> bool:
        """Return whether a term of one Pod is about another one."""
        selector, labels = term.get("labelSelector"), other["metadata"].get("labels") or {}
        if selector is None or not self._is_in_scope(owner, term, other["metadata"]["namespace"]):
            return False
        own = owner["metadata"].get("labels") or {}
        alike = all(labels.get(key) == value for key, value in _chosen(own, term.get("matchLabelKeys")))
        differs = all(labels.get(key) != value for key, value in _chosen(own, term.get("mismatchLabelKeys")))
        return alike and differs and matches_label_selector(selector, labels)

    def _is_in_scope(self, owner: Object, term: Object, namespace: str) -> bool:
        names, selector = term.get("namespaces") or (), term.get("namespaceSelector")
        if not names and selector is None:
            return bool(namespace == owner["metadata"]["namespace"])
        chosen = selector is not None and matches_label_selector(selector, self.namespace_labels(namespace))
        return namespace in names or chosen

    def _places(self, term: Object, others: Iterable[Object]) -> set[Place]:
        """Return the places in which Pods are."""
        found = (_place(term, self.nodes.get(other["spec"]["nodeName"], {})) for other in others)
        return {place for place in found if place}


def _terms(pod: Object, kind: str) -> Iterator[Object]:
    affinity = (pod["spec"].get("affinity") or {}).get(kind) or {}
    yield from affinity.get("requiredDuringSchedulingIgnoredDuringExecution") or ()


def _chosen(labels: Labels, keys: Iterable[str] | None) -> Iterator[tuple[str, str]]:
    return ((key, labels[key]) for key in keys or () if key in labels)


def _place(term: Object, labels: Labels) -> Place | None:
    key = term["topologyKey"]
    return (key, labels[key]) if key in labels else None
