"""The task inbox: what one has to do, and one's teams."""

from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy

from itil.tasks.filters import TaskFilter
from itil.tasks.models import Task
from itil.tasks.tables import ORDERINGS, VIEWS, VIEWS_BY_KEY, counts, rows
from portal.ui.pages import ListPage, Tab
from portal.ui.paging import COUNT_LIMIT
from portal.ui.tables import Column

# Who sees the inbox at all; which tasks is the queryset's business.
DUTIES = ("is_agent", "is_manager", "is_administrator")

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


class Inbox(ListPage):
    """Tasks of one view, narrowed by the filter, the soonest due first."""

    duties = DUTIES
    template_name = "itil/tasks/inbox.html"
    columns = COLUMNS
    filterset_class = TaskFilter
    csv_name = "tasks"

    @cached_property
    def now(self):
        return timezone.now()

    @cached_property
    def view_of_list(self):
        """Managers and administrators do no tasks: they begin with all that are open."""
        default = "mine" if self.request.user.grants.is_agent else "open"
        return VIEWS_BY_KEY.get(self.request.GET.get("view", default), VIEWS_BY_KEY[default])

    @property
    def default_sort(self):
        return self.view_of_list.ordering

    def visible(self):
        return Task.objects.visible_to(self.request.user)

    def get_queryset(self):
        return self.view_of_list.narrow(self.visible(), self.request.user, self.now)

    def get_rows(self):
        found = super().get_rows()
        return rows(found.order_by(*ORDERINGS[self.sort]), self.request.user)

    def tabs(self):
        numbers = counts(self.request.user, self.visible(), self.now)
        tabs = []
        for view in VIEWS:
            number = numbers.get(view.key)
            many = number is not None and number > COUNT_LIMIT
            tabs.append(
                Tab(
                    view.label,
                    self._url(view=view.key, sort=None),
                    view is self.view_of_list,
                    f"{COUNT_LIMIT}+" if many else number,
                    view.is_hot and bool(number),
                )
            )
        return tuple(tabs)

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {
            "now": self.now,
            "view_label": self.view_of_list.label,
            "view_key": self.view_of_list.key,
        }
