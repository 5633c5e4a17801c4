"""Actions: corrupt the image of a container."""

import os
from typing import Any, Dict

from chaoslib.types import Configuration, Secrets
from logzero import logger

from .duration import parse_duration, seconds_of
from .errors import plain
from .fault import check_image
from .injecting import Injector, Wanted
from .settings import read_settings
from .target import Target

__all__ = ["corrupt_image"]


def corrupt_image(
    name: str,
    ns: str = "default",
    container_name: str = None,
    image: str = "registry.invalid/nonexistent:chaos",
    ttl: str = "300s",
    progress_deadline: int = None,
    guard: bool = True,
    dry_run: bool = False,
    configuration: Configuration = None,
    secrets: Secrets = None,
) -> Dict[str, Any]:
    """Replace the image of one container of a Deployment by one that cannot be pulled.

    The original image and all else that a restore needs is recorded on the Deployment itself, in the same patch.

    Args:
        name: of the Deployment.
        ns: its namespace.
        container_name: a container or init container; the first container when none is named.
        image: the corrupt image.
        ttl: until when the fault is to be undone at the latest: Go's duration (300s, 5m) or a number of seconds.
        progress_deadline: whole seconds; shortens progressDeadlineSeconds for the time of the fault.
        guard: start a detached process that undoes the fault after the ttl, whatever happens to this one. Without it,
            only the rollbacks, the control and the sweeper do.
        dry_run: have the API server check the patch and store nothing.
        configuration: Chaos Toolkit's; not used.
        secrets: how to reach the cluster; the keys of chaostoolkit-kubernetes.

    Returns:
        `{id, namespace, deployment, container, original_image, corrupt_image, injected, expires, strategy, replicas,
        guard_log, warnings}`; times are RFC 3339, guard_log is the path of the guard's log.

    Raises:
        Refused: the Deployment must not be touched, or an argument makes no sense; nothing was changed.
        ClusterError: the API server could not be reached, or refused.
    """
    check_image(image)
    seconds = seconds_of(ttl, "ttl")
    target = Target.of(name, ns, secrets)
    injector = Injector(
        target,
        Wanted(container_name or None, image, seconds, _whole_seconds(progress_deadline)),
        read_settings(secrets, os.environ) if guard and not dry_run else None,
    )
    injection, after = injector.dry_run() if dry_run else injector.inject()
    entry = injection.entry
    for warning in injection.warnings:
        logger.warning(f"{target}: {plain(warning, 500)}")
    verb = "would corrupt" if dry_run else "corrupted"
    change = f"{plain(entry.original)} -> {plain(image)}"
    logger.info(f"{target}: {verb} {entry.container}, {change}, until {entry.expires}")
    return {
        "id": entry.id,
        "namespace": ns,
        "deployment": name,
        "container": entry.container,
        "original_image": entry.original,
        "corrupt_image": entry.image,
        "injected": entry.at,
        "expires": entry.expires,
        "strategy": after["spec"].get("strategy", {}).get("type", "RollingUpdate"),
        "replicas": after["spec"].get("replicas", 1),
        "guard_log": injector.guard_log,
        "warnings": injection.warnings,
    }


def _whole_seconds(deadline: Any) -> Any:
    """Read what an environment variable gives; whatever is no whole number is refused with the rest."""
    if not isinstance(deadline, str):
        return deadline
    seconds = parse_duration(deadline, "progress_deadline")
    return int(seconds) if seconds.is_integer() else seconds
