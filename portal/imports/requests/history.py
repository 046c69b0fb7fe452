"""One case retold as our record: its columns and its events. Pure: no database.

A file of this kind has one closing where our life cycle has a delivery and a confirmation; both
happened at that time. Whatever the city closed is closed, also what it noted, referred or found to
be a duplicate: its own reason is kept beside (`closure_code`).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from catalog.offerings.models import CatalogItem
from catalog.requests.lifecycle import LIFECYCLE, Status
from catalog.requests.models import ServiceRequest
from itil.fields.definition import Definition, Kind, Question, Section
from itil.tickets.models import Channel, EventKind, Level
from itil.tickets.priority import priority_of
from portal.imports.past import Happening

from .cases import Case

KIND = ServiceRequest._meta.model_name
PRIORITY = priority_of(Level.LOW, Level.MEDIUM)
CHANNELS: Mapping[str, Channel] = {
    "Constituent Call": Channel.PHONE,
    "Self Service": Channel.PORTAL,
    "Citizens Connect App": Channel.PORTAL,
    # Typed in by people of the city.
    "Employee Generated": Channel.DESK,
    "City Worker App": Channel.DESK,
}
# Anything else came by another system, such as Twitter or an interface.
OTHER_CHANNEL = Channel.API

# What a case tells of the place, as answers that its page shows.
PLACE = Definition(
    (
        Section(
            "place",
            "Where it is",
            questions=(
                Question("neighborhood", Kind.TEXT, "Neighborhood"),
                Question("zip", Kind.TEXT, "ZIP code"),
                Question("position", Kind.TEXT, "Latitude and longitude"),
            ),
        ),
    )
)
# What our columns and the answers have no place for; kept as the source has it.
KEPT = ("closure_code", "subject", "reason", "queue")
FLAGS = ("submitted_photo", "closed_photo")
ON_TIME = {"ONTIME": True, "OVERDUE": False}


@dataclass(frozen=True, slots=True)
class Keys:
    """Primary keys of what cases name, and the items by their names."""

    requester: int
    organization: int
    teams: Mapping[str, int]
    items: Mapping[str, CatalogItem]
    form_version: int


def channel_of(case: Case) -> Channel:
    return CHANNELS.get(case.source, OTHER_CHANNEL)


def ticket_fields(case: Case, keys: Keys) -> dict[str, Any]:
    """The columns of the Ticket."""
    status = Status.CLOSED if case.closed_at else Status.IN_FULFILMENT
    item = keys.items[case.type]
    return {
        "kind": KIND,
        "title": item.title,
        "status": status.value,
        "phase": LIFECYCLE.phases[status].value,
        "impact": Level.LOW.value,
        "urgency": Level.MEDIUM.value,
        "priority": PRIORITY,
        "channel": channel_of(case).value,
        "requester_id": keys.requester,
        "organization_id": keys.organization,
        "team_id": keys.teams[case.department],
        "service_id": item.service_id,
        "category_id": item.category_id,
        "is_confidential": item.makes_confidential,
        "received_at": case.opened_at,
        "opened_at": case.opened_at,
        "resolved_at": case.closed_at,
        "resolved_team_id": keys.teams[case.department] if case.closed_at else None,
        "first_resolved_at": case.closed_at,
        "closed_at": case.closed_at,
        "agreed_at": case.target_at,
        "updated_at": case.closed_at or case.opened_at,
        "custom": custom_of(case),
    }


def request_fields(case: Case, keys: Keys) -> dict[str, Any]:
    """The columns of the ServiceRequest beside those of its ticket. Nobody had to approve it."""
    item = keys.items[case.type]
    return {
        "item_id": item.pk,
        "item_title": item.title,
        "form_version_id": keys.form_version,
        "answers": answers_of(case),
        "currency": item.currency,
        "price_period": item.price_period,
        "approved_at": case.opened_at,
        "approved_price": 0,
    }


def answers_of(case: Case) -> dict[str, str]:
    """What is known of the place."""
    told = case.details
    found = {name: told[name] for name in ("neighborhood", "zip") if name in told}
    if "latitude" in told and "longitude" in told:
        found["position"] = f"{told['latitude']}, {told['longitude']}"
    return found


def custom_of(case: Case) -> dict[str, Any]:
    """What the source recorded, under the names that reports know where they know one."""
    told = case.details
    found: dict[str, Any] = {"contact_type": case.source}
    found |= {name: told[name] for name in KEPT if name in told}
    found |= {name: told[name] == "1" for name in FLAGS if name in told}
    if told.get("title", case.type) != case.type:
        found["title"] = told["title"]
    if told.get("on_time") in ON_TIME:
        found["made_sla"] = ON_TIME[told["on_time"]]
    return found


def happenings(case: Case, keys: Keys, terms: list[dict[str, Any]]) -> Iterator[Happening]:
    """The events of the case; its clocks follow from them and from `terms`, its promise."""
    yield Happening(
        EventKind.OPENED,
        case.opened_at,
        {
            "status": LIFECYCLE.start,
            "phase": LIFECYCLE.phases[LIFECYCLE.start].value,
            "priority": PRIORITY,
            "team": keys.teams[case.department],
            "channel": channel_of(case).value,
            "terms": terms,
            "imported": True,
        },
    )
    yield _moved("begin", Status.SUBMITTED, case.opened_at)
    if case.closed_at:
        yield _moved("fulfil", Status.IN_FULFILMENT, case.closed_at)
        yield _moved("close", Status.FULFILLED, case.closed_at)


def _moved(verb: str, source: Status, at: datetime) -> Happening:
    move = LIFECYCLE.find(verb, source)
    assert move is not None  # noqa: S101 - the table has these rows
    return Happening(
        EventKind.MOVED,
        at,
        {
            "verb": verb,
            "from": source.value,
            "to": str(move.target),
            "from_phase": LIFECYCLE.phases[source].value,
            "to_phase": LIFECYCLE.phases[move.target].value,
            "marks": move.marks or "",
            "side": "system",
            "imported": True,
        },
    )
