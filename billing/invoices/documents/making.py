"""The documents of an issued invoice: the e-invoice, judged, inside the paper that people read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time

from django.utils.translation import gettext as _

from billing.invoices.einvoice import NAME, Checks, Syntax, cii_of, ubl_of, validate
from billing.invoices.errors import InvalidEInvoice
from billing.invoices.models import Invoice
from portal.paper.printing import Attachment

from .content import content_of
from .hours import HourRow
from .paper import html_of
from .printing import archivable_pdf_of


@dataclass(frozen=True)
class Made:
    """One invoice as files. The `xml` is the very one inside the `pdf`; `ubl` says the same.

    `page` is the HTML that was printed.
    """

    pdf: bytes
    xml: bytes
    checks: Checks
    ubl: bytes
    ubl_checks: Checks
    page: str


def make(
    invoice: Invoice, *, hours: Sequence[HourRow] | None = None, ahead: Made | None = None
) -> Made:
    """PDF/A-3 with the CII inside, and UBL, from the frozen columns: always the same bytes.

    `hours` stand on the annex instead of those that were kept at issue. What was made `ahead` of
    time is taken when page and XML are the same to the letter, which costs hundredths of a second
    instead of tenths. Raises InvalidEInvoice, naming the rules, unless schema and rules were asked
    and all agreed.
    """
    content = content_of(invoice)
    xml, ubl, page = cii_of(content), ubl_of(content), html_of(invoice, content, hours)
    if ahead and (ahead.xml, ahead.ubl, ahead.page) == (xml, ubl, page):
        return ahead
    checks = judged(xml, Syntax.CII)
    ubl_checks = judged(ubl, Syntax.UBL)
    issued_on = content.issued_on
    assert issued_on is not None  # noqa: S101, the XML could not be written without
    inside = Attachment(
        name=NAME,
        content=xml,
        made_at=datetime.combine(issued_on, time(), tzinfo=UTC),
        description="Factur-X",
        relationship="Alternative",
    )
    pdf = archivable_pdf_of(page, inside)
    return Made(pdf, xml, checks, ubl, ubl_checks, page)


def judged(xml: bytes, syntax: Syntax) -> Checks:
    """What the rules say to `xml`. Raises InvalidEInvoice unless they ran and all agree."""
    checks = validate(xml, syntax)
    if not checks.is_valid:
        if not checks.failures:
            raise InvalidEInvoice(
                _("The rules for e-invoices could not be asked, so nothing was issued."), []
            )
        raise InvalidEInvoice(
            _("The e-invoice breaks rules of EN 16931: %(rules)s")
            % {"rules": " · ".join(str(one) for one in checks.failures)},
            [one.rule for one in checks.failures],
        )
    return checks
