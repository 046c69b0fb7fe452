"""The list of problems."""

from itil.problems import permissions
from itil.problems.filters import ProblemFilter
from itil.problems.models import Problem
from itil.problems.tables import COLUMNS, VIEWS
from portal.ui.views_of_lists import NamedViewsPage

from .records import DUTIES


class Problems(NamedViewsPage):
    """Problems of one view, narrowed by the filter."""

    duties = DUTIES
    template_name = "itil/problems/list.html"
    views = VIEWS
    columns = COLUMNS
    filterset_class = ProblemFilter
    csv_name = "problems"

    def visible(self):
        return Problem.objects.visible_to(self.request.user)

    def get_queryset(self):
        # Counted here, so that the list can be sorted by it.
        return super().get_queryset().with_incident_counts()

    def get_rows(self):
        return super().get_rows().select_related("assignee", "team", "service")

    def get_context_data(self, **kwargs):
        may_create = permissions.may_create(self.request.user)
        return super().get_context_data(may_create=may_create, **kwargs)
