"""The parts that a larger piece of work is done in, and the plans they come from."""

from .plan import DueUnit, EvidenceKind, PlanTask, PlanVersion, TaskPlan
from .task import Evidence, Task, TaskDependency

__all__ = [
    "DueUnit",
    "Evidence",
    "EvidenceKind",
    "PlanTask",
    "PlanVersion",
    "Task",
    "TaskDependency",
    "TaskPlan",
]
