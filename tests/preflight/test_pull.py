"""The preflight of a pull: what the line says. tests/cli has those of a cluster on which pods run."""

import pytest

from chaosimagecorrupt.errors import Unreachable
from chaosimagecorrupt.preflight.model import Level
from chaosimagecorrupt.preflight.pull import check_original
from chaosimagecorrupt.workload.target import Target

from ..in_process_client import ATTEMPTS
from ..simulated_cluster import IMAGE, NS
from .test_run import Web


def test_a_pod_that_may_not_be_created_leaves_it_unknown() -> None:
    target = Target("web", NS, Web("create pods"))
    (check,) = check_original(target, target.get(), None)
    assert (check.name, check.level) == ("pull check", Level.WARNING)
    called = f"whether the original image {IMAGE} of container app can be pulled is not known: "
    assert check.text.startswith(called) and "create pods" in check.text


def test_without_an_api_server_nothing_is_answered() -> None:
    web = Web()
    target = Target("web", NS, web)
    deployment = target.get()
    web.troubles = ["drop"] * ATTEMPTS
    with pytest.raises(Unreachable):
        check_original(target, deployment, None)
