"""The objects of one resource: a list costs what it returns, not what is stored."""

from bisect import bisect_left, insort

from .index import Index
from .selector import Selector, Term, terms_of
from .types import Object

__all__ = ["IndexedObjects"]


class _Namespace:
    """The objects of one namespace, or those without a namespace."""

    def __init__(self) -> None:
        self.objects: dict[str, Object] = {}
        self._names: list[str] = []  # sorted
        self._index = Index[str, Term](terms_of)

    def put(self, name: str, obj: Object) -> None:
        old = self.objects.get(name)
        if old is None:
            insort(self._names, name)
        self._index.change(name, old, obj)
        self.objects[name] = obj

    def pop(self, name: str) -> Object:
        obj = self.objects.pop(name)
        del self._names[bisect_left(self._names, name)]
        self._index.change(name, obj, None)
        return obj

    def list(self, selector: Selector) -> list[Object]:
        names = self._names
        if selector.terms:
            fewest = min(selector.terms, key=lambda terms: sum(len(self._index.keys(term)) for term in terms))
            names = sorted(name for term in fewest for name in self._index.keys(term))
        return [obj for name in names if selector.matches(obj := self.objects[name])]


class IndexedObjects:
    """Objects by namespace and name, also found by their labels, and by the fields of `selector.INDEXED_FIELDS`."""

    def __init__(self) -> None:
        self._namespaces: dict[str, _Namespace] = {}

    def get(self, namespace: str, name: str) -> Object | None:
        """Return an object, or `None`.

        Args:
            namespace: its namespace, empty for objects without a namespace.
            name: its name.
        """
        found = self._namespaces.get(namespace)
        return None if found is None else found.objects.get(name)

    def put(self, namespace: str, name: str, obj: Object) -> None:
        """Add an object, or replace it.

        Args:
            namespace: its namespace, empty for objects without a namespace.
            name: its name.
            obj: the object.
        """
        self._namespaces.setdefault(namespace, _Namespace()).put(name, obj)

    def pop(self, namespace: str, name: str) -> Object:
        """Remove an object and return it.

        Args:
            namespace: its namespace, empty for objects without a namespace.
            name: its name.

        Raises:
            KeyError: there is no such object.
        """
        found = self._namespaces[namespace]
        obj = found.pop(name)
        if not found.objects:
            del self._namespaces[namespace]
        return obj

    def list(self, namespace: str | None, selector: Selector) -> list[Object]:
        """Return what a selector matches, in the order of namespace and name.

        Args:
            namespace: only the objects of one namespace; `None` for all.
            selector: what to return.
        """
        names = sorted(self._namespaces) if namespace is None else [namespace] * (namespace in self._namespaces)
        return [obj for each in names for obj in self._namespaces[each].list(selector)]
