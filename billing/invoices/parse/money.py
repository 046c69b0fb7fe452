"""Amounts as people and banks write them: 1,234.50 or 1.234,50."""

import re
from decimal import Decimal

MONEY_EXAMPLE = "1234.50"
# Blanks between thousands: plain, unbreakable, narrow; and the Swiss apostrophe.
BLANKS = re.compile("[ \u00a0\u202f'\u2019]")
PLAIN = re.compile(r"[+-]?\d{1,12}(\.\d{1,4})?", re.ASCII)


class AmountError(ValueError):
    """The text is no amount, or could be read as two different ones."""


def money(text: str, *, separator: str = "") -> Decimal:
    """The amount in `text`; `separator` is the mark before the decimals, "." or ",".

    Without one both are understood where only one meaning is possible: 1.234,50 and 1,234.50 and
    12,5. Raises AmountError for 1,234, which may be a thousand or one and a bit, and for all else.
    """
    bare = BLANKS.sub("", text.strip()).replace("\u2212", "-")
    if not separator:
        separator = _separator(bare)
    thousands = "," if separator == "." else "."
    whole, _mark, decimals = bare.partition(separator)
    if thousands in decimals:
        raise AmountError(text)
    groups = whole.split(thousands)
    if len(groups) > 1 and (
        not 1 <= len(groups[0].lstrip("+-")) <= 3 or any(len(one) != 3 for one in groups[1:])
    ):
        raise AmountError(text)
    plain = "".join(groups) + (f".{decimals}" if decimals else "")
    if not PLAIN.fullmatch(plain):
        raise AmountError(text)
    return Decimal(plain)


def _separator(text: str) -> str:
    """The mark before the decimals, as far as the text itself tells."""
    marks = [mark for mark in text if mark in ",."]
    if not marks:
        return "."
    if len(set(marks)) == 2:
        # The last one; the other may stand before it only.
        return marks[-1]
    if len(marks) > 1:
        # 1.234.567: between thousands, as there is one mark before decimals at most.
        return "," if marks[0] == "." else "."
    decimals = text.rpartition(marks[0])[2]
    if len(decimals) == 3:
        raise AmountError(text)
    return marks[0]
