"""A Chaos Toolkit extension for one fault: a Deployment's image cannot be pulled.

Experiments call `actions`, `rollbacks` and `probes`; `control` judges a run; `cli` has the commands. Below them:
`fault` injects, `guard` undoes a fault at its expiry, `restore` puts the image back, `record` reads and writes what is
stored of a fault, `workload` knows Deployments and rollouts, and `kube` talks to the API server. A package imports only
packages below it. Every module named `decide` is pure: it has no I/O and no clock. All packages, and what happens in a
fault, a restore and a verdict: docs/architecture.md.
"""

from typing import TYPE_CHECKING

from . import lazy_chaoslib  # noqa: F401 - before any module imports chaoslib

if TYPE_CHECKING:
    from chaoslib.types import Discovery

__all__ = ["__version__", "discover"]

__version__ = "0.1.0"


def discover(discover_system: bool = True) -> "Discovery":
    """List the activities of this extension, for `chaos discover`.

    Args:
        discover_system: required by Chaos Toolkit; ignored, because this extension discovers activities only.

    Returns:
        Chaos Toolkit's discovery mapping; `activities` is read from the modules' `__all__`.
    """
    # imported here, because only `chaos discover` needs it and it would slow down the start of every process
    from chaoslib.discovery.discover import discover_actions, discover_probes, initialize_discovery_result
    from logzero import logger

    logger.info("Discovering capabilities from chaostoolkit-image-corrupt")
    discovery = initialize_discovery_result("chaostoolkit-image-corrupt", __version__, "image-corrupt")
    discovery["activities"].extend(discover_actions("chaosimagecorrupt.actions"))
    discovery["activities"].extend(discover_actions("chaosimagecorrupt.rollbacks"))
    discovery["activities"].extend(discover_probes("chaosimagecorrupt.probes"))
    return discovery
