"""Exchange rates: entered by hand, or taken from a file that a clerk has."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from billing.invoices.models import ExchangeRate
from billing.invoices.parse import Quote, quotes_of
from billing.invoices.permissions import may_book_money
from itil.tickets.errors import NotAllowed
from portal.people.models import User


def take_rates(content: bytes, *, source: str, by: User, at: datetime | None = None) -> int:
    """Keep the rates of a file, `source` for those that do not say theirs; how many.

    Raises NotAllowed and UnreadableRates; then nothing of the file is kept.
    """
    _allow(by)
    quotes = quotes_of(content, source=source.strip())
    enter_rates(quotes, by=by, at=at)
    return len(quotes)


@transaction.atomic
def enter_rates(quotes: Sequence[Quote], *, by: User, at: datetime | None = None) -> None:
    """A rate of a day that is known takes the place of it; invoices keep the one they were issued
    with. Raises NotAllowed.
    """
    _allow(by)
    at = at or timezone.now()
    ExchangeRate.objects.bulk_create(
        [
            ExchangeRate(
                base=one.base,
                currency=one.currency,
                on=one.on,
                rate=one.rate,
                source=one.source,
                entered_by=by,
                entered_at=at,
            )
            for one in quotes
        ],
        batch_size=500,
        update_conflicts=True,
        unique_fields=["base", "currency", "on"],
        update_fields=["rate", "source", "entered_by", "entered_at"],
    )


def _allow(by: User) -> None:
    if not may_book_money(by):
        raise NotAllowed(_("Only billing clerks enter exchange rates."))
