"""Who hears of approvals: those who decide, when it is their turn, and the requester."""

from django.utils import timezone

from itil.approvals.matching import stand_ins_of
from itil.approvals.models import ApprovalQuestion, Vote
from itil.approvals.permissions import may_vote
from itil.tickets.models import TicketEvent
from portal.notifications import actions
from portal.notifications.permissions import has_had_enough, is_read_by_nobody, may_be_mailed
from portal.people.models import User


def react(event: TicketEvent) -> None:
    """Later approvers hear nothing before their step starts (`APP-1`)."""
    data = event.data
    match data["what"]:
        case "step_started":
            _ask(event, data["votes"])
        case "escalated" | "replaced":
            _ask(event, [data["vote"]])
        case "reminded":
            _ask(event, [data["vote"]], is_reminder=True)
        case "asked":
            _question(event)
        case "answered":
            _answer(event)
        case "decided":
            _decided(event)
        case "not_counted":
            _not_counted(event)


def _ask(event: TicketEvent, keys: list[int], *, is_reminder: bool = False) -> None:
    """Write to the voters, and to who stands in for them; unless it was decided meanwhile."""
    for vote in Vote.objects.waiting().filter(pk__in=keys).with_matter().order_by("pk"):
        confidential = vote.step.process.ticket.is_confidential
        people = [vote.voter, *stand_ins_of(vote.voter, event.at, confidential=confidential)]
        for person in people:
            if may_be_mailed(person) and may_vote(person, vote, event.at):
                actions.send_vote_request(event, vote, person, is_reminder=is_reminder)


def _question(event: TicketEvent) -> None:
    question = ApprovalQuestion.objects.open().filter(pk=event.data["question"]).first()
    if question is not None:
        for person in _concerned(event):
            actions.send_question(event, question, person)


def _answer(event: TicketEvent) -> None:
    question = ApprovalQuestion.objects.select_related("asked_by").get(pk=event.data["question"])
    if may_be_mailed(question.asked_by) and may_vote(question.asked_by, question.vote, event.at):
        actions.send_answer(event, question)


def _decided(event: TicketEvent) -> None:
    for person in _concerned(event):
        actions.send_decision(event, person)


def _not_counted(event: TicketEvent) -> None:
    """Who answered by mail hears that it did not decide, unless machines answer each other."""
    vote = Vote.objects.with_matter().get(pk=event.data["vote"])
    person = event.actor
    if person is None or not may_be_mailed(person) or is_read_by_nobody(person.email):
        return
    if not has_had_enough(person.email, timezone.now()):
        actions.send_not_counted(event, vote, person)


def _concerned(event: TicketEvent) -> list[User]:
    """The requester and whom it is for; of the desk's own records who opened and who owns it."""
    ticket = event.ticket
    second = ticket.assignee if ticket.record_model.IS_INTERNAL else ticket.requested_for
    people = dict.fromkeys((ticket.requester, second))
    return [
        person
        for person in people
        if person and may_be_mailed(person) and not is_read_by_nobody(person.email)
    ]
