"""An experiment-level control: restores what the run corrupted, and fails a run that proves nothing.

```json
"controls": [{"name": "image-corrupt", "provider": {"type": "python", "module": "chaosimagecorrupt.control"}}]
```

Chaos Toolkit ends a run as `completed` also when the fault was not injected, did not take effect, or was not undone.
With this control such a run is `failed`, and `chaos run` exits with 1. The control follows the Deployment and its
operator, and writes a verdict into the journal: see docs/verdict.md. The argument `fail_on` lists the verdicts that
make a run fail; the default is `["Failed", "Inconclusive"]`. The arguments `recovery_within`, `give_up_after` and
`max_reconcile_cycles` are the thresholds of the verdict.

The control puts the image back at the end of the run, with any rollback strategy, as long as Chaos Toolkit calls its
controls; if it does not, the guard puts the image back.

`hooks` has the functions that Chaos Toolkit calls, `judging` the timelines and the verdict of a run. `arguments` and
`method` read the experiment, `steady_states` and `ending` the journal; `sections` and `problems` write the journal, and
`closing` what the log says at the end.
Not here: how a verdict follows (`verdict`), and how changes are recorded (`timeline`).
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
