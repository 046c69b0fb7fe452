"""Charges: the list, one of them, and the decisions about it."""

from django.db.models import Count, Q
from django.http import Http404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from billing.contracts import actions
from billing.contracts.filters import ChargeFilter
from billing.contracts.forms import ChargeForm, ReasonForm
from billing.contracts.models import Charge, ChargeState
from billing.contracts.permissions import may_change, may_decide
from itil.tickets.errors import Refused
from itil.tickets.models import Ticket
from portal.ui.pages import ActionPage, DetailPage, ListPage, Tab, VerbPage
from portal.ui.tables import Column

from .listing import CLERKS, today

READERS = ("is_billing_clerk", "is_manager")
NOT_INVOICED = (ChargeState.REJECTED, ChargeState.WRITTEN_OFF, ChargeState.WITHDRAWN)
VIEWS = {
    "proposed": (_("To decide"), (ChargeState.PROPOSED,)),
    "open": (_("To be invoiced"), (ChargeState.OPEN,)),
    "waiting": (_("Not invoiced yet"), (ChargeState.OPEN, ChargeState.PROPOSED)),
    "invoiced": (_("Invoiced"), (ChargeState.INVOICED,)),
    "dropped": (_("Not invoiced"), NOT_INVOICED),
    "all": (_("All"), tuple(ChargeState)),
}


class ChargeList(ListPage):
    """What is billed beside hours, newest first; what waits for a decision has a tab of its own."""

    duties = READERS
    template_name = "billing/contracts/charges.html"
    filterset_class = ChargeFilter
    csv_name = "charges"
    default_sort = "-on"
    columns = (
        Column("on", _("Date"), sort="on"),
        Column("customer", _("Customer"), sort="organization__name", value="organization.name"),
        Column("kind", _("Kind"), sort="kind", value="get_kind_display"),
        Column("description", _("Description")),
        Column("quantity", _("Quantity"), css="r"),
        Column("unit", _("Unit"), value="get_unit_display"),
        Column("price", _("Price of one"), css="r", value="unit_price"),
        Column("net", _("Net"), css="r"),
        Column("currency", _("Currency")),
        Column("state", _("State"), sort="state", value="get_state_display"),
    )
    # The page shows fewer columns than the file.
    shown = ("on", "customer", "description", "quantity", "net", "state")

    @cached_property
    def view_key(self):
        asked = self.request.GET.get("view", "open")
        return asked if asked in VIEWS else "open"

    def get_queryset(self):
        _label, states = VIEWS[self.view_key]
        return (
            Charge.objects.visible_to(self.request.user)
            .filter(state__in=states)
            .select_related("organization")
        )

    def tabs(self):
        counts = Charge.objects.visible_to(self.request.user).aggregate(
            **{
                key: Count("pk", filter=Q(state__in=states))
                for key, (_label, states) in VIEWS.items()
            }
        )
        return tuple(
            Tab(
                label,
                self._url(view=key),
                key == self.view_key,
                counts[key],
                key == "proposed" and bool(counts[key]),
            )
            for key, (label, _states) in VIEWS.items()
        )

    def get_context_data(self, **kwargs):
        return super().get_context_data(may_change=may_change(self.request.user), **kwargs)


class ChargePage:
    """A charge found by its unguessable id among those the person may see."""

    duties = READERS
    lookup = "uuid"

    def get_queryset(self):
        return Charge.objects.visible_to(self.request.user).select_related(
            "organization", "contract", "ticket", "entry", "created_by", "decided_by"
        )


class ChargeDetail(ChargePage, DetailPage):
    template_name = "billing/contracts/charge.html"

    def get_context_data(self, **kwargs):
        ticket = self.record.ticket
        # A clerk bills what was done on a confidential ticket without reading it (`VIS-3`).
        readable = (
            ticket is not None
            and Ticket.objects.visible_to(self.request.user).filter(pk=ticket.pk).exists()
        )
        return super().get_context_data(
            may_change=may_change(self.request.user),
            may_decide=may_decide(self.request.user, self.record),
            readable=readable,
            **kwargs,
        )


class ChargeVerb(ChargePage, ActionPage):
    """What is done about a charge."""

    template_name = "billing/contracts/action.html"
    form_class = ReasonForm
    refusals = (Refused,)


class Decision(ChargeVerb):
    """What is decided about a proposal."""

    def check(self):
        super().check()
        if not may_decide(self.request.user, self.record):
            raise Http404


class AcceptCharge(Decision):
    template_name = ""
    form_class = ActionPage.form_class
    success_message = _("Accepted. It stands on the next invoice.")

    def perform(self, form):
        actions.accept(self.record, by=self.request.user)


class RejectCharge(Decision):
    title = _("Reject the charge")
    success_message = _("Rejected. It will not be invoiced.")

    def perform(self, form):
        actions.reject(self.record, by=self.request.user, reason=form.cleaned_data["reason"])


class WriteOffCharge(ChargeVerb):
    duties = CLERKS
    title = _("Write the charge off")
    success_message = _("Written off. It will not be invoiced.")

    def perform(self, form):
        actions.write_off(self.record, by=self.request.user, reason=form.cleaned_data["reason"])


class NewCharge(VerbPage):
    """Something to be billed that no other part of the desk knows of."""

    duties = CLERKS
    template_name = "billing/contracts/action.html"
    form_class = ChargeForm
    refusals = (Refused,)
    title = _("New charge")
    button = _("Add the charge")
    success_message = _("The charge was added. It stands on the next invoice.")

    def get_form_kwargs(self):
        if self.request.method == "POST":
            return {"data": self.request.POST}
        return {"initial": {"on": today(), **self.request.GET.dict()}}

    def perform(self, form):
        values = dict(form.cleaned_data)
        contract = values["contract"]
        return actions.add_charge(contract.organization, by=self.request.user, **values)

    def get_success_url(self):
        return self.result.get_absolute_url() if self.result else reverse("contracts:charges")

    def get_context_data(self, **kwargs):
        return super().get_context_data(back_url=reverse("contracts:charges"), **kwargs)
