"""A large catalog and very many orders at once, for measuring: rows in bulk, past the verbs."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction
from wagtail.signal_handlers import disable_reference_index_auto_update

from catalog.offerings.actions import add_offers, calendars_of
from catalog.offerings.models import CatalogItem, CatalogPage
from catalog.offerings.parse import Offer
from catalog.requests.lifecycle import Status
from catalog.requests.models import ServiceRequest
from itil.approvals.matter import Matter
from itil.approvals.models import (
    ApprovalPolicy,
    ApprovalProcess,
    ApprovalStep,
    PolicyStep,
    Vote,
)
from itil.approvals.models.policy import Source
from itil.approvals.terms import StepTerms
from itil.tickets.lifecycle import Phase
from itil.tickets.models import Channel, EventKind, Ticket, TicketEvent
from itil.tickets.numbering import reserve_numbers
from portal.demo.bulk import CHUNK, World, event
from portal.demo.catalog.forms import make_forms
from portal.demo.children import add_child_rows
from portal.people.models import User
from portal.selfservice.actions import ensure_home

DEPARTMENTS = ("IT", "HR", "Finance", "Facilities", "Legal", "Marketing", "Fleet", "Security")
THINGS = (
    "Laptop", "Screen", "Telephone", "Desk", "Chair", "Access to a folder", "Mailbox", "License",
    "Training", "Badge", "Parking space", "Contract review", "Travel card", "Room", "Server",
)  # fmt: skip
TOPICS = 40
APPROVED_SHARE = 0.3
YEARS = 2
# How orders stand, in percent.
STANDING = {
    Status.CLOSED: 86,
    Status.FULFILLED: 2,
    Status.IN_FULFILMENT: 5,
    Status.ON_HOLD: 1,
    Status.AWAITING_APPROVAL: 3,
    Status.REJECTED: 2,
    Status.CANCELLED: 1,
}


@dataclass
class Shop:
    """What can be ordered, and by whom it is approved."""

    items: list[CatalogItem]
    policy: ApprovalPolicy
    terms: dict[str, object]
    approvers: list[User]


def make_shop(world: World, count: int, now: datetime) -> Shop:
    """Publish `count` items in eight departments, each with a form and an approval."""
    ensure_home()
    offers = [
        Offer(
            name=f"{THINGS[n % len(THINGS)]} {n:04}",
            department=DEPARTMENTS[n % len(DEPARTMENTS)],
            topic=f"Topic {n % TOPICS:02}",
            days=1 + n % 10,
        )
        for n in range(count)
    ]
    calendars = calendars_of("Bench", time_zone="Europe/Berlin", opens=480, closes=1080)
    # Who uses which image or page is of no interest here, and a fifth of the time.
    with disable_reference_index_auto_update():
        add_offers(offers, catalog=CatalogPage.objects.get(), source="Bench", calendars=calendars)
    policy = ApprovalPolicy(name="One colleague")
    step = PolicyStep(label="Colleague", source=Source.PERSON, person=world.agents[0])
    policy.steps = [step]
    policy.save()
    CatalogItem.objects.update(
        form=make_forms(now)["Laptop"], approval=policy, price=Decimal("49.90"), currency="EUR"
    )
    return Shop(
        items=list(CatalogItem.objects.order_by("pk")),
        policy=policy,
        terms=StepTerms.of_step(step).as_data(),
        approvers=world.agents,
    )


def add_orders(world: World, shop: Shop, count: int, *, already: int, now: datetime) -> None:
    """Write `count` more orders with their events and approvals; `already` seeds the spread."""
    done = 0
    while done < count:
        size = min(CHUNK, count - done)
        chance = random.Random(already + done)  # noqa: S311 - a spread, not a secret
        with transaction.atomic():
            numbers = reserve_numbers(ServiceRequest.NUMBER_PREFIX, size)
            orders = [_order(world, shop, chance, number, now) for number in numbers]
            bases = [_base_of(order) for order in orders]
            Ticket.objects.bulk_create(bases)
            add_child_rows(orders, bases)
            TicketEvent.objects.bulk_create(row for base in bases for row in _events(base))
            _add_approvals(shop, chance, orders, now)
        done += size


def _order(
    world: World, shop: Shop, chance: random.Random, number: str, now: datetime
) -> ServiceRequest:
    """One order of the last two years; those that are not over came in during the last weeks."""
    status = chance.choices(list(STANDING), list(STANDING.values()))[0]
    phase = ServiceRequest.LIFECYCLE.phases[status]
    is_over = status in (Status.CLOSED, Status.REJECTED, Status.CANCELLED)
    days = chance.uniform(8, YEARS * 365) if is_over else chance.expovariate(1 / 8)
    received = now - timedelta(days=days, seconds=chance.randrange(3600))
    person, item = chance.choice(world.requesters), chance.choice(shop.items)
    team = chance.choice(world.teams)
    done_at = min(received + timedelta(hours=chance.randrange(4, 160)), now)
    is_delivered = status in (Status.CLOSED, Status.FULFILLED)
    return ServiceRequest(
        number=number,
        kind=ServiceRequest._meta.model_name,
        title=item.title,
        item=item,
        item_title=item.title,
        price=item.price,
        base_price=item.price,
        currency=item.currency,
        policy=shop.policy,
        answers={"model": "light"},
        status=status,
        phase=phase,
        hold_reason="awaiting_requester" if status == Status.ON_HOLD else "",
        on_hold_since=received if phase == Phase.WAITING else None,
        priority=4,
        channel=Channel.PORTAL,
        requester=person,
        organization_id=person.organization_id,
        team=team,
        received_at=received,
        opened_at=received,
        updated_at=done_at,
        agreed_at=received + timedelta(days=5),
        approved_at=received + timedelta(hours=3) if is_delivered else None,
        resolved_at=done_at if is_delivered else None,
        resolved_team=team if is_delivered else None,
        first_resolved_at=done_at if is_delivered else None,
        closed_at=done_at if is_over else None,
    )


def _base_of(order: ServiceRequest) -> Ticket:
    """The row of the base table."""
    columns = [column.attname for column in Ticket._meta.concrete_fields if not column.primary_key]
    return Ticket(**{name: getattr(order, name) for name in columns})


def _events(order: Ticket) -> Iterator[TicketEvent]:
    """Sent, and come to where it stands; handled, so that no mail goes out."""
    opened = {
        "status": Status.SUBMITTED,
        "phase": Phase.OPEN,
        "priority": order.priority,
        "team": order.team_id,
        "channel": order.channel,
        "live": False,
        "terms": [],
    }
    yield event(order, EventKind.OPENED, order.requester_id, order.received_at, opened)
    moved = {
        "verb": "fulfil",
        "from": Status.SUBMITTED,
        "to": order.status,
        "from_phase": Phase.OPEN,
        "to_phase": order.phase,
        "side": "system",
    }
    yield event(order, EventKind.MOVED, None, order.updated_at, moved)


def _add_approvals(
    shop: Shop, chance: random.Random, orders: list[ServiceRequest], now: datetime
) -> None:
    """A vote that waits for each order awaiting one, and a given one for a share of the others."""
    asked = [
        order
        for order in orders
        if order.status == Status.AWAITING_APPROVAL or chance.random() < APPROVED_SHARE
    ]
    processes = ApprovalProcess.objects.bulk_create(_process(shop, order) for order in asked)
    steps = ApprovalStep.objects.bulk_create(
        ApprovalStep(
            process=process,
            position=0,
            label="Colleague",
            terms=shop.terms,
            state="running" if process.is_running else "approved",
            started_at=process.started_at,
            decided_at=process.decided_at,
        )
        for process in processes
    )
    Vote.objects.bulk_create(_vote(step, chance.choice(shop.approvers), now) for step in steps)


def _process(shop: Shop, order: ServiceRequest) -> ApprovalProcess:
    matter = Matter(
        title=order.title,
        requester_id=order.requester_id,
        lines=(("Model", "Light 14"), ("Needed on", "soon")),
        amount=order.price,
        currency=order.currency,
        reason="My machine is six years old.",
    )
    runs = order.status == Status.AWAITING_APPROVAL
    return ApprovalProcess(
        ticket_id=order.pk,
        policy=shop.policy,
        policy_name=shop.policy.name,
        state="running" if runs else "approved",
        matter=matter.as_data(),
        started_at=order.received_at,
        decided_at=None if runs else order.received_at + timedelta(hours=3),
    )


def _vote(step: ApprovalStep, approver: User, now: datetime) -> Vote:
    runs = step.state == "running"
    return Vote(
        step=step,
        voter=approver,
        state="waiting" if runs else "approved",
        acted_by=None if runs else approver,
        at=step.decided_at,
        asked_at=step.started_at,
        due_at=step.started_at + timedelta(days=3),
        next_at=now + timedelta(days=1) if runs else None,
    )
