"""An estimate on paper, from what is frozen when it is sent."""

from decimal import Decimal

from billing.contracts.models import UnitCode
from billing.estimates.models import Estimate, EstimateLine, LineKind
from billing.invoices.amounts import HOUR, TaxedAmount, totals_of
from billing.invoices.documents import EstimateKind, EstimateLetter, estimate_html, pdf_of
from billing.invoices.einvoice import Line
from itil.timesheets.hours import business_date


def estimate_pdf(estimate: Estimate) -> bytes:
    """The paper of one version that was sent: the same bytes whenever it is made."""
    return pdf_of(estimate_html(letter_of(estimate)))


def letter_of(estimate: Estimate) -> EstimateLetter:
    """What it says. One query for the lines, one for the number of the ticket."""
    if estimate.sent_at is None:
        raise ValueError("a draft has no paper")
    lines = list(estimate.lines.order_by("position"))
    tax = (estimate.vat_category, estimate.vat_rate, estimate.vat_reason)
    return EstimateLetter(
        kind=EstimateKind(estimate.kind),
        number=estimate.number,
        version=estimate.version,
        written_on=business_date(estimate.sent_at),
        valid_until=estimate.valid_until,
        language=estimate.language,
        currency=estimate.currency,
        seller=estimate.seller_details,
        buyer=estimate.buyer_details,
        lines=tuple(_line(line, estimate) for line in lines),
        totals=totals_of((TaxedAmount(line.net, *tax) for line in lines), estimate.currency),
        title=estimate.title,
        ticket=estimate.ticket.number,
        note=estimate.introduction,
    )


def _line(line: EstimateLine, estimate: Estimate) -> Line:
    return Line(
        position=line.position,
        name=line.description,
        detail="",
        quantity=line.quantity,
        unit=HOUR if line.kind == LineKind.HOURS else UnitCode.PIECE.value,
        price=line.unit_price,
        price_base=Decimal(1),
        net=line.net,
        category=estimate.vat_category,
        rate=estimate.vat_rate,
    )
