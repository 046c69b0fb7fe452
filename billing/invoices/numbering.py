"""Gapless invoice numbers (`BIL-12`), payment references and their check digits (`BIL-15`)."""

import re
from datetime import date
from typing import Any

from django.db.models import F, Func, QuerySet, Subquery
from django.utils.translation import gettext as _

from itil.tickets.errors import Refused

from .models import DocumentKind, InvoiceCounter, Seller
from .parse import remainder


def draw_number(seller: Seller, *, issued_on: date, kind: str = DocumentKind.INVOICE) -> str:
    """The next number of the series, from the locked counter row of the year of `issued_on`.

    Call it inside the transaction that issues: when that rolls back, so does the number. Raises
    Refused when a later date has been used already, as dates of a series never go back.
    """
    InvoiceCounter.objects.get_or_create(seller=seller, kind=kind, year=issued_on.year)
    # All years of the series in order, so that the check below cannot be overtaken.
    counters = {
        counter.year: counter
        for counter in InvoiceCounter.objects.select_for_update()
        .filter(seller=seller, kind=kind)
        .order_by("year")
    }
    latest = max(
        (row.last_issued_on for row in counters.values() if row.last_issued_on), default=None
    )
    if latest and issued_on < latest:
        raise Refused(
            _("The last invoice of this series is dated %(date)s; an earlier date is not possible.")
            % {"date": latest.isoformat()}
        )
    counter = counters[issued_on.year]
    counter.last_number += 1
    counter.last_issued_on = issued_on
    counter.save(update_fields=["last_number", "last_issued_on"])
    return _number(seller, kind, issued_on.year, counter.last_number)


def foretell_number(
    seller: Seller,
    *,
    issued_on: date,
    kind: str = DocumentKind.INVOICE,
    before: QuerySet[Any] | None = None,
) -> str:
    """The number that `draw_number` will most likely give; takes no lock and promises nothing.

    `before` are rows that will each draw one first. One query, so that both are counted at the same
    moment.
    """
    counter = InvoiceCounter.objects.filter(seller=seller, kind=kind, year=issued_on.year)
    asked = Seller.objects.filter(pk=seller.pk)
    last, ahead = Subquery(counter.values("last_number")), None
    if before is not None:
        counted = before.order_by().annotate(rows=Func(F("pk"), function="COUNT"))
        ahead = Subquery(counted.values("rows"))
    row = asked.values_list(last, *([ahead] if ahead else ())).get()
    return _number(seller, kind, issued_on.year, 1 + sum(count or 0 for count in row))


def _number(seller: Seller, kind: str, year: int, number: int) -> str:
    return f"{seller.series_of(kind)}-{year}-{number:06d}"


def payment_reference(number: str) -> str:
    """ISO 11649: RF, check digits, the digits of `number`; X-2026-000123 gives RF462026000123."""
    digits = re.sub(r"\D", "", number, flags=re.ASCII)
    return f"RF{98 - remainder(f'{digits}RF00'):02d}{digits}"
