"""The rights that each feature needs, and what does not work without them: for preflight, deploy/ and the docs."""

from dataclasses import dataclass, replace

from ..workload.deployment import DEPLOYMENT
from ..workload.kind import WorkloadKind
from ..workload.kinds import KINDS

__all__ = [
    "LISTING",
    "OPERATOR_RIGHTS",
    "PULL_CHECK_RIGHTS",
    "RIGHTS",
    "WORKLOAD_RIGHTS",
    "Feature",
    "Right",
    "rights_for",
]


@dataclass(frozen=True)
class Feature:
    """A feature that needs rights.

    Attributes:
        name: in docs/rights.md.
        reported_in: where a missing right is named, by verb and resource.
    """

    name: str
    reported_in: str = "error"


CORRUPT = Feature("`corrupt_image`")
CORRUPT_MANY = Feature("`corrupt_images`")
RESTORE = Feature("`restore_image`, `chaos image-corrupt restore NAME`")
RESTORE_MANY = Feature("`restore_images`, `chaos image-corrupt restore --all`, `sweep`")
STATUS = Feature("`chaos image-corrupt status`", "error, or a line below the table")
CONSENT = Feature("consent: the marks `protected` and `allowed` of the Deployment's namespace", "warning, or error")
GUARD = Feature("the guard", "its log")
NO_REPLICA_SET = Feature("no trace: the corrupt ReplicaSet is deleted", "warning")
NO_COPY = Feature("no trace: no ReplicaSet keeps a copy of the record, once all are scaled", "warning")
PROBE = Feature("probes of a Deployment's conditions")
PROBE_WAITING = Feature("the same with a `timeout`, or while the status is older than the spec")
RECOVERED = Feature("`deployment_recovered`, `recovery_seconds`, `pods_ready`")
RECOVERED_WAITING = Feature("`deployment_recovered`, `recovery_seconds`, `pods_ready` with a `timeout`")
PULL_FAILING = Feature("`image_pull_failing`")
PULL_FAILING_WAITING = Feature("`image_pull_failing` with a `timeout`")
ORIGINAL_PULLABLE = Feature("`original_pullable`, `preflight --pull-check`", "error, or warning in the log")
BACK_OFF = Feature("`pull_backoff_growing`")
TIMELINE = Feature("the verdict's timeline", "not observed")
COLLATERAL = Feature("`collateral`: admission webhooks that the pods serve, what scales the Deployment", "not observed")
PREFLIGHT = Feature("`chaos image-corrupt preflight`, except its list of missing rights", "warning or blocker")
EVENTS = Feature("Events on the Deployment, for all who look at it", "debug log")
NAMESPACE = Feature("an error that distinguishes a missing namespace from a missing Deployment", "that error")
CONDITION = Feature("`resource_condition`, `resource_exists`")
CONDITION_WAITING = Feature("`resource_condition` with a `timeout`")

STATEFUL_SET = Feature("a fault in a StatefulSet, beside what one in a Deployment needs", "error or warning")
DAEMON_SET = Feature("a fault in a DaemonSet, beside what one in a Deployment needs", "error or warning")
NO_REVISION_COPY = Feature("no trace: no ControllerRevision keeps a copy of the record", "warning")

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
_CLUSTER, _OPERATORS = "image-corrupt-observe-cluster", "image-corrupt-operators"
_PULL_CHECK = "image-corrupt-pull-check"
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
        # restore_images needs it only to remove the traces: it puts the images back by what it listed
        (
            *(CORRUPT, CORRUPT_MANY, RESTORE, GUARD, *_NO_TRACE),
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

# Who may create pods may act as any service account of the namespace: only a check of a pull needs it, and only an
# addition to deploy/ grants it
PULL_CHECK_RIGHTS = (
    Right(
        "create",
        "",
        "pods",
        _PULL_CHECK,
        "no pod can show that the original image can be pulled",
        (ORIGINAL_PULLABLE,),
    ),
    Right(
        "delete",
        "",
        "pods",
        _PULL_CHECK,
        "the pod that shows it ends by its deadline, and stays until the Deployment is deleted",
        (ORIGINAL_PULLABLE,),
    ),
)

_WORKLOADS = "image-corrupt-workloads"
_BOTH = (STATEFUL_SET, DAEMON_SET)
# beside those of Deployments, without which StatefulSets and DaemonSets are left alone
WORKLOAD_RIGHTS = (
    *(
        Right(verb, "apps", resource, _WORKLOADS, lost.format(called), features)
        for resource, called, features in (
            ("statefulsets", "StatefulSet", (STATEFUL_SET, NO_REVISION_COPY)),
            ("daemonsets", "DaemonSet", (DAEMON_SET,)),
        )
        for verb, lost in (
            ("get", "no fault in a {}"),
            ("list", "no probe of a {}, and no record on one is found"),
            ("watch", "no probe of a {} can wait, no guard can follow"),
            ("patch", "no fault in a {}, no restore"),
        )
    ),
    Right(
        "list",
        "apps",
        "controllerrevisions",
        _WORKLOADS,
        "no proof, and stuck pods stay stuck",
        (*_BOTH, NO_REVISION_COPY),
    ),
    Right("watch", "apps", "controllerrevisions", _WORKLOADS, "no proof can be waited for", _BOTH),
    Right(
        "delete",
        "apps",
        "controllerrevisions",
        _WORKLOADS,
        "the corrupt ControllerRevision stays in the rollout history",
        _BOTH,
    ),
    Right(
        "patch",
        "apps",
        "controllerrevisions",
        _WORKLOADS,
        "copies of the record can stay on ControllerRevisions",
        (NO_REVISION_COPY,),
    ),
    Right("delete", "", "pods", _WORKLOADS, "a pod of a StatefulSet stays stuck after the restore", (STATEFUL_SET,)),
)

# without which no record on such a workload is found
LISTING = tuple(r for r in WORKLOAD_RIGHTS if r.verb == "list" and r.resource != "controllerrevisions")

_SILENT = "whether the operator reports the degradation is not known"
# on the custom resources of experiments/
OPERATOR_RIGHTS = tuple(
    Right(verb, group, resource, _OPERATORS, _SILENT, features)
    for group, resource in (
        ("datasciencecluster.opendatahub.io", "datascienceclusters"),
        ("operator.knative.dev", "knativeservings"),
        ("operator.openshift.io", "certmanagers"),
        ("sailoperator.io", "istios"),
    )
    for verb, features in (("list", (CONDITION, CONDITION_WAITING)), ("watch", (CONDITION_WAITING,)))
)


def rights_for(kind: WorkloadKind) -> tuple[Right, ...]:
    """Return the rights that an experiment with a kind of workload needs."""
    if kind is DEPLOYMENT:
        return RIGHTS
    of_deployments = {DEPLOYMENT.resource.plural, DEPLOYMENT.revisions.plural}
    others = {each.resource.plural for each in KINDS} - {kind.resource.plural}
    of_kind = (
        replace(r, required=r.resource == kind.resource.plural or r.verb in ("list", "watch"))
        for r in WORKLOAD_RIGHTS
        if r.resource not in others
    )
    return (*of_kind, *(r for r in RIGHTS if r.resource not in of_deployments))
