"""What changes the number of a Deployment's pods: HorizontalPodAutoscalers, and KEDA's ScaledObjects. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from ..errors import one_line
from ..kube.types import Deployment, Json
from .kinds import kind_of

__all__ = ["Autoscaler", "find_autoscalers"]


@dataclass(frozen=True)
class Autoscaler:
    """An object that scales a Deployment.

    Attributes:
        kind: HorizontalPodAutoscaler or ScaledObject.
        name: of the object.
        least: the smallest number of pods that it sets.
        most: the largest.
        paused: whether it is told not to scale.
    """

    kind: str
    name: str
    least: int
    most: int
    paused: bool = False

    def __str__(self) -> str:
        return f"{self.kind} {self.name} ({self.least} to {self.most} pods{', paused' if self.paused else ''})"


def find_autoscalers(
    deployment: Deployment, autoscalers: Iterable[Json], scaled_objects: Iterable[Json]
) -> list[Autoscaler]:
    """Find what scales a Deployment.

    KEDA makes a HorizontalPodAutoscaler for each of its ScaledObjects; of the two, the ScaledObject counts.

    Args:
        deployment: the Deployment.
        autoscalers: the HorizontalPodAutoscalers of its namespace.
        scaled_objects: the ScaledObjects of its namespace.
    """
    keda = [_scaled_object(o) for o in scaled_objects if _scales(o, deployment)]
    known = {scaler.name for scaler in keda}
    own = [_autoscaler(a) for a in autoscalers if _scales(a, deployment) and not known & set(_made_for(a))]
    return [*own, *keda]


def _scales(scaler: Json, workload: Deployment) -> bool:
    target = (scaler.get("spec") or {}).get("scaleTargetRef") or {}
    kind, name = kind_of(workload).name, workload["metadata"]["name"]
    return target.get("kind", "Deployment") == kind and target.get("name") == name


def _autoscaler(found: Json) -> Autoscaler:
    spec = found["spec"]
    least = spec.get("minReplicas", 1)
    return Autoscaler("HorizontalPodAutoscaler", _name(found), least, spec.get("maxReplicas", least))


def _scaled_object(found: Json) -> Autoscaler:
    """Read a ScaledObject with KEDA's defaults: https://keda.sh/docs/latest/reference/scaledobject-spec/."""
    spec, annotations = found["spec"], found["metadata"].get("annotations") or {}
    paused = annotations.get("autoscaling.keda.sh/paused") == "true"
    paused = paused or "autoscaling.keda.sh/paused-replicas" in annotations
    # below its minimum, it only goes down to idleReplicaCount
    least = min(spec.get("minReplicaCount", 0), spec.get("idleReplicaCount", spec.get("minReplicaCount", 0)))
    return Autoscaler("ScaledObject", _name(found), least, spec.get("maxReplicaCount", 100), paused)


def _made_for(autoscaler: Json) -> list[str]:
    """Return the names of the ScaledObjects that a HorizontalPodAutoscaler was made for."""
    references = autoscaler["metadata"].get("ownerReferences") or []
    return [one_line(r["name"], 80) for r in references if r.get("kind") == "ScaledObject"]


def _name(found: Json) -> str:
    return one_line(found["metadata"]["name"], 80)
