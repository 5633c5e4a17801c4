import pytest

from ..controller_cluster import ControllerCluster, deployment


@pytest.fixture
def web(cluster: ControllerCluster) -> ControllerCluster:
    """A cluster with a Deployment of two replicas that is rolled out."""
    cluster.create(deployment())
    return cluster
