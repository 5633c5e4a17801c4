"""An experiment-level control: restores whatever the run corrupted, and fails a run that proves nothing.

```json
"controls": [{"name": "image-corrupt", "provider": {"type": "python", "module": "chaosimagecorrupt.control"}}]
```

Chaos Toolkit ends a run as `completed` when the fault was not injected, did not bite, or was not undone. With this
control such a run is `failed`, and `chaos run` exits with 1. It follows what happens to the Deployment and its
operator, and writes a verdict into the journal: see docs/verdict.md. Which verdicts make a run fail is said by the
argument `fail_on`, a list; `["Failed", "Inconclusive"]` when it is not given.

Whatever the rollback strategy and however the run ended, the image is put back at its end, as long as Chaos Toolkit
still calls its controls; on the other paths the guard does.

`hooks` is what Chaos Toolkit calls, `judging` what is done there for the verdict. Not here: what is concluded
(`verdict`), and what is recorded (`timeline`).
"""

from .hooks import (
    after_activity_control,
    after_experiment_control,
    before_activity_control,
    before_experiment_control,
    cleanup_control,
    validate_control,
)

__all__ = [
    "after_activity_control",
    "after_experiment_control",
    "before_activity_control",
    "before_experiment_control",
    "cleanup_control",
    "validate_control",
]
