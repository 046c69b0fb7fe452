"""Who may do what to a ticket (domain section 8); asked by every verb before it writes."""

from itil.tickets.lifecycle import Actor, Move
from itil.tickets.models import Ticket
from itil.timesheets.models import NoteVisibility, TimeEntry
from portal.people.models import Grants, User


def standing(user: User | None, ticket: Ticket) -> frozenset[Actor]:
    """In which capacities `user` faces `ticket`; nobody (None) is the system.

    Agents and leads have their rights in the queues of their own teams, on tickets that no team
    holds yet, and on tickets assigned to them.
    """
    if user is None:
        return frozenset({Actor.SYSTEM})
    found = set()
    kind = ticket.record_model
    grants = user.grants
    if not kind.IS_INTERNAL and _asked_for(user, ticket):
        found.add(Actor.REQUESTER)
    if kind.MANAGED_BY in duties_of(grants) and not ticket.is_confidential:
        found |= {kind.MANAGED_BY, Actor.AGENT}
    if grants.is_staff and ticket.assignee_id == user.pk:
        found.add(Actor.OWNER)
    found |= ticket.actors_of(user)
    if grants.is_agent:
        untaken = ticket.team_id is None and not ticket.is_confidential
        if untaken or ticket.team_id in grants.team_ids or ticket.assignee_id == user.pk:
            found.add(Actor.AGENT)
        if grants.is_lead and (untaken or ticket.team_id in grants.led_team_ids):
            found.add(Actor.LEAD)
    return frozenset(found)


def _asked_for(user: User, ticket: Ticket) -> bool:
    """On the requester's side: in person, or as a contact who sees the organization."""
    if user.pk in (ticket.requester_id, ticket.requested_for_id):
        return True
    sees = user.sees_organization and user.organization_id == ticket.organization_id
    return bool(sees and not ticket.is_confidential)


def duties_of(grants: Grants) -> set[Actor]:
    """The types of records that somebody answers for, as the actor of their life cycles."""
    held = {
        Actor.PROBLEM_MANAGER: grants.is_problem_manager,
        Actor.CHANGE_MANAGER: grants.is_change_manager,
    }
    return {actor for actor, holds in held.items() if holds}


def works_on(user: User | None, ticket: Ticket) -> bool:
    """May write as the desk: the system, and agents in their own queues."""
    return bool(standing(user, ticket) & {Actor.AGENT, Actor.LEAD, Actor.SYSTEM})


def may_move(user: User | None, ticket: Ticket, move: Move) -> bool:
    return bool(standing(user, ticket) & move.by)


def may_reply(user: User | None, ticket: Ticket) -> bool:
    """A public answer in the name of the desk; its own records have nobody to answer."""
    return not ticket.record_model.IS_INTERNAL and works_on(user, ticket)


def may_note(user: User | None, ticket: Ticket) -> bool:
    """An internal note: agents in their queues; leads, problem and change managers on every ticket
    that is not confidential; with whom its type shares them (`c3`).
    """
    if works_on(user, ticket):
        return True
    if user is None or ticket.is_confidential:
        return False
    if user.grants.is_lead or duties_of(user.grants):
        return True
    return ticket.shares_notes_with(user)


def may_read_notes(user: User | None, ticket: Ticket) -> bool:
    """Internal texts: the system, agents in their queues; leads, problem and change managers and
    administrators on every ticket that is not confidential. Managers and billing clerks read none
    (`c4`, `c5`), nor does who takes part from outside.
    """
    if user is None:
        return True
    grants = user.grants
    if grants.is_agent and (ticket.team_id in grants.team_ids or ticket.assignee_id == user.pk):
        return True
    if ticket.is_confidential:
        return False
    if grants.is_agent and ticket.team_id is None:
        return True
    return grants.is_lead or grants.is_administrator or bool(duties_of(grants))


def may_comment(user: User | None, ticket: Ticket) -> bool:
    """A public message from the requester's side: the people concerned and the watchers."""
    if ticket.record_model.IS_INTERNAL:
        return False
    if user is None:
        return True
    if Actor.REQUESTER in standing(user, ticket):
        return True
    return ticket.watchers.filter(user=user).exists()


def may_assign(user: User | None, ticket: Ticket) -> bool:
    """Give the ticket to a person or a team; leads and problem managers may in every queue."""
    if works_on(user, ticket):
        return True
    if user is None or ticket.is_confidential:
        return False
    return user.grants.is_lead or user.grants.is_problem_manager


def may_edit(user: User | None, ticket: Ticket) -> bool:
    """Correct the classification: impact, urgency, category, service, subject."""
    if may_assign(user, ticket):
        return True
    return user is not None and user.grants.is_change_manager and not ticket.is_confidential


def may_merge(user: User | None, ticket: Ticket) -> bool:
    """Merge it into another ticket, or another into it; asked for both."""
    return ticket.record_model.IS_WRITTEN and works_on(user, ticket)


def may_split(user: User | None, ticket: Ticket) -> bool:
    """Make tickets of their own of what the requester's side wrote on it."""
    return ticket.record_model.IS_WRITTEN and works_on(user, ticket)


def may_link(user: User | None, ticket: Ticket) -> bool:
    """Say what it has to do with other records."""
    return works_on(user, ticket)


def may_see(user: User | None, ticket: Ticket) -> bool:
    """Its page is open to this person (`VIS-1`). One query."""
    return user is None or Ticket.objects.visible_to(user).filter(pk=ticket.pk).exists()


def may_follow(person: User, ticket: Ticket) -> bool:
    """May become a watcher because a ticket of theirs was merged into this one (`INC-5`).

    People of its organization and staff; nobody joins the circle of a confidential ticket so.
    """
    if not person.is_active:
        return False
    if ticket.is_confidential:
        return bool(standing(person, ticket))
    return person.organization_id == ticket.organization_id or person.grants.is_staff


def may_override_priority(user: User, ticket: Ticket) -> bool:
    """Leads of the queue only (`PRI-3`)."""
    return Actor.LEAD in standing(user, ticket)


def may_exclude(user: User, ticket: Ticket) -> bool:
    """Leave clocks out of the figures: leads of the queue only (`SLA-28`)."""
    return Actor.LEAD in standing(user, ticket)


def may_log_time(user: User, ticket: Ticket) -> bool:
    """Book own time on it: agents in their queues."""
    return Actor.AGENT in standing(user, ticket)


def may_read_note(user: User, entry: TimeEntry) -> bool:
    """What was done, as far as it is not for the customer to read: who worked, and those who read
    internal texts of the ticket. No query when the entry has its ticket.
    """
    if entry.agent_id == user.pk or entry.note_visibility == NoteVisibility.INVOICE_TEXT:
        return True
    return may_read_notes(user, entry.ticket)


def may_open_for(user: User | None, requester: User) -> bool:
    """Everyone opens for themselves; agents for everybody (`c1` comes with assistants)."""
    return user is None or user.pk == requester.pk or user.grants.is_agent
