"""The rights that each feature needs, and what does not work without them: for preflight, deploy/ and the docs.

Those that only some users need are in `optional_rights`.
"""

from dataclasses import dataclass

from .features import (
    BACK_OFF,
    COLLATERAL,
    CONSENT,
    CORRUPT,
    CORRUPT_MANY,
    EVENTS,
    GUARD,
    NAMESPACE,
    NO_COPY,
    NO_REPLICA_SET,
    ORIGINAL_PULLABLE,
    PREFLIGHT,
    PROBE,
    PROBE_WAITING,
    PULL_FAILING,
    PULL_FAILING_WAITING,
    RECOVERED,
    RECOVERED_WAITING,
    RESTORE,
    RESTORE_MANY,
    STATUS,
    TIMELINE,
    Feature,
)

__all__ = ["RIGHTS", "Right"]

_RECOVERING = (RECOVERED, RECOVERED_WAITING)
_PROVING = (PULL_FAILING, PULL_FAILING_WAITING)
_PROBING = (PROBE, PROBE_WAITING, *_RECOVERING, *_PROVING)
_NO_TRACE = (NO_REPLICA_SET, NO_COPY)
_ADMITTING = (ORIGINAL_PULLABLE, PREFLIGHT)
_CHANGING = (CORRUPT, CORRUPT_MANY, RESTORE, RESTORE_MANY, GUARD, *_NO_TRACE)


@dataclass(frozen=True)
class Right:
    """One verb on one resource.

    Attributes:
        verb: such as `patch`.
        group: the API group, empty for the core group.
        resource: in the plural.
        role: the role of deploy/ that grants it.
        lost: what does not work without it, in a few words.
        features: exactly those that do not work in full without it.
        required: whether the experiment cannot run without it.
        namespaced: whether the resource lives in a namespace.
    """

    verb: str
    group: str
    resource: str
    role: str
    lost: str
    features: tuple[Feature, ...]
    required: bool = False
    namespaced: bool = True

    @property
    def full_name(self) -> str:
        """Verb and resource, as an error names them: `patch deployments.apps`."""
        return f"{self.verb} {self.resource}" + (f".{self.group}" if self.group else "")


_LEAST, _NO_TRACES, _OBSERVE = "image-corrupt", "image-corrupt-no-trace", "image-corrupt-observe"
_CLUSTER = "image-corrupt-observe-cluster"
_WEBHOOKS = ("which admission webhooks the pods serve is not known", (TIMELINE, COLLATERAL, PREFLIGHT))
_SCALING = ("what scales the Deployment is not known", (COLLATERAL, PREFLIGHT))
_ADMISSION = "admissionregistration.k8s.io"

RIGHTS = (
    Right(
        "get",
        "apps",
        "deployments",
        _LEAST,
        "nothing works",
        # restore_images needs it to decide again when somebody writes after its list, and to remove the traces
        (
            *(CORRUPT, CORRUPT_MANY, RESTORE, RESTORE_MANY, GUARD, *_NO_TRACE),
            *(ORIGINAL_PULLABLE, BACK_OFF, COLLATERAL, PREFLIGHT, NAMESPACE),
        ),
        required=True,
    ),
    Right(
        "list",
        "apps",
        "deployments",
        _LEAST,
        "no probe works",
        (CORRUPT_MANY, RESTORE_MANY, STATUS, GUARD, *_NO_TRACE, *_PROBING, BACK_OFF, TIMELINE, NAMESPACE),
        required=True,
    ),
    Right(
        "watch",
        "apps",
        "deployments",
        _LEAST,
        "no probe can wait, no guard can follow",
        (GUARD, *_NO_TRACE, PROBE_WAITING, RECOVERED_WAITING, PULL_FAILING_WAITING, BACK_OFF, TIMELINE),
        required=True,
    ),
    Right("patch", "apps", "deployments", _LEAST, "no fault, no restore", (*_CHANGING, PREFLIGHT), required=True),
    Right(
        "list",
        "apps",
        "replicasets",
        _LEAST,
        "no recovery can be observed",
        (STATUS, *_NO_TRACE, *_RECOVERING, *_PROVING, TIMELINE),
        required=True,
    ),
    Right(
        "watch",
        "apps",
        "replicasets",
        _LEAST,
        "no recovery can be waited for",
        (NO_REPLICA_SET, RECOVERED_WAITING, PULL_FAILING_WAITING, TIMELINE),
        required=True,
    ),
    Right(
        "list",
        "",
        "pods",
        _LEAST,
        "no proof that the image cannot be pulled",
        (STATUS, *_PROVING, ORIGINAL_PULLABLE, TIMELINE),
        required=True,
    ),
    Right(
        "watch",
        "",
        "pods",
        _LEAST,
        "no proof can be waited for",
        (PULL_FAILING_WAITING, ORIGINAL_PULLABLE, TIMELINE),
        required=True,
    ),
    Right("create", "events.k8s.io", "events", _LEAST, "nobody else sees what was done, and until when", (EVENTS,)),
    # a Role in the namespace can grant it for that Namespace
    Right(
        "get", "", "namespaces", _LEAST, "whether the namespace's owner allows it is not known", (CONSENT, PREFLIGHT)
    ),
    Right(
        "delete", "apps", "replicasets", _NO_TRACES, "the corrupt ReplicaSet stays in the rollout history", _NO_TRACE
    ),
    Right("patch", "apps", "replicasets", _NO_TRACES, "copies of the record can stay on ReplicaSets", (NO_COPY,)),
    Right("list", "", "events", _OBSERVE, "the growing back-off cannot be observed", (BACK_OFF, TIMELINE)),
    Right("watch", "", "events", _OBSERVE, "the growing back-off cannot be followed", (BACK_OFF, TIMELINE)),
    Right("list", "", "services", _OBSERVE, *_WEBHOOKS),
    Right("list", "", "resourcequotas", _OBSERVE, "whether a quota stops the new pods is not known", _ADMITTING),
    Right(
        "list", "policy", "poddisruptionbudgets", _OBSERVE, "whether node drains would hang is not known", (PREFLIGHT,)
    ),
    Right("list", "", "limitranges", _OBSERVE, "what LimitRanges set or refuse is not known", _ADMITTING),
    Right("list", "autoscaling", "horizontalpodautoscalers", _OBSERVE, *_SCALING),
    Right("list", "keda.sh", "scaledobjects", _OBSERVE, *_SCALING),
    Right("list", _ADMISSION, "validatingwebhookconfigurations", _CLUSTER, *_WEBHOOKS, namespaced=False),
    Right("list", _ADMISSION, "mutatingwebhookconfigurations", _CLUSTER, *_WEBHOOKS, namespaced=False),
    Right(
        "get",
        "node.k8s.io",
        "runtimeclasses",
        _CLUSTER,
        "a RuntimeClass's overhead is not counted against quotas",
        (PREFLIGHT,),
        namespaced=False,
    ),
    Right(
        "list",
        "scheduling.k8s.io",
        "priorityclasses",
        _CLUSTER,
        "whether a quota counts pods of the default PriorityClass is not known",
        (PREFLIGHT,),
        namespaced=False,
    ),
    Right(
        "list",
        "",
        "namespaces",
        _CLUSTER,
        "a missing namespace is reported as a missing Deployment",
        (NAMESPACE,),
        namespaced=False,
    ),
)
