"""Which exchange rate holds on a day (`BIL-23`)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from django.conf import settings

from billing.invoices.models import ExchangeRate
from billing.invoices.models.rates import DECIMALS

STEP = Decimal(1).scaleb(-DECIMALS)


@dataclass(frozen=True)
class RateOfTheDay:
    """`rate` units of one currency for one unit of another, what says so, and of which day."""

    rate: Decimal
    source: str
    on: date


def rate_on(day: date, *, of: str, into: str) -> RateOfTheDay | None:
    """How much of `into` one unit of `of` was worth on `day`, or on the nearest day before.

    Banks quote on working days: up to `EXCHANGE_RATE_DAYS` earlier is near enough; None else. Of
    one day the pair itself comes first, then the pair turned round, then both in a third currency.
    One query.
    """
    found = ExchangeRate.objects.between(of, into, _earliest(day), day)
    return _kept(found).on(day, of=of, into=into)


@dataclass(frozen=True)
class Rates:
    """The rates of many days, newest day first, to be asked as `rate_on` is without a query."""

    by_day: Mapping[date, Sequence[ExchangeRate]] = field(default_factory=dict)

    def on(self, day: date, *, of: str, into: str) -> RateOfTheDay | None:
        """As `rate_on`."""
        first = _earliest(day)
        for on, quotes in self.by_day.items():
            found = _of_one_day(quotes, of, into) if first <= on <= day else None
            if found is not None:
                value, source = found
                rate = Decimal(value.numerator) / Decimal(value.denominator)
                return RateOfTheDay(rate.quantize(STEP), source, on)
        return None


def rates_between(first: date, last: date) -> Rates:
    """All that can tell what currencies were worth from `first` to `last`. One query."""
    return _kept(ExchangeRate.objects.filter(on__range=(_earliest(first), last)).order_by("-on"))


def _earliest(day: date) -> date:
    return day - timedelta(days=settings.EXCHANGE_RATE_DAYS)


def _kept(quotes: Iterable[ExchangeRate]) -> Rates:
    by_day: dict[date, list[ExchangeRate]] = {}
    for quote in quotes:
        by_day.setdefault(quote.on, []).append(quote)
    return Rates(by_day)


def _of_one_day(quotes: Sequence[ExchangeRate], of: str, into: str) -> tuple[Fraction, str] | None:
    pairs = {(one.base, one.currency): one for one in quotes}
    if found := pairs.get((of, into)):
        return Fraction(found.rate), found.source
    if found := pairs.get((into, of)):
        return 1 / Fraction(found.rate), found.source
    for base, currency in pairs:
        other = pairs.get((base, into))
        if currency == of and other is not None:
            mine = pairs[base, of]
            sources = dict.fromkeys((mine.source, other.source))
            return Fraction(other.rate) / Fraction(mine.rate), " / ".join(sources)[:100]
    return None
