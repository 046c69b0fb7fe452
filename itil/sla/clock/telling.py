"""An account as people read it: one row for each line, and one sentence that says it all.

Wall times are those of the calendar. Texts are in the present language.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from itil.calendars.hours import is_open, next_opening
from itil.sla.models import ClockState, Metric, Outcome
from portal.ui.moments import date_text

from .explaining import Account
from .running import DATED_FORMS
from .story import Milestone, Point
from .stretches import ClockChange, Kind, SpecialDay, Stretch, names_of
from .wording import exactly


@dataclass(frozen=True)
class Row:
    """One row of the table. `kind` names its look; `counted` is empty where nothing could count."""

    kind: str
    start: datetime
    end: datetime | None
    when: str
    title: str
    notes: tuple[str, ...]
    counted: str
    total: str
    is_point: bool = False
    is_ahead: bool = False
    is_late: bool = False


class Wording:
    """Writes instants in the zone of an account, with the year when it is not the present one."""

    def __init__(self, account: Account):
        self.zone = ZoneInfo(account.zone)
        self.now = account.now

    def clock_time(self, at: datetime) -> str:
        """ "14:05", with seconds only where there are some."""
        local = at.astimezone(self.zone)
        return f"{local:%H:%M:%S}" if local.second else f"{local:%H:%M}"

    def day(self, at: datetime) -> str:
        with timezone.override(self.zone):
            return date_text(at, now=self.now)

    def moment(self, at: datetime) -> str:
        """ "Thu 27 Nov, 14:05"."""
        return f"{self.day(at)}, {self.clock_time(at)}"

    def zoned(self, at: datetime) -> str:
        """ "Thu 27 Nov, 14:05 CET"."""
        return f"{self.moment(at)} {at.astimezone(self.zone):%Z}"

    def span(self, start: datetime, end: datetime) -> str:
        """ "Thu 27 Nov, 14:05–17:00"; with the zone's letters when its clocks change between."""
        there, back = start.astimezone(self.zone), end.astimezone(self.zone)
        changes = there.utcoffset() != back.utcoffset()
        letters = (f" {there:%Z}", f" {back:%Z}") if changes else ("", "")
        first, last = f"{self.moment(start)}{letters[0]}", f"{self.clock_time(end)}{letters[1]}"
        if there.date() == back.date():
            return f"{first}–{last}"
        return f"{first} – {self.day(end)}, {last}"


def rows_of(account: Account) -> list[Row]:
    """The account line by line."""
    words = Wording(account)
    return [
        _stretch(account, line, words)
        if isinstance(line, Stretch)
        else _point(account, line, words)
        for line in account.lines
    ]


# --- Stretches of time -----------------------------------------------------------------------


def _stretch(account: Account, line: Stretch, words: Wording) -> Row:
    return Row(
        kind=line.kind,
        start=line.start,
        end=line.end,
        when=words.span(line.start, line.end),
        title=_title(line),
        notes=tuple(_notes(account, line, words)),
        counted=exactly(line.seconds) if line.kind == Kind.RUNNING else "",
        total=exactly(line.total),
        is_ahead=line.is_ahead,
        is_late=line.is_late,
    )


def _title(line: Stretch) -> str:
    if line.kind == Kind.RUNNING:
        if line.is_ahead:
            return _("Will count")
        return _("Counted, late") if line.is_late else _("Counted")
    if line.kind == Kind.HOLIDAY:
        return _("Closed: %(names)s") % {"names": names_of(line.specials)}
    titles = {
        Kind.PAUSED: _("Paused"),
        Kind.STOPPED: _("Stopped"),
        Kind.CLOSED: _("Closed"),
    }
    return titles[line.kind]


def _notes(account: Account, line: Stretch, words: Wording) -> Iterator[str]:
    """What there is to say about a stretch beyond its title."""
    if line.kind in (Kind.PAUSED, Kind.STOPPED):
        if line.cause is not None and line.cause.at >= line.start:
            yield line.cause.text
        yield _left_out(line)
        if line.specials:
            yield _("Closed on %(days)s.") % {"days": _days(line.specials, words)}
    elif line.kind == Kind.RUNNING:
        if _is_resumed(account, line):
            yield line.cause.text if line.cause else ""
        if line.openings > 1:
            text = ngettext(
                "%(count)d opening",
                "%(count)d openings; the nights and weekends between them do not count",
                line.openings,
            )
            yield text % {"count": line.openings}
        for change in line.changes:
            yield _change(line, change, words)
    elif line.specials and line.kind == Kind.CLOSED:
        yield _("Shorter day: %(days)s.") % {"days": _days(line.specials, words)}


def _is_resumed(account: Account, line: Stretch) -> bool:
    """True when something before this stretch was not counted."""
    cause = line.cause
    began = account.clock.started_at
    return cause is not None and began is not None and began < cause.at and cause.at >= line.start


def _left_out(line: Stretch) -> str:
    if line.left_out == 0:
        return _("Nothing was lost: the desk was closed all the time.")
    return _("%(time)s of opening hours do not count.") % {"time": exactly(line.left_out)}


def _days(days: Iterable[SpecialDay], words: Wording) -> str:
    named = []
    for day in days:
        noon = datetime(day.on.year, day.on.month, day.on.day, 12, tzinfo=words.zone)
        named.append(f"{words.day(noon)} ({day.name})")
    return ", ".join(named)


def _change(line: Stretch, change: ClockChange, words: Wording) -> str:
    told = {
        "moment": words.zoned(change.at),
        "step": exactly(change.seconds),
        "long": exactly(line.seconds),
        "reads": exactly(line.seconds + change.seconds),
    }
    if change.seconds > 0:
        text = _(
            "The clocks go forward by %(step)s to %(moment)s:"
            " %(long)s have passed where the clock reads %(reads)s."
        )
    else:
        text = _(
            "The clocks go back by %(step)s to %(moment)s:"
            " %(long)s have passed where the clock reads %(reads)s."
        )
    return text % told


# --- Points ----------------------------------------------------------------------------------


def _point(account: Account, point: Milestone, words: Wording) -> Row:
    title, notes = _telling(account, point, words)
    return Row(
        kind=point.what,
        start=point.at,
        end=None,
        when=words.moment(point.at),
        title=title,
        notes=tuple(notes),
        counted="",
        total=exactly(point.total),
        is_point=True,
        is_ahead=point.at > account.now,
        is_late=point.what == Point.DUE and account.is_late,
    )


def _telling(account: Account, point: Milestone, words: Wording) -> tuple[str, list[str]]:
    said = point.cause.text if point.cause else ""
    if point.what == Point.START:
        return said or _("Start"), _start_notes(account, point, words)
    if point.what in (Point.TARGET, Point.CALENDAR, Point.EARLIER):
        return said, _move_notes(account, point, words)
    if point.what == Point.PROMISED:
        return said, [_("From then on this is promised; it is counted from the receipt.")]
    if point.what == Point.EXCLUDED:
        return said, [_("It goes on, but counts neither as met nor as missed.")]
    if point.what == Point.DUE:
        return _("Due"), _due_notes(account, point, words)
    if point.what == Point.NOW:
        return _("Now"), _now_notes(account, words)
    if point.what == Point.CANCELLED:
        label = account.clock.get_exclusion_display()
        return said or _("Ended"), [_("Ended without a result: %(reason)s.") % {"reason": label}]
    return said or _("Stopped"), [str(account.clock.get_outcome_display())]


def _start_notes(account: Account, point: Milestone, words: Wording) -> list[str]:
    if is_open(account.schedule, point.at):
        return []
    opens = words.moment(next_opening(account.schedule, point.at))
    return [_("Outside opening hours; time counts from %(moment)s on.") % {"moment": opens}]


def _move_notes(account: Account, point: Milestone, words: Wording) -> list[str]:
    """What a change did to target and due time."""
    notes = []
    if point.former_target:
        targets = {"former": point.former_target, "present": point.target}
        notes.append(_("Target: %(present)s (before: %(former)s).") % targets)
    if point.due_at is not None and point.due_at != point.former_due_at:
        dues = {"present": words.moment(point.due_at)}
        if point.former_due_at is not None:
            dues["former"] = words.moment(point.former_due_at)
            notes.append(_("Due %(present)s (before: %(former)s).") % dues)
        else:
            notes.append(_("Due %(present)s.") % dues)
    if point.what == Point.TARGET:
        notes.append(_("Counted from the original start, with the same pauses."))
    return notes


def _due_notes(account: Account, point: Milestone, words: Wording) -> list[str]:
    if account.is_late:
        notes = [_("The time is used up; what comes from here on is late.")]
        if point.noticed_at is not None:
            noticed = {"moment": words.moment(point.noticed_at)}
            notes.append(
                _("Noticed %(moment)s; it counts from the due time all the same.") % noticed
            )
        return notes
    if account.clock.state == ClockState.STOPPED:
        return [_("It was not needed: this was done before.")]
    return []


def _now_notes(account: Account, words: Wording) -> list[str]:
    if account.clock.state == ClockState.PAUSED:
        return []
    if is_open(account.schedule, account.now):
        return []
    opens = words.moment(next_opening(account.schedule, account.now))
    return [_("Closed; opens %(moment)s.") % {"moment": opens}]


# --- In one sentence ---------------------------------------------------------------------------

# What a clock that has not started waits for (`SLA-2`).
_OCCASIONS = {
    Metric.NEXT_RESPONSE: lambda: _("It starts when the requester writes after an answer."),
    Metric.UPDATE: lambda: _("It starts when someone takes the ticket, and with every answer."),
    Metric.FULFILMENT: lambda: _("It starts when the request is approved."),
}


def summary(account: Account) -> str:
    """The whole account in one or two sentences."""
    clock, words = account.clock, Wording(account)
    told = {
        "target": account.target,
        "calendar": clock.calendar.name,
        "start": words.moment(clock.started_at) if clock.started_at else "",
        "due": words.zoned(account.due_at) if account.due_at else "",
        "stop": words.moment(clock.stopped_at) if clock.stopped_at else "",
        "used": exactly(account.elapsed_seconds),
        "left": exactly(account.remaining_seconds),
        "paused": exactly(account.left_out_seconds),
    }
    if clock.state == ClockState.NOT_STARTED:
        occasion = _OCCASIONS.get(Metric(clock.metric))
        return occasion() if occasion else _("It has not started.")
    if clock.outcome == Outcome.EXCLUDED:
        label = {"reason": clock.get_exclusion_display()}
        return _("Counts neither as met nor as missed: %(reason)s.") % label
    if clock.state == ClockState.PAUSED:
        return _paused(account, told, words)
    if clock.state == ClockState.STOPPED:
        return _stopped(account, told)
    if account.is_late:
        return _("Due %(due)s; %(left)s of business time have passed since.") % told
    if account.promise.form in DATED_FORMS:
        return _("Due %(due)s: %(target)s.") % told
    if account.left_out_seconds:
        return (
            _(
                "Due %(due)s: %(target)s from %(start)s on, counted while “%(calendar)s” is open,"
                " without %(paused)s of pauses."
            )
            % told
        )
    return (
        _("Due %(due)s: %(target)s from %(start)s on, counted while “%(calendar)s” is open.") % told
    )


def _paused(account: Account, told: dict[str, str], words: Wording) -> str:
    if account.is_late:
        return _("It was due %(due)s and stands still now.") % (
            told | {"due": words.zoned(account.clock.breached_at or account.now)}
        )
    if account.due_if_resumed is None:
        return _("It stands still; %(left)s are left.") % told
    if_resumed = {"moment": words.zoned(account.due_if_resumed)}
    return _(
        "It stands still; %(left)s are left. If it went on now, it would be due %(moment)s."
    ) % (told | if_resumed)


def _stopped(account: Account, told: dict[str, str]) -> str:
    if not account.is_late:
        return _("Met %(stop)s: %(used)s were used, %(left)s before it was due (%(due)s).") % told
    if account.overdue_seconds == 0:
        return (
            _("Missed: due %(due)s at closing time, done %(stop)s while the desk was closed.")
            % told
        )
    return _("Missed: due %(due)s, done %(stop)s, %(left)s of business time later.") % told
