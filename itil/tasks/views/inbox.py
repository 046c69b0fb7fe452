"""The task inbox: what one has to do, and one's teams."""

from django.utils.translation import gettext_lazy

from itil.tasks.filters import TaskFilter
from itil.tasks.models import Task
from itil.tasks.tables import ORDERINGS, VIEWS, rows
from portal.ui.tables import Column
from portal.ui.views_of_lists import NamedViewsPage

# Who sees the inbox at all; which tasks is the queryset's business.
DUTIES = ("is_agent", "sees_all_tickets")

COLUMNS = (
    Column("number", gettext_lazy("Number"), sort="number", css="c-num"),
    Column("title", gettext_lazy("Task"), css="c-subject"),
    Column("assignee", gettext_lazy("Assignee"), value="assignee.name", css="c-assignee"),
    Column("team", gettext_lazy("Team"), value="team.name", css="c-person"),
    Column("status", gettext_lazy("Status"), value="status_label", css="c-status"),
    Column("due", gettext_lazy("Due"), sort="due_at", value="due_at", css="c-due"),
    Column(
        "updated", gettext_lazy("Updated"), sort="updated_at", value="updated_at", css="r c-ago"
    ),
)


class Inbox(NamedViewsPage):
    """Tasks of one view, narrowed by the filter, the soonest due first."""

    duties = DUTIES
    template_name = "itil/tasks/inbox.html"
    views = VIEWS
    columns = COLUMNS
    filterset_class = TaskFilter
    csv_name = "tasks"

    def default_view(self):
        """Managers and administrators do no tasks: they begin with all that are open."""
        return "mine" if self.request.user.grants.is_agent else "open"

    def visible(self):
        return Task.objects.visible_to(self.request.user)

    def get_rows(self):
        found = super().get_rows()
        return rows(found.order_by(*ORDERINGS[self.sort]), self.request.user)

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {"view_key": self.view_of_list.key}
