"""How often a DaemonSet's template was changed is counted by the API server."""

from ..calls import MERGE, PureCalls
from .workloads import DAEMON_SETS, daemon_set

ANNOTATION = "deprecated.daemonset.template.generation"
LOG = f"{DAEMON_SETS}/log"


def number(calls: PureCalls) -> str:
    return str(calls("GET", LOG).body["metadata"]["annotations"][ANNOTATION])


def test_the_number_moves_with_the_template_only(calls: PureCalls) -> None:
    calls("POST", DAEMON_SETS, daemon_set())
    assert number(calls) == "1"
    calls("PATCH", LOG, {"spec": {"minReadySeconds": 3}}, MERGE)
    assert number(calls) == "1"
    calls("PATCH", LOG, {"spec": {"template": {"metadata": {"labels": {"more": "yes"}}}}}, MERGE)
    assert number(calls) == "2"


def test_clients_cannot_set_it(calls: PureCalls) -> None:
    calls("POST", DAEMON_SETS, daemon_set(annotations={ANNOTATION: "7"}))
    calls("PATCH", LOG, {"metadata": {"annotations": {ANNOTATION: "9"}}}, MERGE)
    assert number(calls) == "1"
