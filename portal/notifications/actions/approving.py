"""The mails about approvals: to those who decide, and to the requester."""

from dataclasses import replace

from django.conf import settings
from django.urls import reverse

from itil.approvals.links import token_for
from itil.approvals.models import ApprovalQuestion, Vote
from itil.tickets.models import TicketEvent
from portal.notifications.threading import Place
from portal.people.models import User

from .letters import Letter, write


def send_vote_request(event: TicketEvent, vote: Vote, reader: User, *, is_reminder: bool) -> None:
    """Ask for a decision, with a link that decides without signing in (`APP-8`)."""
    token = token_for(vote, reader, event.at)
    by_answer = settings.APPROVAL_BY_REPLY and settings.REPLY_TOKENS
    letter = _letter(
        event,
        "approval",
        url=reverse("approvals:vote", args=[vote.uuid]),
        vote=vote,
        is_personal=True,
        matter=vote.step.process.about,
        decide_url=settings.SITE_URL + reverse("approvals:mail", args=[token]),
        is_reminder=is_reminder,
        for_another=vote.voter if vote.voter_id != reader.pk else None,
        by_answer=by_answer,
    )
    write(replace(letter, answers_to=vote.uuid) if by_answer else letter, [reader])


def send_not_counted(event: TicketEvent, vote: Vote, reader: User) -> None:
    """Tell an approver that an answer by mail was not taken as a decision, and why."""
    url = reverse("approvals:vote", args=[vote.uuid])
    matter = vote.step.process.about
    why = event.data["why"]
    write(
        _letter(event, "approval_not_counted", url=url, is_personal=True, matter=matter, why=why),
        [reader],
    )


def send_question(event: TicketEvent, question: ApprovalQuestion, reader: User) -> None:
    """Tell the requester what an approver wants to know."""
    url = reverse("approvals:question", args=[question.uuid])
    write(_letter(event, "approval_question", url=url, question=question), [reader])


def send_answer(event: TicketEvent, question: ApprovalQuestion) -> None:
    """Tell the approver what the requester answered."""
    url = reverse("approvals:vote", args=[question.vote.uuid])
    write(_letter(event, "approval_answer", url=url, question=question), [question.asked_by])


def send_decision(event: TicketEvent, reader: User) -> None:
    """Tell the requester, or the owner of a record of the desk, that it was approved, or declined
    and why.
    """
    data = event.data
    context = {
        "is_approved": data["outcome"] == "approved",
        "reason": data["reason"],
        "is_request": not event.ticket.record_model.IS_INTERNAL,
    }
    write(_letter(event, "approval_decided", url="", **context), [reader])


def _letter(
    event: TicketEvent, template: str, *, url: str, is_personal: bool = False, **context: object
) -> Letter:
    """A letter beside the conversation of the ticket, of which approvers see nothing."""
    return Letter(
        event=event,
        ticket=event.ticket,
        template=template,
        place=Place(),
        automatic="auto-generated",
        url=settings.SITE_URL + url if url else "",
        is_personal=is_personal,
        context=context,
    )
