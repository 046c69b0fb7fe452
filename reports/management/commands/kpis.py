"""`manage.py kpis --from DATE --to DATE`: the figures of a period; docs/kpis.md tells the keys."""

import csv
import json
from collections.abc import Iterator
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from itil.calendars.models import BusinessCalendar
from portal.people.models import Organization, Team
from reports.actions.figure_rows import COLUMNS, figure_rows
from reports.actions.indicators import STEP, Asked, dimensions, indicator_figures
from reports.actions.kpis import BASES, collect_kpis, collect_period
from reports.actions.reading import Scope
from reports.metrics.indicator import Step
from reports.metrics.period import Period
from reports.metrics.registry import INDICATORS

TABLES = ("csv", "table")
# Of a table to read; a CSV has all columns.
SHOWN = ("indicator", "key", "name", "n", "value", "unit", "why")


class Command(BaseCommand):
    help = "Print the key figures of the days --from to --to, both included."

    def add_arguments(self, parser):
        parser.add_argument(
            "--from", dest="first", required=True, metavar="DATE", help="YYYY-MM-DD"
        )
        parser.add_argument("--to", dest="last", required=True, metavar="DATE", help="YYYY-MM-DD")
        parser.add_argument(
            "--format",
            choices=("text", "json", *TABLES),
            default="text",
            help="csv and table have one row per indicator and step or value of --by",
        )
        parser.add_argument(
            "--basis",
            choices=tuple(BASES),
            default="created",
            help="count the tickets received in the period (created, the default) or those last"
            " resolved in it (resolved)",
        )
        parser.add_argument("--organization", metavar="NAME", help="only its tickets")
        parser.add_argument("--team", metavar="NAME", help="only tickets that this team holds")
        parser.add_argument(
            "--zone",
            default=settings.BUSINESS_TIME_ZONE,
            help="time zone of the days (default: %(default)s)",
        )
        parser.add_argument(
            "--calendar",
            action="append",
            metavar="NAME",
            help="tell times in its working time as well; may be given again",
        )
        parser.add_argument(
            "--indicator",
            action="append",
            metavar="KEY",
            help="only this indicator; may be given again",
        )
        parser.add_argument(
            "--by",
            choices=dimensions(),
            default=STEP,
            help="tell indicators by a dimension instead of over time",
        )
        parser.add_argument(
            "--step",
            choices=tuple(Step),
            default=Step.MONTH,
            help="how the period is cut (default: %(default)s)",
        )

    def handle(self, *, first, last, format, basis, organization, team, zone, **options):
        scope = Scope(
            period=_period(first, last, zone),
            team_id=_key_of(Team, team, "team"),
            organization_id=_key_of(Organization, organization, "organization"),
        )
        keys = _indicators(options["indicator"] or [])
        now = timezone.now()
        asked = Asked(scope, keys, options["by"], Step(options["step"]))
        if format in TABLES:
            self.write_table(format, figure_rows(indicator_figures(asked, now=now)))
            return
        collected = collect_period(scope, basis=basis, now=now)
        if not keys:
            calendars = _calendars(options["calendar"] or [])
            collected |= collect_kpis(scope, basis=basis, now=now, calendars=calendars)
        collected["indicators"] = indicator_figures(asked, now=now)
        if format == "json":
            json.dump(collected, self.stdout, indent=1, ensure_ascii=False)
            self.stdout.write("")
            return
        for line in _lines(collected):
            self.stdout.write(line)

    def write_table(self, format: str, rows: Iterator[dict[str, Any]]) -> None:
        """One line per figure: all columns as CSV, or the main ones side by side."""
        if format == "csv":
            writer = csv.DictWriter(self.stdout, COLUMNS, lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
            return
        cells = [SHOWN, *([_cell(name, row) for name in SHOWN] for row in rows)]
        widths = [max(len(line[place]) for line in cells) for place in range(len(SHOWN))]
        for line in cells:
            padded = (text.ljust(width) for text, width in zip(line, widths, strict=True))
            self.stdout.write("  ".join(padded).rstrip())


def _cell(name: str, row: dict[str, Any]) -> str:
    if name == "key" and row["key"] == "":
        return "total"
    if name == "value":
        return _text(row["value"])
    return "" if row[name] is None else str(row[name])


def _indicators(keys: list[str]) -> tuple[str, ...]:
    for key in keys:
        if key not in INDICATORS:
            raise CommandError(
                f"There is no indicator “{key}”. docs/kpis.md lists them.", returncode=2
            )
    return tuple(keys)


def _period(first: str, last: str, zone: str) -> Period:
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError):
        raise CommandError(f"There is no time zone “{zone}”.", returncode=2) from None
    start, end = _day("--from", first), _day("--to", last)
    if start > end:
        raise CommandError(
            f"--from {start} is after --to {end}: give the earlier day first.", returncode=2
        )
    return Period(start, end, zone)


def _day(option: str, text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise CommandError(
            f"{option} {text} is not a date. Write it as YYYY-MM-DD, such as 2016-03-31.",
            returncode=2,
        ) from None
    if not 1900 <= day.year <= 2999:
        raise CommandError(f"{option} {text} is not between 1900 and 2999.", returncode=2)
    return day


def _key_of(model: type, name: str | None, what: str) -> int | None:
    if name is None:
        return None
    key = model.objects.filter(name=name).values_list("pk", flat=True).first()
    if key is None:
        raise CommandError(f"There is no {what} “{name}”.", returncode=2)
    return key


def _calendars(names: list[str]) -> list[BusinessCalendar]:
    found = {one.name: one for one in BusinessCalendar.objects.filter(name__in=names)}
    unknown = [name for name in names if name not in found]
    if unknown:
        raise CommandError(f"There is no calendar “{unknown[0]}”.", returncode=2)
    return [found[name] for name in names]


def _lines(figures: dict[str, Any], indent: int = 0) -> Iterator[str]:
    """The structure as indented text; nothing to count reads "n/a"."""
    for name, value in figures.items():
        label = " " * indent + str(name).replace("_", " ")
        if isinstance(value, dict):
            yield f"{label}:"
            yield from _lines(value, indent + 2)
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            yield f"{label}:"
            for row in value:
                yield " " * (indent + 2) + ", ".join(f"{k} {_text(v)}" for k, v in row.items())
        elif isinstance(value, list):
            yield f"{label}: " + ", ".join(map(_text, value))
        else:
            yield f"{label}: {_text(value)}"


def _text(value: Any) -> str:
    return "n/a" if value is None else str(value)
