"""The lists behind figures of money."""

from django.utils.translation import gettext_lazy as _

from billing.invoices.models import Invoice, Payment
from portal.ui.tables import Column
from reports.metrics.indicator import Record
from reports.tables import RecordTable, register

register(
    Record.INVOICE,
    RecordTable(
        seen_by=lambda user: Invoice.objects.visible_to(user).select_related("organization"),
        ticket=None,
        link="number",
        noun=_("Invoices and credit notes"),
        default_sort="-issued",
        searched=("number", "organization__name"),
        columns=(
            Column("number", _("Number"), sort="number"),
            Column("kind", _("Kind"), value="get_kind_display"),
            Column("customer", _("Customer"), sort="organization__name", value="organization.name"),
            Column("issued", _("Issued"), sort="issued_on", value="issued_on"),
            Column("due", _("Due"), sort="due_on", value="due_on"),
            Column("total", _("To pay"), sort="payable_total", value="payable_total"),
            Column("balance", _("Still open"), value="balance"),
            Column("currency", _("Currency"), sort="currency"),
        ),
    ),
)
register(
    Record.PAYMENT,
    RecordTable(
        seen_by=lambda user: Payment.objects.visible_to(user).select_related("organization"),
        ticket=None,
        link="received",
        noun=_("Payments"),
        default_sort="-received",
        searched=("reference", "organization__name"),
        columns=(
            Column("received", _("Received"), sort="received_on", value="received_on"),
            Column("customer", _("Customer"), sort="organization__name", value="organization.name"),
            Column("reference", _("Reference"), sort="reference"),
            Column("amount", _("Amount"), sort="amount"),
            Column("refunded", _("Paid back"), sort="refunded_total", value="refunded_total"),
            Column("currency", _("Currency"), sort="currency"),
        ),
    ),
)
