"""Payments: the list, one of them, and what is done with it."""

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from billing.invoices import actions
from billing.invoices.filters import PaymentFilter
from billing.invoices.forms import (
    CustomerForm,
    PaymentForm,
    ReasonForm,
    RefundForm,
    SharesForm,
    business_day,
)
from billing.invoices.models import Allocation, Invoice, Payment, Seller
from billing.invoices.permissions import may_book_money
from itil.tickets.errors import Refused
from portal.ui.pages import ActionPage, DetailPage, VerbPage
from portal.ui.tables import Column
from portal.ui.views_of_lists import ALL, NamedView, NamedViewsPage

from .listing import DUTIES

CLERKS = ("is_billing_clerk",)
VIEWS = (
    NamedView(ALL, _("All"), lambda rows, _user, _now: rows, ordering="-received"),
    NamedView(
        "credit",
        _("With credit"),
        lambda rows, _user, _now: rows.with_credit(),
        ordering="-received",
    ),
    NamedView(
        "reversed",
        _("Reversed"),
        lambda rows, _user, _now: rows.filter(reversed_at__isnull=False),
        ordering="-received",
    ),
)


class PaymentList(NamedViewsPage):
    """All payments, newest first."""

    duties = DUTIES
    template_name = "billing/invoices/payments.html"
    filterset_class = PaymentFilter
    csv_name = "payments"
    views = VIEWS
    columns = (
        Column("received", _("Received"), sort="received_on", value="received_on"),
        Column("customer", _("Customer"), sort="organization__name", value="organization.name"),
        Column("method", _("How"), value="get_method_display"),
        Column("reference", _("Reference")),
        Column("currency", _("Currency")),
        Column("amount", _("Amount"), sort="amount", css="r"),
        Column("credit", _("Credit"), css="r"),
    )
    shown = ("received", "customer", "method", "reference", "amount", "credit")

    def visible(self):
        return Payment.objects.visible_to(self.request.user)

    def get_rows(self):
        return super().get_rows().select_related("organization")

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            place="payments", may_book=may_book_money(self.request.user), **kwargs
        )


class PaymentPage:
    """A payment found by its unguessable id among those the person may see."""

    duties = DUTIES
    lookup = "uuid"

    def get_queryset(self):
        return Payment.objects.visible_to(self.request.user).select_related(
            "organization", "seller", "recorded_by", "reversed_by", "entry"
        )


class PaymentDetail(PaymentPage, DetailPage):
    template_name = "billing/invoices/payment.html"

    def get_context_data(self, **kwargs):
        payment = self.record
        return super().get_context_data(
            allocations=payment.allocations.select_related("invoice", "by", "ended_by"),
            refunds=payment.refunds.select_related("by"),
            may_book=may_book_money(self.request.user) and payment.reversed_at is None,
            **kwargs,
        )


def open_invoices(organization, **narrowed):
    """What a customer still owes, the oldest first."""
    return (
        Invoice.objects.owed()
        .filter(organization=organization, **narrowed)
        .order_by("due_on", "pk")
    )


class RecordPayment(VerbPage):
    """Choose the customer (`?customer=`), then enter the money and where it goes."""

    duties = CLERKS
    template_name = "billing/invoices/record_payment.html"
    form_class = PaymentForm
    refusals = (Refused,)
    title = _("Record a payment")
    success_message = _("The payment is recorded.")

    @cached_property
    def customer(self):
        asked = self.request.GET.get("customer")
        if not asked:
            return None
        form = CustomerForm({"customer": asked})
        if not form.is_valid():
            raise Http404
        return form.cleaned_data["customer"]

    @cached_property
    def invoices(self):
        return list(open_invoices(self.customer)) if self.customer else []

    def get_form(self):
        if self.customer is None:
            # Asked for with none chosen: it says what is missing.
            return CustomerForm(self.request.GET if "customer" in self.request.GET else None)
        values = {"invoices": self.invoices}
        if self.request.method == "POST":
            return PaymentForm(self.request.POST, **values)
        seller = Seller.objects.filter(active=True).first()
        meant = [one for one in self.invoices if str(one.uuid) == self.request.GET.get("invoice")]
        first = meant[0] if meant else None
        return PaymentForm(
            initial={
                "seller": first.seller_id if first else seller,
                "currency": first.currency if first else getattr(seller, "currency", ""),
                "amount": first.balance if first else "",
                "received_on": business_day(),
            },
            shares=[(one, one.balance) for one in meant],
            **values,
        )

    def post(self, request, *args, **kwargs):
        if self.customer is None:
            return redirect("invoices:record-payment")
        return super().post(request, *args, **kwargs)

    def perform(self, form):
        given = form.cleaned_data
        names = (
            "seller",
            "amount",
            "currency",
            "received_on",
            "method",
            "reference",
            "note",
            "key",
        )
        return actions.record_payment(
            organization=self.customer,
            shares=form.shares,
            by=self.request.user,
            **{name: given[name] for name in names},
        )

    def get_success_url(self):
        return self.result.get_absolute_url()

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            customer=self.customer, back_url=reverse("invoices:payments"), **kwargs
        )


class PaymentAction(PaymentPage, ActionPage):
    """A verb on a payment."""

    duties = CLERKS
    template_name = "billing/invoices/act.html"
    refusals = (Refused,)
    intro = ""

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            intro=self.intro,
            above=self.record.organization.name,
            back_url=self.record.get_absolute_url(),
            **kwargs,
        )


class Allocate(PaymentAction):
    template_name = "billing/invoices/allocate.html"
    form_class = SharesForm
    title = _("Put it on invoices")
    success_message = _("The invoices are paid by it.")

    def get_form_kwargs(self):
        payment = self.record
        found = open_invoices(
            payment.organization, currency=payment.currency, seller=payment.seller
        )
        return super().get_form_kwargs() | {"invoices": found}

    def perform(self, form):
        return actions.allocate(self.record, form.shares, by=self.request.user)


class PayBack(PaymentAction):
    form_class = RefundForm
    title = _("Pay back")
    intro = _("Note here what you have transferred to the customer; Balie moves no money itself.")
    success_message = _("The refund is noted.")

    def get_form_kwargs(self):
        found = super().get_form_kwargs()
        if "initial" in found:
            found["initial"] = {"amount": self.record.credit, "paid_on": business_day()}
        return found

    def perform(self, form):
        return actions.refund(self.record, by=self.request.user, **form.cleaned_data)


class Reverse(PaymentAction):
    form_class = ReasonForm
    title = _("Reverse the payment")
    intro = _("Its invoices are owed again. Do it when a payment bounced or was entered wrongly.")
    success_message = _("The payment is reversed.")

    def perform(self, form):
        return actions.reverse(self.record, by=self.request.user, **form.cleaned_data)


class TakeOff(PaymentAction):
    form_class = ReasonForm
    title = _("Take it off the invoice")
    intro = _("The amount becomes the customer's credit, and the invoice is owed again.")
    success_message = _("The amount is credit of the customer again.")

    @cached_property
    def allocation(self):
        return get_object_or_404(
            Allocation.objects.select_related("payment"),
            payment=self.record,
            pk=self.kwargs["allocation"],
        )

    def check(self):
        super().check()
        _found = self.allocation

    def perform(self, form):
        return actions.take_off(self.allocation, by=self.request.user, **form.cleaned_data)


def unallocated_of(organizations):
    """Credit by customer and currency. One query."""
    rows = Payment.objects.filter(organization__in=organizations).credit_by_currency()
    return {(row["organization"], row["currency"]): row["credit"] for row in rows}
