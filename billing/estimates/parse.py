"""Hours and amounts as people type them into an estimate."""

import re
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from itil.tickets.errors import MissingValue

MOST_HOURS = 10_000
MOST = Decimal("99999999")


def minutes(text: str) -> int:
    """Whole minutes of "8", "7.5", "7,5" or "7:30" hours. Raises MissingValue (amount)."""
    text = text.strip()
    clock = re.fullmatch(r"(\d{1,5}):([0-5]\d)", text, re.ASCII)
    if clock:
        found = int(clock[1]) * 60 + int(clock[2])
    else:
        found = int((number(text) * 60).to_integral_value())
    if not 1 <= found <= MOST_HOURS * 60:
        raise MissingValue("amount", _("Enter hours such as 8, 7.5 or 7:30."))
    return found


def number(text: str) -> Decimal:
    """A quantity or a price, with a point or a comma and at most four decimals.

    Raises MissingValue (amount), also when it cannot be told whether a mark parts thousands.
    """
    plain = text.strip().replace("\N{NO-BREAK SPACE}", "").replace(" ", "")
    if not re.fullmatch(r"\d{1,8}([.,]\d{1,4})?", plain, re.ASCII):
        raise MissingValue(
            "amount", _("Enter a number such as 1250 or 96.40, without marks between thousands.")
        )
    try:
        return Decimal(plain.replace(",", "."))
    except InvalidOperation as problem:
        raise MissingValue("amount", _("Enter a number such as 96.40.")) from problem
