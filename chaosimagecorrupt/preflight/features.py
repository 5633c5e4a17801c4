"""The features that need rights, as docs/rights.md names them."""

from dataclasses import dataclass

__all__ = [
    "BACK_OFF",
    "COLLATERAL",
    "CONDITION",
    "CONDITION_WAITING",
    "CONSENT",
    "CORRUPT",
    "CORRUPT_MANY",
    "DAEMON_SET",
    "EVENTS",
    "GUARD",
    "NAMESPACE",
    "NO_COPY",
    "NO_REPLICA_SET",
    "NO_REVISION_COPY",
    "ORIGINAL_PULLABLE",
    "PREFLIGHT",
    "PROBE",
    "PROBE_WAITING",
    "PULL_FAILING",
    "PULL_FAILING_WAITING",
    "RECOVERED",
    "RECOVERED_WAITING",
    "RESTORE",
    "RESTORE_MANY",
    "STATEFUL_SET",
    "STATUS",
    "TIMELINE",
    "Feature",
]


@dataclass(frozen=True)
class Feature:
    """A feature that needs rights.

    Attributes:
        name: in docs/rights.md.
        reported_in: where a missing right is named, by verb and resource.
    """

    name: str
    reported_in: str = "error"


CORRUPT = Feature("`corrupt_image`")
CORRUPT_MANY = Feature("`corrupt_images`")
RESTORE = Feature("`restore_image`, `chaos image-corrupt restore NAME`")
RESTORE_MANY = Feature("`restore_images`, `chaos image-corrupt restore --all`, `sweep`")
STATUS = Feature("`chaos image-corrupt status`", "error, or a line below the table")
CONSENT = Feature("consent: the marks `protected` and `allowed` of the Deployment's namespace", "warning, or error")
GUARD = Feature("the guard", "its log")
NO_REPLICA_SET = Feature("no trace: the corrupt ReplicaSet is deleted", "warning")
NO_COPY = Feature("no trace: no ReplicaSet keeps a copy of the record, once all are scaled", "warning")
PROBE = Feature("probes of a Deployment's conditions")
PROBE_WAITING = Feature("the same with a `timeout`, or while the status is older than the spec")
RECOVERED = Feature("`deployment_recovered`, `recovery_seconds`, `pods_ready`")
RECOVERED_WAITING = Feature("`deployment_recovered`, `recovery_seconds`, `pods_ready` with a `timeout`")
PULL_FAILING = Feature("`image_pull_failing`")
PULL_FAILING_WAITING = Feature("`image_pull_failing` with a `timeout`")
ORIGINAL_PULLABLE = Feature("`original_pullable`, `preflight --pull-check`", "error, or warning in the log")
BACK_OFF = Feature("`pull_backoff_growing`")
TIMELINE = Feature("the verdict's timeline", "not observed")
COLLATERAL = Feature("`collateral`: admission webhooks that the pods serve, what scales the Deployment", "not observed")
PREFLIGHT = Feature("`chaos image-corrupt preflight`, except its list of missing rights", "warning or blocker")
EVENTS = Feature("Events on the Deployment, for all who look at it", "debug log")
NAMESPACE = Feature("an error that distinguishes a missing namespace from a missing Deployment", "that error")
CONDITION = Feature("`resource_condition`, `resource_exists`")
CONDITION_WAITING = Feature("`resource_condition` with a `timeout`")

STATEFUL_SET = Feature("a fault in a StatefulSet, beside what one in a Deployment needs", "error or warning")
DAEMON_SET = Feature("a fault in a DaemonSet, beside what one in a Deployment needs", "error or warning")
NO_REVISION_COPY = Feature("no trace: no ControllerRevision keeps a copy of the record", "warning")
