"""New entries: minutes of a day, or from when until when."""

from datetime import date, datetime
from decimal import Decimal
from typing import TypedDict, Unpack

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from itil.tickets.errors import MissingValue
from itil.tickets.models import Ticket
from itil.timesheets.errors import Overlap
from itil.timesheets.hours import (
    business_date,
    business_zone,
    minutes_of_day,
    split_at_midnight,
    whole_minutes,
)
from itil.timesheets.models import (
    Activity,
    ActivityKind,
    BillingKind,
    EntryEvent,
    EntryState,
    NoteVisibility,
    TimeEntry,
)
from portal.people.models import User

from .approver import approver, initial_state
from .history import record

# How many other entries a question about overlapping names.
OTHERS_NAMED = 3
# More is a slip of the finger.
MOST_KILOMETRES = 5000


class Details(TypedDict, total=False):
    """What may be said of work beside who, what and when; each has a default of `add_entry`."""

    billing_kind: str | None
    non_billable_reason: str
    note: str
    note_visibility: str
    # Driven; of travel only.
    kilometres: Decimal | None
    overlap_confirmed: bool
    # Of a line of a file, so that it is booked once.
    import_key: str


@transaction.atomic
def add_entry(
    ticket: Ticket,
    *,
    agent: User,
    activity: Activity,
    minutes: int,
    work_date: date,
    billing_kind: str | None = None,
    non_billable_reason: str = "",
    note: str = "",
    note_visibility: str = NoteVisibility.INTERNAL,
    kilometres: Decimal | None = None,
    started_at: datetime | None = None,
    ended_at: datetime | None = None,
    state: str | None = None,
    overlap_confirmed: bool = False,
    import_key: str = "",
    at: datetime | None = None,
) -> TimeEntry:
    """Record `minutes` of work on `work_date` (a date in the business zone).

    `state` None lets the contract say whether an approval is needed. Raises MissingValue for
    minutes outside a day and for dates in the future, and Overlap unless that was confirmed.
    """
    at = at or timezone.now()
    kind = billing_kind or (BillingKind.BILLABLE if activity.billable else BillingKind.NON_BILLABLE)
    entry = TimeEntry(
        ticket_id=ticket.pk,
        agent=agent,
        activity=activity,
        work_date=work_date,
        started_at=started_at,
        ended_at=ended_at,
        minutes=minutes,
        note=note.strip()[:500],
        note_visibility=note_visibility,
        kilometres=kilometres,
        billing_kind=kind,
        non_billable_reason=non_billable_reason.strip()[:200],
        overlap_confirmed=overlap_confirmed,
        import_key=import_key,
        created_at=at,
    )
    ensure_sound(entry, at=at)
    entry.state = state or initial_state(entry)
    if entry.state == EntryState.APPROVED:
        entry.approved_at = at
    entry.save()
    record([entry], EntryEvent.Kind.BOOKED, by=agent, at=at)
    approver().booked([entry], at=at)
    return entry


@transaction.atomic
def add_span(
    ticket: Ticket,
    *,
    agent: User,
    activity: Activity,
    started_at: datetime,
    ended_at: datetime,
    at: datetime | None = None,
    **details: Unpack[Details],
) -> list[TimeEntry]:
    """Record work from one instant until another; one entry for each day of the business zone.

    Minutes are real elapsed time, whatever the clocks on the wall did in between (`BIL-2`).
    """
    at = at or timezone.now()
    if ended_at <= started_at:
        raise MissingValue("ended_at", _("Enter an end that is later than the start."))
    if ended_at > at:
        raise MissingValue("ended_at", _("Work that has not been done yet cannot be booked."))
    return [
        add_entry(
            ticket,
            agent=agent,
            activity=activity,
            minutes=whole_minutes(begin, end),
            work_date=business_date(begin),
            started_at=begin,
            ended_at=end,
            at=at,
            **_of_part(details, position),
        )
        for position, (begin, end) in enumerate(split_at_midnight(started_at, ended_at))
    ]


def _of_part(details: Details, position: int) -> Details:
    """What is said once: those after midnight get a key of their own, and no kilometers again."""
    key = details.get("import_key", "")
    if not position:
        return details
    return details | {"import_key": f"{key}/{position}" if key else "", "kilometres": None}


def ensure_sound(entry: TimeEntry, *, at: datetime) -> None:
    """Raises MissingValue or Overlap when `entry` cannot be stored as it is. Two queries."""
    if entry.work_date > business_date(at):
        raise MissingValue("work_date", _("Choose today or an earlier date."))
    longest = minutes_of_day(entry.work_date)
    if not 1 <= entry.minutes <= longest:
        raise MissingValue("minutes", _("Enter between 1 minute and 24 hours."))
    if entry.kilometres is not None:
        ensure_travel(entry)
    if not entry.overlap_confirmed:
        _ensure_alone(entry, longest)


def ensure_travel(entry: TimeEntry) -> None:
    """Raises MissingValue for kilometers that are none, or of work that is no travel (`BIL-6`)."""
    if entry.activity.kind != ActivityKind.TRAVEL:
        raise MissingValue("kilometres", _("Kilometers belong to travel. Choose such an activity."))
    if not entry.kilometres or not 0 < entry.kilometres <= MOST_KILOMETRES:
        raise MissingValue("kilometres", _("Enter between 0.1 and 5,000 kilometers."))


def _ensure_alone(entry: TimeEntry, longest: int) -> None:
    # Two bookings at once: the second waits, and finds the first.
    User.objects.select_for_update(no_key=True).only("pk").get(pk=entry.agent_id)
    own = TimeEntry.objects.filter(agent_id=entry.agent_id).exclude(pk=entry.pk)
    if entry.started_at and entry.ended_at:
        found = list(
            own.during(entry.started_at, entry.ended_at)
            .select_related("ticket")
            .order_by("started_at", "pk")[: OTHERS_NAMED + 1]
        )
        if found:
            others = [_described(one) for one in found[:OTHERS_NAMED]]
            raise Overlap(
                _("You worked on something else at that time: %(others)s. Confirm that both count.")
                % {"others": "; ".join(others) + ("; …" if len(found) > OTHERS_NAMED else "")},
                others,
            )
    booked = own.filter(work_date=entry.work_date).aggregate(sum=Sum("minutes"))["sum"] or 0
    if booked + entry.minutes > longest:
        raise Overlap(
            _("With this, more than 24 hours are booked on that day. Confirm that this is right."),
            [],
        )


def _described(entry: TimeEntry) -> str:
    """ "INC-000012, 09:10 – 10:05": in the business zone."""
    times = [at.astimezone(business_zone()) for at in (entry.started_at, entry.ended_at) if at]
    return f"{entry.ticket.number}, " + " – ".join(f"{at:%H:%M}" for at in times)
