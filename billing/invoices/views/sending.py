"""Sending invoices and giving out links, by billing clerks; and what became of both."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views import View

from billing.invoices import actions
from billing.invoices.filters import SendMonthForm
from billing.invoices.forms import SendAllForm, SendForm
from billing.invoices.models import Invoice, InvoiceLink
from billing.invoices.parse import month_of
from billing.invoices.recipients import addresses_of
from billing.invoices.tasks import send_issued
from itil.tickets.errors import Refused
from portal.ui.pages import ActionPage, DutyPage, RecordMixin, VerbPage

from .listing import business_today
from .record import InvoicePage

CLERKS = ("is_billing_clerk",)
# Shown one by one before all are sent; the number says how many there are.
MOST_SHOWN = 100


class IssuedPage(InvoicePage):
    """An invoice with a number; a draft has nothing to send."""

    duties = CLERKS

    def get_queryset(self):
        return super().get_queryset().issued()


class Send(IssuedPage, ActionPage):
    """To which address, and as a link or with the files."""

    template_name = "billing/invoices/send.html"
    form_class = SendForm
    refusals = (Refused,)

    def get_form_kwargs(self):
        kwargs = super().get_form_kwargs()
        if self.request.method != "POST":
            kwargs["initial"] = {"to": addresses_of([self.record])[self.record.pk]}
        return kwargs

    def perform(self, form):
        return actions.send(
            self.record,
            to=form.cleaned_data["to"],
            how=form.cleaned_data["how"],
            by=self.request.user,
            at=timezone.now(),
            key=f"form:{form.cleaned_data['key']}",
        )

    def get_success_message(self, result):
        return _("%(number)s is on its way to %(to)s.") % {
            "number": self.record.number,
            "to": result.to,
        }

    def get_context_data(self, **kwargs):
        return super().get_context_data(sendings=self.record.sendings.all(), **kwargs)


class SendAll(VerbPage):
    """All of a month that were issued and not sent; the worker writes the mails."""

    duties = CLERKS
    template_name = "billing/invoices/send_all.html"
    form_class = SendAllForm
    refusals = (Refused,)

    @cached_property
    def month(self):
        form = SendMonthForm(self.request.GET)
        asked = form.cleaned_data["month"] if form.is_valid() else None
        return asked or month_of(business_today())

    @cached_property
    def invoices(self):
        found = Invoice.objects.visible_to(self.request.user).unsent()
        found = found.issued_between(self.month.first, self.month.last)
        return list(found.select_related("organization").order_by("number"))

    @cached_property
    def addresses(self):
        return addresses_of(self.invoices)

    def get_form_kwargs(self):
        return {"data": self.request.POST} if self.request.method == "POST" else {}

    def perform(self, form):
        ready = [one.pk for one in self.invoices if self.addresses[one.pk]]
        send_issued.enqueue(ready, form.cleaned_data["how"], self.request.user.pk)
        return len(ready)

    def get_success_message(self, result):
        return ngettext(
            "%(count)d invoice is being sent.", "%(count)d invoices are being sent.", result
        ) % {"count": result}

    def get_success_url(self):
        return reverse("invoices:list")

    def get_context_data(self, **kwargs):
        rows = [(one, self.addresses[one.pk]) for one in self.invoices]
        return super().get_context_data(
            month=self.month,
            rows=rows[:MOST_SHOWN],
            more=max(0, len(rows) - MOST_SHOWN),
            ready=sum(1 for _one, to in rows if to),
            lacking=[one for one, to in rows if not to],
            **kwargs,
        )


class MakeLink(IssuedPage, DutyPage, RecordMixin, View):
    """A new link on demand. Its address is shown once: only its digest is kept."""

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        link, address = actions.make_link(self.record, by=request.user, at=timezone.now())
        response = render(
            request,
            "billing/invoices/new_link.html",
            {"record": self.record, "link": link, "address": address},
        )
        response["Cache-Control"] = "private, no-store"
        return response


class RevokeLink(IssuedPage, ActionPage):
    """The link opens nothing any more."""

    refusals = (Refused,)

    @cached_property
    def link(self) -> InvoiceLink:
        found: InvoiceLink = get_object_or_404(self.record.links, uuid=self.kwargs["link"])
        return found

    def check(self):
        _found = self.link

    def perform(self, form):
        return actions.revoke_link(self.link, by=self.request.user, at=timezone.now())

    def get_success_message(self, result):
        return _("The link is revoked.")
