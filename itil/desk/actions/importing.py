"""Taking over one's time from a file: tried first, then carried out as a whole or not at all."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import transaction
from django.utils.dateparse import parse_date, parse_time
from django.utils.timezone import get_current_timezone
from django.utils.translation import gettext as _

from itil.tickets.errors import NotAllowed, Refused
from itil.tickets.models import Ticket
from itil.timesheets.errors import NoSuchTime
from itil.timesheets.hours import instant
from itil.timesheets.models import Activity, BillingKind, TimeEntry, TimeImport
from itil.timesheets.parse import keys_of, minutes_of, read_entries
from portal.people.models import User
from portal.ui.sheets import Row

from .changing import ensure
from .timing import log_span, log_time

CREATED, SAME, REFUSED = "created", "same", "refused"


@dataclass(frozen=True)
class Outcome:
    """What came, or would come, of one line."""

    line: int
    outcome: str
    what: str
    minutes: int = 0


@transaction.atomic
def try_time_import(*, by: User, file_name: str, text: str, at: datetime) -> TimeImport:
    """Keep a file with what would come of it; nothing is booked.

    Raises NotAllowed, and SheetError for a file that is no list of entries.
    """
    ensure(by.grants.is_agent, _("You book no time here."))
    found = _run(text, by=by, at=at, keep=False)
    return TimeImport.objects.create(
        file_name=file_name[:200],
        text=text,
        uploaded_by=by,
        uploaded_at=at,
        result=_as_data(found),
    )


@transaction.atomic
def carry_out_time_import(tried: TimeImport, *, by: User, at: datetime) -> TimeImport:
    """Book every line, judged anew. Raises Refused and books none when one cannot be booked, or
    when it was carried out already; NotAllowed for the file of somebody else.
    """
    present = TimeImport.objects.select_for_update().get(pk=tried.pk)
    if present.uploaded_by_id != by.pk:
        raise NotAllowed(_("Everybody imports the own time."))
    if present.carried_out_at is not None:
        raise Refused(_("This file was carried out already. Upload it again to repeat it."))
    found = _run(present.text, by=by, at=at, keep=True)
    if any(one.outcome == REFUSED for one in found):
        raise Refused(
            _("Some lines cannot be booked, so none was. Correct the file and upload it again.")
        )
    present.result = _as_data(found)
    present.carried_out_at = at
    present.save(update_fields=["result", "carried_out_at"])
    return present


def _run(text: str, *, by: User, at: datetime, keep: bool) -> list[Outcome]:
    """Walk the lines by the verbs of the pages; without `keep` all is taken back."""
    rows = read_entries(text)
    keys = keys_of(rows)
    activities = {one.name.casefold(): one for one in Activity.objects.filter(active=True)}
    zone = get_current_timezone()
    with transaction.atomic():
        found = [_line(row, keys[row.line], activities, zone, by=by, at=at) for row in rows]
        if not keep:
            transaction.set_rollback(True)
    return found


def _line(
    row: Row,
    key: str,
    activities: Mapping[str, Activity],
    zone: tzinfo,
    *,
    by: User,
    at: datetime,
) -> Outcome:
    if TimeEntry.objects.filter(agent=by, import_key=key).exists():
        return Outcome(row.line, SAME, _told(row))
    try:
        with transaction.atomic():
            booked = _book(row, key, activities, zone, by=by, at=at)
    except (Refused, NoSuchTime) as refusal:
        return Outcome(row.line, REFUSED, str(refusal))
    return Outcome(row.line, CREATED, _told(row), sum(entry.minutes for entry in booked))


def _book(
    row: Row,
    key: str,
    activities: Mapping[str, Activity],
    zone: tzinfo,
    *,
    by: User,
    at: datetime,
) -> list[TimeEntry]:
    cells = row.cells
    if "" in cells:
        raise Refused(_("The line has more cells than there are columns."))
    day = _day(cells["date"])
    number = cells["ticket"].upper()
    ticket = Ticket.objects.visible_to(by).filter(number=number).first()
    if ticket is None:
        raise Refused(_("There is no ticket with this number that you may see."))
    activity = activities.get(cells["activity"].casefold())
    if activity is None:
        raise Refused(
            _("There is no activity “%(name)s”. There are: %(names)s.")
            % {
                "name": cells["activity"],
                "names": ", ".join(sorted(one.name for one in activities.values())),
            }
        )
    values: dict[str, Any] = {
        "activity": activity,
        "billing_kind": _billing(cells.get("billing", "")),
        "note": cells.get("note", ""),
        "kilometres": _distance(cells.get("kilometers", "")),
        "import_key": key,
        "at": at,
    }
    begins, ends = cells.get("from", ""), cells.get("until", "")
    if begins or ends:
        first, last = _clock(begins), _clock(ends)
        if first == last:
            raise Refused(_("Enter an end that is later than the start."))
        until = day if last > first else day + timedelta(days=1)
        return log_span(
            ticket,
            by=by,
            started_at=instant(day, first, zone),
            ended_at=instant(until, last, zone),
            **values,
        )
    minutes = minutes_of(cells.get("minutes", ""))
    if minutes is None:
        raise Refused(_("Enter the time as 1:30, as 1h 30m or in minutes."))
    return [log_time(ticket, by=by, minutes=minutes, work_date=day, **values)]


def _day(text: str) -> date:
    try:
        day = parse_date(text)
    except ValueError:
        day = None
    if day is None or not 1970 <= day.year < 3000:
        raise Refused(_("Enter a date such as 2026-10-31."))
    return day


def _clock(text: str) -> time:
    """A time of the day, also out of a moment such as our own export writes."""
    try:
        found = parse_time(text[11:16] if "T" in text else text)
    except ValueError:
        found = None
    if found is None:
        raise Refused(_("Enter from and until as times such as 09:30."))
    return found.replace(second=0, microsecond=0, tzinfo=None)


def _billing(text: str) -> str | None:
    """A billing kind by its key or its words; None for the activity's own."""
    if not text:
        return None
    for value, label in BillingKind.choices:
        if text.casefold() in {value, str(label).casefold()}:
            return value
    raise Refused(_("Billing is one of: %(kinds)s.") % {"kinds": ", ".join(BillingKind.values)})


def _distance(text: str) -> Decimal | None:
    """Kilometers with a point or a comma; None when there are none."""
    if not text:
        return None
    try:
        found = Decimal(text.replace(",", "."))
        return found.quantize(Decimal("0.1")) if found.is_finite() else _no_distance()
    except InvalidOperation:
        return _no_distance()


def _no_distance() -> Decimal:
    raise Refused(_("Enter kilometers as a number such as 42.5."))


def _told(row: Row) -> str:
    return " · ".join(
        row.cells[name] for name in ("date", "ticket", "activity") if row.cells.get(name)
    )


def _as_data(found: list[Outcome]) -> dict[str, Any]:
    data: dict[str, Any] = {
        outcome: sum(1 for one in found if one.outcome == outcome)
        for outcome in (CREATED, SAME, REFUSED)
    }
    data["minutes"] = sum(one.minutes for one in found)
    data["lines"] = [[one.line, one.outcome, one.what, one.minutes] for one in found]
    return data
