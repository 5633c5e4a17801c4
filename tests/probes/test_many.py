"""The probes of many Deployments."""

import pytest

from chaosimagecorrupt.errors import Refused
from chaosimagecorrupt.probes import (
    corrupted_deployments,
    deployments_recovered,
    deployments_recovery,
    images_pull_failing,
)

from ..fixtures_http import NS, Shop
from .restores import restored


def test_the_probes_of_a_group_do_not_count_the_time_until_they_look(slow: Shop) -> None:
    restored(slow)
    assert deployments_recovered(f"app={slow.name}", NS)
    assert 6 <= deployments_recovery(f"app={slow.name}", NS)["worst"] <= 9


def test_a_group_recovers_when_each_of_its_deployments_does(slow: Shop) -> None:
    assert not deployments_recovered(f"app={slow.name}", NS, timeout=0)
    assert images_pull_failing(f"app={slow.name}", NS, timeout=0)
    assert corrupted_deployments(f"app={slow.name}", NS) == 1
    restored(slow)
    assert deployments_recovered(f"app={slow.name}", NS, timeout=5)
    assert corrupted_deployments(f"app={slow.name}", NS) == 0


def test_a_group_without_deployments_is_refused(slow: Shop) -> None:
    with pytest.raises(Refused, match="no Deployment that has replicas matches"):
        deployments_recovered("app=nobody", NS)
    with pytest.raises(Refused, match="this run has restored no Deployment"):
        deployments_recovery(f"app={slow.name}", NS)
