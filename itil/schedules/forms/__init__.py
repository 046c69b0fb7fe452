"""What people type about schedules."""

from .running import RunForm, SwitchForm
from .schedule import ScheduleForm

__all__ = ["RunForm", "ScheduleForm", "SwitchForm"]
