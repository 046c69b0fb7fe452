"""What an approver does with a vote, and the requester with a question."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from itil.approvals.models import ApprovalProcess, ApprovalQuestion, ApprovalStep, Vote
from itil.approvals.permissions import may_answer, obstacle
from itil.approvals.terms import StepTerms
from itil.approvals.voting import Decision
from itil.tickets.errors import MissingValue, NotAllowed, Refused
from itil.tickets.models import Channel
from portal.people.models import User

from .running import is_decided, locked, moments, run_on, settle, settle_later, tell


@transaction.atomic
def vote(
    vote: Vote,
    decision: str,
    *,
    by: User,
    at: datetime,
    reason: str = "",
    note: str = "",
    channel: str = Channel.PORTAL,
    undo: timedelta = timedelta(),
) -> Vote:
    """Give a vote, in person or as a stand-in; the step ends when the votes say so.

    `reason` is for the requester and has to be given with a rejection; `note` is for the other
    approvers and the desk. A vote that ends the step does so after `undo`: until then it can be
    taken back, and nobody else votes. Raises NotAllowed for who may not decide, Refused when it
    is decided already, MissingValue without a reason.
    """
    present, process = _present(vote)
    _ensure_may_decide(by, present, at)
    _ensure_waiting(present, at)
    decision = Decision(decision)
    reason = reason.strip()
    if decision == Decision.REJECTED and not reason:
        raise MissingValue("reason", _("Say why; the requester reads it."))
    present.state = Vote.State(decision.value)
    present.acted_by, present.at = by, at
    present.reason, present.note = reason, note.strip()
    present.next_at = None
    present.round += 1
    present.save()
    tell(
        process,
        "voted",
        at=at,
        by=by,
        on_behalf_of=present.voter if present.by_stand_in else None,
        channel=channel,
        step=present.step.position,
        label=present.step.label,
        vote=present.pk,
        decision=str(decision),
        reason=reason,
    )
    _close_questions(present, process, at=at)
    if undo and is_decided(present.step):
        settle_later(present.step, at=at + undo)
    else:
        settle(present.step, process, at=at, reason=reason)
    return present


@transaction.atomic
def withdraw_vote(vote: Vote, *, by: User, at: datetime, channel: str = Channel.PORTAL) -> Vote:
    """Take a decision back while the step is open; the time to decide begins anew (`APP-5`)."""
    present, process = _present(vote)
    _ensure_may_decide(by, present, at)
    if not present.is_given or not present.step.is_running or not process.is_running:
        raise Refused(_("This is already decided and can no longer be taken back."))
    present.state, present.acted_by, present.at = Vote.State.WAITING, None, None
    present.reason = present.note = ""
    present.reminders = 0
    terms = StepTerms.of(present.step.terms)
    _ensure_not_over(process, terms, at)
    present.next_at, present.due_at = moments(process, present.voter, terms, at)
    present.round += 1
    present.save()
    if present.step.is_settling and not is_decided(present.step):
        settle_later(present.step, at=None)
    tell(
        process,
        "withdrawn",
        at=at,
        by=by,
        on_behalf_of=present.voter if by.pk != present.voter_id else None,
        channel=channel,
        step=present.step.position,
        label=present.step.label,
        vote=present.pk,
    )
    return present


@transaction.atomic
def ask(
    vote: Vote, *, by: User, text: str, at: datetime, channel: str = Channel.PORTAL
) -> ApprovalQuestion:
    """Ask the requester something first; until the answer nobody's time to decide runs (`APP-5`).

    The clocks of the service levels go on. Raises MissingValue without a question.
    """
    present, process = _present(vote)
    _ensure_may_decide(by, present, at)
    _ensure_waiting(present, at)
    text = text.strip()
    if not text:
        raise MissingValue("text", _("Write your question."))
    question = ApprovalQuestion.objects.create(vote=present, asked_by=by, asked_at=at, text=text)
    step = present.step
    if step.paused_at is None:
        step.paused_at = at
        step.save(update_fields=["paused_at"])
    tell(
        process,
        "asked",
        at=at,
        by=by,
        channel=channel,
        step=step.position,
        label=step.label,
        vote=present.pk,
        question=question.pk,
    )
    return question


@transaction.atomic
def answer(
    question: ApprovalQuestion,
    *,
    by: User,
    text: str,
    at: datetime,
    channel: str = Channel.PORTAL,
) -> ApprovalQuestion:
    """Answer an approver. Raises NotAllowed for others than the requester's side, Refused when
    the answer is no longer needed, MissingValue without one.
    """
    present, process = _present(question.vote)
    question = ApprovalQuestion.objects.get(pk=question.pk)
    if not may_answer(by, question):
        raise NotAllowed(_("Only the person who asked for it can answer this question."))
    if not question.is_open or not present.step.is_running or not process.is_running:
        raise Refused(_("This answer is no longer needed: the question is closed."))
    text = text.strip()
    if not text:
        raise MissingValue("text", _("Write your answer."))
    question.answer, question.answered_by, question.closed_at = text, by, at
    question.save()
    tell(
        process,
        "answered",
        at=at,
        by=by,
        channel=channel,
        step=present.step.position,
        label=present.step.label,
        vote=present.pk,
        question=question.pk,
    )
    run_on(present.step, process, at=at)
    return question


def note_unclear_answer(vote: Vote, *, by: User, why: str, at: datetime) -> None:
    """An approver's answer by mail was not taken as a decision; `why` is a sentence for them."""
    process = vote.step.process
    tell(
        process,
        "not_counted",
        at=at,
        by=by,
        channel=Channel.MAIL,
        step=vote.step.position,
        label=vote.step.label,
        vote=vote.pk,
        why=why,
    )


def _present(vote: Vote) -> tuple[Vote, ApprovalProcess]:
    """The vote as it is now, with its process locked."""
    process_id = ApprovalStep.objects.values_list("process", flat=True).get(pk=vote.step_id)
    process = locked(process_id)
    present = Vote.objects.select_related("step", "voter").get(pk=vote.pk)
    present.step.process = process
    return present, process


def _ensure_may_decide(by: User, vote: Vote, at: datetime) -> None:
    text = obstacle(by, vote, at)
    if text:
        raise NotAllowed(text)


def _ensure_waiting(vote: Vote, at: datetime) -> None:
    """Raises Refused when a decision would come too late (`APP-5`)."""
    process = vote.step.process
    if process.state == ApprovalProcess.State.VOID:
        raise Refused(_("It was changed meanwhile. This version no longer needs your decision."))
    if process.state == ApprovalProcess.State.CANCELLED:
        raise Refused(_("It was withdrawn. Your decision is no longer needed."))
    if vote.is_waiting and vote.step.is_settling and process.is_running:
        last = vote.step.votes.given().select_related("acted_by").latest("at", "pk")
        raise Refused(
            _("%(name)s decided this a moment ago. It is yours again only if that is taken back.")
            % {"name": last.acted_by}
        )
    if vote.is_waiting and vote.step.is_running and process.is_running:
        _ensure_not_over(process, StepTerms.of(vote.step.terms), at)
        return
    if vote.is_given and vote.acted_by is not None:
        raise Refused(
            _("This is already decided: %(name)s was first.") % {"name": vote.acted_by.name}
        )
    raise Refused(_("This is already decided, or somebody else was asked instead."))


def _close_questions(vote: Vote, process: ApprovalProcess, *, at: datetime) -> None:
    """Who decides needs no answer any more."""
    if vote.questions.filter(closed_at__isnull=True).update(closed_at=at):
        run_on(vote.step, process, at=at)


def _ensure_not_over(process: ApprovalProcess, terms: StepTerms, at: datetime) -> None:
    """Raises Refused while the record is on hold, and after the deadline of a board."""
    if process.suspended_at:
        raise Refused(_("This is on hold. It can be decided once it goes on."))
    if terms.closes_at is not None and at >= terms.closes_at:
        closed = timezone.localtime(terms.closes_at)
        when = f"{date_format(closed)}, {closed:%H:%M}"
        raise Refused(
            _("The vote closed on %(when)s; yours was not counted. The owner can ask again.")
            % {"when": when}
        )
