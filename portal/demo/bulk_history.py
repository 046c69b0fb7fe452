"""A million tickets with their histories, for measuring reports: columns written in bulk.

The spread is that of a busy desk over two years: a share changes hands, waits, is reopened or is
still open. Rows look as the verbs would have left them; nothing here is meant to be worked on.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from django.db import models, transaction

from itil.conversation.models import Message
from itil.incidents.models import Incident
from itil.sla.models import Agreement, SlaClock
from itil.surveys.models import Rating
from itil.tickets.models import Ticket, TicketEvent
from itil.timesheets.models import Activity, TimeEntry

from .bulk import TARGETS, TEXT, YEARS, World
from .bulk_columns import Columns, reset_sequences, write_columns

CHUNK = 50_000
HOUR, DAY = 3600, 86_400
CHANNELS = ("portal", "mail", "phone")
PRIORITIES = (1, 2, 3, 4, 5)
# Shares of all tickets.
OPEN, HANDED_OVER, HELD, REOPENED, CANCELLED = 0.03, 0.22, 0.18, 0.04, 0.03


@dataclass(frozen=True)
class Spread:
    """What the tickets of one chunk are like, one entry each; instants are epoch seconds."""

    keys: np.ndarray
    received: np.ndarray
    taken: np.ndarray
    answered: np.ndarray
    resolved: np.ndarray
    priority: np.ndarray
    channel: np.ndarray
    requester: np.ndarray
    agent: np.ndarray
    service: np.ndarray
    category: np.ndarray
    first_team: np.ndarray
    team: np.ndarray
    is_open: np.ndarray
    is_held: np.ndarray
    is_handed: np.ndarray
    is_reopened: np.ndarray
    is_cancelled: np.ndarray


def add_history(world: World, count: int, *, now: datetime) -> int:
    """Write `count` incidents and what happened on them; how many events that were."""
    base = (Ticket.objects.aggregate(last=models.Max("pk"))["last"] or 0) + 1
    end = int(now.timestamp())
    begin, events = end - YEARS * 365 * DAY, 0
    first_event = (TicketEvent.objects.aggregate(last=models.Max("pk"))["last"] or 0) + 1
    agreement, activity = Agreement.objects.get(), _activity()
    for start in range(0, count, CHUNK):
        size = min(CHUNK, count - start)
        spread = _spread(world, base + start, start, size, count, begin, end)
        with transaction.atomic():
            write_columns(Ticket, _tickets(world, spread))
            write_columns(Incident, {"ticket_ptr_id": spread.keys.tolist()})
            for columns in _events(world, spread):
                size = len(columns["ticket_id"])
                at = first_event + events
                write_columns(TicketEvent, {"id": range(at, at + size)} | columns)
                events += size
            write_columns(SlaClock, _clocks(world, agreement, spread))
            write_columns(Message, _messages(spread))
            write_columns(TimeEntry, _time(world, activity, spread))
            write_columns(Rating, _ratings(world, spread))
    reset_sequences()
    return events


def _activity() -> Activity:
    return Activity.objects.get_or_create(name="Analysis")[0]


def _spread(
    world: World, first: int, start: int, size: int, count: int, begin: int, end: int
) -> Spread:
    """Tickets came in one after the other; those of the last days are more often open."""
    chance = np.random.default_rng(start)
    step = (end - begin) / count
    received = (begin + (start + np.arange(size)) * step).astype(np.int64)
    priority = chance.choice(PRIORITIES, size, p=(0.02, 0.1, 0.4, 0.38, 0.1))
    response, resolution = (
        np.array([TARGETS[one][place] for one in PRIORITIES])[priority - 1] for place in (0, 1)
    )
    taken = received + (response * chance.triangular(0.02, 0.2, 0.8, size)).astype(np.int64)
    answered = received + (response * chance.triangular(0.05, 0.4, 1.3, size)).astype(np.int64)
    resolved = received + (resolution * chance.triangular(0.2, 1.0, 4.0, size)).astype(np.int64)
    is_open = (resolved >= end) | (chance.random(size) < OPEN * (received / end) ** 2)
    is_cancelled = ~is_open & (chance.random(size) < CANCELLED)
    services = chance.integers(0, len(world.services), size)
    own = np.array([service.team_id for service in world.services])[services]
    is_handed = chance.random(size) < HANDED_OVER
    teams = np.array([team.pk for team in world.teams])
    other = teams[(np.searchsorted(teams, own) + 1 + chance.integers(0, 4, size)) % len(teams)]
    return Spread(
        keys=first + np.arange(size),
        received=received,
        taken=np.minimum(taken, end),
        answered=np.minimum(np.maximum(answered, taken), end),
        resolved=np.maximum(resolved, np.maximum(answered, taken) + 60),
        priority=priority,
        channel=chance.integers(0, len(CHANNELS), size),
        requester=chance.integers(0, len(world.requesters), size),
        agent=chance.integers(0, len(world.agents), size),
        service=services,
        category=chance.integers(0, len(world.categories), size),
        first_team=np.where(is_handed, other, own),
        team=own,
        is_open=is_open,
        is_held=chance.random(size) < HELD,
        is_handed=is_handed,
        is_reopened=~is_open & ~is_cancelled & (chance.random(size) < REOPENED),
        is_cancelled=is_cancelled,
    )


# --- Columns -------------------------------------------------------------------------------------


def _tickets(world: World, spread: Spread) -> Columns:
    ended = ~spread.is_open & ~spread.is_cancelled
    last = spread.resolved + ended * 7 * DAY
    instants = {
        name: _instants(at, present)
        for name, at, present in (
            ("received_at", spread.received, None),
            ("opened_at", spread.received, None),
            ("acknowledged_at", spread.taken, None),
            ("first_assigned_at", spread.taken, None),
            ("first_response_at", spread.answered, None),
            ("resolved_at", spread.resolved, ended),
            ("first_resolved_at", spread.resolved - spread.is_reopened * 2 * HOUR, ended),
            ("closed_at", last, ended),
            ("updated_at", np.where(spread.is_open, spread.answered, last), None),
        )
    }
    status = np.select(
        [spread.is_open & spread.is_held, spread.is_open, spread.is_cancelled],
        ["on_hold", "in_progress", "cancelled"],
        "closed",
    )
    phase = np.select(
        [spread.is_open & spread.is_held, spread.is_open], ["waiting", "open"], "done"
    )
    people = [(person.pk, person.organization_id) for person in world.requesters]
    return instants | {
        "id": spread.keys.tolist(),
        "uuid": [f"{key:032x}" for key in spread.keys.tolist()],
        "number": [f"INC-{key:07}" for key in spread.keys.tolist()],
        "kind": ["incident"] * len(spread.keys),
        "title": ["Printer jams"] * len(spread.keys),
        "status": status.tolist(),
        "phase": phase.tolist(),
        "priority": spread.priority.tolist(),
        "channel": [CHANNELS[one] for one in spread.channel],
        "requester_id": [people[one][0] for one in spread.requester],
        "organization_id": [people[one][1] for one in spread.requester],
        "team_id": spread.team.tolist(),
        "resolved_team_id": np.where(ended, spread.team, None).tolist(),
        "assignee_id": [world.agents[one].pk for one in spread.agent],
        "service_id": [world.services[one].pk for one in spread.service],
        "category_id": [world.categories[one].pk for one in spread.category],
        "reopen_count": spread.is_reopened.astype(int).tolist(),
        "reassignment_count": spread.is_handed.astype(int).tolist(),
    }


def _events(world: World, spread: Spread) -> Iterator[Columns]:
    """One set of columns for each thing that happens, in the order of its time."""
    everyone = np.ones(len(spread.keys), bool)
    ended = ~spread.is_open & ~spread.is_cancelled
    held_at = spread.answered + 300
    moved = {
        "start": _moved("start", "new", "in_progress", "open", "open"),
        "hold": _moved("hold", "in_progress", "on_hold", "open", "waiting"),
        "resume": _moved("resume", "on_hold", "in_progress", "waiting", "open"),
        "resolve": _moved("resolve", "in_progress", "resolved", "open", "done"),
        "reopen": _moved("reopen", "resolved", "in_progress", "done", "open"),
        "close": _moved("close", "resolved", "closed", "done", "done"),
        "cancel": _moved("cancel", "in_progress", "cancelled", "open", "done"),
    }
    opened = {
        (priority, team, channel): json.dumps(
            {
                "status": "new",
                "phase": "open",
                "priority": priority,
                "team": team,
                "channel": channel,
                "live": channel == "phone",
                "terms": [world.terms[priority]],
            }
        )
        for priority in PRIORITIES
        for team in {one.pk for one in world.teams}
        for channel in CHANNELS
    }
    began = [
        opened[one]
        for one in zip(
            spread.priority.tolist(),
            spread.first_team.tolist(),
            [CHANNELS[one] for one in spread.channel],
            strict=True,
        )
    ]
    handed = [
        f'{{"what": "team", "from": {one}, "to": {other}, "from_name": "", "to_name": ""}}'
        for one, other in zip(spread.first_team.tolist(), spread.team.tolist(), strict=True)
    ]
    person = '{"what": "person", "from": null, "to": 1, "from_name": "", "to_name": "Agent"}'
    resumed = np.minimum(held_at + 2 * HOUR, spread.resolved - 30)
    closes = spread.resolved + 7 * DAY
    yield _happened(spread, everyone, "opened", spread.received, began)
    yield _happened(spread, spread.is_handed, "assigned", spread.received + 30, handed)
    yield _happened(spread, everyone, "assigned", spread.taken, person)
    yield _happened(spread, everyone, "moved", spread.taken, moved["start"])
    yield _happened(spread, everyone, "replied", spread.answered, '{"message": 1}')
    yield _happened(spread, spread.is_held, "moved", held_at, moved["hold"])
    yield _happened(spread, spread.is_held & ~spread.is_open, "moved", resumed, moved["resume"])
    yield _happened(spread, everyone, "commented", held_at + 60, '{"message": 2}')
    again = spread.is_reopened
    yield _happened(spread, again, "moved", spread.resolved - 20, moved["resolve"])
    yield _happened(spread, again, "moved", spread.resolved - 10, moved["reopen"])
    yield _happened(spread, spread.is_cancelled, "moved", spread.resolved, moved["cancel"])
    yield _happened(spread, ended, "moved", spread.resolved, moved["resolve"])
    yield _happened(spread, ended, "moved", closes, moved["close"])


def _happened(
    spread: Spread, who: np.ndarray, kind: str, at: np.ndarray, data: str | list[str]
) -> Columns:
    rows = np.flatnonzero(who)
    when = _instants(at[rows])
    said = [data] * len(rows) if isinstance(data, str) else [data[row] for row in rows]
    return {
        "ticket_id": spread.keys[rows].tolist(),
        "kind": [kind] * len(rows),
        "at": when,
        "recorded_at": when,
        "handled_at": when,
        "data": said,
    }


def _moved(verb: str, source: str, target: str, before: str, after: str) -> str:
    told = {
        "verb": verb,
        "from": source,
        "to": target,
        "from_phase": before,
        "to_phase": after,
        "hold_reason": "awaiting_requester" if verb == "hold" else "",
        "side": "staff",
        "marks": {"resolve": "resolved", "reopen": "reopened", "close": "closed"}.get(verb, ""),
    }
    return json.dumps(told)


def _clocks(world: World, agreement: Agreement, spread: Spread) -> Columns:
    """First response and resolution of each; met while the target was not used up."""
    calendar = agreement.calendar
    parts = []
    for place, (metric, stopped) in enumerate(
        (("first_response", spread.answered), ("resolution", spread.resolved))
    ):
        target = np.array([TARGETS[one][place] for one in PRIORITIES])[spread.priority - 1]
        due = spread.received + target
        runs = spread.is_open if place else np.zeros(len(spread.keys), bool)
        outcome = np.select(
            [runs, spread.is_cancelled & bool(place), stopped <= due],
            ["pending", "excluded", "met"],
            "breached",
        )
        begun, over = _instants(spread.received), _instants(stopped, ~runs)
        parts.append(
            {
                "ticket_id": spread.keys.tolist(),
                "metric": [metric] * len(target),
                "priority": spread.priority.tolist(),
                "target_key": [agreement.target_key] * len(target),
                "target_seconds": target.tolist(),
                "state": np.where(runs, "running", "stopped").tolist(),
                "outcome": outcome.tolist(),
                "started_at": begun,
                "due_at": _instants(due),
                "stopped_at": over,
                "outcome_at": _instants(np.where(outcome == "met", stopped, due), ~runs),
                "elapsed_seconds": np.where(runs, 0, stopped - spread.received).tolist(),
                "agreement_id": [agreement.pk] * len(target),
                "agreement_version": [agreement.version] * len(target),
                "calendar_id": [calendar.pk] * len(target),
                "calendar_edition": [calendar.edition.hex] * len(target),
                "terms": ['{"form": "duration"}'] * len(target),
                "exclusion": np.where(outcome == "excluded", "cancelled", "").tolist(),
            }
        )
    return {name: [*parts[0][name], *parts[1][name]] for name in parts[0]}


def _messages(spread: Spread) -> Columns:
    """What was asked, and what was answered."""
    keys = spread.keys.tolist()
    when = [*_instants(spread.received), *_instants(spread.answered)]
    return {
        "uuid": [f"{2 * key + part:032x}" for part in (0, 1) for key in keys],
        "ticket_id": keys * 2,
        "visibility": ["public"] * len(when),
        "is_staff_side": [False] * len(keys) + [True] * len(keys),
        "channel": ["mail"] * len(when),
        "text": [TEXT[:120]] * len(when),
        "at": when,
        "recorded_at": when,
    }


def _time(world: World, activity: Activity, spread: Spread) -> Columns:
    """Half of the tickets have an entry, worked on the day of the answer."""
    rows = np.flatnonzero(spread.keys % 2 == 0)
    kinds = ("billable", "non_billable", "included")
    return {
        "uuid": [f"{key:032x}" for key in spread.keys[rows].tolist()],
        "ticket_id": spread.keys[rows].tolist(),
        "agent_id": [world.agents[one].pk for one in spread.agent[rows]],
        "activity_id": [activity.pk] * len(rows),
        "work_date": np.datetime_as_string(spread.answered[rows].view("M8[s]"), "D").tolist(),
        "minutes": (5 + spread.keys[rows] % 90).tolist(),
        "billing_kind": [kinds[key % 3] for key in spread.keys[rows].tolist()],
    }


def _ratings(world: World, spread: Spread) -> Columns:
    """One in ten of those that were solved was rated."""
    rows = np.flatnonzero((spread.keys % 10 == 0) & ~spread.is_open & ~spread.is_cancelled)
    return {
        "ticket_id": spread.keys[rows].tolist(),
        "person_id": [world.requesters[one].pk for one in spread.requester[rows]],
        "score": (5 - (spread.keys[rows] // 10) % 7 % 5).tolist(),
        "rated_at": _instants(spread.resolved[rows] + HOUR),
    }


def _instants(seconds: np.ndarray, present: np.ndarray | None = None) -> list[str | None]:
    """As SQLite keeps them; PostgreSQL reads them in UTC."""
    texts = np.datetime_as_string(seconds.astype("M8[s]"))
    found: list[str | None] = np.char.replace(texts, "T", " ").tolist()
    if present is None:
        return found
    return [text if there else None for text, there in zip(found, present, strict=True)]
