"""What the pages of schedules share."""

from itil.schedules.models import Schedule
from itil.tickets.errors import Refused
from portal.ui.pages import ActionPage

# Who has to do with schedules at all; the rows say which.
DUTIES = ("is_agent", "is_problem_manager", "is_change_manager", "is_administrator")


class ScheduleRecord:
    """Finds the schedule of the URL among those that the person may see."""

    model = Schedule
    duties = DUTIES

    def get_queryset(self):
        rows = Schedule.objects.visible_to(self.request.user)
        return rows.select_related("team", "owner", "calendar", "created_by")


class KeptRecord(ScheduleRecord):
    """The same among those that the person may change."""

    def get_queryset(self):
        kept = Schedule.objects.kept_by(self.request.user)
        return kept.select_related("team", "owner", "calendar", "created_by")


class ScheduleAction(KeptRecord, ActionPage):
    """A verb on the schedule of the URL."""

    refusals = (Refused,)
    template_name = "itil/schedules/action.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(schedule=self.record, **kwargs)
