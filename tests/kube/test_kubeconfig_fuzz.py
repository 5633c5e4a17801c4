"""Whatever a kubeconfig contains, it is read, or refused in one line that shows no secret."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from chaosimagecorrupt.errors import ImageCorruptError
from chaosimagecorrupt.kube.client import Cluster, Patience
from chaosimagecorrupt.kube.settings import Settings

from .configured import GET, SECRET, everything
from .kubeconfig_strategies import kubeconfigs

__all__ = ["test_any_kubeconfig_is_read_or_refused"]

AT_ONCE = Patience(connect=0.2, read=0.2, retry_for=0)


# not of this test's own: the connection that is not verified, as the kubeconfig says
@pytest.mark.filterwarnings("ignore::urllib3.exceptions.InsecureRequestWarning")
@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(kubeconfigs)
def test_any_kubeconfig_is_read_or_refused(text: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "kubeconfig"
        path.write_bytes(text)
        with pytest.raises(ImageCorruptError) as refused:  # nobody listens at any of the addresses
            Cluster.of(Settings(kubeconfig=str(path))).with_patience(AT_ONCE).send(GET)
    assert str(refused.value).isprintable() and SECRET not in everything(refused.value)
