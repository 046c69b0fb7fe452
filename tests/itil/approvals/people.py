"""The house around an approval: Ann asks, Max is her manager, Rita is Max's, and so on."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from itil.approvals import actions
from itil.approvals.matter import Matter
from itil.approvals.models import (
    ApprovalPolicy,
    ApprovalProcess,
    PolicyMember,
    PolicyStep,
    Vote,
)
from itil.tickets.models import Ticket, TicketEvent
from portal.people.models import Delegation, Membership, Role, Team, User
from tests import make
from tests.cast import MONDAY, Cast, person

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@dataclass
class House:
    """Ann asks for a laptop; max and rita stand above her; kim manages the catalog."""

    cast: Cast
    ann: User
    max: User
    rita: User
    kim: User
    ticket: Ticket


def furnish(cast: Cast) -> House:
    """Ann works under Max, Max under Rita; Kim is the catalog manager."""
    rita = person("Rita", cast.acme)
    boss = person("Max", cast.acme, manager=rita)
    kim = person("Kim", cast.halden)
    Membership.objects.create(user=kim, role=Role.CATALOG_MANAGER)
    cast.ann.manager = boss
    cast.ann.save()
    ticket = make.incident(cast, title="New laptop")
    return House(cast, cast.ann, boss, rita, kim, ticket)


def policy(*steps: dict, name: str = "Standard", **fields) -> ApprovalPolicy:
    """A policy with steps; what a step does not say is as in the admin. `mandatory` and `chairs`
    are lists of people.
    """
    made = ApprovalPolicy.objects.create(name=name, **fields)
    for position, given in enumerate(steps):
        values = dict(given)
        mandatory, chairs = values.pop("mandatory", []), values.pop("chairs", [])
        label = values.pop("label", f"Step {position + 1}")
        step = PolicyStep.objects.create(policy=made, sort_order=position, label=label, **values)
        for one in mandatory:
            PolicyMember.objects.create(step=step, person=one, duty="mandatory")
        for one in chairs:
            PolicyMember.objects.create(step=step, person=one, duty="chair")
    return made


def manager_policy(**fields) -> ApprovalPolicy:
    return policy({"source": "manager", "label": "Manager"}, **fields)


def team_of(*people: User, name: str = "Board") -> Team:
    """A team with these agents."""
    team = Team.objects.create(name=name, slug=name.lower())
    Membership.objects.bulk_create(
        Membership(user=one, role=Role.AGENT, team=team) for one in people
    )
    return team


def colleagues(cast: Cast, *names: str, **fields) -> list[User]:
    return [person(name, cast.acme, **fields) for name in names]


def matter(house: House, **changes) -> Matter:
    return Matter(
        **{
            "title": "Laptop for Ann",
            "requester_id": house.ann.pk,
            "lines": (("Model", "Creator 14"), ("Extras", "Dock")),
            "amount": Decimal("1890.00"),
            "currency": "EUR",
            "reason": "The old one is broken.",
        }
        | changes
    )


def begun(
    house: House, rules: ApprovalPolicy, at: datetime = MONDAY, **changes
) -> ApprovalProcess | None:
    return actions.start(house.ticket, rules, matter(house, **changes), at=at)


def vote_of(person: User, process: ApprovalProcess) -> Vote:
    """The person's vote that counts."""
    return Vote.objects.live().get(voter=person, step__process=process)


def give(process: ApprovalProcess, person: User, decision: str, at: datetime = MONDAY) -> Vote:
    """The person's own vote, with a reason where one is needed."""
    reason = "Not now." if decision == "rejected" else ""
    return actions.vote(vote_of(person, process), decision, by=person, reason=reason, at=at + HOUR)


def stand_in(delegator: User, delegate: User, at: datetime = MONDAY, days: int = 7, **fields):
    """From `at` on, `delegate` decides for `delegator`."""
    return Delegation.objects.create(
        delegator=delegator,
        delegate=delegate,
        starts_at=at,
        ends_at=at + days * DAY,
        **fields,
    )


def happened(ticket: Ticket) -> list[str]:
    """What approval events a ticket has, in order."""
    events = TicketEvent.objects.filter(ticket=ticket.pk, kind="approval").order_by("pk")
    return [event.data["what"] for event in events]


def last_event(ticket: Ticket, what: str) -> TicketEvent:
    return TicketEvent.objects.filter(ticket=ticket.pk, kind="approval", data__what=what).latest(
        "pk"
    )


def states(process: ApprovalProcess) -> list[str]:
    """The states of the steps, in order."""
    return list(process.steps.order_by("position").values_list("state", flat=True))


def state_of(process: ApprovalProcess) -> str:
    return ApprovalProcess.objects.get(pk=process.pk).state


def voters(process: ApprovalProcess) -> list[str]:
    """The names of those who have a vote that counts."""
    found = Vote.objects.live().filter(step__process=process).order_by("step", "pk")
    return [vote.voter.name for vote in found.select_related("voter")]
