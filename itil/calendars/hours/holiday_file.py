"""Files of holidays that others made: CSV and iCalendar.

A CSV file has the columns date and name and, for half days, open_from and open_until. Of an
iCalendar file the all-day events are taken. A file with a mistake is refused as a whole, with all
its mistakes.
"""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from io import StringIO

from django.utils.translation import gettext as _

from itil.calendars.errors import HolidayFileRefused

from .written import DefinitionError, date_from, minutes_from

LONGEST_NAME = 120
_COLUMNS = ("date", "name", "open_from", "open_until")
_LONGEST_DAYS = 31
_PROPERTY = re.compile(r"([A-Za-z-]+)((?:;[^:]*)?):(.*)", re.DOTALL)
_DAYS = re.compile(r"P(?:(\d{1,3})W)?(?:(\d{1,3})D)?")

Problems = list[tuple[int, str]]


@dataclass(frozen=True)
class Holiday:
    """A date, closed all day, or open only from `starts` to `ends` in minutes after midnight."""

    on: date
    name: str = ""
    starts: int | None = None
    ends: int | None = None


class _WrongError(ValueError):
    """One line makes no sense."""


def read_holidays(content: bytes) -> list[Holiday]:
    """The holidays of a CSV or iCalendar file; HolidayFileRefused names all wrong lines."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        reason = _("This is not UTF-8; save the file as UTF-8.")
        raise HolidayFileRefused([(line, reason)]) from None
    is_ical = text.lstrip().upper().startswith("BEGIN:VCALENDAR")
    problems: Problems = []
    found: dict[date, tuple[int, Holiday]] = {}
    read = _events if is_ical else _rows
    for line, holiday in read(text, problems):
        if holiday.on in found:
            said = {"date": holiday.on.isoformat(), "line": found[holiday.on][0]}
            problems.append((line, _("%(date)s is also on line %(line)d.") % said))
        elif len(holiday.name) > LONGEST_NAME:
            problems.append((line, _("The name is longer than %d characters.") % LONGEST_NAME))
        else:
            found[holiday.on] = (line, holiday)
    if not found and not problems:
        problems.append((1, _("The file holds no dates.")))
    if problems:
        raise HolidayFileRefused(sorted(problems))
    return [holiday for _line, holiday in found.values()]


# --- CSV -----------------------------------------------------------------------------------------


def _rows(text: str, problems: Problems) -> Iterator[tuple[int, Holiday]]:
    """Line numbers and holidays; what is wrong is added to `problems`."""
    first = text.partition("\n")[0]
    delimiter = ";" if ";" in first else ","
    lines = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        columns = [column.strip().lower() for column in next(lines, [])]
        unknown = [column for column in columns if column not in _COLUMNS]
        if unknown or "date" not in columns or len(set(columns)) < len(columns):
            expected = _("The first line names the columns: %s.") % ",".join(_COLUMNS)
            problems.append((1, expected))
            return
        for cells in lines:
            if not any(cell.strip() for cell in cells):
                continue
            try:
                yield lines.line_num, _row(columns, [cell.strip() for cell in cells])
            except _WrongError as wrong:
                problems.append((lines.line_num, str(wrong)))
    except csv.Error as error:
        problems.append((lines.line_num, _("The line cannot be read: %s.") % error))


def _row(columns: list[str], cells: list[str]) -> Holiday:
    if len(cells) > len(columns):
        raise _WrongError(
            _("The line has %(found)d values instead of %(expected)d.")
            % {"found": len(cells), "expected": len(columns)}
        )
    row = dict(zip(columns, cells, strict=False))
    starts, ends = (_minutes(row.get(column, "")) for column in ("open_from", "open_until"))
    if ends is None and starts is not None:
        raise _WrongError(_("A half day needs open_until."))
    if ends is not None and ends <= (starts or 0):
        raise _WrongError(_("The half day closes before it opens."))
    if ends is not None:
        starts = starts or 0
    return Holiday(_date(row.get("date", "")), row.get("name", ""), starts, ends)


def _date(text: str) -> date:
    try:
        return date_from(text)
    except DefinitionError:
        raise _WrongError(
            _("There is no date “%s”; dates are written as 2026-12-25.") % text
        ) from None


def _minutes(text: str) -> int | None:
    if not text:
        return None
    try:
        return minutes_from(text)
    except DefinitionError:
        raise _WrongError(_("There is no time “%s”; times are written as 12:00.") % text) from None


# --- iCalendar -----------------------------------------------------------------------------------


def _events(text: str, problems: Problems) -> Iterator[tuple[int, Holiday]]:
    """Line numbers and the dates of all-day events; what is wrong is added to `problems`."""
    event: dict[str, tuple[int, str, str]] | None = None
    for line, content in _unfolded(text):
        found = _PROPERTY.fullmatch(content)
        if found is None:
            problems.append((line, _("The line is no property of iCalendar.")))
            continue
        name, parameters, value = found[1].upper(), found[2].upper(), found[3]
        if name == "BEGIN" and value.upper() == "VEVENT":
            event = {"BEGIN": (line, "", "")}
        elif name == "END" and value.upper() == "VEVENT" and event is not None:
            try:
                yield from _dates(event)
            except _WrongError as wrong:
                problems.append((event.get("DTSTART", event["BEGIN"])[0], str(wrong)))
            event = None
        elif event is not None:
            event.setdefault(name, (line, parameters, value))
    if event is not None:
        problems.append((event["BEGIN"][0], _("The event does not end.")))


def _unfolded(text: str) -> Iterator[tuple[int, str]]:
    """The lines of the file with what was continued on further ones, and where each begins."""
    begun, content = 0, ""
    for number, line in enumerate(StringIO(text), 1):
        line = line.rstrip("\r\n")
        if line[:1] in (" ", "\t"):
            content += line[1:]
            continue
        if content:
            yield begun, content
        begun, content = number, line
    if content:
        yield begun, content


def _dates(event: dict[str, tuple[int, str, str]]) -> Iterator[tuple[int, Holiday]]:
    if event.get("STATUS", (0, "", ""))[2].upper() == "CANCELLED":
        return
    if "DTSTART" not in event:
        raise _WrongError(_("The event has no date."))
    if "RRULE" in event or "RDATE" in event:
        raise _WrongError(_("The event repeats; holidays are listed year by year."))
    line, _parameters, value = event["DTSTART"]
    first = _day(value)
    days = _length(event, first)
    if not 0 < days <= _LONGEST_DAYS:
        raise _WrongError(_("The event lasts %d days.") % days)
    name = event.get("SUMMARY", (0, "", ""))[2]
    name = re.sub(r"\\([\\;,])", r"\1", name.replace("\\n", " ").replace("\\N", " ")).strip()
    for n in range(days):
        yield line, Holiday(first + timedelta(days=n), name)


def _length(event: dict[str, tuple[int, str, str]], first: date) -> int:
    """Days from the first to the end, which is outside."""
    if "DTEND" in event:
        return (_day(event["DTEND"][2]) - first).days
    if "DURATION" in event:
        found = _DAYS.fullmatch(event["DURATION"][2])
        return int(found[1] or 0) * 7 + int(found[2] or 0) if found else 0
    return 1


def _day(value: str) -> date:
    if "T" in value:
        raise _WrongError(_("The event has a time of day; only all-day events are holidays."))
    try:
        return datetime.strptime(value, "%Y%m%d").date()  # noqa: DTZ007 - a date alone
    except ValueError:
        raise _WrongError(_("There is no date “%s”.") % value) from None
