"""The stories of docs/verdict.md: what others do to a Deployment, and the verdict and the reasons that follow."""

from collections.abc import Callable

from chaosimagecorrupt.actions import corrupt_image
from chaosimagecorrupt.kube.resources import DEPLOYMENTS, NAMESPACES, QUOTAS, VALIDATING_WEBHOOKS, Resource
from chaosimagecorrupt.record.memory import MEMORY
from chaosimagecorrupt.rollbacks import restore_image

from .ten import IMAGE, NUMBER, Story, Ten

__all__ = ["GIVEN_UP", "LATE", "STORIES", "TOOK_EFFECT", "corrupt"]

NODES = Resource("", "v1", "nodes", namespaced=False)
THIRD, NOT_THERE = "registry.k8s.io/pause:3.9", "registry.invalid/third:1"

# Seconds after the corruption: before a pod can try to pull; after the first failure; and from before there is a
# ReplicaSet to the second pull
EARLY = tuple(number / 1000 for number in range(NUMBER))
LATE = tuple(2 + number * 1.3 for number in range(NUMBER))
ANY = (0.0, 0.02, 0.05, 0.1, 0.3, 0.6, 1.0, 2.0, 12.0, 20.0)


def set_image(image: str) -> Callable[[Ten, str], None]:
    return lambda ten, name: ten.set_containers(name, {"name": "app", "image": image})


def rename_container(image: str) -> Callable[[Ten, str], None]:
    removed = {"name": "app", "$patch": "delete"}
    return lambda ten, name: ten.set_containers(name, removed, {"name": "main", "image": image})


def create_again(image: str) -> Callable[[Ten, str], None]:
    def act(ten: Ten, name: str) -> None:
        ten.delete(name)
        ten.create(name, image)

    return act


def scale_to_0_and_up(ten: Ten, name: str) -> None:
    ten.patch(name, replicas=0)
    ten.patch(name, replicas=2)


def undo(ten: Ten, name: str) -> None:
    """Do what `kubectl rollout undo` does: put the earlier template back, and remove the fault's annotations."""
    annotations = ("original-image-app", "image-corrupt", "expires")
    spec = {"template": {"spec": {"containers": [{"name": "app", "image": IMAGE}]}}}
    metadata = {"annotations": {f"chaos.operatorchaos.io/{each}": None for each in annotations}}
    ten.send("PATCH", DEPLOYMENTS.path(ten.ns, name), {"metadata": metadata, "spec": spec})


def restore(ten: Ten, name: str) -> None:
    restore_image(name, ten.ns, clean_history=False)


def restore_elsewhere(ten: Ten, name: str) -> None:
    """Restore as another process does, of which this one remembers nothing."""
    before = dict(MEMORY._faults)
    MEMORY._faults.clear()
    restore(ten, name)
    MEMORY._faults.update(before)


def corrupt(ten: Ten, name: str) -> None:
    corrupt_image(name, ten.ns, guard=False)


def label_node(value: str | None) -> Callable[[Ten], None]:
    return lambda ten: ten.send("PATCH", NODES.path(None, "node1"), {"metadata": {"labels": {"timings": value}}})


def restrict(ten: Ten) -> None:
    labels = {"pod-security.kubernetes.io/enforce": "restricted"}
    ten.send("PATCH", NAMESPACES.path(None, ten.ns), {"metadata": {"labels": labels}})


def limit_pods(ten: Ten) -> None:
    ten.send("POST", QUOTAS.path(ten.ns), {"metadata": {"name": "q"}, "spec": {"hard": {"pods": str(2 * NUMBER)}}})


def deny_pods(ten: Ten) -> None:
    rule = {"apiGroups": [""], "apiVersions": ["v1"], "operations": ["CREATE"], "resources": ["pods"]}
    hook = {
        "name": "images.example.com",
        "rules": [rule],
        "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": ten.ns}},
        "clientConfig": {"service": {"namespace": ten.ns, "name": "policy"}},
        "sideEffects": "None",
        "admissionReviewVersions": ["v1"],
    }
    annotations = {"simulator.operatorchaos.io/denies": "not from our registry"}
    body = {"metadata": {"name": ten.ns, "annotations": annotations}, "webhooks": [hook]}
    ten.send("POST", VALIDATING_WEBHOOKS.path(), body)


UNEXERCISED = "no pod had to start, so nothing shows that the original image can be pulled"
KEPT = "2 of 2 pods stayed ready, and the Deployment recovered N s after the restore"
TOOK_EFFECT = [f"the fault took effect, {KEPT}", UNEXERCISED]
OWNER = "ci put the original image back N s after the corruption"
SET = "superseded: the image of app was set to {} by ci at TIME, N s after the corruption; "
RENAMED = (
    "superseded: the container app was removed or renamed by ci at TIME, "
    "which leaves main {}, N s after the corruption; "
)
AGAIN = "deleted and created again by ci at TIME, with app {}, N s after the corruption; "
COMPLETED, NEVER = "that rollout completed after N s", "that rollout was not observed to complete"
REFUSED = "there is no proof that the fault took effect: no pod could be created: FailedCreate: "
GAVE_UP = "not recovered within N s of the restore"
UNDONE = "the fault was undone before the run's own restore, N s after the injection, "

STORIES = {
    "restored": Story(restore, LATE, "Resilient", TOOK_EFFECT),
    "healed before a pull": Story(
        set_image(IMAGE),
        EARLY,
        "Resilient",
        [
            f"the fault was undone by its owner, {KEPT}",
            f"{OWNER}, before a pod tried to pull the corrupt one",
            UNEXERCISED,
        ],
    ),
    "healed after a pull": Story(
        set_image(IMAGE),
        LATE,
        "Resilient",
        [TOOK_EFFECT[0], f"{OWNER}, after a pod had tried to pull the corrupt one", UNEXERCISED],
    ),
    "undone by kubectl": Story(
        undo,
        LATE,
        "Resilient",
        [TOOK_EFFECT[0], f"{OWNER}, after a pod had tried to pull the corrupt one", UNEXERCISED],
        progress_deadline=60,
    ),
    "superseded": Story(set_image(THIRD), ANY, "Inconclusive", [SET.format(THIRD) + COMPLETED]),
    "renamed": Story(rename_container(IMAGE), ANY, "Inconclusive", [RENAMED.format(IMAGE) + COMPLETED]),
    "created again": Story(create_again(IMAGE), ANY, "Inconclusive", [AGAIN.format(IMAGE) + COMPLETED]),
    "deleted": Story(Ten.delete, ANY, "Failed", ["the Deployment was deleted during the fault"]),
    "scaled to 0": Story(
        lambda ten, name: ten.patch(name, replicas=0),
        ANY,
        "Inconclusive",
        ["scaled to 0 replicas by ci at TIME, N s after the corruption; so no pod shows a recovery"],
    ),
    "scaled to 0 and up again": Story(
        scale_to_0_and_up,
        ANY,
        "Inconclusive",
        [
            "scaled to 0 replicas by ci at TIME, N s after the corruption; it was scaled up again, and recovered N s "
            "after the restore"
        ],
    ),
    "stopped by a quota": Story(
        restore,
        LATE,
        "Inconclusive",
        [
            f'{REFUSED}pods "POD" is forbidden: exceeded quota: q, requested: pods=1, used: pods={2 * NUMBER}, '
            f"limited: pods={2 * NUMBER}"
        ],
        before=limit_pods,
    ),
    "stopped by a webhook": Story(
        restore,
        LATE,
        "Inconclusive",
        [f'{REFUSED}admission webhook "images.example.com" denied the request: not from our registry'],
        before=deny_pods,
    ),
    "stopped by a policy": Story(
        restore,
        LATE,
        "Inconclusive",
        [
            f'{REFUSED}pods "POD" is forbidden: violates PodSecurity "restricted:latest": unrestricted capabilities '
            '(container "app" must set securityContext.capabilities.drop=["ALL"])'
        ],
        before=restrict,
        pod={
            "containers": [{"name": "app", "image": IMAGE, "securityContext": {"allowPrivilegeEscalation": False}}],
            "securityContext": {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}},
        },
    ),
    "never scheduled": Story(
        restore,
        LATE,
        "Inconclusive",
        [
            "there is no proof that the fault took effect: Pod POD was not scheduled: Unschedulable: 0/1 nodes are "
            "available: 1 node(s) didn't match Pod's node affinity/selector. no new claims to deallocate, preemption: "
            "0/1 nodes are available: 1 Preemption is not helpful for scheduling."
        ],
        first=label_node("yes"),
        before=label_node(None),
        pod={"nodeSelector": {"timings": "yes"}},
    ),
    "undone by another run": Story(
        restore_elsewhere,
        LATE,
        "Inconclusive",
        [f"{UNDONE}by another run, by chaos image-corrupt, or by a guard that was stopped", *TOOK_EFFECT],
    ),
    "undone by a sweep": Story(
        restore_elsewhere,
        LATE,
        "Inconclusive",
        [f"{UNDONE}when its ttl was over, by the guard or a sweep", *TOOK_EFFECT],
        ttl="1s",
    ),
}

GIVEN_UP = {
    "superseded, never complete": Story(set_image(NOT_THERE), ANY, "Failed", [GAVE_UP, SET.format(NOT_THERE) + NEVER]),
    "renamed, never complete": Story(
        rename_container(NOT_THERE), ANY, "Failed", [GAVE_UP, RENAMED.format(NOT_THERE) + NEVER]
    ),
    "created again, never complete": Story(
        create_again(NOT_THERE), ANY, "Failed", [GAVE_UP, AGAIN.format(NOT_THERE) + NEVER]
    ),
}
