"""The documents of an issued invoice: the e-invoice, judged, inside the paper that people read."""

from dataclasses import dataclass
from datetime import UTC, datetime, time

from django.utils.translation import gettext as _

from billing.invoices.einvoice import NAME, Checks, Syntax, cii_of, ubl_of, validate
from billing.invoices.errors import InvalidEInvoice
from billing.invoices.models import Invoice
from portal.paper.printing import Attachment

from .content import content_of
from .paper import html_of
from .printing import archivable_pdf_of


@dataclass(frozen=True)
class Made:
    """One invoice as files. The `xml` is the very one inside the `pdf`."""

    pdf: bytes
    xml: bytes
    checks: Checks


def make(invoice: Invoice) -> Made:
    """PDF/A-3 with the CII inside, from the frozen columns: the same bytes whenever it is made.

    Raises InvalidEInvoice, naming the rules, unless schema and rules were asked and all agreed.
    """
    content = content_of(invoice)
    xml = cii_of(content)
    checks = judged(xml, Syntax.CII)
    issued_on = content.issued_on
    assert issued_on is not None  # noqa: S101, the XML could not be written without
    inside = Attachment(
        name=NAME,
        content=xml,
        made_at=datetime.combine(issued_on, time(), tzinfo=UTC),
        description="Factur-X",
        relationship="Alternative",
    )
    return Made(archivable_pdf_of(html_of(invoice, content), inside), xml, checks)


def ubl_for(invoice: Invoice) -> bytes:
    """The issued invoice as plain UBL, judged as well. Raises InvalidEInvoice."""
    xml = ubl_of(content_of(invoice))
    judged(xml, Syntax.UBL)
    return xml


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
