"""The addresses by which approvers decide from a mail, without signing in (`APP-8`).

A link is signed for one vote, one person, one version of the matter and one round of the vote, and
ends after a while; whatever changes any of these makes it dead.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.core import signing
from django.utils.translation import gettext as _

from itil.tickets.errors import Refused
from portal.people.models import User

from .models import ApprovalProcess, Vote

LINKS_LAST = timedelta(days=14)
_SALT = "itil.approvals"


@dataclass(frozen=True)
class Invitation:
    """What a link is good for: this person may give this vote."""

    vote: Vote
    person: User


def token_for(vote: Vote, person: User, at: datetime) -> str:
    """The token of a link for `person` to give `vote`, made at `at`; the same for the same call."""
    ends = int((at + LINKS_LAST).timestamp())
    return signing.dumps(
        [vote.pk, person.pk, vote.step.process.version, vote.round, ends], salt=_SALT
    )


def addressee_of(token: str) -> User | None:
    """Who the link was sent to; None for a token that we did not make."""
    content = _read(token)
    return User.objects.filter(pk=content[1]).first() if content else None


def invitation_of(token: str, at: datetime) -> Invitation:
    """What the link of `token` is good for at `at`.

    Raises Refused with a sentence for one that is used, outdated or expired, of a person who left,
    and for a token that we did not make.
    """
    content = _read(token)
    vote = _vote(content[0]) if content else None
    person = addressee_of(token)
    if not content or vote is None or person is None:
        raise Refused(_("This link is not complete. Copy it from the mail as a whole."))
    _vote_pk, _person_pk, version, round_, ends = content
    process = vote.step.process
    if not person.is_active:
        raise Refused(_("This link no longer works, because the account it was sent to is closed."))
    if at >= datetime.fromtimestamp(ends, tz=UTC):
        raise Refused(_("This link has expired. Sign in to decide."))
    if process.state == ApprovalProcess.State.VOID or process.version != version:
        raise Refused(_("It was changed after this mail was sent. A newer mail counts."))
    if process.state == ApprovalProcess.State.CANCELLED:
        raise Refused(_("It was withdrawn. Your decision is no longer needed."))
    if vote.round != round_:
        raise Refused(_used(vote, person))
    if not vote.is_waiting or not vote.step.is_running or not process.is_running:
        raise Refused(_("This is already decided, or somebody else was asked instead."))
    if process.ticket.is_confidential:
        raise Refused(_("This has become confidential. Sign in to decide."))
    return Invitation(vote, person)


def _used(vote: Vote, person: User) -> str:
    """What became of a decision whose link was used, for the person it was sent to."""
    title = vote.step.process.about.title
    words = {"title": title, "decision": vote.get_state_display(), "name": vote.acted_by}
    if not vote.is_given:
        return _("This link was used for “%(title)s”. Sign in to see how it stands.") % words
    if vote.acted_by is None:
        return _("The time to decide on “%(title)s” is over. It counts as: %(decision)s.") % words
    if vote.acted_by_id == person.pk:
        return _("You decided on “%(title)s” already: %(decision)s. That is kept.") % words
    return _("%(name)s decided on “%(title)s” before you: %(decision)s.") % words


def _read(token: str) -> list[int] | None:
    try:
        content: list[int] = signing.loads(token, salt=_SALT)
    except signing.BadSignature:
        return None
    return content


def _vote(pk: int) -> Vote | None:
    votes = Vote.objects.with_matter().filter(pk=pk)
    found: Vote | None = votes.first()
    return found
