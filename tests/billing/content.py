"""Documents without a database: what an invoice of Halden for Brightwater states."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from billing.invoices.amounts import TaxedAmount, line_net, totals_of
from billing.invoices.einvoice import Adjustment, Content, Kind, Line, Party, Payment, Preceding

SELLER = Party(
    name="Halden IT Services GmbH",
    street="Speicherweg 21",
    postcode="20457",
    city="Hamburg",
    country="DE",
    vat_id="DE123456788",
    registration="HRB 104417",
    email="billing@halden.example",
    phone="+49 40 000 4400",
)
BUYER = Party(
    name="Brightwater Clinics GmbH",
    street="Am Wall 140",
    postcode="28195",
    city="Bremen",
    country="DE",
    vat_id="DE111111125",
    registration="HRB 9",
    email="ap@brightwater.example",
)
PAYMENT = Payment(
    account_name="Halden IT Services GmbH",
    iban="DE89 3704 0044 0532 0130 00",
    bic="COBADEFFXXX",
    reference="RF462026000123",
)
REASONS = {"E": "Exempt, article 132", "AE": "Reverse charge", "O": "Not subject to VAT"}
REASONS |= {"K": "Intra-community supply", "G": "Export outside the EU"}


def line(category: str = "S", rate: str = "19", **changes) -> Line:
    """An hour and a half of support."""
    made = Line(
        **{
            "position": 1,
            "name": "Incident support",
            "detail": "INC-000001",
            "quantity": Decimal("1.5"),
            "unit": "HUR",
            "price": Decimal("96.40"),
            "price_base": Decimal(1),
            "net": Decimal(0),
            "category": category,
            "rate": Decimal(rate),
        }
        | changes
    )
    net = line_net(
        made.quantity,
        made.price,
        "EUR",
        price_base=made.price_base,
        allowances=[one.amount for one in made.allowances],
        charges=[one.amount for one in made.charges],
    )
    return replace(made, net=net)


def adjustment(amount: str, reason: str, category: str = "", rate: str = "0") -> Adjustment:
    return Adjustment(Decimal(amount), reason, category, Decimal(rate))


def content(*lines: Line, prepaid: str = "0", rounding: str = "0", **changes) -> Content:
    """October's invoice, with sums that fit; of one line unless `lines` are given."""
    rows = [replace(one, position=number) for number, one in enumerate(lines or (line(),), start=1)]
    currency = changes.get("currency", "EUR")
    totals = totals_of(
        [_taxed(one.net, one.category, one.rate) for one in rows],
        currency,
        allowances=[_taxed(a.amount, a.category, a.rate) for a in changes.get("allowances", ())],
        charges=[_taxed(a.amount, a.category, a.rate) for a in changes.get("charges", ())],
        prepaid=Decimal(prepaid),
        rounding=Decimal(rounding),
    )
    outside = any(one.category == "O" for one in rows)
    return Content(
        **{
            "kind": Kind.INVOICE,
            "number": "HAL-2026-000123",
            "issued_on": date(2026, 11, 3),
            "due_on": date(2026, 12, 3),
            "currency": currency,
            "period_first": date(2026, 10, 1),
            "period_last": date(2026, 10, 31),
            "seller": replace(SELLER, vat_id="") if outside else SELLER,
            "buyer": replace(BUYER, vat_id="") if outside else BUYER,
            "lines": tuple(rows),
            "totals": totals,
            "order_number": "PO 4500-118",
            "contract_number": "BW-2024",
            "payment": PAYMENT,
        }
        | changes
    )


def credit_note(*lines: Line, **changes) -> Content:
    return content(
        *lines,
        kind=Kind.CREDIT_NOTE,
        number="HAL-C-2026-000001",
        preceding=Preceding("HAL-2026-000123", date(2026, 11, 3)),
        **changes,
    )


def _taxed(amount: Decimal, category: str, rate: Decimal) -> TaxedAmount:
    return TaxedAmount(amount, category, rate, REASONS.get(category, ""))
