"""Who is asked: the approvers of a step, and who takes the place of one who cannot be asked.

Nobody decides on the own matter (`APP-4`) and nobody who left is asked (`APP-3`); a step that
loses everyone goes upward or to the house's fallback, never to approved.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import QuerySet

from itil.tickets.models import Ticket
from portal.people.models import Delegation, Role, User

from .matter import Matter
from .models import Source
from .terms import StepTerms


@dataclass(frozen=True)
class Asked:
    """Whom a step asks; `is_fallback` says that they stand in for approvers nobody could find."""

    people: tuple[User, ...]
    is_fallback: bool = False


@dataclass(frozen=True)
class Circle:
    """Who may be asked about one matter: everybody active but those who are `barred`."""

    barred: frozenset[int]
    # The team that holds the ticket; its leads are the last resort.
    team: int | None = None
    # The duty that answers for records of its type; who has it is asked before anybody else.
    duty: str = ""

    def admits(self, person: User) -> bool:
        return person.is_active and person.pk not in self.barred

    def without(self, others: Iterable[int]) -> "Circle":
        return replace(self, barred=self.barred | frozenset(others))


def circle_of(ticket: Ticket, barred: Iterable[int]) -> Circle:
    return Circle(frozenset(barred), ticket.team_id, str(ticket.record_model.MANAGED_BY or ""))


def asked_by(terms: StepTerms, matter: Matter, circle: Circle) -> Asked:
    """The approvers of a step as the house is now, each once, in the order of their names.

    Those who cannot be asked are dropped; when nobody remains, the next higher manager of one of
    them is asked, and failing that the fallback. Empty when the house has nobody at all.
    """
    found = _named(terms, matter, circle)
    able = [person for person in found if circle.admits(person)]
    if able:
        return Asked(tuple(able))
    for person in found:
        above = next((one for one in managers_of(person) if circle.admits(one)), None)
        if above is not None:
            return Asked((above,))
    return Asked(tuple(fallback(circle)), is_fallback=True)


def successor_of(
    person: User, circle: Circle, at: datetime, *, confidential: bool, left: bool
) -> User | None:
    """Who decides in the place of `person`: for one who `left` the stand-in, else the next higher
    manager, else the first of the fallback. None when there is nobody.
    """
    if left:
        # The one who left is not active, so that no delegation of theirs is in force any more.
        delegations = (
            Delegation.objects.of(Delegation.Kind.APPROVALS)
            .filter(delegator=person, starts_at__lte=at, ends_at__gt=at)
            .select_related("delegate")
        )
        if confidential:
            delegations = delegations.confidential()
        candidates = [delegation.delegate for delegation in delegations]
    else:
        candidates = []
    candidates += [*managers_of(person), *fallback(circle)]
    return next((one for one in candidates if circle.admits(one)), None)


def managers_of(person: User) -> Iterator[User]:
    """The managers above `person`, the nearest first; a ring in the data ends the walk."""
    passed = {person.pk}
    while person.manager is not None and person.manager_id not in passed:
        person = person.manager
        passed.add(person.pk)
        yield person


def fallback(circle: Circle) -> list[User]:
    """Who answers for the type of the record, else catalog managers, else the leads of the
    ticket's team, else all leads (`APP-3`).
    """
    people: QuerySet[User] = User.objects.active().exclude(pk__in=circle.barred)
    people = people.order_by("name", "pk").distinct()
    groups = [people.filter(memberships__role=circle.duty)] if circle.duty else []
    groups.append(people.filter(memberships__role=Role.CATALOG_MANAGER))
    if circle.team is not None:
        groups.append(people.filter(memberships__role=Role.LEAD, memberships__team=circle.team))
    groups.append(people.filter(memberships__role=Role.LEAD))
    found = (list(group) for group in groups)
    return next((members for members in found if members), [])


def stands_in(person: User, voter: User, at: datetime, *, confidential: bool) -> bool:
    """True while `person` may decide for `voter`; never by way of a third person (`APP-6`)."""
    delegations = (
        Delegation.objects.in_force(at)
        .of(Delegation.Kind.APPROVALS)
        .filter(delegator=voter, delegate=person)
    )
    if confidential:
        delegations = delegations.confidential()
    return bool(delegations.exists())


def stand_ins_of(voter: User, at: datetime, *, confidential: bool) -> list[User]:
    """Who may decide for `voter` at `at`."""
    delegations = (
        Delegation.objects.in_force(at).of(Delegation.Kind.APPROVALS).filter(delegator=voter)
    )
    if confidential:
        delegations = delegations.confidential()
    people = User.objects.filter(pk__in=delegations.values("delegate"))
    return list(people.select_related("organization", "location"))


def _named(terms: StepTerms, matter: Matter, circle: Circle) -> list[User]:
    """Whom the terms name, those included who cannot be asked."""
    people = list(_of_source(terms, matter, circle))
    special = [pk for pk in (*terms.mandatory, *terms.chairs) if pk is not None]
    if special:
        known = {person.pk for person in people}
        people += [one for one in User.objects.filter(pk__in=special) if one.pk not in known]
    return people


def _of_source(terms: StepTerms, matter: Matter, circle: Circle) -> Iterable[User]:
    people: QuerySet[User] = User.objects.order_by("name", "pk")
    match terms.source:
        case Source.MANAGER | Source.MANAGERS_MANAGER:
            height = 1 if terms.source == Source.MANAGER else 2
            return list(managers_of(people.get(pk=matter.requester_id)))[height - 1 : height]
        case Source.PERSON:
            return people.filter(pk=terms.person) if terms.person else []
        case Source.TEAM:
            return people.filter(memberships__team=terms.team).distinct()
        case Source.TEAM_LEADS:
            leads = people.filter(memberships__team=terms.team, memberships__role=Role.LEAD)
            return leads.distinct()
        case Source.COST_CENTRE_OWNER:
            return people.filter(owned_cost_centres__people=matter.requester_id)
        case Source.SERVICE_OWNER:
            return people.filter(owned_services=matter.service_id) if matter.service_id else []
        case Source.OWNER:
            return people.filter(pk=matter.owner) if matter.owner else []
        case Source.HOLDING_TEAM:
            if circle.team is None:
                return []
            return people.filter(memberships__team=circle.team).distinct()
        case Source.CHANGE_MANAGER:
            return people.filter(memberships__role=Role.CHANGE_MANAGER).distinct()
        case Source.BOARD:
            return people.filter(pk__in=terms.people)
    return []
