"""Reminders: those that are proposed, sending them, stopping them."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views import View

from billing.invoices import actions
from billing.invoices.errors import DamagedDocument
from billing.invoices.forms import ReasonForm
from billing.invoices.models import Reminder
from billing.invoices.permissions import may_book_money
from billing.invoices.tasks import send_asked_reminder
from itil.tickets.errors import Refused
from portal.ui.pages import ActionPage, DutyPage
from portal.ui.tables import Column
from portal.ui.views_of_lists import NamedView, NamedViewsPage

from .files import file_response
from .listing import DUTIES
from .payments import CLERKS
from .record import InvoicePage

VIEWS = (
    NamedView(
        "proposed",
        _("To be sent"),
        lambda rows, _user, _now: rows.filter(state=Reminder.State.PROPOSED),
        is_hot=True,
        ordering="-late",
    ),
    NamedView(
        "sent",
        _("Sent"),
        lambda rows, _user, _now: rows.filter(state=Reminder.State.SENT),
        ordering="-late",
    ),
    NamedView(
        "dropped",
        _("Dropped"),
        lambda rows, _user, _now: rows.filter(state=Reminder.State.DROPPED),
        ordering="-late",
    ),
)


class ReminderList(NamedViewsPage):
    """What late invoices are asked for, the oldest debt first."""

    duties = DUTIES
    template_name = "billing/invoices/reminders.html"
    csv_name = "reminders"
    views = VIEWS
    columns = (
        Column("number", _("Invoice"), sort="invoice__number", value="invoice.number"),
        Column(
            "customer",
            _("Customer"),
            sort="invoice__organization__name",
            value="invoice.organization.name",
        ),
        Column("level", _("Reminder"), sort="level"),
        Column("late", _("Days late"), sort="days_late", css="r", value="days_late"),
        Column("currency", _("Currency"), value="invoice.currency"),
        Column("balance", _("Open"), css="r"),
        Column("interest", _("Interest"), css="r"),
        Column("fixed_sum", _("Fixed sum"), css="r"),
        Column("total", _("Asked for"), css="r"),
    )
    shown = ("number", "customer", "level", "late", "balance", "interest", "fixed_sum", "total")

    def visible(self):
        return Reminder.objects.visible_to(self.request.user)

    def get_rows(self):
        return super().get_rows().select_related("invoice__organization", "sent_by")

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            place="reminders",
            view_key=self.view_of_list.key,
            may_book=may_book_money(self.request.user),
            **kwargs,
        )


class SendReminders(DutyPage, View):
    """Send the chosen reminders, or drop them."""

    duties = CLERKS

    def post(self, request):
        chosen = [one for one in request.POST.getlist("reminder") if one.isdecimal()]
        rows = Reminder.objects.visible_to(request.user).proposed().filter(pk__in=chosen)
        done = 0
        for reminder in rows:
            try:
                if request.POST.get("do") == "drop":
                    actions.drop_reminder(reminder, by=request.user)
                else:
                    actions.request_reminder(reminder, by=request.user)
                    send_asked_reminder.enqueue(reminder.pk)
                done += 1
            except Refused as refusal:
                messages.error(request, str(refusal))
        if not chosen:
            messages.error(request, _("Choose at least one reminder."))
        elif done and request.POST.get("do") == "drop":
            text = ngettext("%(count)d reminder dropped.", "%(count)d reminders dropped.", done)
            messages.success(request, text % {"count": done})
        elif done:
            text = ngettext(
                "%(count)d reminder is being sent.", "%(count)d reminders are being sent.", done
            )
            messages.success(request, text % {"count": done})
        return redirect("invoices:reminders")


class ReminderPdf(DutyPage, View):
    """The letter as it was sent."""

    duties = DUTIES

    def get(self, request, uuid):
        sent = Reminder.objects.visible_to(request.user).exclude(pdf="").select_related("invoice")
        reminder = get_object_or_404(sent, uuid=uuid)
        try:
            return file_response(reminder.read_pdf(), reminder.file_name)
        except DamagedDocument as problem:
            messages.error(request, str(problem))
            return redirect(reminder.invoice)


class Hold(InvoicePage, ActionPage):
    """Stop reminders of one invoice."""

    duties = CLERKS
    template_name = "billing/invoices/act.html"
    form_class = ReasonForm
    refusals = (Refused,)
    title = _("Stop reminders")
    success_message = _("Nobody is reminded of this invoice until you let it go on.")

    def perform(self, form):
        return actions.hold(self.record, by=self.request.user, **form.cleaned_data)

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            intro=_("The invoice stays open and late; only the reminders stop."),
            above=f"{self.record}, {self.record.organization.name}",
            back_url=self.record.get_absolute_url(),
            **kwargs,
        )


class LiftHold(InvoicePage, ActionPage):
    duties = CLERKS
    refusals = (Refused,)
    success_message = _("Reminders go on.")

    def perform(self, form):
        actions.lift_hold(self.record, by=self.request.user)
