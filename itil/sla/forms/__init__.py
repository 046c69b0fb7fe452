"""The shape of agreements as people enter them, and of the questions of the test bench."""

from .agreement import AgreementForm
from .rows import StepForm, StepSet, TargetForm, TargetSet, first_steps

__all__ = ["AgreementForm", "StepForm", "StepSet", "TargetForm", "TargetSet", "first_steps"]
