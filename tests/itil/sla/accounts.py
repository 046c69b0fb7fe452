"""Accounts of clocks without a database: calendars, people and events as rows."""

from datetime import date

from itil.calendars.models import CalendarDay, WeeklyOpening
from itil.sla.clock.explaining import account_of
from itil.sla.clock.telling import rows_of
from itil.sla.models import Agreement, Metric, SlaClock
from itil.tickets.models import EventKind, TicketEvent
from portal.people.models import User

from .stories import (
    BO,
    DAY_AND_NIGHT,
    OFFICE,
    Story,
    calendar,
)

ANN = User(pk=3, name="Ann", email="ann@acme.example")
PEOPLE = {BO: User(pk=BO, name="Bo", email="bo@halden.example"), ANN.pk: ANN}

# Calendar N7 of the worked examples, with a holiday.
NIGHTS = calendar(
    3,
    "Nights",
    openings=[WeeklyOpening(weekday=day, opens=22 * 60, closes=6 * 60) for day in range(7)],
    days=[CalendarDay(on=date(2026, 4, 3), kind="holiday", name="Good Friday")],
)
CHATHAM = calendar(
    4,
    "Chatham",
    time_zone="Pacific/Chatham",
    openings=[WeeklyOpening(weekday=day, opens=90, closes=20 * 60) for day in range(7)],
)
EASTER = calendar(
    5,
    "Easter",
    days=[
        CalendarDay(on=date(2026, 4, 3), kind="holiday", name="Good Friday"),
        CalendarDay(on=date(2026, 4, 6), kind="holiday", name="Easter Monday"),
    ],
)
SHOP = calendar(
    6,
    "Shop",
    openings=[
        *(
            WeeklyOpening(weekday=day, opens=opens * 60, closes=closes * 60)
            for day in (0, 1, 2, 4)
            for opens, closes in ((13, 17), (8, 12))
        ),
        WeeklyOpening(weekday=5, opens=9 * 60, closes=12 * 60),
    ],
)
SHORTER = calendar(
    7,
    "Shorter",
    openings=[
        *(WeeklyOpening(weekday=day, opens=540, closes=1020) for day in range(5)),
        *(
            WeeklyOpening(weekday=day, opens=600, closes=960, effective_from=date(2026, 3, 4))
            for day in range(5)
        ),
    ],
)


def written(story: Story) -> list[TicketEvent]:
    """The events of a story as rows, with their people."""
    story.ticket.requester = ANN
    return [
        TicketEvent(
            pk=number,
            kind=event.kind,
            at=event.at,
            recorded_at=event.at,
            data=dict(event.data),
            actor=ANN if event.kind == EventKind.OPENED else PEOPLE.get(event.actor_id),
            channel=event.data.get("channel", "desk"),
        )
        for number, event in enumerate(story.events, start=1)
    ]


def clock_of(story: Story, metric=Metric.RESOLUTION) -> SlaClock:
    """The last run of `metric`, with what its names are read from."""
    clock = story.clock(metric)
    places = (OFFICE, DAY_AND_NIGHT, NIGHTS, CHATHAM, EASTER)
    clock.calendar = next(one for one in places if one.pk == clock.calendar_id)
    clock.agreement = Agreement(pk=1, name="Gold")
    return clock


def account(story: Story, now, metric=Metric.RESOLUTION):
    """The account of the last run of `metric`."""
    return account_of(clock_of(story, metric), written(story), now)


def lines(story: Story, now, metric=Metric.RESOLUTION) -> list[tuple[str, str, str]]:
    """(when, title, what counts) of the account of the last run of `metric`."""
    rows = rows_of(account(story, now, metric))
    return [(row.when, row.title, row.counted) for row in rows]


def notes(story: Story, now, title: str) -> tuple[str, ...]:
    """What is noted beside the first row of this title."""
    return next(row.notes for row in rows_of(account(story, now)) if row.title == title)


def points(story: Story, now, kind: str) -> list[tuple[str, str, tuple[str, ...]]]:
    """(when, title, notes) of the points of this kind."""
    rows = rows_of(account(story, now))
    return [(row.when, row.title, row.notes) for row in rows if row.is_point and row.kind == kind]
