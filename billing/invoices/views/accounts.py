"""The account of one customer: on the page, and as a statement to send."""

from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from django.views import View
from django.views.generic import TemplateView

from billing.invoices import actions
from billing.invoices.matching import BookingKind, accounts_of
from billing.invoices.models import Invoice
from billing.invoices.parse import month
from billing.invoices.permissions import may_book_money
from billing.invoices.tasks import print_account
from itil.tickets.errors import Refused
from portal.people.models import Organization
from portal.ui.pages import DutyPage

from .files import being_printed, file_response
from .listing import DUTIES, business_today

# What a row of an account is called.
BOOKED = {
    BookingKind.INVOICE: _("Invoice %(reference)s"),
    BookingKind.CREDIT_NOTE: _("Credit note %(reference)s"),
    BookingKind.PAYMENT: _("Payment %(reference)s"),
    BookingKind.REFUND: _("Paid back %(reference)s"),
    BookingKind.DISCOUNT: _("Discount for early payment, %(reference)s"),
    BookingKind.WRITE_OFF: _("Write-off, %(reference)s"),
}


class AccountPage(DutyPage):
    """A customer that has at least one invoice."""

    duties = DUTIES

    @cached_property
    def organization(self):
        found = Organization.objects.filter(
            pk__in=Invoice.objects.visible_to(self.request.user).values("organization")
        )
        return get_object_or_404(found, uuid=self.kwargs["uuid"])


class Account(AccountPage, TemplateView):
    """Everything between a customer and us in order, with the balance after each booking."""

    template_name = "billing/invoices/account.html"

    def get_context_data(self, **kwargs):
        today = business_today()
        return super().get_context_data(
            place="ageing",
            organization=self.organization,
            ledgers=[
                (currency, [(BOOKED[row.kind] % {"reference": row.reference}, row) for row in rows])
                for currency, rows in accounts_of(self.organization).items()
            ],
            may_book=may_book_money(self.request.user),
            since=today.replace(month=1, day=1),
            today=today,
            **kwargs,
        )


class AccountPdf(AccountPage, View):
    """The account in one currency since the first of a month, `?from=2026-01`, as a file made by
    the worker.
    """

    def get(self, request: HttpRequest, *_args: Any, **kwargs: Any) -> HttpResponse:
        currency = kwargs["currency"]
        if currency not in accounts_of(self.organization):
            raise Http404
        now = timezone.now()
        try:
            since = month(request.GET.get("from", f"{business_today():%Y}-01")).first
            return self._file(currency, since, now)
        except Refused as problem:
            messages.error(request, str(problem))
            return redirect("invoices:account", self.organization.uuid)

    def _file(self, currency: str, since: date, now: datetime) -> HttpResponse:
        paper, content = actions.account_paper(self.organization, currency, since=since, at=now)
        if content is None and actions.request_account_paper(paper, at=now):
            print_account.enqueue(paper.pk)
            paper, content = actions.account_paper(self.organization, currency, since=since, at=now)
        if content is None:
            back_url = reverse("invoices:account", args=[self.organization.uuid])
            title = _("Statement of account")
            return being_printed(self.request, title=title, back_url=back_url)
        name = f"account-{slugify(self.organization.name)}-{currency}-{now:%Y-%m-%d}"
        return file_response(content, name)
