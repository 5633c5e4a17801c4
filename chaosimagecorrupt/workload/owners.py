"""Who owns a Deployment, and what they do to a fault in it: read from its metadata alone. Pure."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from ..errors import one_line
from ..kube import managed_fields
from ..kube.requests import FIELD_MANAGER
from ..kube.types import Deployment, OwnerReference
from .containers import Located, containers_of
from .owner_tools import TOOLS, Tool, marks_of

__all__ = ["INSTANCE_LABEL", "Owner", "Reaction", "find_owners", "only_labelled"]

INSTANCE_LABEL = "app.kubernetes.io/instance"
_TRIGGERS = "image.openshift.io/triggers"
# spec.template.spec.containers[?(@.name=="web")].image, or by index: [0]
_FIELD_PATH = re.compile(
    r"spec\.template\.spec\.(containers|initContainers)\[(?:(\d+)|\?\(@\.name==['\"]([^'\"]+)['\"]\))\]\.image"
)
# clients that write only when someone calls them; kubectl's subcommands have names of their own: kubectl-set
_CALLED = re.compile(r"(kubectl|oc)(-.*)?|k9s|Terraform")
# where managedFields begin, when a server-side apply comes first: nobody
_NOBODY = ("before-first-apply", FIELD_MANAGER)
# controller-runtime's default is the name of the binary, which its projects call `manager`
_CONTROLLER = re.compile(r"manager|.*(operator|controller|reconciler).*", re.IGNORECASE)


class Reaction(Enum):
    """What an owner does when the image is another than its own."""

    HEALS = "puts the image back by itself"
    CALLED = "puts the image back when it is called"
    NONE = "does nothing, as far as is known"


@dataclass(frozen=True)
class Owner:
    """One owner of a Deployment.

    Attributes:
        name: the tool, the owning object or the field manager.
        marks: where it is recorded: a label, an annotation, ownerReferences, a field manager.
        reaction: what it does when the image is another than its own.
        effect: the same in words, for a fault.
        advice: what to do about it; empty when there is nothing to do.
    """

    name: str
    marks: tuple[str, ...]
    reaction: Reaction
    effect: str
    advice: str = ""

    def __str__(self) -> str:
        return f"{self.name} ({', '.join(self.marks)})"


def find_owners(
    deployment: Deployment,
    container: str | None = None,
    recorded: Mapping[str, Sequence[Sequence[str]]] | None = None,
) -> list[Owner]:
    """Find the owners of a Deployment: those that put an image back come first.

    Args:
        deployment: the Deployment.
        container: whose image counts, for triggers and field managers; None for all containers.
        recorded: for each corrupted container, `[manager, operation, time]` of those that owned its image before.
    """
    images = [found for found in containers_of(deployment) if container in (None, found.container["name"])]
    tools = [owner for tool in TOOLS if (owner := _tool_owner(tool, deployment)) is not None]
    references = [_reference_owner(reference) for reference in _unknown_references(deployment)]
    found = [*tools, *references, *_triggers(deployment, images), *_image_managers(deployment, images, recorded or {})]
    return sorted(found, key=lambda owner: list(Reaction).index(owner.reaction))


def only_labelled(deployment: Deployment) -> bool:
    """Return whether the label that Argo CD may track by is all that could speak for Argo CD, or any other tool."""
    labelled = INSTANCE_LABEL in (deployment["metadata"].get("labels") or {})
    return labelled and not any(_tool_marks(tool, deployment) for tool in TOOLS)


def _tool_owner(tool: Tool, deployment: Deployment) -> Owner | None:
    found, values = _tool_marks(tool, deployment), marks_of(deployment)
    if not found:
        return None
    supporting = [key for key, value in tool.supporting.items() if key in values and value in (None, values[key])]
    marks = tuple(one_line(mark, 160) for mark in [*supporting, *found])
    paused = [k for k, off in tool.switches.items() if str(values.get(k, "")).lower() in off]
    if paused:
        return Owner(tool.name, marks, Reaction.NONE, f"leaves the image alone: {paused[0]} is {values[paused[0]]}")
    reaction = Reaction.HEALS if tool.heals else Reaction.CALLED
    return Owner(tool.name, marks, reaction, tool.effect, tool.advice(values))


def _tool_marks(tool: Tool, deployment: Deployment) -> list[str]:
    """Return what proves that a tool owns a Deployment: label or annotation, owner references, field managers."""
    keys = [key for known in tool.keys for key in marks_of(deployment) if _is_key(key, known)]
    references = [
        f"{r['kind']} {r['name']}" for r in deployment["metadata"].get("ownerReferences") or [] if tool.owns(r)
    ]
    managers = [f"manager {manager}" for manager in _managers(deployment) if manager in tool.managers]
    return [*keys[:1], *references, *managers]


def _managers(deployment: Deployment) -> list[str]:
    """Return the field managers, but for those that write only the status or the scale."""
    entries = [e for e in deployment["metadata"].get("managedFields") or [] if not e.get("subresource")]
    return list(dict.fromkeys(entry.get("manager", "") for entry in entries))


def _is_key(key: str, known: str) -> bool:
    return key.startswith(known) if known.endswith("/") else key == known


def _unknown_references(deployment: Deployment) -> list[OwnerReference]:
    references = deployment["metadata"].get("ownerReferences") or []
    return [r for r in references if not any(tool.owns(r) for tool in TOOLS)]


def _reference_owner(reference: OwnerReference) -> Owner:
    name, marks = f"{one_line(reference['kind'], 80)} {one_line(reference['name'], 80)}", ("ownerReferences",)
    if not reference.get("controller"):
        effect = "is recorded as an owner, and may put the image back"
        return Owner(name, marks, Reaction.CALLED, effect, "find out whether a controller of this kind runs")
    effect = "its controller puts the image back at its next reconcile, so the run measures healing"
    return Owner(name, marks, Reaction.HEALS, effect, "to measure an outage, stop that controller for the run")


def _triggers(deployment: Deployment, images: Sequence[Located]) -> Iterator[Owner]:
    """Yield OpenShift's image triggers of these containers.

    https://docs.redhat.com/en/documentation/openshift_container_platform/4.13/html/images/triggering-updates-on-imagestream-changes
    """
    text = (deployment["metadata"].get("annotations") or {}).get(_TRIGGERS)
    if text is None:
        return
    try:
        triggers = [trigger for trigger in json.loads(text) if isinstance(trigger, Mapping)]
    except (ValueError, TypeError, RecursionError):
        yield Owner("OpenShift's image trigger", (_TRIGGERS,), Reaction.HEALS, "cannot be read, and may set the image")
        return
    corrupted = {(found.field, found.container["name"]) for found in images}
    for trigger in triggers:
        named = _container_of_trigger(deployment, str(trigger.get("fieldPath", "")))
        if named is None or named in corrupted:
            yield _trigger_owner(trigger)


def _trigger_owner(trigger: Mapping[str, Any]) -> Owner:
    source = trigger.get("from")
    tag = one_line(source.get("name", "?") if isinstance(source, Mapping) else "?", 120)
    marks = (_TRIGGERS, tag)
    # the documentation has had it as a text, too
    if str(trigger.get("paused", False)).lower() == "true":
        return Owner("OpenShift's image trigger", marks, Reaction.NONE, "leaves the image alone: it is paused")
    effect = f"sets the image of {tag} when the Deployment changes, within seconds, so the run measures healing"
    advice = f'to measure an outage, set "paused": true in the annotation {_TRIGGERS}'
    return Owner("OpenShift's image trigger", marks, Reaction.HEALS, effect, advice)


def _container_of_trigger(deployment: Deployment, path: str) -> tuple[str, str] | None:
    """Return the list and the name of the container that a trigger sets; None when it cannot be told."""
    match = _FIELD_PATH.fullmatch(path)
    if match is None:
        return None
    field, index, name = match.groups()
    names = [found.container["name"] for found in containers_of(deployment) if found.field == field]
    if index is not None:
        return (field, names[int(index)]) if int(index) < len(names) else None
    return field, name


def _image_managers(
    deployment: Deployment, images: Sequence[Located], recorded: Mapping[str, Sequence[Sequence[str]]]
) -> Iterator[Owner]:
    """Yield the field managers that own one of these images, but for those of a known tool."""
    known = {*_NOBODY, *(manager for tool in TOOLS for manager in tool.managers)}
    owned: dict[tuple[str, str], list[str]] = {}
    for field, container in ((found.field, found.container["name"]) for found in images):
        now = managed_fields.other_managers(deployment, managed_fields.image_path(field, container))
        for manager, operation, *_ in [*now, *recorded.get(container, ())]:
            if manager not in known:
                owned.setdefault((manager, operation), []).append(container)
    for (manager, operation), containers in owned.items():
        names = ", ".join(dict.fromkeys(containers))
        yield _manager_owner(one_line(manager, 80), operation, one_line(names, 160))


def _manager_owner(manager: str, operation: str, containers: str) -> Owner:
    name, marks = f"manager {manager}", (f"owns the image of {containers}",)
    if _CALLED.fullmatch(manager):
        return Owner(name, marks, Reaction.NONE, "acts only when someone calls it")
    if operation == "Apply" or _CONTROLLER.fullmatch(manager):
        effect = "is a controller by its name or its way to write: puts the image back at its next reconcile"
        return Owner(name, marks, Reaction.HEALS, effect, "to measure an outage, stop it for the run")
    return Owner(name, marks, Reaction.NONE, "would put the image back if it were a controller, which is not known")
