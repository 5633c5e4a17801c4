"""Lists are read a page at a time."""

import time
from typing import Any

import pytest

from chaosimagecorrupt.errors import ClusterError
from chaosimagecorrupt.kube.pages import pages
from chaosimagecorrupt.kube.requests import Request, list_request
from chaosimagecorrupt.kube.resources import DEPLOYMENTS

from ..in_process_client import InProcessClient, Place


def client_of(*names: str) -> InProcessClient:
    labels = {"app": "web"}
    pod = {"containers": [{"name": "app", "image": "localhost/app:v1"}]}
    spec = {"selector": {"matchLabels": labels}, "template": {"metadata": {"labels": labels}, "spec": pod}}
    manifests = [
        {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": n, "namespace": "shop"}, "spec": spec}
        for n in names
    ]
    return InProcessClient(Place(time.time(), manifests), "pages")


def test_without_a_limit_there_is_one_page() -> None:
    [page] = pages(client_of("a", "b", "c"), list_request(DEPLOYMENTS, None))
    assert [o["metadata"]["name"] for o in page.items] == ["a", "b", "c"] and page.last


def test_a_small_first_page_is_followed_by_the_rest_in_the_same_version() -> None:
    first, second = pages(client_of("a", "b", "c"), list_request(DEPLOYMENTS, None, {"limit": "1"}))
    assert [o["metadata"]["name"] for o in (*first.items, *second.items)] == ["a", "b", "c"]
    assert (first.last, second.last, first.version) == (False, True, second.version)


@pytest.mark.parametrize("answer", [{}, {"metadata": None}, {"metadata": {"resourceVersion": "1"}, "items": [7]}])
def test_what_is_no_list_is_an_error(answer: dict[str, Any]) -> None:
    class Answers(InProcessClient):
        def send(self, request: Request) -> dict[str, Any]:
            return answer

    with pytest.raises(ClusterError, match="did not answer with a list"):
        list(pages(Answers(Place(time.time(), []), "none"), list_request(DEPLOYMENTS, None)))
