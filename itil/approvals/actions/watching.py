"""What time does to approvals: reminders, time-outs, and people who leave."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from itil.approvals.clock import following, schedule_of
from itil.approvals.matching import asked_by, successor_of
from itil.approvals.models import ApprovalProcess, ApprovalStep, OnTimeout, Vote
from itil.approvals.terms import StepTerms
from itil.approvals.voting import Outcome
from portal.people.models import User

from .running import (
    ask_for_vote,
    circle_for,
    conclude,
    locked,
    settle,
    settle_later,
    tell,
    terms_now,
)


def remind_and_time_out(now: datetime) -> int:
    """Remind approvers whose time has come at `now` and end the votes whose time is over
    (`APP-7`); returns how many votes were seen to. A question that waits stops both (`APP-5`).
    """
    due = Vote.objects.waiting().filter(
        next_at__lte=now, step__paused_at__isnull=True, step__settles_at__isnull=True
    )
    return sum(_see_to(pk, now) for pk in list(due.order_by("pk").values_list("pk", flat=True)))


def settle_decided(now: datetime) -> int:
    """End the steps whose last vote can no longer be taken back at `now`; returns how many."""
    due = ApprovalStep.objects.filter(settles_at__lte=now, process__suspended_at__isnull=True)
    due = due.order_by("settles_at", "pk")
    return sum(_settle(pk, now) for pk in list(due.values_list("pk", flat=True)))


def replace_leavers(now: datetime) -> int:
    """Ask others in the place of approvers who left, and for steps that had nobody (`APP-3`);
    returns how many people were asked. One who cannot be replaced yet is kept: a step is never
    approved for want of approvers.
    """
    left = Vote.objects.waiting().filter(voter__is_active=False)
    asked = sum(_replace(pk, now) for pk in list(left.order_by("pk").values_list("pk", flat=True)))
    empty = ApprovalStep.objects.filter(
        state=ApprovalStep.State.RUNNING,
        process__state=ApprovalProcess.State.RUNNING,
        process__suspended_at__isnull=True,
        votes__isnull=True,
    )
    return asked + sum(_fill(pk, now) for pk in list(empty.values_list("pk", flat=True)))


@transaction.atomic
def _settle(pk: int, now: datetime) -> bool:
    """False when somebody else did it, or the last vote was taken back meanwhile."""
    process = locked(ApprovalStep.objects.values_list("process", flat=True).get(pk=pk))
    step = ApprovalStep.objects.get(pk=pk)
    if step.settles_at is None or step.settles_at > now or process.suspended_at:
        return False
    if not step.is_running or not process.is_running:
        # Withdrawn or changed in that moment.
        settle_later(step, at=None)
        return False
    last = step.votes.given().latest("at", "pk")
    settle(step, process, at=now, reason=last.reason)
    return True


@transaction.atomic
def _see_to(pk: int, now: datetime) -> bool:
    """Do what is due for one vote; False when it was decided meanwhile."""
    vote = _waiting(pk)
    if vote is None or vote.next_at is None or vote.next_at > now:
        return False
    if vote.step.paused_at or vote.step.is_settling:
        return False
    if vote.due_at <= now:
        _time_out(vote, now)
        return True
    process = vote.step.process
    vote.reminders += 1
    # A worker that stood still reminds once and leaves out what it missed.
    schedule = schedule_of(process, vote.voter)
    while vote.next_at <= now:
        vote.next_at = following(schedule, vote.next_at, vote.reminders, vote.due_at)
    vote.save(update_fields=["reminders", "next_at"])
    tell(
        process,
        "reminded",
        at=now,
        step=vote.step.position,
        label=vote.step.label,
        vote=vote.pk,
        number=vote.reminders,
        due_at=vote.due_at.isoformat(),
    )
    return True


def _time_out(vote: Vote, now: datetime) -> None:
    """The time to decide is over."""
    step, process = vote.step, vote.step.process
    if _silence_approves(process):
        tell(process, "approved_by_silence", at=now, step=step.position, label=step.label)
        conclude(step, process, Outcome.APPROVED, at=now, reason="")
        return
    match StepTerms.of(step.terms).on_timeout:
        case OnTimeout.REJECT:
            _lapse(vote, Vote.State.REJECTED, now)
        case OnTimeout.EXPIRE:
            _lapse(vote, Vote.State.ABSTAINED, now)
        case _:
            _escalate(vote, now)


def _silence_approves(process: ApprovalProcess) -> bool:
    """Only where the catalog manager said so, and never for money or confidential data."""
    matter = process.about
    return matter.silence_approves and not matter.amount and not process.ticket.is_confidential


def _lapse(vote: Vote, state: Vote.State, now: datetime) -> None:
    """Count a vote that nobody gave as `state`, given by the system."""
    step, process = vote.step, vote.step.process
    vote.state, vote.at, vote.next_at = state, now, None
    vote.round += 1
    vote.save()
    tell(
        process,
        "lapsed",
        at=now,
        step=step.position,
        label=step.label,
        vote=vote.pk,
        decision=str(state),
    )
    settle(step, process, at=now, reason=_("No decision was made in time."))


def _escalate(vote: Vote, now: datetime) -> None:
    """Ask the next higher manager instead; at the top, whoever it is has to go on waiting."""
    person = _next_in_line(vote, now, left=False)
    if person is None:
        vote.next_at = None
        vote.save(update_fields=["next_at"])
        return
    _hand_on(vote, person, "escalated", now)


@transaction.atomic
def _replace(pk: int, now: datetime) -> bool:
    vote = _waiting(pk)
    if vote is None or vote.voter.is_active:
        return False
    person = _next_in_line(vote, now, left=True)
    if person is None:
        return False
    _hand_on(vote, person, "replaced", now)
    return True


@transaction.atomic
def _fill(pk: int, now: datetime) -> int:
    """Ask somebody for a step that started when the house had nobody to ask."""
    step = ApprovalStep.objects.get(pk=pk)
    process = locked(step.process_id)
    step.refresh_from_db()
    if not step.is_running or not process.is_running or step.votes.exists():
        return 0
    terms = terms_now(step, process)
    asked = asked_by(terms, process.about, circle_for(process))
    if asked.is_fallback:
        terms = terms.for_any_one()
    step.terms = terms.as_data()
    step.save(update_fields=["terms"])
    votes = [ask_for_vote(step, process, person, terms=terms, at=now) for person in asked.people]
    if votes:
        tell(
            process,
            "step_started",
            at=now,
            step=step.position,
            label=step.label,
            votes=[vote.pk for vote in votes],
            people=[person.name for person in asked.people],
            is_fallback=asked.is_fallback,
        )
    return len(votes)


def _next_in_line(vote: Vote, now: datetime, *, left: bool) -> User | None:
    """Who could decide instead of this voter: nobody who has a vote in the step already, or whose
    time in it is over.
    """
    process = vote.step.process
    had = vote.step.votes.values_list("voter", flat=True)
    return successor_of(
        vote.voter,
        circle_for(process).without(had),
        now,
        confidential=process.ticket.is_confidential,
        left=left,
    )


def _hand_on(vote: Vote, person: User, what: str, now: datetime) -> None:
    """Ask `person` in the place of the voter, whose vote ends."""
    step, process = vote.step, vote.step.process
    vote.state, vote.next_at = Vote.State.VOID, None
    vote.save(update_fields=["state", "next_at"])
    terms = StepTerms.of(step.terms)
    new = ask_for_vote(step, process, person, terms=terms, at=now, replaces=vote)
    tell(
        process,
        what,
        at=now,
        step=step.position,
        label=step.label,
        vote=new.pk,
        from_vote=vote.pk,
        from_name=vote.voter.name,
        to_name=person.name,
    )


def _waiting(pk: int) -> Vote | None:
    """The vote as it is now, with its process locked; None when it waits no longer."""
    process_id = Vote.objects.values_list("step__process", flat=True).get(pk=pk)
    process = locked(process_id)
    vote = Vote.objects.waiting().select_related("step", "voter").filter(pk=pk).first()
    if vote is not None:
        vote.step.process = process
    return vote
