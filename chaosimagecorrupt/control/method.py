"""Reads an experiment's method: the Deployments that it names, and the operators that report."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from chaoslib import substitute
from chaoslib.types import Dry
from logzero import logger

from ..errors import ClusterError, ImageCorruptError, one_line
from ..fault.cluster import connect_to
from ..kube.types import Json
from ..timeline.followed_operator import FollowedOperator, merged
from ..timeline.operator import Operator
from ..workload.accepted import accepted_conditions
from ..workload.conditions import connected
from ..workload.target import Target

__all__ = ["Method", "dry_kind", "injects"]

_ACTIONS, _PROBES = "chaosimagecorrupt.actions", "chaosimagecorrupt.probes"
_CONDITION_ARGUMENTS = ("condition_type", "status", "reason", "conditions")


class Method:
    """The method and the tags of an experiment, with the values that Chaos Toolkit will substitute.

    Args:
        experiment: the experiment.
        configuration: Chaos Toolkit's.
        secrets: Chaos Toolkit's.
    """

    def __init__(self, experiment: Json, configuration: Json | None, secrets: Json | None) -> None:
        self._activities = [a for a in experiment.get("method") or [] if isinstance(a, Mapping)]
        self._tags = [t for t in experiment.get("tags") or [] if isinstance(t, str)]
        self._configuration, self._secrets = configuration, secrets

    def targets(self) -> Iterator[Target]:
        """Return the Deployments that the method names to `corrupt_image`, without those of a dry run."""
        for provider, arguments in self._calls(_ACTIONS, "corrupt_image"):
            if arguments.get("dry_run"):
                continue
            try:
                name, ns = arguments.get("name", ""), arguments.get("ns", "default")
                kind = arguments.get("kind")
                yield Target.of(name, ns, self._secrets_of(provider), self._configuration, kind)
            except ImageCorruptError as x:  # the action reports it when it runs
                logger.debug(f"image-corrupt: cannot be followed: {one_line(x)}")

    def check_clusters(self) -> None:
        """Check that the cluster is the one that the method's actions mean by `cluster`, before anything else is read.

        Raises:
            Refused: it is another one.
        """
        for function in ("corrupt_image", "corrupt_images"):
            for provider, arguments in self._calls(_ACTIONS, function):
                try:
                    if arguments.get("cluster"):
                        connect_to(arguments["cluster"], self._secrets_of(provider), self._configuration)
                except ClusterError as x:  # the action reports it when it runs
                    logger.debug(f"image-corrupt: the cluster cannot be checked: {one_line(x)}")

    def operators(self) -> list[FollowedOperator]:
        """Return the operators that the `resource_condition` probes name, and their clusters; one for each resource."""
        found = []
        for provider, arguments in self._calls(_PROBES, "resource_condition"):
            try:
                operator, secrets = _operator(arguments), self._secrets_of(provider)
                cluster = connected(operator.name, operator.namespace, secrets, self._configuration)
                found.append(FollowedOperator(operator, cluster))
            except ImageCorruptError as x:  # the probe reports it when it runs
                logger.debug(f"image-corrupt: an operator cannot be followed: {one_line(x)}")
        return merged(found)

    def checks_pull(self, activity: Json, target: Target, containers: Collection[str]) -> bool:
        """Return whether a call of `original_pullable` is about the image of a fault.

        Args:
            activity: as the experiment has it, of the method or the hypothesis.
            target: the Deployment.
            containers: those whose image the fault replaced.
        """
        provider = activity.get("provider") or {}
        arguments = self._arguments_of(provider)
        container = arguments.get("container_name") or None
        # without a name, the fault and the check are both about the first container
        same = container in containers if container is not None else not self._names_a_container()
        return same and self._is_target(provider, arguments, target)

    def _names_a_container(self) -> bool:
        calls = (call for name in ("corrupt_image", "corrupt_images") for call in self._calls(_ACTIONS, name))
        return any(arguments.get("container_name") for _, arguments in calls)

    def _is_target(self, provider: Json, arguments: Json, target: Target) -> bool:
        name, ns = arguments.get("name", ""), arguments.get("ns", "default")
        if (name, ns) != (target.name, target.namespace):
            return False
        try:
            found = Target.of(name, ns, self._secrets_of(provider), self._configuration, arguments.get("kind"))
        except ImageCorruptError:  # the probe reported it when it ran
            return False
        return (found.kind, found.cluster.address) == (target.kind, target.cluster.address)

    def tag(self, name: str) -> str | None:
        """Return the value of the experiment's first tag `name:value`, None without one."""
        return next((t.partition(":")[2] for t in self._tags if t.startswith(f"{name}:")), None)

    def _calls(self, module: str, function: str) -> Iterator[tuple[Json, dict[str, Any]]]:
        """Return provider and arguments of the activities that call a function, as Chaos Toolkit will pass them."""
        for activity in self._activities:
            provider = activity.get("provider") or {}
            if provider.get("module") == module and provider.get("func") == function:
                yield provider, self._arguments_of(provider)

    def _arguments_of(self, provider: Json) -> dict[str, Any]:
        return dict(substitute(provider.get("arguments") or {}, self._configuration, self._secrets) or {})

    def _secrets_of(self, provider: Json) -> dict[str, Any] | None:
        """Return the secrets that a provider names, merged as Chaos Toolkit does; None when it names none."""
        if "secrets" not in provider:
            return None
        found: dict[str, Any] = {}
        for name in provider["secrets"] or []:
            found.update((self._secrets or {}).get(name) or {})
        return found


def dry_kind(experiment: Json) -> str | None:
    """Return the kind of Chaos Toolkit's dry run (`chaos run --dry`): actions, probes, activities or pause; else None.

    Chaos Toolkit itself goes on to run all actions when the kind is probes or pause. For this extension, nothing is
    injected by any of them.
    """
    dry = experiment.get("dry")
    return str(dry.value) if isinstance(dry, Dry) else None


def injects(activity: Json) -> bool:
    """Return whether an activity injects a fault, and is not a dry run."""
    provider = activity.get("provider") or {}
    if provider.get("module") != _ACTIONS:  # the arguments of another one, such as a process, may be a list or text
        return False
    return not (provider.get("arguments") or {}).get("dry_run")


def _operator(arguments: Json) -> Operator:
    return Operator(
        api_version=str(arguments.get("api_version")),
        kind=one_line(arguments.get("kind"), 80),
        name=one_line(arguments.get("name"), 253),
        namespace=arguments.get("ns") or None,
        conditions=accepted_conditions(*(arguments.get(k) for k in _CONDITION_ARGUMENTS)),
    )
