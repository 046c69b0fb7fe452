"""The letter that goes with a reminder, from columns that are frozen when it is sent."""

from billing.invoices.einvoice import Payment
from billing.invoices.models import Reminder
from itil.timesheets.hours import business_date

from .letters import OpenInvoice, ReminderLetter, reminder_html
from .printing import pdf_of


def reminder_pdf(reminder: Reminder) -> bytes:
    """The letter of a reminder that is sent: the same bytes whenever it is made."""
    return pdf_of(reminder_html(letter_of(reminder)))


def letter_of(reminder: Reminder) -> ReminderLetter:
    """What it says; parties, account and reference are those of the issued invoice."""
    invoice = reminder.invoice
    ours = invoice.seller_details
    issued_on, due_on, sent_at = invoice.issued_on, invoice.due_on, reminder.sent_at
    if issued_on is None or due_on is None or sent_at is None:
        raise ValueError("only what was sent about an issued invoice has a letter")
    account = Payment(ours["name"], ours["iban"], ours["bic"], invoice.payment_reference)
    return ReminderLetter(
        level=reminder.level,
        written_on=business_date(sent_at),
        language=invoice.language,
        currency=invoice.currency,
        seller=ours,
        buyer=invoice.buyer_details,
        rows=(
            OpenInvoice(
                number=invoice.number or "",
                issued_on=issued_on,
                due_on=due_on,
                days_late=reminder.days_late,
                open=reminder.balance,
            ),
        ),
        payment=account if ours["iban"] else None,
        interest=reminder.interest,
        interest_rate=reminder.interest_rate,
        interest_days=reminder.days_late,
        fixed_sum=reminder.fixed_sum,
    )
