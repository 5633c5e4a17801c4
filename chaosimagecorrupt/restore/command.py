"""The command that undoes a fault, as messages name it. Pure."""

from ..workload.deployment import DEPLOYMENT
from ..workload.kind import WorkloadKind
from ..workload.kinds import workload_argument

__all__ = ["restore_command"]


def restore_command(namespace: str, name: str, kind: WorkloadKind = DEPLOYMENT) -> str:
    """Return the command that restores a Deployment, or another workload; it can be pasted.

    Args:
        namespace: of the workload.
        name: of the workload.
        kind: what it is.
    """
    return f"chaos image-corrupt restore {workload_argument(name, kind)} -n {namespace}"
