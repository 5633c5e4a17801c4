"""A simulated Kubernetes cluster, v1.36, on a loopback port, for trying experiments without a cluster.

Here belongs a cluster of its own: the API server (`api`), the controllers, scheduler and kubelet (`controllers`), and
the comparison with a real cluster (`conformance`).
Not here: the fault, its guard and its verdict. The simulator knows nothing of the rest of the package.

It is a SIMULATION: no container runs, no image is pulled, no traffic flows. `/version` says so in `gitCommit`.
It serves the API over HTTPS on a free port of 127.0.0.1. Clients authenticate with a token or a certificate that
the simulator issued.

::

    with Simulator() as simulator:
        subprocess.run(["kubectl", "get", "pods", "-A"], env={"KUBECONFIG": str(simulator.kubeconfig)})

What is simulated: ConfigMaps, Events (of v1 and events.k8s.io/v1), LimitRanges, Namespaces, Nodes (one, until more
are created), Pods, ResourceQuotas, Secrets, Services, ServiceAccounts, Deployments, ReplicaSets, StatefulSets,
DaemonSets, ControllerRevisions, Leases, Roles and their bindings, webhook configurations, CustomResourceDefinitions
and their custom resources, and further kinds that are only stored (see the limits); get, list (selectors, pages,
tables), watch, create, replace, patch (strategic merge, merge, JSON, server-side apply), delete (grace, finalizers,
propagation), dry runs, status and scale, field ownership, RBAC, impersonation, discovery. It can be seeded with what
`kubectl get -o yaml` wrote.

Limits, each with what happens beyond it:

- CronJobs, HorizontalPodAutoscalers, Jobs, NetworkPolicies, PersistentVolumeClaims and PodDisruptionBudgets are
  validated, stored and shown, but no controller acts on them: no Job is started, nothing scaled, and no claim bound but
  those that a StatefulSet makes, which are bound at once
- RuntimeClasses are stored and shown, but no pod is changed or refused by them, and so it is with PriorityClasses but
  for the global default; LimitRanges act on pods, not on claims
- the scheduler looks at nodeSelector, required node affinity, taints, host ports and required affinity between pods;
  nodes are never full, nothing is preempted or evicted, and spread constraints and preferences count for nothing
- nodes have no heartbeat, and nothing follows when one is deleted but that DaemonSets no longer count it
- a StatefulSet's maxUnavailable is dropped, as Kubernetes 1.36 does by default; a
  persistentVolumeClaimRetentionPolicy other than Retain: 501
- ResourceQuotas count pods with what they request, and numbers of other objects; not storage or kinds of Services
- every command exists in every image, but for those in /nonexistent/: the start of their containers fails, and is
  repeated without the growing pauses of CrashLoopBackOff where the restart policy has it repeated
- of a custom resource with several versions one is served: the stored one, or else the first that is served
- other resources (Ingresses, StorageClasses, ...) and other versions than the one served: 404
- other subresources than status, scale and serviceaccounts/token (logs, exec, eviction, ...): 501
- methods that a path does not have: 405
- answers other than JSON and v1 Tables (YAML, protobuf, PartialObjectMetadata): 406
- bodies other than JSON, YAML and the protobuf messages of `kubectl auth` and of `kubectl create` for
  configmap, cronjob, deployment, job, namespace, role, rolebinding, secret, serviceaccount and token: 415
- bodies of more than 1 MiB: 413
- replacing or patching an Event through events.k8s.io/v1: 501 (through v1 it can be done)
- conversion webhooks, server-side apply of a scale: 501
- streaming lists (`sendInitialEvents`): the ERROR event of a server whose storage cannot do them, as recorded
- lists of exactly an old version: 410, no history of objects is kept; changes can be watched for a while
- webhook configurations are stored and shown, but no admission webhook is called; one whose configuration has the
  annotation `simulator.operatorchaos.io/denies` denies each new Pod that it is for, with the annotation's message
- rules in CEL of CustomResourceDefinitions are stored, not evaluated; of Pod Security only the level `restricted` is
  known, as a namespace's label enforces it, by four of its rules
- what a registry answers follows from its name alone (`controllers.kubelet.registries`); pulls wait for no other pull
  but one that hangs
- Services have addresses but no endpoints; Pods have no network, volumes or tokens of their own
- who may write a Role may put any rule into it (no check against escalation)
- a Service account's tokens are opaque, not JWTs
"""

from .simulator import Simulator

__all__ = ["Simulator"]
