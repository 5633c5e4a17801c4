"""The tools that deploy Deployments: how each marks what it owns, and what it does to a fault. Pure."""

import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from ..kube.types import Deployment, OwnerReference

__all__ = ["TOOLS", "Tool", "marks_of"]

Marks = Mapping[str, str]

_HEALING = "so the run measures healing"
_OUTAGE = "to measure an outage, "


def marks_of(deployment: Deployment) -> dict[str, str]:
    """Return a Deployment's labels and annotations."""
    metadata = deployment["metadata"]
    return {**(metadata.get("annotations") or {}), **(metadata.get("labels") or {})}


@dataclass(frozen=True)
class Tool:
    """A tool that owns Deployments.

    Attributes:
        name: of the tool.
        effect: what it does to a fault.
        advice: what to do about it, from the Deployment's labels and annotations.
        heals: whether it puts an image back by itself.
        keys: labels or annotations that only this tool sets, the most telling first; one that ends with `/` stands for
            all that begin so.
        managers: its field managers.
        groups: the API groups of the objects that own its Deployments (ownerReferences).
        supporting: labels that other tools set too, with the value that counts, None for any: named next to a proof.
        switches: labels or annotations on the Deployment that stop the tool, with their values in lower case.
    """

    name: str
    effect: str
    advice: Callable[[Marks], str]
    heals: bool = True
    keys: tuple[str, ...] = ()
    managers: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    supporting: Mapping[str, str | None] = field(default_factory=dict)
    switches: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def owns(self, reference: OwnerReference) -> bool:
        """Return whether an owner reference leads to an object of this tool."""
        return reference.get("apiVersion", "").partition("/")[0] in self.groups


def _value(marks: Marks, key: str, unknown: str) -> str:
    return shlex.quote(marks[key]) if marks.get(key) else unknown


def _pause_argo_cd(marks: Marks) -> str:
    tracked = marks.get("argocd.argoproj.io/tracking-id", "").partition(":")[0]
    named = {"name": tracked or marks.get("app.kubernetes.io/instance", "")}
    return f"{_OUTAGE}pause it: argocd app set {_value(named, 'name', 'APPLICATION')} --sync-policy none"


def _suspend_kustomization(marks: Marks) -> str:
    name = _value(marks, "kustomize.toolkit.fluxcd.io/name", "NAME")
    namespace = _value(marks, "kustomize.toolkit.fluxcd.io/namespace", "NAMESPACE")
    return f"{_OUTAGE}pause it: flux suspend kustomization {name} -n {namespace}"


def _suspend_helm_release(marks: Marks) -> str:
    name = _value(marks, "helm.toolkit.fluxcd.io/name", "NAME")
    namespace = _value(marks, "helm.toolkit.fluxcd.io/namespace", "NAMESPACE")
    return f"{_OUTAGE}pause it: flux suspend helmrelease {name} -n {namespace}"


def _no_upgrade(marks: Marks) -> str:
    release = _value(marks, "meta.helm.sh/release-name", "NAME")
    return f"do not upgrade or roll back the release {release} during the run"


def _stop(deployment: str) -> Callable[[Marks], str]:
    return lambda marks: f"{_OUTAGE}scale {deployment} to 0 for the run"


def _keep_awake(marks: Marks) -> str:
    return "keep its pods: autoscaling.knative.dev/min-scale of 1 or more on the Service's template"


TOOLS = (
    # https://argo-cd.readthedocs.io/en/stable/user-guide/resource_tracking/ and auto_sync/. The label's key can be
    # configured: the field manager tells whatever it is
    Tool(
        "Argo CD",
        f"puts the image back within seconds if its sync is automated with selfHeal, {_HEALING}; else at its next sync",
        _pause_argo_cd,
        keys=("argocd.argoproj.io/tracking-id", "argocd.argoproj.io/instance", "argocd.argoproj.io/"),
        managers=("argocd-controller", "argocd-application-controller"),
        supporting={"app.kubernetes.io/instance": None},
    ),
    # https://fluxcd.io/flux/components/kustomize/kustomizations/
    Tool(
        "Flux",
        f"puts the image back at the next interval of its Kustomization, {_HEALING}",
        _suspend_kustomization,
        keys=("kustomize.toolkit.fluxcd.io/name", "kustomize.toolkit.fluxcd.io/"),
        managers=("kustomize-controller",),
        switches={
            "kustomize.toolkit.fluxcd.io/reconcile": ("disabled",),
            "kustomize.toolkit.fluxcd.io/ssa": ("ifnotpresent", "ignore"),
        },
    ),
    # https://fluxcd.io/flux/components/helm/helmreleases/#drift-detection
    Tool(
        "Flux's HelmRelease",
        f"puts the image back at its next interval if driftDetection is enabled, {_HEALING}; else at its next upgrade",
        _suspend_helm_release,
        keys=("helm.toolkit.fluxcd.io/name", "helm.toolkit.fluxcd.io/"),
        managers=("helm-controller",),
        switches={"helm.toolkit.fluxcd.io/driftDetection": ("disabled",)},
    ),
    # it does not compare the Deployment, but installs again what is not rolled out:
    # https://github.com/operator-framework/operator-lifecycle-manager/issues/1853 and 3392
    Tool(
        "OLM",
        f"installs its ClusterServiceVersion again as soon as the rollout is not complete, {_HEALING}",
        _stop("the Deployment olm-operator"),
        keys=("olm.owner", "olm.managed", "olm.deployment-spec-hash"),
        managers=("olm",),
        groups=("operators.coreos.com",),
    ),
    # https://github.com/operator-framework/operator-controller: internal/operator-controller/labels
    Tool(
        "OLM v1",
        f"operator-controller applies its bundle again when it sees the change, {_HEALING}",
        _stop("the Deployment of operator-controller"),
        keys=("olm.operatorframework.io/owner-name", "olm.operatorframework.io/"),
        managers=("olm.operatorframework.io",),
        groups=("olm.operatorframework.io",),
    ),
    # https://knative.dev/docs/install/operator/knative-with-operators/
    Tool(
        "Knative's operator",
        f"applies its manifest again at its next reconcile, {_HEALING}",
        _stop("the Deployment knative-operator"),
        groups=("operator.knative.dev",),
    ),
    # https://github.com/knative/serving: pkg/reconciler/revision; https://knative.dev/docs/serving/autoscaling/
    Tool(
        "Knative Serving",
        f"writes the Deployment of a Revision again when it changes, {_HEALING}; and scales it meanwhile, even to 0",
        _keep_awake,
        keys=("serving.knative.dev/",),
        groups=("serving.knative.dev",),
    ),
    # https://helm.sh/docs/chart_best_practices/labels/; the label alone may be from `helm template`
    Tool(
        "Helm",
        "puts the image back only when it is called",
        _no_upgrade,
        heals=False,
        keys=("meta.helm.sh/release-name", "meta.helm.sh/"),
        managers=("helm",),
        supporting={"app.kubernetes.io/managed-by": "Helm"},
    ),
)
