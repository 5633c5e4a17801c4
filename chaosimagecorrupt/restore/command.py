"""The command that undoes a fault, as messages name it. Pure."""

__all__ = ["restore_command"]


def restore_command(namespace: str, name: str) -> str:
    """Return the command that restores a Deployment; it can be pasted.

    Args:
        namespace: of the Deployment.
        name: of the Deployment.
    """
    return f"chaos image-corrupt restore {name} -n {namespace}"
