"""Pod Security admission: the rules of `restricted` that most Pods break (k8s.io/pod-security-admission/policy)."""

from collections.abc import Callable, Iterable
from typing import Any

from ..types import Object
from .errors import StatusError

__all__ = ["check_pod_security"]

_LABEL = "pod-security.kubernetes.io/enforce"

_Broken = Callable[[Object, Object], bool]


def check_pod_security(namespace: Object, pod: Object) -> None:
    """Refuse a Pod that the level of its namespace does not allow.

    Args:
        namespace: its label `pod-security.kubernetes.io/enforce` is the level; only `restricted` refuses anything.
        pod: the Pod, with its name.

    Raises:
        StatusError: the Pod is forbidden.
    """
    labels = namespace["metadata"].get("labels") or {}
    if labels.get(_LABEL) != "restricted":
        return
    broken = [text for text in (_violation(pod["spec"], *rule) for rule in _RULES) if text]
    if broken:
        level = f"restricted:{labels.get(f'{_LABEL}-version', 'latest')}"
        why = f'violates PodSecurity "{level}": {", ".join(broken)}'
        raise StatusError("Forbidden", f'pods "{pod["metadata"]["name"]}" is forbidden: {why}')


def _violation(spec: Object, title: str, is_broken: _Broken, where: str, remedy: str) -> str | None:
    """Return what breaks a rule, and the remedy; None when nothing does."""
    pod = spec.get("securityContext") or {}
    containers = [*spec.get("initContainers", ()), *spec.get("containers", ())]
    found = [c["name"] for c in containers if is_broken(pod, c.get("securityContext") or {})]
    return f"{title} ({where}{_quoted(found)} must set securityContext.{remedy})" if found else None


def _quoted(names: Iterable[str]) -> str:
    quoted = [f'"{name}"' for name in names]
    return f"container{'s' if len(quoted) > 1 else ''} {', '.join(quoted)}"


def _may_escalate(pod: Object, container: Object) -> bool:
    return container.get("allowPrivilegeEscalation") is not False


def _has_capabilities(pod: Object, container: Object) -> bool:
    capabilities = container.get("capabilities") or {}
    added = set(capabilities.get("add") or ()) - {"NET_BIND_SERVICE"}
    return "ALL" not in (capabilities.get("drop") or ()) or bool(added)


def _may_be_root(pod: Object, container: Object) -> bool:
    return _either(pod, container, "runAsNonRoot") is not True


def _has_no_seccomp_profile(pod: Object, container: Object) -> bool:
    profile = _either(pod, container, "seccompProfile") or {}
    return profile.get("type") not in ("RuntimeDefault", "Localhost")


def _either(pod: Object, container: Object, member: str) -> Any:
    """Return what a container has, or else its Pod."""
    return container[member] if member in container else pod.get(member)


_RULES: tuple[tuple[str, _Broken, str, str], ...] = (
    ("allowPrivilegeEscalation != false", _may_escalate, "", "allowPrivilegeEscalation=false"),
    ("unrestricted capabilities", _has_capabilities, "", 'capabilities.drop=["ALL"]'),
    ("runAsNonRoot != true", _may_be_root, "pod or ", "runAsNonRoot=true"),
    ("seccompProfile", _has_no_seccomp_profile, "pod or ", 'seccompProfile.type to "RuntimeDefault" or "Localhost"'),
)
