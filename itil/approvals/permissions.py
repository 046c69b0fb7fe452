"""Who may decide, and who may not whatever the role (`APP-4`, `APP-6`)."""

from datetime import datetime

from django.utils.translation import gettext as _

from portal.people.models import User

from .matching import stands_in
from .models import ApprovalQuestion, Vote


def obstacle(user: User, vote: Vote, at: datetime) -> str:
    """Why `user` may not decide this vote at `at`, in a sentence for them; empty when they may.

    Says nothing about the state of the vote: who may decide may still come too late.
    """
    process = vote.step.process
    if process.barred.filter(pk__in=(user.pk, vote.voter_id)).exists():
        return _("Nobody decides on their own matter. Somebody else is asked.")
    if not user.is_active:
        return _("You can no longer decide here, because your account is closed.")
    if user.pk != vote.voter_id and not stands_in(
        user, vote.voter, at, confidential=process.ticket.is_confidential
    ):
        return _("This decision is asked of %(name)s, and you do not stand in for them.") % {
            "name": vote.voter.name
        }
    if process.four_eyes and _decided_elsewhere(user, vote):
        return _("You decided another step of this already. This one needs somebody else.")
    return ""


def may_vote(user: User, vote: Vote, at: datetime) -> bool:
    return not obstacle(user, vote, at)


def may_answer(user: User, question: ApprovalQuestion) -> bool:
    """Those whose matter it is: the requester and whom it is for; of the desk's own records their
    owner as well.
    """
    ticket = question.vote.step.process.ticket
    concerned = {ticket.requester_id, ticket.requested_for_id}
    if ticket.record_model.IS_INTERNAL:
        concerned.add(ticket.assignee_id)
    return user.is_active and user.pk in concerned


def _decided_elsewhere(user: User, vote: Vote) -> bool:
    given = Vote.objects.given().filter(step__process=vote.step.process_id)
    return bool(given.exclude(pk=vote.pk).filter(acted_by=user).exists())
