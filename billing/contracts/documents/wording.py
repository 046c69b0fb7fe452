"""Words, amounts, hours and dates as the customer's language writes them (`CRS-3`)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import cache

from babel import Locale
from babel.core import UnknownLocaleError
from babel.dates import format_date, format_skeleton
from babel.numbers import format_currency, format_decimal, format_percent

from billing.contracts.amounts import decimals_of
from billing.contracts.models import UnitCode

from .phrases import ENGLISH, PHRASES


@dataclass(frozen=True)
class Wording:
    """Formats for one language code, such as "en-gb"."""

    locale: Locale

    def say(self, phrase: str, **values: object) -> str:
        """The phrase in the language of the document; in English when we do not speak it."""
        words = PHRASES.get(self.locale.language, ENGLISH)
        return words[phrase].format(**values)

    def sentences(self, texts: Iterable[str]) -> str:
        """One after another; Japanese and Chinese leave no space between them."""
        return ("" if self.locale.language in ("ja", "zh") else " ").join(texts)

    @classmethod
    def of(cls, language: str) -> "Wording":
        """The formats of `language`; English when Babel does not know it."""
        try:
            return cls(Locale.parse(language, sep="-"))
        except (UnknownLocaleError, ValueError):
            return cls(Locale("en", "GB"))

    def money(self, amount: Decimal, currency: str) -> str:
        """€1,234.50 with a true minus sign."""
        return self._amount(amount, currency, decimals_of(currency))

    def price(self, amount: Decimal, currency: str) -> str:
        """As `money`, with as many decimals as the price has."""
        return self._amount(
            amount,
            currency,
            max(decimals_of(currency), -int(amount.normalize().as_tuple().exponent)),
        )

    def _amount(self, amount: Decimal, currency: str, places: int) -> str:
        """With so many decimals; Babel alone writes what shops do, such as no cents of dinars."""
        pattern = _currency_pattern(self.locale, places)
        text = format_currency(
            amount, currency, format=pattern, locale=self.locale, currency_digits=False
        )
        return str(text).replace("-", "−")

    def decimal(self, amount: Decimal, *, places: int = 4) -> str:
        """As short as it is exact, with `places` decimals at most."""
        return str(format_decimal(amount.normalize(), f"#,##0.{'#' * places}", locale=self.locale))

    def hours(self, minutes: int, style: "HourStyle") -> str:
        """42.0, 3.25 or 3:20; one style for a whole paper, so that columns align and sums agree."""
        if style is HourStyle.CLOCK:
            return f"{minutes // 60}:{minutes % 60:02d}"
        return str(format_decimal(Decimal(minutes) / 60, style.value, locale=self.locale))

    def quantity(self, quantity: Decimal, unit: str, style: "HourStyle") -> str:
        """7.5 h, 50 min, 3 pcs; the number alone for units that have no name here."""
        if unit == UnitCode.HOUR:
            pattern = HourStyle.HUNDREDTHS.value if style is HourStyle.CLOCK else style.value
            number = str(format_decimal(quantity, pattern, locale=self.locale))
        else:
            number = self.decimal(quantity)
        return f"{number}\u00a0{self.unit(unit, quantity)}".strip().replace("-", "−")

    def unit(self, code: str, quantity: Decimal) -> str:
        """The unit of a UN/ECE code as people write it; "" for one without a word of ours."""
        if abs(quantity) == 1 and f"one_{code}" in ENGLISH:
            return self.say(f"one_{code}")
        return self.say(f"unit_{code}") if f"unit_{code}" in ENGLISH else ""

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


@cache
def _currency_pattern(locale: Locale, places: int) -> str:
    """Where the sign stands in this language, with so many decimals: "¤#,##0.00", "#,##0 ¤"."""
    number = f"#,##0.{'0' * places}" if places else "#,##0"
    return re.sub(r"[#0,.]+", number, locale.currency_formats["standard"].pattern)


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
