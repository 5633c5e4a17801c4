"""Whether the fault is in place, and which pods prove it."""

import pytest

from chaosimagecorrupt.errors import Refused
from chaosimagecorrupt.probes import image_corrupted, image_pull_failing

from ..fixtures_http import BAD, NS, Shop
from .restores import fault_of, restored


def test_the_fault_is_in_place_until_it_is_restored(slow: Shop) -> None:
    assert image_corrupted(slow.name, NS) and image_corrupted(slow.name, NS, container_name="app")
    assert not image_corrupted(slow.name, NS, container_name="side")
    restored(slow)
    assert not image_corrupted(slow.name, NS)


def test_the_proof_of_a_fault_is_remembered(slow: Shop) -> None:
    before = fault_of(slow).pull_failed_at
    assert before is None and image_pull_failing(slow.name, NS, timeout=0)
    assert fault_of(slow).pull_failed_at is not None


def test_another_image_is_no_proof(slow: Shop) -> None:
    assert not image_pull_failing(slow.name, NS, image=BAD, timeout=0)


def test_a_container_that_the_template_lacks_is_refused(slow: Shop) -> None:
    with pytest.raises(Refused, match="container_name: there is no 'side'"):
        image_pull_failing(slow.name, NS, container_name="side", timeout=0)
