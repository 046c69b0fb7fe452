"""The list of estimates, and how near they came."""

from django.utils.translation import gettext_lazy as _

from billing.estimates.models import Estimate
from billing.estimates.tables import COLUMNS, VIEWS
from portal.ui.pages import ListPage
from portal.ui.tables import Column
from portal.ui.views_of_lists import NamedViewsPage
from reports.metrics.estimates import NEAR_PERCENT, Outcome, accuracy_of

from .record import DUTIES


class Estimates(NamedViewsPage):
    """Estimates of the customers one may see, without versions that a newer one replaced."""

    duties = DUTIES
    template_name = "billing/estimates/list.html"
    views = VIEWS
    columns = COLUMNS
    csv_name = "estimates"

    def visible(self):
        return Estimate.objects.visible_to(self.request.user).current()

    def get_rows(self):
        return super().get_rows().select_related("organization", "ticket")


class Accuracy(ListPage):
    """Accepted estimates of finished work beside the hours it took (`KPI-21`)."""

    duties = DUTIES
    template_name = "billing/estimates/accuracy.html"
    default_sort = "-decided"
    csv_name = "estimate-accuracy"
    columns = (
        Column("number", _("Number"), sort="number", css="c-id"),
        Column("title", _("Estimate"), sort="title", css="c-sub"),
        Column("customer", _("Customer"), sort="organization__name", value="organization.name"),
        Column("decided", _("Accepted"), sort="decided_at", value="decided_at"),
        Column("estimated", _("Estimated"), sort="minutes", css="r", value="minutes"),
        Column("actual", _("Worked"), css="r", value="worked"),
    )

    def get_queryset(self):
        return (
            Estimate.objects.visible_to(self.request.user)
            .of_finished_work()
            .with_worked_minutes()
            .select_related("organization")
        )

    def get_context_data(self, **kwargs):
        pairs = self.get_queryset().order_by().values_list("minutes", "worked")
        figures = accuracy_of(Outcome(estimated, worked) for estimated, worked in pairs)
        context = super().get_context_data(figures=figures, near=NEAR_PERCENT, **kwargs)
        context["pairs"] = [
            (estimate, Outcome(estimate.minutes, estimate.worked)) for estimate in context["rows"]
        ]
        return context
