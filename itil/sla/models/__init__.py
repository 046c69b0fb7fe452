"""What was promised, and the clocks that measure it (domain section 4)."""

from .agreement import METRICS_OF, Agreement, EscalationStep, Form, Metric, ServiceTarget
from .clocks import BY_LEAD, ClockState, Exclusion, Outcome, SlaClock, reached

__all__ = [
    "BY_LEAD",
    "METRICS_OF",
    "Agreement",
    "ClockState",
    "EscalationStep",
    "Exclusion",
    "Form",
    "Metric",
    "Outcome",
    "ServiceTarget",
    "SlaClock",
    "reached",
]
