"""How a process goes on from step to step; called by the verbs, in their transaction."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from itil.approvals.clock import first_moments, resumed, schedule_of
from itil.approvals.matching import Circle, asked_by, circle_of
from itil.approvals.models import ApprovalProcess, ApprovalQuestion, ApprovalStep, Source, Vote
from itil.approvals.terms import StepTerms
from itil.approvals.voting import Benched, Outcome, outcome_of
from itil.tickets.actions import record
from itil.tickets.models import Channel, EventKind, TicketEvent
from portal.people.models import User

State = ApprovalProcess.State


def locked(process_id: int) -> ApprovalProcess:
    """The process as it is now, its row locked until commit: the first write wins (`APP-5`)."""
    ApprovalProcess.objects.select_for_update().only("pk").get(pk=process_id)
    present = ApprovalProcess.objects.select_related("ticket", "calendar")
    found: ApprovalProcess = present.get(pk=process_id)
    return found


def tell(
    process: ApprovalProcess,
    what: str,
    *,
    at: datetime,
    by: User | None = None,
    on_behalf_of: User | None = None,
    channel: str = Channel.SYSTEM,
    **data: Any,
) -> TicketEvent:
    """Record one happening in the history of the ticket."""
    return record(
        process.ticket,
        EventKind.APPROVAL,
        by=by,
        at=at,
        channel=channel,
        on_behalf_of=on_behalf_of,
        data={"what": what, "process": process.pk, "version": process.version, **data},
    )


def circle_for(process: ApprovalProcess) -> Circle:
    """Who may be asked in this process: with four eyes, nobody who decided a step of it."""
    barred = set(process.barred.values_list("pk", flat=True))
    if process.four_eyes:
        given = Vote.objects.given().filter(step__process=process)
        for voter, actor in given.values_list("voter", "acted_by"):
            barred |= {voter, actor} - {None}
    return circle_of(process.ticket, barred)


def terms_now(step: ApprovalStep, process: ApprovalProcess) -> StepTerms:
    """The terms of a step that begins: of a board, with its members and its rule of now."""
    terms = StepTerms.of(step.terms)
    if terms.source != Source.BOARD:
        return terms
    record = process.ticket.specific
    return terms.decided_by(record.bench()) if isinstance(record, Benched) else terms


def moments(
    process: ApprovalProcess, person: User, terms: StepTerms, at: datetime
) -> tuple[datetime, datetime]:
    """The first reminder and the end of a vote; only its deadline ends that of a board."""
    next_at, due_at = first_moments(schedule_of(process, person), at)
    if terms.closes_at is None:
        return next_at, due_at
    return min(next_at, terms.closes_at), terms.closes_at


def go_on(process: ApprovalProcess, *, at: datetime) -> None:
    """Begin the next step, or end the process approved when there is none left."""
    step = process.steps.filter(state=ApprovalStep.State.NOT_STARTED).first()
    if step is None:
        end(process, State.APPROVED, reason="", at=at)
        return
    terms = terms_now(step, process)
    asked = asked_by(terms, process.about, circle_for(process))
    if asked.is_fallback:
        terms = terms.for_any_one()
    step.terms = terms.as_data()
    step.state, step.started_at = ApprovalStep.State.RUNNING, at
    step.save(update_fields=["state", "started_at", "terms"])
    votes = [ask_for_vote(step, process, person, terms=terms, at=at) for person in asked.people]
    tell(
        process,
        "step_started",
        at=at,
        step=step.position,
        label=step.label,
        votes=[vote.pk for vote in votes],
        people=[person.name for person in asked.people],
        is_fallback=asked.is_fallback,
    )


def ask_for_vote(
    step: ApprovalStep,
    process: ApprovalProcess,
    person: User,
    *,
    terms: StepTerms,
    at: datetime,
    replaces: Vote | None = None,
) -> Vote:
    """Ask one more person in a step; in the place of another, with the same special say."""
    next_at, due_at = moments(process, person, terms, at)
    return Vote.objects.create(
        step=step,
        voter=person,
        is_mandatory=replaces.is_mandatory if replaces else person.pk in terms.mandatory,
        is_chair=replaces.is_chair if replaces else person.pk in terms.chairs,
        replaces=replaces,
        asked_at=at,
        next_at=next_at,
        due_at=due_at,
    )


def run_on(step: ApprovalStep, process: ApprovalProcess, *, at: datetime) -> None:
    """Let the time to decide run on when nothing stops it: what was left stays. A deadline is a
    moment and does not move.
    """
    asked = ApprovalQuestion.objects.filter(vote__step=step, closed_at__isnull=True)
    if step.paused_at is None or process.suspended_at or asked.exists():
        return
    closes_at = StepTerms.of(step.terms).closes_at
    for vote in step.votes.filter(state=Vote.State.WAITING).select_related("voter"):
        schedule = schedule_of(process, vote.voter)
        vote.due_at = closes_at or resumed(schedule, vote.due_at, step.paused_at, at)
        if vote.next_at is not None:
            vote.next_at = min(resumed(schedule, vote.next_at, step.paused_at, at), vote.due_at)
        vote.save(update_fields=["due_at", "next_at"])
    step.paused_at = None
    step.save(update_fields=["paused_at"])


def settle(step: ApprovalStep, process: ApprovalProcess, *, at: datetime, reason: str = "") -> None:
    """End the step, and with a rejection the process, once its votes say so.

    `reason` is what the requester reads when the step is declined.
    """
    outcome = _outcome(step)
    if outcome == Outcome.OPEN:
        return
    reason = reason or _("Too few approvers agreed.")
    conclude(step, process, outcome, at=at, reason=reason)


def is_decided(step: ApprovalStep) -> bool:
    """Whether the votes of a running step say how it ends."""
    return _outcome(step) != Outcome.OPEN


def settle_later(step: ApprovalStep, *, at: datetime | None) -> None:
    """Let the votes of a decided step count at `at`; None: they decide it no longer."""
    step.settles_at = at
    step.save(update_fields=["settles_at"])


def _outcome(step: ApprovalStep) -> Outcome:
    votes = list(step.votes.live())
    return outcome_of(StepTerms.of(step.terms).rule, [vote.ballot() for vote in votes])


def conclude(
    step: ApprovalStep, process: ApprovalProcess, outcome: Outcome, *, at: datetime, reason: str
) -> None:
    """End the step with `outcome`: those who have not voted are no longer asked."""
    step.votes.filter(state=Vote.State.WAITING).update(state=Vote.State.VOID, next_at=None)
    step.state, step.decided_at = ApprovalStep.State(outcome), at
    step.paused_at = step.settles_at = None
    step.save(update_fields=["state", "decided_at", "paused_at", "settles_at"])
    tell(
        process,
        "step_decided",
        at=at,
        step=step.position,
        label=step.label,
        outcome=str(outcome),
    )
    if outcome == Outcome.APPROVED:
        go_on(process, at=at)
    else:
        end(process, State.REJECTED, reason=reason, at=at)


def end(process: ApprovalProcess, state: State, *, reason: str, at: datetime) -> None:
    """Every step was approved, or one was declined for `reason`."""
    process.state, process.decided_at = state, at
    process.save(update_fields=["state", "decided_at"])
    tell(process, "decided", at=at, outcome=str(state), reason=reason)
