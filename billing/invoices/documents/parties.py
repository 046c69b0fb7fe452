"""Who sells to whom: the details an invoice must state (`BIL-22`)."""

from datetime import date

from django.conf import settings
from django.utils.translation import gettext as _

from billing.contracts.amounts import is_current
from billing.contracts.models import VatCategory
from billing.invoices.matching import RateOfTheDay, rate_on
from billing.invoices.models import Invoice, Seller
from billing.invoices.parse import is_iban
from portal.people.models import Organization

ADDRESS = ("name", "street", "postcode", "city", "country", "vat_id")
SELLER_DETAILS = (
    *(*ADDRESS, "brand", "tax_number", "registration", "email", "phone", "iban", "bic"),
    *("accent", "logo", "intro", "footer_text", "payment_note"),
)
BUYER_DETAILS = (*ADDRESS, "registration_number")


def parties_of(invoice: Invoice) -> tuple[dict[str, str], dict[str, str]]:
    """Seller and buyer: the copies of an issued invoice, the present details of a draft."""
    if invoice.is_frozen:
        return invoice.seller_details, invoice.buyer_details
    ours, theirs = details_of(invoice.seller, invoice.organization)
    if VatCategory.OUTSIDE_SCOPE in _categories(invoice):
        # `BIL-20`: such a document carries no VAT identifier of either side.
        ours["vat_id"] = theirs["vat_id"] = ""
    return ours, theirs


def details_of(seller: Seller, buyer: Organization) -> tuple[dict[str, str], dict[str, str]]:
    """What a document says of the two today."""
    ours = {name: str(getattr(seller, name)) for name in SELLER_DETAILS}
    ours["brand"] = ours["brand"] or ours["name"]
    theirs = {name: str(getattr(buyer, name)) for name in BUYER_DETAILS}
    theirs["email"] = buyer.billing_email
    return ours, theirs


def missing_content(invoice: Invoice, day: date) -> list[str]:
    """What the law asks for and is lacking on `day`, in words; empty when it may be issued.

    One query for an invoice in another currency than that of our VAT.
    """
    ours, theirs = parties_of(invoice)
    categories = _categories(invoice)
    missing = []
    for details, owner in ((ours, _("Our details")), (theirs, theirs["name"])):
        gaps = [
            label
            for field, label in (
                ("street", _("street")),
                ("city", _("city")),
                ("country", _("country")),
            )
            if not details[field]
        ]
        if gaps:
            missing.append(_("%(owner)s: %(fields)s") % {"owner": owner, "fields": ", ".join(gaps)})
    if VatCategory.OUTSIDE_SCOPE not in categories and not (ours["vat_id"] or ours["tax_number"]):
        missing.append(_("Our VAT number or tax number"))
    if VatCategory.OUTSIDE_SCOPE in categories and not ours["registration"]:
        # Without a VAT number the rules want another that says who we are (BR-CO-26).
        missing.append(_("Our register entry (outside the scope of VAT)"))
    if VatCategory.REVERSE_CHARGE in categories and not (
        theirs["vat_id"] or theirs["registration_number"]
    ):
        missing.append(_("VAT number of %(name)s (reverse charge)") % {"name": theirs["name"]})
    # A credit note corrects what was asked for in the currency of its day.
    if not is_current(invoice.currency) and invoice.corrects_id is None:
        missing.append(
            _("A currency that is in use; %(currency)s no longer is. Change the contract")
            % {"currency": invoice.currency}
        )
    if ours["iban"] and not is_iban(ours["iban"]):
        missing.append(_("A valid IBAN; the one in our details has wrong check digits"))
    if needs_rate(invoice) and rate_of(invoice, day) is None:
        missing.append(
            _("An exchange rate of %(base)s in %(currency)s, at most %(days)d days old")
            % {
                "base": invoice.seller.currency,
                "currency": invoice.currency,
                "days": settings.EXCHANGE_RATE_DAYS,
            }
        )
    return missing


def needs_rate(invoice: Invoice) -> bool:
    """True when VAT must also be stated in the currency in which we declare it (`BIL-23`)."""
    charges_vat = VatCategory.STANDARD in _categories(invoice)
    return charges_vat and invoice.currency != invoice.seller.currency


def rate_of(invoice: Invoice, day: date) -> RateOfTheDay | None:
    """The rate that its VAT is converted with; a credit note has that of its invoice."""
    original = invoice.corrects
    if original is not None and original.tax_exchange_rate and original.tax_rate_on:
        return RateOfTheDay(
            original.tax_exchange_rate, original.tax_rate_source, original.tax_rate_on
        )
    return rate_on(day, of=invoice.seller.currency, into=invoice.currency)


def _categories(invoice: Invoice) -> set[str]:
    return {row["category"] for row in invoice.vat_breakdown}
