"""Validating admission webhooks that deny Pods. No webhook is called: an annotation says what it would answer.

A ValidatingWebhookConfiguration with the annotation `simulator.operatorchaos.io/denies` denies each new Pod that one of
its webhooks is for; the annotation's value is the message.
"""

from collections.abc import Iterable

from ..label_selector import matches_label_selector
from ..store import Store
from ..types import Object
from .errors import StatusError

__all__ = ["check_webhooks"]

_DENIES = "simulator.operatorchaos.io/denies"
_CONFIGURATIONS = "validatingwebhookconfigurations.admissionregistration.k8s.io"


def check_webhooks(store: Store, namespace: Object, pod: Object) -> None:
    """Refuse a Pod that a webhook denies (apiserver/pkg/admission/plugin/webhook/errors: ToStatusErr).

    Args:
        store: has the configurations.
        namespace: of the Pod.
        pod: the Pod.

    Raises:
        StatusError: the Pod is denied.
    """
    for configuration in store.list(_CONFIGURATIONS):
        message = (configuration["metadata"].get("annotations") or {}).get(_DENIES)
        if message is None:
            continue
        for webhook in configuration.get("webhooks", ()):
            if _is_for(webhook, namespace, pod):
                denied = f'admission webhook "{webhook["name"]}" denied the request'
                raise StatusError("Forbidden", f"{denied}: {message}" if message else f"{denied} without explanation")


def _is_for(webhook: Object, namespace: Object, pod: Object) -> bool:
    """Return whether a webhook is asked about a new Pod."""
    selected = (("namespaceSelector", namespace), ("objectSelector", pod))
    if not all(matches_label_selector(webhook.get(s) or {}, o["metadata"].get("labels") or {}) for s, o in selected):
        return False
    return any(_names_new_pods(rule) for rule in webhook.get("rules", ()))


def _names_new_pods(rule: Object) -> bool:
    return (
        _names(rule.get("operations", ()), "CREATE")
        and _names(rule.get("apiGroups", ()), "")
        and _names(rule.get("resources", ()), "pods", "*/*")
    )


def _names(listed: Iterable[str], *names: str) -> bool:
    return not {"*", *names}.isdisjoint(listed)
