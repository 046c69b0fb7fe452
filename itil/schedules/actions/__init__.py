"""Schedules: kept by people, run by the worker or by hand."""

from .keeping import create_schedule, edit_schedule, switch
from .running import open_due, run_now

__all__ = ["create_schedule", "edit_schedule", "open_due", "run_now", "switch"]
