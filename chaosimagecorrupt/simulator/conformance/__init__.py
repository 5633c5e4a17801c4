"""Whether the simulator does what a recorded cluster did.

A recording's inputs (what users did to its Deployments) are played to the simulator, in virtual time, and the states
that each Deployment, ReplicaSet and Pod goes through are compared with the recorded ones, with their times. What is
left out of the comparison, and why, says `conformance.folding`.

    python -m chaosimagecorrupt.simulator.conformance RECORDING...
"""

from .recording import Recording, UnusableRecording
from .search import Result, conform

__all__ = ["Recording", "Result", "UnusableRecording", "conform"]
