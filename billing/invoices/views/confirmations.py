"""What waits for a second person, and what they decide (`VIS-7`)."""

from django.utils.translation import gettext_lazy as _

from billing.invoices import actions
from billing.invoices.forms import AnswerForm
from billing.invoices.models import Confirmation, Purpose
from billing.invoices.permissions import may_confirm
from billing.invoices.tasks import issue_invoice
from itil.tickets.errors import Refused
from portal.ui.pages import ActionPage
from portal.ui.tables import Column
from portal.ui.views_of_lists import NamedView, NamedViewsPage

from .listing import DUTIES

VIEWS = (
    NamedView(
        "waiting",
        _("Waiting"),
        lambda rows, _user, _now: rows.waiting(),
        is_hot=True,
        ordering="-proposed",
    ),
    NamedView(
        "decided",
        _("Decided"),
        lambda rows, _user, _now: rows.exclude(state=Confirmation.State.PROPOSED),
        ordering="-proposed",
    ),
)


class ConfirmationList(NamedViewsPage):
    """Proposals of clerks, newest first."""

    duties = DUTIES
    template_name = "billing/invoices/confirmations.html"
    views = VIEWS
    columns = (
        Column("what", _("What")),
        Column("customer", _("Customer"), sort="invoice__organization__name"),
        Column("reason", _("Reason")),
        Column("proposed", _("Proposed"), sort="proposed_at"),
        Column("amount", _("Amount"), sort="amount", css="r"),
        Column("state", _("State")),
    )

    def visible(self):
        return Confirmation.objects.visible_to(self.request.user)

    def get_rows(self):
        return (
            super().get_rows().select_related("invoice__organization", "proposed_by", "decided_by")
        )

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            place="confirmations", may_confirm=may_confirm(self.request.user), **kwargs
        )


class Decide(ActionPage):
    """Confirm or decline; what was confirmed is done at once."""

    duties = ("is_manager",)
    lookup = "uuid"
    template_name = "billing/invoices/decide.html"
    form_class = AnswerForm
    refusals = (Refused,)
    title = _("Second look")
    button = _("Save the decision")

    def get_queryset(self):
        return Confirmation.objects.visible_to(self.request.user).select_related(
            "invoice__organization", "invoice__corrects", "proposed_by", "decided_by"
        )

    def perform(self, form):
        asked, by = self.record, self.request.user
        if form.cleaned_data["decision"] == "decline":
            return actions.decline(asked, by=by, answer=form.cleaned_data["answer"])
        if asked.purpose == Purpose.WRITE_OFF:
            return actions.confirm_write_off(asked, by=by)
        actions.confirm(asked, by=by)
        # In the name of who proposed it; what stands in the way shows on the invoice.
        actions.request_issue(asked.invoice, by=asked.proposed_by)
        issue_invoice.enqueue(asked.invoice_id, asked.proposed_by_id)
        return asked

    def get_success_message(self, result):
        self.record.refresh_from_db()
        if self.record.state == Confirmation.State.DECLINED:
            return _("Declined. The clerk reads why.")
        return _("Confirmed.")

    def get_success_url(self):
        return self.record.invoice.get_absolute_url()
