"""Very many tickets at once, for measuring: rows written in bulk, past the verbs of the desk.

The rows look as the verbs would have left them, in the spread of a busy desk; nothing here is
meant to be worked on. The demo company is made by the verbs themselves, in `seed_demo`.
"""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from itil.calendars.hours import Schedule, add
from itil.calendars.models import BusinessCalendar, WeeklyOpening
from itil.conversation.models import Message, Visibility
from itil.desk.search import index_tickets
from itil.incidents.lifecycle import ResolutionCode, Status
from itil.incidents.models import Incident
from itil.services.models import Service
from itil.sla.actions import show_due
from itil.sla.clock import replay
from itil.sla.clock.running import notice
from itil.sla.matching import Facts, terms_of
from itil.sla.models import Agreement, Metric, Outcome, ServiceTarget, SlaClock
from itil.tickets.lifecycle import Mark, Phase
from itil.tickets.models import Category, Channel, EventKind, Ticket, TicketEvent
from itil.tickets.numbering import reserve_numbers
from itil.tickets.priority import priority_of
from portal.people.models import Membership, Organization, Role, Team, User

from .bulk_columns import write_columns

# Tickets per chunk of inserts; bounds memory and keeps transactions short.
CHUNK = 4000
YEARS = 2
OPEN_SHARE = 0.08
CONVERSATION_SHARE = 0.4
PASSWORD_LESS = "!"  # noqa: S105 - Django's mark of a person who cannot sign in by password
# Seconds to the first response and to the resolution, by priority.
TARGETS = {
    1: (900, 14400),
    2: (3600, 28800),
    3: (14400, 86400),
    4: (28800, 172800),
    5: (57600, 432000),
}
SUBJECTS = (
    "Printer on floor {n} jams", "Cannot sign in to payroll", "Laptop {n} does not start",
    "VPN drops every hour", "Mailbox {n} is full", "Telephone {n} has no tone",
    "Shared folder {n} is gone", "Report {n} shows old figures", "Scanner {n} prints stripes",
    "Wireless is slow in room {n}", "Screen {n} flickers", "Invoice {n} cannot be approved",
)  # fmt: skip
TEXT = (
    "Since this morning it does not work any more. I have restarted twice without success. "
    "Several colleagues in the same room have the same difficulty, and the work has to be "
    "finished today. Please tell us what we can do in the meantime."
)


@dataclass
class World:
    """Who and what the tickets are spread over."""

    requesters: list[User]
    agents: list[User]
    manager: User
    teams: list[Team]
    services: list[Service]
    categories: list[Category]
    # What every ticket is promised, by priority, as its opening event tells it.
    terms: dict[int, dict[str, Any]]
    schedule: Schedule


def make_world() -> World:
    """A provider with six teams of four agents, twenty customers and four hundred requesters."""
    customers = Organization.objects.bulk_create(
        Organization(name=f"Customer {n:02}") for n in range(20)
    )
    provider = Organization.objects.create(name="Provider", kind=Organization.Kind.PROVIDER)
    teams = Team.objects.bulk_create(Team(name=f"Team {n}", slug=f"team-{n}") for n in range(6))
    agents = make_people("agent", 24, [provider])
    Membership.objects.bulk_create(
        Membership(user=agent, role=Role.AGENT, team=teams[n % len(teams)])
        for n, agent in enumerate(agents)
    )
    [manager] = make_people("manager", 1, [provider])
    Membership.objects.create(user=manager, role=Role.MANAGER)
    calendar = BusinessCalendar.objects.create(name="Office hours")
    WeeklyOpening.objects.bulk_create(
        WeeklyOpening(calendar=calendar, weekday=day, opens=8 * 60, closes=18 * 60)
        for day in range(5)
    )
    agreement = Agreement.objects.create(name="Standard", calendar=calendar, is_default=True)
    ServiceTarget.objects.bulk_create(
        ServiceTarget(agreement=agreement, metric=metric, priority=priority, seconds=seconds)
        for priority, pair in TARGETS.items()
        for metric, seconds in zip((Metric.FIRST_RESPONSE, Metric.RESOLUTION), pair, strict=True)
    )
    return World(
        requesters=make_people("requester", 400, customers),
        agents=agents,
        manager=manager,
        teams=teams,
        services=Service.objects.bulk_create(
            Service(name=f"Service {n:02}", team=teams[n % len(teams)]) for n in range(15)
        ),
        categories=Category.objects.bulk_create(Category(name=f"Kind {n:02}") for n in range(20)),
        terms={priority: promised(agreement, priority) for priority in TARGETS},
        schedule=calendar.schedule(),
    )


def promised(agreement: Agreement, priority: int) -> dict[str, Any]:
    """The terms of the one agreement there is."""
    facts = Facts(
        received_at=timezone.now(),
        organizations=(),
        service=None,
        location=None,
        requester_is_vip=False,
        ticket_kind=str(Incident._meta.model_name),
        channel=Channel.PORTAL,
        priority=priority,
    )
    return terms_of(agreement, facts).as_data()


def make_people(word: str, count: int, organizations: list[Organization]) -> list[User]:
    return User.objects.bulk_create(
        User(
            email=f"{word}{n}@example.com",
            name=f"{word.title()} {n}",
            organization=organizations[n % len(organizations)],
            password=PASSWORD_LESS,
        )
        for n in range(count)
    )


def add_tickets(world: World, count: int, *, already: int, now: datetime) -> None:
    """Write `count` more incidents with their messages, events and clocks.

    `already` is how many there are; it seeds the spread, so that the same numbers give the same
    rows.
    """
    done = 0
    while done < count:
        size = min(CHUNK, count - done)
        chance = random.Random(already + done)  # noqa: S311 - a spread, not a secret
        with transaction.atomic():
            numbers = reserve_numbers(Incident.NUMBER_PREFIX, size)
            tickets = [ticket_row(world, chance, number, now) for number in numbers]
            events = [event_rows(world, ticket) for ticket in tickets]
            clocks = [
                clock_rows(ticket, rows, now) for ticket, rows in zip(tickets, events, strict=True)
            ]
            Ticket.objects.bulk_create(tickets)
            add_child_rows(tickets)
            Message.objects.bulk_create(
                row for ticket in tickets for row in message_rows(chance, ticket)
            )
            TicketEvent.objects.bulk_create(chain.from_iterable(events))
            SlaClock.objects.bulk_create(chain.from_iterable(clocks))
            index_tickets(tickets)
        done += size


def refresh_statistics() -> None:
    """Let the database plan its reads by what is there now, as it does by itself in daily use."""
    with connection.cursor() as cursor:
        # What may be read from an index alone, PostgreSQL knows of a table that was tidied.
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def ticket_row(world: World, chance: random.Random, number: str, now: datetime) -> Ticket:
    """One ticket; open ones came in during the last weeks, the rest over two years."""
    is_open = chance.random() < OPEN_SHARE
    days = chance.expovariate(1 / 8) if is_open else chance.uniform(0, YEARS * 365)
    received = now - timedelta(days=days, seconds=chance.randrange(3600))
    impact = chance.choices((1, 2, 3), (4, 26, 70))[0]
    urgency = chance.choices((1, 2, 3), (10, 60, 30))[0]
    requester = chance.choice(world.requesters)
    agent = chance.choice(world.agents)
    service = chance.choice(world.services)
    ticket = Ticket(
        number=number,
        kind=Incident._meta.model_name,
        title=chance.choice(SUBJECTS).format(n=chance.randrange(1, 400)),
        impact=impact,
        urgency=urgency,
        priority=priority_of(impact, urgency),
        channel=chance.choices((Channel.PORTAL, Channel.MAIL, Channel.PHONE), (40, 45, 15))[0],
        requester=requester,
        organization_id=requester.organization_id,
        team=service.team,
        service=service,
        category=chance.choice(world.categories),
        received_at=received,
        opened_at=received,
        updated_at=received,
    )
    if is_open:
        leave_open(ticket, chance, agent, now)
    else:
        finish(ticket, chance, agent, world.schedule, now)
    return ticket


def leave_open(ticket, chance, agent, now) -> None:
    """New, in progress or on hold."""
    ticket.status = chance.choices((Status.NEW, Status.IN_PROGRESS, Status.ON_HOLD), (35, 50, 15))[
        0
    ]
    ticket.phase = Phase.WAITING if ticket.status == Status.ON_HOLD else Phase.OPEN
    if ticket.status != Status.NEW:
        ticket.assignee = agent
        answered = ticket.received_at + timedelta(minutes=chance.randrange(5, 90))
        ticket.first_response_at = min(answered, now)
    if ticket.status == Status.ON_HOLD:
        ticket.hold_reason = "awaiting_requester"
        ticket.on_hold_since = ticket.first_response_at


def finish(ticket, chance, agent, schedule, now) -> None:
    """Resolved, closed or cancelled; about one in nine past its target."""
    response, resolution = TARGETS[ticket.priority]
    spent = int(resolution * chance.triangular(0.05, 1.3, 0.4))
    answered = int(response * chance.triangular(0.05, 1.2, 0.4))
    ticket.assignee = agent
    ticket.phase = Phase.DONE
    ticket.resolved_at = min(add(schedule, ticket.received_at, spent), now)
    ticket.first_resolved_at = ticket.resolved_at
    ticket.resolved_team_id = ticket.team_id
    ticket.first_response_at = min(add(schedule, ticket.received_at, answered), ticket.resolved_at)
    ticket.updated_at = ticket.resolved_at
    ticket.status = chance.choices((Status.CLOSED, Status.CANCELLED), (96, 4))[0]
    if ticket.status == Status.CANCELLED:
        ticket.resolved_at = ticket.first_resolved_at = ticket.resolved_team_id = None
    elif now - ticket.resolved_at < timedelta(days=7):
        ticket.status = Status.RESOLVED
    else:
        ticket.closed_at = ticket.updated_at = ticket.resolved_at + timedelta(days=7)


def add_child_rows(tickets: list[Ticket]) -> None:
    """The incidents' own columns, in one statement: child tables refuse `bulk_create`."""
    codes = ["" if one.resolved_at is None else ResolutionCode.FIXED.value for one in tickets]
    write_columns(
        Incident, {"ticket_ptr_id": [one.pk for one in tickets], "resolution_code": codes}
    )


def message_rows(chance: random.Random, ticket: Ticket):
    """The report, and for a share of the tickets an answer and an internal note."""
    yield message(ticket, ticket.requester_id, ticket.received_at)
    if ticket.first_response_at and chance.random() < CONVERSATION_SHARE:
        yield message(ticket, ticket.assignee_id, ticket.first_response_at, is_staff_side=True)
        yield message(
            ticket,
            ticket.assignee_id,
            ticket.first_response_at + timedelta(minutes=1),
            is_staff_side=True,
            visibility=Visibility.INTERNAL,
        )


def message(ticket, author_id, at, *, is_staff_side=False, visibility=Visibility.PUBLIC) -> Message:
    return Message(
        ticket=ticket,
        author_id=author_id,
        visibility=visibility,
        is_staff_side=is_staff_side,
        channel=ticket.channel,
        text=TEXT,
        at=at,
        recorded_at=at,
    )


def event_rows(world: World, ticket: Ticket) -> list[TicketEvent]:
    """Opened, answered, waiting, resolved; all of them handled, so that no mail goes out."""
    opened = {
        "status": Status.NEW,
        "phase": Phase.OPEN,
        "priority": ticket.priority,
        "team": ticket.team_id,
        "channel": ticket.channel,
        "live": False,
        "terms": [world.terms[ticket.priority]],
    }
    rows = [event(ticket, EventKind.OPENED, ticket.requester_id, ticket.received_at, opened)]
    if ticket.first_response_at:
        rows.append(event(ticket, EventKind.REPLIED, ticket.assignee_id, ticket.first_response_at))
    if ticket.phase == Phase.WAITING:
        data = moved("hold", "new", "on_hold", Phase.WAITING) | {"hold_reason": ticket.hold_reason}
        rows.append(event(ticket, EventKind.MOVED, ticket.assignee_id, ticket.on_hold_since, data))
    if ticket.resolved_at:
        data = moved("resolve", "in_progress", "resolved", Phase.DONE) | {"marks": Mark.RESOLVED}
        rows.append(event(ticket, EventKind.MOVED, ticket.assignee_id, ticket.resolved_at, data))
    if ticket.status == Status.CANCELLED:
        data = moved("cancel", "new", "cancelled", Phase.DONE) | {"marks": Mark.CANCELLED}
        rows.append(event(ticket, EventKind.MOVED, ticket.assignee_id, ticket.updated_at, data))
    return rows


def moved(verb: str, source: str, target: str, phase: str) -> dict:
    phases = {"from_phase": Phase.OPEN, "to_phase": phase, "hold_reason": "", "side": "staff"}
    return {"verb": verb, "from": source, "to": target, **phases}


def event(ticket, kind, actor_id, at, data=None) -> TicketEvent:
    return TicketEvent(
        ticket=ticket,
        kind=kind,
        actor_id=actor_id,
        at=at,
        recorded_at=at,
        data=data or {},
        handled_at=at,
    )


def clock_rows(ticket: Ticket, events: list[TicketEvent], now: datetime) -> list[SlaClock]:
    """The clocks as the events left them; what is late or at risk by now was told already."""
    clocks = replay(ticket, events).clocks
    for clock in clocks:
        notice(clock, now)
        if clock.outcome == Outcome.BREACHED:
            clock.breach_noticed_at = clock.at_risk_noticed_at = clock.breached_at
        elif clock.at_risk_at and clock.at_risk_at <= now:
            clock.at_risk_noticed_at = clock.at_risk_at
    show_due(ticket, clocks)
    return clocks
