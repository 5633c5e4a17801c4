"""A comparison of the simulator with recordings of a real cluster.

Here belongs what replays the users' actions of a recording in virtual time, and compares the states of each workload,
ReplicaSet, ControllerRevision and Pod, and their times. What the comparison leaves out, and why, is in
`conformance.intermediate_states`.
Not here: the answers of the API, which the tests compare with a recording of their own.

    python -m chaosimagecorrupt.simulator.conformance RECORDING...
"""

from .recording import Recording, UnusableRecording
from .search import Result, conform

__all__ = ["Recording", "Result", "UnusableRecording", "conform"]
