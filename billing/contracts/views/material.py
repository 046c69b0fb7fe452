"""Material used on a ticket: a part of its page, and the two forms."""

from django.conf import settings
from django.http import Http404
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from billing.contracts import actions
from billing.contracts.forms import MaterialForm, ReasonForm
from billing.contracts.models import Charge, ChargeState, PartPrice
from billing.contracts.permissions import may_remove_material, may_see_amounts
from itil.desk.permissions import may_log_time
from itil.tickets.errors import Refused
from itil.tickets.models import Ticket
from portal.ui.pages import ActionPage, DutyPage, RecordMixin

from .listing import today


class OfTicket(RecordMixin):
    """The ticket of the URL, for staff who may read it."""

    model = Ticket
    lookup = "number"

    @cached_property
    def record(self):
        if not self.request.user.grants.is_staff:
            raise Http404
        return super().record


class MaterialPanel(DutyPage, OfTicket, TemplateView):
    """What was used, with what was taken out again; amounts for those who may see them."""

    template_name = "billing/contracts/_material.html"

    def get_context_data(self, **kwargs):
        ticket, user = self.record, self.request.user
        rows = Charge.objects.material_seen_by(user).of(ticket)
        rows = list(rows.select_related("created_by", "decided_by", "ticket"))
        for row in rows:
            is_open = row.state == ChargeState.OPEN
            row.is_removable = is_open and may_remove_material(user, row)
            row.is_uncovered = is_open and row.contract_id is None
        return super().get_context_data(
            ticket=ticket,
            used=[row for row in rows if row.state != ChargeState.WITHDRAWN],
            removed=[row for row in rows if row.state == ChargeState.WITHDRAWN],
            may_use=may_log_time(user, ticket),
            sees_amounts=may_see_amounts(user, ticket),
            **kwargs,
        )


class UseMaterial(OfTicket, ActionPage):
    """The form of what was used."""

    template_name = "itil/desk/action.html"
    refusals = (Refused,)
    title = _("Record material")
    button = _("Record")
    success_message = _("Recorded.")

    @cached_property
    def contract(self):
        return actions.covering(self.record, today())

    def get_form(self):
        contract = self.contract
        parts = PartPrice.objects.filter(contract=contract.pk if contract else None)
        return MaterialForm(
            self.request.POST or None,
            initial={"on": today()},
            parts=parts,
            currency=contract.currency if contract else settings.BUSINESS_CURRENCY,
        )

    def perform(self, form):
        return actions.use_material(self.record, by=self.request.user, **form.cleaned_data)

    def get_context_data(self, **kwargs):
        return super().get_context_data(ticket=self.record, **kwargs)


class RemoveMaterial(ActionPage):
    """Takes out what was recorded by mistake."""

    template_name = "billing/contracts/remove_material.html"
    form_class = ReasonForm
    refusals = (Refused,)
    lookup = "uuid"
    title = _("Remove the material")
    button = _("Remove")
    success_message = _("Removed. The history keeps it.")

    def get_queryset(self):
        return Charge.objects.material_seen_by(self.request.user).select_related("ticket")

    def check(self):
        super().check()
        if not may_remove_material(self.request.user, self.record):
            raise Http404

    def perform(self, form):
        actions.remove_material(
            self.record, by=self.request.user, reason=form.cleaned_data["reason"]
        )

    def get_success_url(self):
        return self.record.ticket.get_absolute_url()

    def get_context_data(self, **kwargs):
        return super().get_context_data(back_url=self.get_success_url(), **kwargs)
