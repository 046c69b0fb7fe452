"""What an approver does with a vote, and the requester with a question."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from itil.approvals.clock import first_moments, resumed, schedule_of
from itil.approvals.models import ApprovalProcess, ApprovalQuestion, ApprovalStep, Vote
from itil.approvals.permissions import may_answer, obstacle
from itil.approvals.voting import Decision
from itil.tickets.errors import MissingValue, NotAllowed, Refused
from itil.tickets.models import Channel
from portal.people.models import User

from .running import locked, settle, tell


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
) -> Vote:
    """Give a vote, in person or as a stand-in; the step ends when the votes say so.

    `reason` is for the requester and has to be given with a rejection; `note` is for the other
    approvers and the desk. Raises NotAllowed for who may not decide, Refused when it is decided
    already, MissingValue without a reason.
    """
    present, process = _present(vote)
    _ensure_may_decide(by, present, at)
    _ensure_waiting(present)
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
    settle(present.step, process, at=at, reason=reason or _("Too few approvers agreed."))
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
    present.next_at, present.due_at = first_moments(schedule_of(process, present.voter), at)
    present.round += 1
    present.save()
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
    _ensure_waiting(present)
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
    _resume(present.step, process, at=at)
    return question


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


def _ensure_waiting(vote: Vote) -> None:
    """Raises Refused when a decision would come too late (`APP-5`)."""
    process = vote.step.process
    if process.state == ApprovalProcess.State.VOID:
        raise Refused(
            _("The request was changed meanwhile. This version no longer needs your decision.")
        )
    if process.state == ApprovalProcess.State.CANCELLED:
        raise Refused(_("The request was withdrawn. Your decision is no longer needed."))
    if vote.is_waiting and vote.step.is_running and process.is_running:
        return
    if vote.is_given and vote.acted_by is not None:
        raise Refused(
            _("This is already decided: %(name)s was first.") % {"name": vote.acted_by.name}
        )
    raise Refused(_("This is already decided, or somebody else was asked instead."))


def _close_questions(vote: Vote, process: ApprovalProcess, *, at: datetime) -> None:
    """Who decides needs no answer any more."""
    if vote.questions.filter(closed_at__isnull=True).update(closed_at=at):
        _resume(vote.step, process, at=at)


def _resume(step: ApprovalStep, process: ApprovalProcess, *, at: datetime) -> None:
    """Let the time to decide run on when no question of the step is open: what was left stays."""
    still_open = ApprovalQuestion.objects.filter(vote__step=step, closed_at__isnull=True)
    if step.paused_at is None or still_open.exists():
        return
    for vote in step.votes.filter(state=Vote.State.WAITING).select_related("voter"):
        schedule = schedule_of(process, vote.voter)
        vote.due_at = resumed(schedule, vote.due_at, step.paused_at, at)
        if vote.next_at is not None:
            vote.next_at = resumed(schedule, vote.next_at, step.paused_at, at)
        vote.save(update_fields=["due_at", "next_at"])
    step.paused_at = None
    step.save(update_fields=["paused_at"])
