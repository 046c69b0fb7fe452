"""The list of changes."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from itil.changes import permissions
from itil.changes.filters import ChangeFilter
from itil.changes.models import Change
from itil.changes.tables import ORDERINGS, VIEWS, rows
from portal.ui.tables import Column
from portal.ui.views_of_lists import NamedViewsPage

DUTIES = ("is_staff",)

COLUMNS = (
    Column("number", _("Number"), sort="number", css="c-num"),
    Column("title", _("Change"), css="c-subject"),
    Column("type", _("Type"), value="get_change_type_display", css="c-person"),
    Column("risk", _("Risk"), value="get_risk_display", css="c-prio"),
    Column("owner", _("Owner"), value="assignee.name", css="c-assignee"),
    Column("status", _("Status"), value="status_label", css="c-status"),
    Column("start", _("Window"), sort="planned_start", value="planned_start", css="c-due"),
)


class ChangeList(NamedViewsPage):
    """Changes of one view, narrowed by the filter, the soonest window first."""

    duties = DUTIES
    template_name = "itil/changes/list.html"
    views = VIEWS
    columns = COLUMNS
    filterset_class = ChangeFilter
    csv_name = "changes"

    def visible(self) -> Any:
        return Change.objects.visible_to(self.request.user)

    def get_rows(self) -> Any:
        return rows(super().get_rows().order_by(*ORDERINGS[self.sort]))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            may_open=permissions.may_open(self.request.user), **kwargs
        ) | {"view_key": self.view_of_list.key}
