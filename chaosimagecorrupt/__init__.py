"""A Chaos Toolkit extension for one fault: a Deployment's image cannot be pulled.

What belongs where, from the bottom up: `errors`, `duration`, `record` and `requests` are values; `fault`, `restore`,
`rollout` and `collateral` decide, over the JSON of the Kubernetes API, without I/O and without a clock; `cluster`
talks to the API server; `waiting` follows a rollout; `target` ties these to one Deployment; `actions`, `rollbacks`
and `probes` are what an experiment calls.
"""

from chaoslib.types import Discovery
from logzero import logger

__all__ = ["__version__", "discover"]

__version__ = "0.1.0"


def discover(discover_system: bool = True) -> Discovery:
    """List the activities of this extension, for `chaos discover`.

    Args:
        discover_system: part of Chaos Toolkit's contract; this extension looks at no system.

    Returns:
        Chaos Toolkit's discovery mapping; `activities` is read from the modules' `__all__`.
    """
    # only `chaos discover` needs it, and each start of an experiment would pay for it
    from chaoslib.discovery.discover import discover_actions, discover_probes, initialize_discovery_result

    logger.info("Discovering capabilities from chaostoolkit-image-corrupt")
    discovery = initialize_discovery_result("chaostoolkit-image-corrupt", __version__, "image-corrupt")
    discovery["activities"].extend(discover_actions("chaosimagecorrupt.actions"))
    discovery["activities"].extend(discover_actions("chaosimagecorrupt.rollbacks"))
    discovery["activities"].extend(discover_probes("chaosimagecorrupt.probes"))
    return discovery
