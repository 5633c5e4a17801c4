"""What the tests of verdicts expect in more than one place."""

from chaosimagecorrupt.timeline.operator import Operator
from chaosimagecorrupt.workload.accepted import AcceptedCondition

__all__ = ["INTERRUPTED", "OPERATOR", "UNEXERCISED", "WELL"]

OPERATOR = Operator("shop.example/v1", "Shop", "main", None, (AcceptedCondition("Ready", "False"),))
WELL = "the fault took effect, 2 of 2 pods stayed ready, and the Deployment recovered 1 s after the restore"
UNEXERCISED = "no pod had to start, so nothing shows that the original image can be pulled"
INTERRUPTED = "the run was interrupted before the end of its method"
