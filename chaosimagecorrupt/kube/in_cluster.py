"""How a pod reaches the API server: by its service account. The only module that imports the `kubernetes` package.

The package takes a third of a second to import, so this module is imported only where there is nothing else.
"""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import NamedTuple

from kubernetes.config import ConfigException, incluster_config

from ..errors import Refused, one_line

__all__ = ["ServiceAccount", "service_account"]


class ServiceAccount(NamedTuple):
    """A pod's service account.

    Attributes:
        host: the API server's address.
        authorities: certificates in PEM that the API server's is checked by.
        authorization: returns the value of the header that says who asks; the token is read again each minute.
    """

    host: str
    authorities: bytes
    authorization: Callable[[], str]


def service_account() -> ServiceAccount | None:
    """Return the service account of the pod that this process runs in; None when it runs in none.

    Raises:
        Refused: something of it is missing.
        OSError: something of it cannot be read.
    """
    if not Path(incluster_config.SERVICE_TOKEN_FILENAME).exists():
        return None
    loaded = SimpleNamespace(api_key={}, refresh_api_key_hook=None)
    try:
        incluster_config.load_incluster_config(client_configuration=loaded)
    except ConfigException as x:
        raise Refused(f"the service account of this pod cannot be used: {one_line(x)}") from x

    def authorization() -> str:
        loaded.refresh_api_key_hook(loaded)
        return str(next(iter(loaded.api_key.values())))  # releases of the package call it differently

    return ServiceAccount(loaded.host, Path(loaded.ssl_ca_cert).read_bytes(), authorization)
