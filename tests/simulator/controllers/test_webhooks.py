"""A validating webhook denies the Pods that it is for, and no others."""

from typing import Any

import pytest

from chaosimagecorrupt.simulator.controllers.errors import StatusError
from chaosimagecorrupt.simulator.controllers.webhooks import check_webhooks

from ..controller_cluster import NS, ControllerCluster

NAMESPACE = {"metadata": {"name": NS, "labels": {"team": "shop"}}}
POD = {"metadata": {"name": "web-1", "labels": {"app": "web"}}}
RULE = {"operations": ["CREATE"], "apiGroups": [""], "resources": ["pods"]}


def check(message: str | None, rule: dict[str, Any] = RULE, **selectors: Any) -> None:
    cluster = ControllerCluster()
    annotations = {"simulator.operatorchaos.io/denies": message} if message is not None else {}
    webhook = {"name": "images.example.com", "rules": [rule], **selectors}
    configuration = {"metadata": {"name": "images", "annotations": annotations}, "webhooks": [webhook]}
    cluster.create(configuration, "validatingwebhookconfigurations.admissionregistration.k8s.io")
    check_webhooks(cluster.store, NAMESPACE, POD)


def test_its_message_is_in_the_refusal() -> None:
    with pytest.raises(StatusError, match=r'admission webhook "images\.example\.com" denied the request: not ours'):
        check("not ours")


def test_without_a_message_the_refusal_says_so() -> None:
    with pytest.raises(StatusError, match="denied the request without explanation"):
        check("")


OTHERS: dict[str, Any] = {
    "it denies nothing": {"message": None},
    "another resource": {"message": "no", "rule": {**RULE, "resources": ["services"]}},
    "another operation": {"message": "no", "rule": {**RULE, "operations": ["DELETE"]}},
    "another namespace": {"message": "no", "namespaceSelector": {"matchLabels": {"team": "bank"}}},
    "another pod": {"message": "no", "objectSelector": {"matchLabels": {"app": "api"}}},
}


@pytest.mark.parametrize("arguments", OTHERS.values(), ids=list(OTHERS))
def test_a_pod_that_it_is_not_for_is_allowed(arguments: dict[str, Any]) -> None:
    check(**arguments)
