"""A decision by a plain answer to the mail that asked for it (`APP-8`, `MAI-5`)."""

from django.conf import settings
from django.utils.translation import gettext as _

from itil.approvals import actions as approvals
from itil.approvals.models import Vote
from itil.approvals.permissions import may_vote
from itil.approvals.voting import decision_in
from itil.tickets.errors import Refused
from itil.tickets.models import Channel
from portal.mailbox.models import InboundMail
from portal.mailbox.parse import ParsedMail
from portal.people.models import User

from .outcome import Outcome, State


def decide_by_answer(
    inbound: InboundMail, mail: ParsedMail, vote: Vote, person: User | None
) -> Outcome | None:
    """Give the vote that the mail states; None when it states none beyond doubt, is not allowed
    to, or comes too late: it is then what any other answer is.

    Only an approver whom our own mail server vouches for is listened to, and told why the answer
    did not count.
    """
    if not settings.APPROVAL_BY_REPLY or mail.is_automatic or not mail.is_verified:
        return None
    at = inbound.server_date
    if person is None or not may_vote(person, vote, at):
        return None
    try:
        decision, reason = _stated(mail, vote)
        approvals.vote(vote, decision, by=person, reason=reason, at=at, channel=Channel.MAIL)
    except Refused as refusal:
        approvals.note_unclear_answer(vote, by=person, why=str(refusal), at=at)
        return None
    return Outcome(State.APPENDED, _("Decided by an answer to the mail."), vote.step.process.ticket)


def _stated(mail: ParsedMail, vote: Vote) -> tuple[str, str]:
    """The decision and its reason. Raises Refused, with what to do instead."""
    if vote.step.process.ticket.is_confidential:
        raise Refused(_("This is confidential. Sign in to decide."))
    stated = decision_in(mail.text)
    if stated is None or mail.files:
        raise Refused(
            _(
                "To approve, answer with the word “approve” alone. To decline, write “decline:”"
                " and why. Everything else is kept as a comment."
            )
        )
    return stated
