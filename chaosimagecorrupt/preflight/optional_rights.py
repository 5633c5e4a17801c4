"""Rights that are granted in addition, for what not every user needs: other kinds, operators, the pull check."""

from dataclasses import replace

from ..workload.deployment import DEPLOYMENT
from ..workload.kind import WorkloadKind
from ..workload.kinds import KINDS
from .features import (
    CONDITION,
    CONDITION_WAITING,
    DAEMON_SET,
    NO_REVISION_COPY,
    ORIGINAL_PULLABLE,
    STATEFUL_SET,
)
from .rights import RIGHTS, Right

__all__ = ["LISTING", "OPERATOR_RIGHTS", "PULL_CHECK_RIGHTS", "WORKLOAD_RIGHTS", "rights_for"]

_WORKLOADS, _OPERATORS = "image-corrupt-workloads", "image-corrupt-operators"
_PULL_CHECK = "image-corrupt-pull-check"

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
