"""Months as first days. Knows no tables."""

from datetime import date, timedelta


def month_end(day: date) -> date:
    """The last day of the month of `day`."""
    return later(day, 1) - timedelta(days=1)


def later(day: date, months: int) -> date:
    """The first day of the month so many months after that of `day`."""
    number = day.year * 12 + day.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)


def months_between(first: date, last: date) -> list[date]:
    """The first days of all months from `first` to `last`, both included."""
    found, month = [], first.replace(day=1)
    while month <= last:
        found.append(month)
        month = later(month, 1)
    return found
