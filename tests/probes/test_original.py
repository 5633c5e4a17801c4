"""Whether the original image can be pulled; tests/cluster has the answers of a cluster."""

from collections.abc import Iterator

import pytest

from chaosimagecorrupt.errors import NotFound, Refused
from chaosimagecorrupt.probes import original_pullable
from chaosimagecorrupt.record.memory import MEMORY

from ..fixtures_http import NS, Shop


@pytest.fixture
def web(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> Shop:
    monkeypatch.setenv("KUBECONFIG", str(shop.simulator.kubeconfig))
    return shop


@pytest.fixture
def dry_run() -> Iterator[None]:
    MEMORY.set_dry_run(True)
    yield
    MEMORY.set_dry_run(False)


@pytest.mark.usefixtures("dry_run")
def test_in_a_dry_run_no_pod_is_made(web: Shop) -> None:
    before = len(web.simulator.requests)
    assert original_pullable(web.name, NS) is True
    assert len(web.simulator.requests) == before


def test_an_answer_without_a_wait_is_refused(web: Shop) -> None:
    with pytest.raises(Refused, match="timeout: a pull takes time"):
        original_pullable(web.name, NS, timeout=0)


def test_a_container_that_the_template_lacks_is_refused(web: Shop) -> None:
    with pytest.raises(Refused, match="container_name: there is no 'side'; there are app"):
        original_pullable(web.name, NS, container_name="side")


def test_a_deployment_that_is_not_there_is_an_error(web: Shop) -> None:
    with pytest.raises(NotFound, match='"wbe" is not in namespace'):
        original_pullable("wbe", NS)


def test_another_kind_of_workload_is_looked_for_as_that(web: Shop) -> None:
    with pytest.raises(NotFound, match=f'StatefulSet "{web.name}"'):
        original_pullable(web.name, NS, kind="StatefulSet")
