"""Amounts, hours and dates as the customer's language writes them (`CRS-3`)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum

from babel import Locale
from babel.core import UnknownLocaleError
from babel.dates import format_date, format_skeleton
from babel.numbers import format_currency, format_decimal, format_percent

from billing.invoices.amounts import MINUTE, decimals_of


@dataclass(frozen=True)
class Wording:
    """Formats for one language code, such as "en-gb"."""

    locale: Locale

    @classmethod
    def of(cls, language: str) -> "Wording":
        """The formats of `language`; English when Babel does not know it."""
        try:
            return cls(Locale.parse(language, sep="-"))
        except (UnknownLocaleError, ValueError):
            return cls(Locale("en", "GB"))

    def money(self, amount: Decimal, currency: str) -> str:
        """€1,234.50 with a true minus sign."""
        return format_currency(amount, currency, locale=self.locale).replace("-", "−")

    def price(self, amount: Decimal, currency: str) -> str:
        """As `money`, with up to four decimals when the price has them."""
        places = max(decimals_of(currency), -int(amount.normalize().as_tuple().exponent))
        pattern = f"¤#,##0.{'0' * places}" if places else "¤#,##0"
        standard = self.locale.currency_formats["standard"].pattern
        if not standard.startswith("¤"):
            pattern = f"{pattern[1:]}\u00a0¤"
        elif standard.startswith("¤\u00a0"):
            pattern = f"¤\u00a0{pattern[1:]}"
        return format_currency(
            amount, currency, format=pattern, locale=self.locale, currency_digits=False
        )

    def decimal(self, amount: Decimal) -> str:
        return format_decimal(amount.normalize(), "#,##0.####", locale=self.locale)

    def hours(self, minutes: int, style: "HourStyle") -> str:
        """42.0, 3.25 or 3:20; one style for a whole paper, so that columns align and sums agree."""
        if style is HourStyle.CLOCK:
            return f"{minutes // 60}:{minutes % 60:02d}"
        return str(format_decimal(Decimal(minutes) / 60, style.value, locale=self.locale))

    def quantity(self, quantity: Decimal, unit: str, style: "HourStyle") -> str:
        if unit == MINUTE:
            return f"{self.decimal(quantity)} min"
        pattern = HourStyle.HUNDREDTHS.value if style is HourStyle.CLOCK else style.value
        return f"{format_decimal(quantity, pattern, locale=self.locale)} h"

    def percent(self, rate: Decimal) -> str:
        return format_percent(rate / 100, "#,##0.##%", locale=self.locale)

    def day(self, value: date) -> str:
        """3 November 2026."""
        return format_date(value, "long", locale=self.locale)

    def short_day(self, value: date) -> str:
        """3 Nov."""
        return format_skeleton("MMMd", value, locale=self.locale)

    def dated_day(self, value: date) -> str:
        """3 Nov 2026."""
        return format_skeleton("yMMMd", value, locale=self.locale)

    def month(self, value: date) -> str:
        """October 2026."""
        return format_skeleton("yMMMM", value, locale=self.locale)

    def period(self, first: date, last: date) -> str:
        """1–31 October 2026, or two whole dates in languages that put the day last."""
        text = self.day(last)
        if text.startswith(str(last.day)):
            return f"{first.day}–{text}"
        return f"{self.day(first)} – {text}"

    def country(self, code: str) -> str:
        return str(self.locale.territories.get(code.upper(), code))


class HourStyle(Enum):
    """How hours are written; the decimal ones hold the pattern."""

    TENTHS = "#,##0.0"
    HUNDREDTHS = "#,##0.00"
    CLOCK = "h:mm"

    @classmethod
    def of(cls, minutes: Iterable[int]) -> "HourStyle":
        """The shortest style that writes every one of `minutes` exactly."""
        figures = list(minutes)
        if all(one % 6 == 0 for one in figures):
            return cls.TENTHS
        return cls.HUNDREDTHS if all(one % 3 == 0 for one in figures) else cls.CLOCK
