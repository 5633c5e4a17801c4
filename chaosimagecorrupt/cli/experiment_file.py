"""Writes an experiment as a JSON or YAML file."""

import json
from collections.abc import Iterable
from pathlib import Path

import yaml

from ..errors import Refused
from ..kube.types import Json
from .experiment_for import CLUSTER, SERVES

__all__ = ["refuse_existing", "to_json", "to_yaml", "write_experiment"]

_COMMENTS = {
    "configuration": "`chaos run --var KUBERNETES_CONTEXT=...` runs it on another cluster of the kubeconfig.\n"
    f"# {CLUSTER}: any cluster but the one of this context, address or UID is refused.",
    "controls": "Restores what this run corrupted at the end, and fails a run that proved nothing.",
    "runtime": "Chaos Toolkit's default plays no rollbacks after an interruption.",
    "rollbacks": "Does nothing when the method has restored the image.",
}


def to_json(experiment: Json) -> str:
    """Return the experiment as a JSON file."""
    return json.dumps(experiment, indent=2) + "\n"


def to_yaml(experiment: Json, notes: Iterable[str] = ()) -> str:
    """Return the experiment as a YAML file, with comments.

    Args:
        experiment: the experiment.
        notes: warnings and blockers of the preflight; each becomes a comment at the top.
    """
    parts = [f"# {note}\n" for note in notes]
    for key, value in experiment.items():
        comment = _comment(key, experiment)
        parts.append(f"# {comment}\n" if comment else "")
        parts.append(yaml.safe_dump({key: value}, sort_keys=False, allow_unicode=True, width=100))
    return "".join(parts)


def _comment(key: str, experiment: Json) -> str | None:
    if key == "method":
        return _method_comment(experiment)
    if key == "steady-state-hypothesis":
        during = "; it holds during the fault too" if experiment[key]["title"].endswith(SERVES) else ""
        return f"Checked before the method and after it{during}."
    return _COMMENTS.get(key)


def _method_comment(experiment: Json) -> str:
    calls = (activity["provider"] for activity in experiment["method"])
    corrupt = next(call["arguments"] for call in calls if call["func"] == "corrupt_image")
    if "kind" in corrupt:
        return f"A {corrupt['kind']} has no progress deadline: Kubernetes never reports that its rollout is stuck."
    if "progress_deadline" in corrupt:
        return (
            f"progress_deadline: progressDeadlineSeconds during the fault, {corrupt['progress_deadline']} s, so that "
            "the stuck rollout\n# is reported before the ttl is over; it is restored with the image."
        )
    return "The rollout reports that it is stuck well before the ttl is over, so the progress deadline is not changed."


def refuse_existing(path: Path) -> None:
    """Refuse a file that would be overwritten.

    Raises:
        Refused: it exists.
    """
    if path.exists():
        raise _exists(path)


def write_experiment(path: Path, text: str, *, force: bool, make_folder: bool = False) -> None:
    """Write an experiment into a file.

    Args:
        path: the file.
        text: what is in it.
        force: overwrite it if it exists.
        make_folder: make its folder if that does not exist.

    Raises:
        Refused: the file exists, or cannot be written.
    """
    try:
        if make_folder:
            path.parent.mkdir(exist_ok=True)
        with path.open("w" if force else "x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError as x:
        raise _exists(path) from x
    except OSError as x:
        raise Refused(f"{path} cannot be written: {x.strerror}") from x


def _exists(path: Path) -> Refused:
    return Refused(f"{path} exists already; --force overwrites it")
