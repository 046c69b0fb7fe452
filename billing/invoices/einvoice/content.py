"""What a document states, frozen: the terms of EN 16931 (BT and BG numbers) without a syntax."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum

from billing.invoices.amounts import Totals


class Kind(Enum):
    """Codes of UNTDID 1001 (BT-3)."""

    INVOICE = "380"
    CREDIT_NOTE = "381"


@dataclass(frozen=True)
class Party:
    """Seller (BG-4) or buyer (BG-7); empty text for what is not known."""

    name: str
    street: str
    postcode: str
    city: str
    # ISO 3166-1, two letters.
    country: str
    vat_id: str = ""
    tax_number: str = ""
    # Entry in a public register (BT-30, BT-47).
    registration: str = ""
    email: str = ""
    phone: str = ""


@dataclass(frozen=True)
class Adjustment:
    """An allowance or charge, above 0; without category on a line, which has its own."""

    amount: Decimal
    reason: str
    category: str = ""
    rate: Decimal = Decimal(0)


@dataclass(frozen=True)
class Line:
    """One position (BG-25). `price` is for `price_base` of `unit`, a UN/ECE code."""

    position: int
    name: str
    detail: str
    quantity: Decimal
    unit: str
    price: Decimal
    price_base: Decimal
    net: Decimal
    category: str
    rate: Decimal
    allowances: tuple[Adjustment, ...] = ()
    charges: tuple[Adjustment, ...] = ()


@dataclass(frozen=True)
class Payment:
    """Where to transfer to (BG-16); spaces in account numbers are taken out."""

    account_name: str
    iban: str
    bic: str
    reference: str


@dataclass(frozen=True)
class Preceding:
    """The invoice that a credit note corrects (BG-3)."""

    number: str
    issued_on: date | None


@dataclass(frozen=True)
class TaxCurrency:
    """Total VAT as the tax office wants it (BT-6, BT-111)."""

    code: str
    tax: Decimal


@dataclass(frozen=True)
class Content:
    """An invoice or credit note. Amounts of a credit note are positive (`BIL-13`)."""

    kind: Kind
    number: str
    issued_on: date
    due_on: date | None
    currency: str
    period_first: date | None
    period_last: date | None
    seller: Party
    buyer: Party
    lines: tuple[Line, ...]
    totals: Totals
    allowances: tuple[Adjustment, ...] = ()
    charges: tuple[Adjustment, ...] = ()
    buyer_reference: str = ""
    order_number: str = ""
    contract_number: str = ""
    preceding: Preceding | None = None
    payment: Payment | None = None
    # In words (BT-20).
    terms: str = ""
    note: str = ""
    tax_currency: TaxCurrency | None = None
