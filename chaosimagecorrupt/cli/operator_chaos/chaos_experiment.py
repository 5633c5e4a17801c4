"""A `ChaosExperiment` of type ImageCorrupt: what it says, and what of it has no counterpart here. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ...errors import Refused, one_line
from ...fault.refusals import check_image
from ...kube.names import DNS_LABEL, DNS_SUBDOMAIN
from ...record.annotations import DEFAULT_IMAGE
from .sections import Section
from .steady_state import SteadyStateCheck, read_checks

__all__ = ["ChaosExperiment", "injection_type", "read_chaos_experiment"]

_LONGEST = 3600.0  # seconds; operator-chaos allows no longer ttl and no longer recoveryTimeout
_MOST_PODS = 2147483647
_TIERS = 6
_DANGER_LEVELS = ("low", "medium", "high")
_DEPLOYMENT = re.compile(r"(deployments?|deploy)(\.apps)?/", re.ASCII | re.IGNORECASE)
# what the API server adds to metadata
_OF_THE_API_SERVER = ("creationTimestamp", "generation", "managedFields", "resourceVersion", "selfLink", "uid")


@dataclass(frozen=True)
class ChaosExperiment:
    """What a `ChaosExperiment` says.

    Attributes:
        name: of the experiment.
        deployment: whose image is corrupted.
        namespace: of the Deployment.
        container: whose image is corrupted; None for the first one.
        image: the corrupt image.
        ttl: seconds; None when it names none.
        dry_run: whether nothing is to be changed.
        checks: of the steady state, each with its namespace.
        check_timeout: seconds; None when it names none.
        description: of the hypothesis, in one line; empty when there is none.
        recovery_timeout: seconds; None when it names none.
        tags: `danger`, `operator`, `component` and `tier`, each as `name:value`.
        without_counterpart: what is not carried over, and why.
    """

    name: str
    deployment: str
    namespace: str
    container: str | None
    image: str
    ttl: float | None
    dry_run: bool
    checks: Sequence[SteadyStateCheck]
    check_timeout: float | None
    description: str
    recovery_timeout: float | None
    tags: Sequence[str]
    without_counterpart: Sequence[str]


def injection_type(document: object) -> str:
    """Return the type of the fault, such as PodKill.

    Args:
        document: of the kind `ChaosExperiment`.

    Raises:
        Refused: it names none.
    """
    return Section("", document).section("spec").section("injection").required("type")


def read_chaos_experiment(document: object) -> ChaosExperiment:
    """Read a `ChaosExperiment` of type ImageCorrupt.

    Args:
        document: as the YAML says it.

    Raises:
        Refused: a field that is needed is missing, or one is not valid; or the blast radius forbids the target.
    """
    root = Section("", document)
    metadata, spec = root.section("metadata"), root.section("spec")
    for section, keys in ((root, ("apiVersion", "kind")), (metadata, _OF_THE_API_SERVER)):
        for key in keys:
            section.take(key)
    injection, target, radius = spec.section("injection"), spec.section("target"), spec.section("blastRadius")
    injection.take("type")
    parameters = injection.section("parameters")
    steady_state, hypothesis = spec.section("steadyState"), spec.section("hypothesis")

    name, resource = metadata.required("name", _is_subdomain), target.text("resource")
    deployment = _deployment(_parameter(parameters, injection, "name"), resource)
    checks = read_checks(steady_state)
    namespace = _namespace(radius, checks.namespace, metadata.text("namespace", _is_label))
    _refuse_forbidden(radius, deployment, resource)
    return ChaosExperiment(
        name=name,
        deployment=deployment,
        namespace=namespace,
        container=_container(_parameter(parameters, injection, "containerName")),
        image=_image(_parameter(parameters, injection, "image")),
        ttl=injection.seconds("ttl", _LONGEST) or parameters.seconds("ttl", _LONGEST),
        dry_run=radius.flag("dryRun"),
        checks=[check if check.namespace else replace(check, namespace=namespace) for check in checks.known],
        check_timeout=steady_state.seconds("timeout", _LONGEST),
        description=_description(hypothesis),
        recovery_timeout=hypothesis.seconds("recoveryTimeout", _LONGEST),
        tags=[*_tags(injection, target, spec)],
        without_counterpart=[*_explained(radius, injection, deployment, resource), *checks.skipped, *_unread(root)],
    )


def _parameter(parameters: Section, injection: Section, key: str) -> str:
    """Return one of `spec.injection.parameters`; it is read too where `ttl` is, in `spec.injection`."""
    return parameters.text(key) or injection.text(key)


def _deployment(named: str, resource: str) -> str:
    """Return the Deployment: that of the parameter, else that of the target, which operator-chaos only describes."""
    found = named or (_DEPLOYMENT.sub("", resource) if _DEPLOYMENT.match(resource) else "")
    if not _is_subdomain(found):
        what = f"'{one_line(found, 80)}' is not the name of a Deployment" if found else "is missing"
        raise Refused(f"spec.injection.parameters.name: {what}")
    return found


def _container(name: str) -> str | None:
    if name and not _is_label(name):
        raise Refused(f"spec.injection.parameters.containerName: '{one_line(name, 80)}' is not the name of a container")
    return name or None


def _image(image: str) -> str:
    if "$" in image:  # no reference has one, and Chaos Toolkit would put a variable there
        raise Refused(f"spec.injection.parameters.image: '{one_line(image, 80)}' is not an image")
    return check_image(image or DEFAULT_IMAGE)


def _namespace(radius: Section, checked: str, own: str) -> str:
    """Return the Deployment's namespace, found as operator-chaos does; it must be an allowed one."""
    path, allowed = radius.path_of("allowedNamespaces"), radius.texts("allowedNamespaces", _is_label)
    listed = one_line(", ".join(allowed), 120) or "none"
    found = allowed[0] if len(allowed) == 1 else checked or own
    if not found:
        raise Refused(f"{path}: name the one namespace that the Deployment is in; found {listed}")
    if allowed and found not in allowed:
        raise Refused(f"{path}: the Deployment's namespace {found} is not among them: {listed}")
    return found


def _refuse_forbidden(radius: Section, deployment: str, resource: str) -> None:
    for each in radius.texts("forbiddenResources"):
        if each == resource or (_DEPLOYMENT.match(each) and _DEPLOYMENT.sub("", each) == deployment):
            path = radius.path_of("forbiddenResources")
            raise Refused(f"{path}: {one_line(each, 80)} is what the experiment would corrupt")


def _description(hypothesis: Section) -> str:
    return one_line(" ".join(hypothesis.text("description", lambda text: True).split()), 1000)


def _tags(injection: Section, target: Section, spec: Section) -> Iterator[str]:
    yield f"danger:{injection.text('dangerLevel', _DANGER_LEVELS.__contains__) or 'high'}"
    for key in ("operator", "component"):
        value = target.text(key, lambda text: text.isprintable() and len(text) <= 253)
        if value:
            yield f"{key}:{value}"
    tier = spec.number("tier", _TIERS)
    if tier is not None:
        yield f"tier:{tier}"


def _explained(radius: Section, injection: Section, deployment: str, resource: str) -> Iterator[str]:
    """Yield what one might expect to be carried over, and why it is not."""
    pods = radius.number("maxPodsAffected", _MOST_PODS)
    if pods is not None:
        yield (
            f"spec.blastRadius.maxPodsAffected: {pods} has no counterpart; to have the fault undone once too few pods "
            "are ready, give corrupt-the-image the argument stop_below"
        )
    if radius.flag("allowDangerous"):
        yield (
            "spec.blastRadius.allowDangerous has no counterpart; a namespace whose name is protected needs "
            "allow_protected: true in corrupt-the-image"
        )
    if (injection.number("count", _MOST_PODS) or 1) != 1:
        yield "spec.injection.count has no counterpart; one Deployment is corrupted"
    if resource and _DEPLOYMENT.sub("", resource) != deployment:
        yield f"spec.target.resource: '{one_line(resource, 80)}' has no counterpart; {deployment} is corrupted"


def _unread(root: Section) -> Iterator[str]:
    return (f"{path} has no counterpart" for path in root.unread())


def _is_subdomain(text: str) -> bool:
    return len(text) <= 253 and DNS_SUBDOMAIN.fullmatch(text) is not None


def _is_label(text: str) -> bool:
    return DNS_LABEL.fullmatch(text) is not None
