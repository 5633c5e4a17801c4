"""Workloads that make pods without a Deployment of their own, or keep one as they want it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from ..errors import Refused, one_line
from ..kube.resources import Resource
from ..kube.types import Deployment, OwnerReference

__all__ = ["OTHER_WORKLOADS", "OtherWorkload", "owner_in", "refuse_owned_by_other", "why_not"]


@dataclass(frozen=True)
class OtherWorkload:
    """A kind of object that looks like a Deployment to its users, and cannot be corrupted.

    Attributes:
        kind: of the object.
        resource: the same in URLs.
        why: why it cannot be corrupted; `{name}` and `{ns}` stand for the object.
    """

    kind: str
    resource: Resource
    why: str


_KNATIVE = (
    "a Revision never changes, so its controller puts the image of its Deployment back; deploy a new Revision with an "
    "image that cannot be pulled instead"
)

OTHER_WORKLOADS = (
    # https://argo-rollouts.readthedocs.io/en/stable/architecture/: it makes the ReplicaSets itself
    OtherWorkload(
        "Rollout",
        Resource("argoproj.io", "v1alpha1", "rollouts"),
        "Argo Rollouts makes its ReplicaSets without a Deployment, and its steps and analyses decide what becomes of a "
        "new template; set the image there instead: kubectl argo rollouts set image {name} '*=IMAGE' -n {ns}, and undo "
        "it with kubectl argo rollouts undo {name} -n {ns}",
    ),
    # https://knative.dev/docs/serving/: Service, Configuration, Revision, Deployment
    OtherWorkload("Service", Resource("serving.knative.dev", "v1", "services"), _KNATIVE),
    OtherWorkload("Configuration", Resource("serving.knative.dev", "v1", "configurations"), _KNATIVE),
    OtherWorkload("Revision", Resource("serving.knative.dev", "v1", "revisions"), _KNATIVE),
    # https://docs.redhat.com/en/documentation/openshift_container_platform/4.13/html/building_applications/deployments
    OtherWorkload(
        "DeploymentConfig",
        Resource("apps.openshift.io", "v1", "deploymentconfigs"),
        "OpenShift makes its ReplicationControllers without a Deployment, and rolls a failed rollout back by itself; "
        "set the image there instead: oc set image dc/{name} '*=IMAGE' -n {ns}, and undo it with oc rollout undo "
        "dc/{name} -n {ns}",
    ),
)


def owner_in(references: Sequence[OwnerReference] | None) -> tuple[OtherWorkload, str] | None:
    """Return the first of these workloads among the owners of an object, with its name; None when there is none.

    Args:
        references: `metadata.ownerReferences` of the object.
    """
    for reference in references or []:
        group = reference.get("apiVersion", "").partition("/")[0]
        for workload in OTHER_WORKLOADS:
            if (reference["kind"], group) == (workload.kind, workload.resource.group):
                return workload, reference["name"]
    return None


def why_not(workload: OtherWorkload, namespace: str, name: str) -> str:
    """Return why such a workload cannot be corrupted, and what to do instead.

    Args:
        workload: its kind.
        namespace: its namespace.
        name: its name.
    """
    shown = one_line(name, 253)
    called = f"{workload.kind} ({workload.resource.group}) {namespace}/{shown}"
    return f"{called} cannot be corrupted: {workload.why.format(name=shown, ns=namespace)}"


def refuse_owned_by_other(deployment: Deployment) -> None:
    """Refuse a Deployment that belongs to such a workload.

    Raises:
        Refused: with the workload, why it cannot be corrupted, and what to do instead.
    """
    metadata = deployment["metadata"]
    found = owner_in(metadata.get("ownerReferences"))
    if found is not None:
        belongs = f"Deployment {metadata['namespace']}/{metadata['name']} belongs to another workload"
        raise Refused(f"{belongs}: {why_not(found[0], metadata['namespace'], found[1])}")
