"""What goes out with a reminder: the mail, and the letter that is stored."""

import hashlib
from decimal import Decimal

from django.core.files.base import ContentFile
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from billing.invoices.documents import Wording, reminder_pdf
from billing.invoices.models import Invoice, Reminder
from billing.invoices.models.dunning import reminder_path
from itil.tickets.errors import Refused


def store_letter(reminder: Reminder) -> None:
    """Print the letter of a reminder that is being sent; the caller saves the row."""
    content = reminder_pdf(reminder)
    reminder.pdf_sha256 = hashlib.sha256(content).hexdigest()
    # What a killed process left behind; the row is locked.
    reminder.pdf.storage.delete(reminder_path(reminder, ""))
    reminder.pdf.save("", ContentFile(content), save=False)


def mail_of(reminder: Reminder, invoice: Invoice) -> tuple[str, str]:
    """Subject and text of the mail, in the active language."""
    wording = Wording.of(get_language())

    def money(amount: Decimal) -> str:
        return wording.money(amount, invoice.currency)

    subject = {
        1: _("Reminder: invoice %(number)s"),
        2: _("Second reminder: invoice %(number)s"),
        3: _("Last reminder: invoice %(number)s"),
    }[reminder.level] % {"number": invoice.number}
    if invoice.due_on is None or invoice.issued_on is None:
        raise Refused(_("Only an issued invoice can be reminded of."))
    parts = [
        _("Dear customer,"),
        _(
            "Invoice %(number)s of %(issued)s was due on %(due)s. We have not received all of it "
            "yet: %(balance)s is open."
        )
        % {
            "number": invoice.number,
            "issued": wording.day(invoice.issued_on),
            "due": wording.day(invoice.due_on),
            "balance": money(reminder.balance),
        },
    ]
    extras = []
    if reminder.interest and reminder.interest_rate is not None:
        extras.append(
            _("Interest for %(days)s days at %(rate)s a year: %(amount)s")
            % {
                "days": reminder.days_late,
                "rate": wording.percent(reminder.interest_rate),
                "amount": money(reminder.interest),
            }
        )
    if reminder.fixed_sum:
        extras.append(
            _("Fixed sum for late payment: %(amount)s") % {"amount": money(reminder.fixed_sum)}
        )
    if extras:
        extras.append(
            _("To be paid in all, without VAT on these: %(total)s")
            % {"total": money(reminder.total)}
        )
        parts.append("\n".join(extras))
    details = invoice.seller_details
    if details.get("iban"):
        parts.append(
            _("Please pay to %(iban)s (%(name)s) with the reference %(reference)s.")
            % {
                "iban": details["iban"],
                "name": details["name"],
                "reference": invoice.payment_reference,
            }
        )
    parts += [
        _("If you have paid meanwhile, or something is not right, please tell us."),
        details.get("name", ""),
    ]
    return subject, "\n\n".join(part for part in parts if part) + "\n"
