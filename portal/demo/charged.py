"""What Brightwater and Orchid are billed beside hours: an order, material, a drive."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from django.utils import timezone

from billing.contracts import actions as contracts
from billing.contracts.models import PartPrice
from billing.invoices.parse import month_of
from catalog.requests import actions as requests
from itil.desk import actions as desk
from itil.incidents.actions import open_incident
from itil.tickets.models import Channel, Ticket

from .company import Company
from .contracts import EUROPEAN, JAPANESE
from .orders import Way, draft_of
from .stories import ZONE_INFO

ROUTER = "Loan router"


def tell_charges(company: Company, now: datetime) -> None:
    """One visit with a drive and material, one replaced part far away, one delivered order, all in
    the month that is drafted.
    """
    day = _weekday(month_of(timezone.localdate(now)).before.first + timedelta(days=11))
    visit = _job(company, EUROPEAN, "The switch in the laboratory has failed", day)
    agent = company.agents["Network"][0]
    noon = datetime.combine(day, time(12), tzinfo=ZONE_INFO)
    desk.log_time(
        visit,
        by=agent,
        minutes=70,
        activity=company.activities["Travel"],
        work_date=day,
        kilometres=Decimal("86"),
        note="Utrecht and back",
        note_visibility="invoice_text",
        at=noon,
    )
    switch, cable = PartPrice.objects.filter(contract__organization__name=EUROPEAN).order_by("-pk")
    contracts.use_material(visit, by=agent, part=switch, quantity=Decimal(1), at=noon)
    contracts.use_material(visit, by=agent, part=cable, quantity=Decimal(4), at=noon)
    wrong = contracts.use_material(visit, by=agent, part=switch, quantity=Decimal(1), at=noon)
    contracts.remove_material(wrong, by=agent, reason="Only one was needed.", at=noon)
    _solved(visit, company, noon)
    far = _job(company, JAPANESE, "A label printer prints half of each label", day)
    contracts.use_material(
        far,
        by=agent,
        description="Print head",
        quantity=Decimal(1),
        unit_price=Decimal(12800),
        at=noon,
    )
    _solved(far, company, noon)
    _order(company, datetime.combine(day, time(9, 30), tzinfo=ZONE_INFO), now)


def _order(company: Company, at: datetime, now: datetime) -> None:
    """Something of the catalog for a customer, delivered on the same day."""
    contact = company.organizations[EUROPEAN].people.order_by("pk").first()
    typed = {"details": "For the practice in Utrecht, while ours is repaired."}
    request = requests.submit(draft_of(contact, ROUTER, typed, at=at), by=contact, at=at)
    way = Way(request, at, now)
    way.welcome()
    way.work()
    contracts.charge_orders(timezone.localdate(now), at=way.at)


def _job(company: Company, customer: str, title: str, day: date) -> Ticket:
    contact = company.organizations[customer].people.order_by("pk").first()
    asked = datetime.combine(day, time(9, 5), tzinfo=ZONE_INFO)
    ticket = open_incident(
        by=contact,
        requester=contact,
        title=title,
        text="Can somebody look at it today?",
        channel=Channel.PORTAL,
        team=company.teams["Network"],
        service=company.services["Network and VPN"],
        at=asked,
    )
    agent = company.agents["Network"][0]
    desk.take(ticket, by=agent, at=asked + timedelta(minutes=10))
    desk.reply(ticket, by=agent, text="We are on our way.", at=asked + timedelta(minutes=15))
    return ticket


def _solved(ticket: Ticket, company: Company, at: datetime) -> None:
    desk.move(
        ticket,
        "resolve",
        by=company.agents["Network"][0],
        values={"resolution_code": "fixed", "note": "Replaced and tested."},
        at=(at + timedelta(minutes=20)).astimezone(UTC),
    )


def _weekday(day: date) -> date:
    """That day, or the Monday after a weekend."""
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)
