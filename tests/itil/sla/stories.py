"""Tickets without a database: what happened is told event by event, the clocks are computed."""

from datetime import date, datetime
from typing import Any, Self

from itil.calendars.models import BusinessCalendar, CalendarDay, WeeklyOpening
from itil.incidents.models import Incident
from itil.sla.actions.following import Happening
from itil.sla.clock import Watch, replay
from itil.sla.models import Form, Metric, SlaClock
from itil.sla.terms import Step, Target, Terms
from itil.tickets.lifecycle import Mark, Phase
from itil.tickets.models import Channel, EventKind
from tests.itil.calendars.calendars import GERMAN_HOLIDAYS, HOUR, at

P1, P3 = 1, 3
BO = 7
DESK, NETWORK = 1, 2
SUPPLIER = 9
MONDAY_TEN = at(3, 2, 10)


def calendar(pk: int, name: str, **fields) -> BusinessCalendar:
    """Open Monday to Friday 09:00 to 17:00 in Berlin unless `fields` say otherwise."""
    return BusinessCalendar(
        **{
            "pk": pk,
            "name": name,
            "time_zone": "Europe/Berlin",
            "openings": [WeeklyOpening(weekday=day, opens=540, closes=1020) for day in range(5)],
            "days": [],
        }
        | fields
    )


# Calendars A and X of the worked examples.
OFFICE = calendar(
    1,
    "Office",
    days=[
        *(CalendarDay(on=day, kind=CalendarDay.Kind.HOLIDAY) for day in sorted(GERMAN_HOLIDAYS)),
        CalendarDay(on=date(2026, 12, 24), kind="half_day", starts=0, ends=720),
    ],
)
DAY_AND_NIGHT = calendar(2, "Always", always_open=True, openings=[])


def cell(form=Form.DURATION, *, calendar=OFFICE, **fields) -> Target:
    """One cell of a target table."""
    calendar.schedule()
    return Target(
        calendar=calendar.pk,
        calendar_version=calendar.version,
        edition=str(calendar.edition),
        form=form,
        **fields,
    )


def hours(number: float, calendar=OFFICE) -> Target:
    return cell(seconds=int(number * HOUR), calendar=calendar)


def promise(*, priority=P3, agreement=1, kind="sla", calendar=OFFICE, **fields) -> Terms:
    """What an agreement promises: `resolution=8` is 8 hours; fields of `Terms` go with it."""
    targets = {
        metric: value if isinstance(value, Target) else hours(value, calendar)
        for metric, value in fields.items()
        if metric in Metric.values
    }
    rules = {name: value for name, value in fields.items() if name not in targets}
    return Terms(
        kind=kind,
        agreement=agreement,
        name="Gold",
        version=1,
        reason="",
        priority=priority,
        targets=targets,
        **rules,
    )


def steps(*percents: int, calendar: BusinessCalendar | None = None) -> tuple[Step, ...]:
    """Warnings of the assignee, which wait until `calendar` opens."""
    if calendar is not None:
        calendar.schedule()
    edition = str(calendar.edition) if calendar else None
    return tuple(
        Step(percent=percent, action="notify_assignee", edition=edition) for percent in percents
    )


class Story:
    """A ticket and what has happened to it; every method tells of one event more."""

    def __init__(self, received_at: datetime, *terms: Terms, channel=Channel.PORTAL, **data: Any):
        self.ticket = Incident(pk=1, kind="incident", received_at=received_at)
        self.events: list[Happening] = []
        self.tell(
            EventKind.OPENED,
            received_at,
            phase=Phase.OPEN,
            channel=channel,
            terms=[one.as_data() for one in terms],
            **data,
        )

    def tell(self, kind: str, when: datetime, *, actor: int | None = BO, **data: Any) -> Self:
        self.events.append(Happening(kind, when, data, actor))
        return self

    def move(self, when: datetime, verb: str, to_phase: str, **data: Any) -> Self:
        said = {"verb": verb, "to_phase": to_phase, "side": "staff", "said": "", "marks": ""}
        return self.tell(EventKind.MOVED, when, **said | data)

    def take(self, when: datetime) -> Self:
        return self.tell(EventKind.ASSIGNED, when, what="person", to=BO)

    def reply(self, when: datetime) -> Self:
        return self.tell(EventKind.REPLIED, when)

    def comment(self, when: datetime, *, automatic=False, by_requester=True) -> Self:
        said = {"automatic": automatic, "by_requester": by_requester}
        return self.tell(EventKind.COMMENTED, when, **said)

    def hold(self, when: datetime, reason="scheduled", *terms: Terms, **data: Any) -> Self:
        told = {"terms": [one.as_data() for one in terms]} if terms else {}
        return self.move(when, "hold", Phase.WAITING, hold_reason=reason, **told, **data)

    def resume(self, when: datetime) -> Self:
        return self.move(when, "resume", Phase.OPEN)

    def resolve(self, when: datetime) -> Self:
        return self.move(when, "resolve", Phase.DONE, said="public", marks=Mark.RESOLVED)

    def reopen(self, when: datetime, **data: Any) -> Self:
        return self.move(when, "reopen", Phase.OPEN, marks=Mark.REOPENED, **data)

    def cancel(self, when: datetime, **data: Any) -> Self:
        return self.move(when, "cancel", Phase.DONE, marks=Mark.CANCELLED, **data)

    def hand_over(self, when: datetime, team: int, *terms: Terms) -> Self:
        promised = [one.as_data() for one in terms]
        return self.tell(EventKind.ASSIGNED, when, what="team", to=team, terms=promised)

    def edit(self, when: datetime, *terms: Terms) -> Self:
        return self.tell(EventKind.EDITED, when, terms=[one.as_data() for one in terms])

    def clock_told(self, when: datetime, what: str, **data: Any) -> Self:
        return self.tell(EventKind.CLOCK, when, what=what, **data)

    # --- what came of it ---------------------------------------------------------------------

    def watch(self) -> Watch:
        # Tests with a database may have driven these out of the memory of the process.
        OFFICE.schedule()
        DAY_AND_NIGHT.schedule()
        return replay(self.ticket, self.events)

    def clocks(self, metric: str = Metric.RESOLUTION) -> list[SlaClock]:
        """The clocks of `metric`, the first run first."""
        return [clock for clock in self.watch().clocks if clock.metric == metric]

    def clock(self, metric: str = Metric.RESOLUTION) -> SlaClock:
        """The last run of `metric`."""
        return self.clocks(metric)[-1]
