"""One major incident of last week that is being reviewed, and one that goes on."""

import random
from datetime import datetime, timedelta

from itil.desk import actions as desk
from itil.incidents import actions
from itil.incidents.models import CandidateRule, Incident, MajorIncident, MajorRole
from itil.tickets.models import Channel, EventKind, LinkType, Ticket, TicketEvent
from portal.people.models import User

from .company import Company

CHILDREN = 8
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
REPORTS = (
    "Internal pages do not open",
    "No connection since ten minutes",
    "Shared drive is gone",
    "VPN and mail do not answer",
)
UPDATES = (
    "The network in the main building is down. We are looking for the cause. Mobile data works.",
    "The cause is a broken core switch. A replacement is on its way; we expect it at noon.",
    "The new switch is in place. Floors one to three work again, the others follow.",
)
REVIEW = {
    "what_happened": "The core switch of the main building failed. Four floors had no network for"
    " almost two hours; forty people could not work.",
    "causes": "A power supply failed, and the second one had been taken out for a repair in"
    " spring and never put back.",
    "actions": "Put a second power supply into every core switch. Check the spare parts monthly.",
}


def tell_majors(company: Company, now: datetime) -> None:
    """A network that was down, under review with its children; payroll that stands still now."""
    CandidateRule.objects.create(
        name="Wave of reports", sign=CandidateRule.Sign.CHILDREN, least_children=5
    )
    CandidateRule.objects.create(name="Critical service", sign=CandidateRule.Sign.SERVICE_DOWN)
    _reviewed(company, now - 5 * DAY)
    _going_on(company, now - 70 * MINUTE)


def _reviewed(company: Company, at: datetime) -> None:
    # Not for secrets: the demo shall be the same each time.
    die = random.Random(20260517)  # noqa: S311
    service = company.services["Network and VPN"]
    agent, lead = company.agents[service.team.name][0], company.leads[service.team.name]
    ours = [one for one in company.employees if one.organization.kind != "customer"]
    parent = _open(company, agent, "Network in the main building is down", at, ours[0])
    desk.take(parent, by=agent, at=at + 2 * MINUTE)
    for number in range(CHILDREN):
        child = _open(company, None, REPORTS[number % 4], at + number * MINUTE, die.choice(ours))
        desk.set_parent(child, parent, by=agent, at=at + (number + 3) * MINUTE)
    at += 12 * MINUTE
    reason = "Many reports within minutes, and the core switch does not answer."
    actions.propose_major(parent, by=agent, reason=reason, at=at)
    major = actions.accept(
        parent,
        by=lead,
        owner=lead,
        announcement="The network in the main building is down. Mobile data works.",
        roles={MajorRole.TECHNICAL: agent},
        at=at + 3 * MINUTE,
    )
    for place, text in enumerate(UPDATES):
        said = at + (5 + 28 * place) * MINUTE
        actions.send_update(major, by=lead, text=text, at=said)
        event = _last(parent, EventKind.REPLIED)
        actions.tell_children(event, text=text)
    note = "All floors have their network back. The broken switch was replaced."
    values = {"resolution_code": "fixed", "note": note}
    desk.move(parent, "resolve", by=agent, values=values, at=at + 105 * MINUTE)
    actions.resolve_children(_last(parent, EventKind.MOVED), note=note)
    review = MajorIncident.objects.get(pk=parent.pk)
    actions.save_review(review, by=lead, texts=REVIEW, at=at + DAY)
    actions.pick(
        review,
        by=lead,
        events=parent.events.filter(kind=EventKind.MOVED),
        messages=parent.messages.filter(is_staff_side=True),
        at=at + DAY,
    )


def _going_on(company: Company, at: datetime) -> None:
    service = company.services["Payroll"]
    agent, lead = company.agents[service.team.name][0], company.leads[service.team.name]
    ours = [one for one in company.employees if one.organization.kind != "customer"]
    first = _open(company, agent, "Payroll cannot be opened", at, ours[1], "Payroll")
    desk.take(first, by=agent, at=at + MINUTE)
    second = _open(company, None, "Payroll shows a white page", at, ours[2], "Payroll")
    desk.set_parent(second, first, by=agent, at=at + 4 * MINUTE)
    desk.link(second, first, LinkType.RELATED, by=agent, at=at + 4 * MINUTE)
    reason = "Salaries go to the bank today."
    actions.propose_major(first, by=agent, reason=reason, at=at + 5 * MINUTE)
    major = actions.accept(
        first,
        by=lead,
        owner=lead,
        announcement="Payroll cannot be opened. Salaries will still be paid in time.",
        at=at + 6 * MINUTE,
    )
    text = "Payroll does not start after last night's update. We are taking the update back."
    actions.send_update(major, by=lead, text=text, at=at + 50 * MINUTE)
    actions.tell_children(_last(first, EventKind.REPLIED), text=text)


def _open(
    company: Company,
    agent: User | None,
    title: str,
    at: datetime,
    requester: User,
    service: str = "Network and VPN",
) -> Incident:
    return actions.open_incident(
        by=agent or requester,
        title=title,
        text=f"{title}. Since a few minutes nothing works here any more.",
        requester=requester,
        channel=Channel.PHONE if agent else Channel.PORTAL,
        service=company.services[service],
        urgency=1,
        at=at,
    )


def _last(ticket: Ticket, kind: str) -> TicketEvent:
    found = TicketEvent.objects.filter(ticket=ticket.pk, kind=kind).order_by("pk").last()
    assert found is not None  # noqa: S101 - it was written a line above
    return found
