"""How to pay: the account, and the code that banking apps read (EPC069-12)."""

import base64
import io
from decimal import Decimal
from functools import lru_cache
from typing import Any

import segno.helpers

from billing.contracts.documents import Wording
from billing.invoices.einvoice import Payment
from billing.invoices.parse import in_fours, is_iban

SMALLEST, LARGEST = Decimal("0.01"), Decimal("999999999.99")


def payment_of(
    payment: Payment | None, amount: Decimal, currency: str, wording: Wording, *, note: str = ""
) -> dict[str, Any] | None:
    """The account as text, and the code for paying `amount`; None when there is none to show."""
    if payment is None:
        return None
    return {
        "title": wording.say("pay_title"),
        "to_label": wording.say("payee"),
        "to": payment.account_name,
        "iban": in_fours(payment.iban),
        "bic": payment.bic,
        "reference_label": wording.say("reference"),
        "reference": in_fours(payment.reference),
        "code": payment_code(payment, amount, currency),
        "code_text": wording.say("pay_code"),
        "note": note,
    }


# A page is made ahead of time and once more when its number is drawn.
@lru_cache(maxsize=8)
def payment_code(payment: Payment, amount: Decimal, currency: str) -> str:
    """A picture as a data address; "" unless it is euros, to a valid IBAN, with a reference."""
    fits = SMALLEST <= amount <= LARGEST
    if not (payment.reference and currency == "EUR" and is_iban(payment.iban) and fits):
        return ""
    code = segno.helpers.make_epc_qr(
        name=payment.account_name[:70],
        iban=payment.iban.replace(" ", ""),
        amount=amount,
        reference=payment.reference,
        bic=payment.bic or None,
        encoding=1,
    )
    drawing = io.BytesIO()
    code.save(drawing, kind="svg", dark="#171c26", border=0, omitsize=True)
    return "data:image/svg+xml;base64," + base64.b64encode(drawing.getvalue()).decode()
