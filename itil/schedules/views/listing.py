"""The list of schedules."""

from itil.schedules import permissions
from itil.schedules.models import Schedule
from itil.schedules.tables import COLUMNS, VIEWS
from portal.ui.views_of_lists import NamedViewsPage

from .records import DUTIES


class Schedules(NamedViewsPage):
    """What is opened by the calendar, the next one first."""

    duties = DUTIES
    template_name = "itil/schedules/list.html"
    views = VIEWS
    columns = COLUMNS
    csv_name = "schedules"

    def visible(self):
        return Schedule.objects.visible_to(self.request.user)

    def get_rows(self):
        return super().get_rows().with_last_run().select_related("team", "owner")

    def get_context_data(self, **kwargs):
        may_create = permissions.may_create(self.request.user)
        return super().get_context_data(may_create=may_create, **kwargs)
