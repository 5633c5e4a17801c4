"""Recorders of a Deployment in the simulator, as accounts with all or few rights."""

from collections.abc import Iterator

import pytest

from chaosimagecorrupt.kube.client import Cluster
from chaosimagecorrupt.kube.configuration import configuration_of
from chaosimagecorrupt.kube.requests import Request
from chaosimagecorrupt.kube.settings import Settings
from chaosimagecorrupt.timeline.followed_operator import FollowedOperator
from chaosimagecorrupt.timeline.operator import Operator
from chaosimagecorrupt.timeline.recorder import Recorder
from chaosimagecorrupt.workload.target import Target

from ..faulty_simulator import FaultySimulator
from ..fixtures_http import NS, Shop, soon
from .recording import Allowed, Object, Record, following


@pytest.fixture
def record(cluster: Cluster, shop: Shop) -> Iterator[Record]:
    """Return what follows the shop's Deployment, and wait until it does."""
    made: list[Recorder] = []

    def begin(*operators: Operator, name: str = shop.name) -> Recorder:
        followed = [FollowedOperator(each, cluster) for each in operators]
        made.append(Recorder(Target(name, NS, cluster), followed))
        made[-1].start()
        assert made[-1].wait_until_following(5)
        return made[-1]

    yield begin
    for recorder in made:
        recorder.end()
    assert soon(lambda: not following()), following()


@pytest.fixture
def allowed(cluster: Cluster, simulator: FaultySimulator, shop: Shop) -> Allowed:
    """Return what follows the shop's Deployment as an account that may list and watch just what is named."""

    def begin(*rules: Object) -> Recorder:
        rbac = "/apis/rbac.authorization.k8s.io/v1/namespaces/" + NS
        group, name = "rbac.authorization.k8s.io", shop.name
        role = {"apiGroup": group, "kind": "Role", "name": name}
        account = {"kind": "ServiceAccount", "name": name, "namespace": NS}
        created: dict[str, Object] = {
            f"/api/v1/namespaces/{NS}/serviceaccounts": {},
            f"{rbac}/roles": {"rules": list(rules)},
            f"{rbac}/rolebindings": {"roleRef": role, "subjects": [account]},
        }
        for path, body in created.items():
            cluster.send(Request("POST", path, "create", body={"metadata": {"name": name}, **body}))
        kubeconfig = str(simulator.account_kubeconfig(NS, name))
        return Recorder(Target(name, NS, Cluster(configuration_of(Settings(kubeconfig=kubeconfig)))))

    return begin


@pytest.fixture
def watching(record: Record, simulator: FaultySimulator) -> Recorder:
    """What follows the shop's Deployment, with all its watches open."""
    before = len(simulator.requests)
    recorder = record()
    assert soon(lambda: sum("watch=true" in r.path for r in simulator.requests[before:]) == 4)
    return recorder
