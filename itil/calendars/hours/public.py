"""The public holidays of countries and their regions."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import holidays

# Of the names; without it they would follow the environment of the server.
_LANGUAGE = "en_US"


@dataclass(frozen=True)
class PublicHolidays:
    """The days off of a country or one of its regions, by year and with their names.

    Codes are those of ISO 3166. Years in `kept` are as they were written down once; the rules of
    other years may be corrected by a later release of the package that knows them.
    """

    country: str
    subdivision: str = ""
    kept: Mapping[int, Mapping[date, str]] = field(default_factory=dict, repr=False)

    def __call__(self, year: int) -> Mapping[date, str]:
        """The days off of a year; none for a year the package knows nothing of."""
        if year in self.kept:
            return self.kept[year]
        found = holidays.country_holidays(
            self.country, subdiv=self.subdivision or None, years=year, language=_LANGUAGE
        )
        return {day: name for day, name in sorted(found.items()) if day.year == year}


def countries() -> dict[str, list[str]]:
    """The codes of the countries whose holidays are known, each with those of its regions."""
    return holidays.list_supported_countries(include_aliases=True)
