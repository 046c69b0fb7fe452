"""What people type about schedules."""

from .record import GONE, RecordForm
from .running import RunForm, SwitchForm
from .schedule import ScheduleForm

__all__ = ["GONE", "RecordForm", "RunForm", "ScheduleForm", "SwitchForm"]
