"""Asking for approval: beginning, beginning anew, ending early, and what it would look like."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from itil.approvals.clock import usual_days
from itil.approvals.matching import Circle, asked_by
from itil.approvals.matter import Matter
from itil.approvals.models import ApprovalPolicy, ApprovalProcess, ApprovalStep, Vote
from itil.approvals.terms import StepTerms
from itil.tickets.errors import Refused
from itil.tickets.models import Ticket
from portal.people.models import User

from .running import go_on, locked, tell

State = ApprovalProcess.State
# How far back the usual duration of a step looks, and at how many cases at the most.
USUAL_WITHIN = timedelta(days=90)
USUAL_AMONG = 200


@dataclass(frozen=True)
class StepPreview:
    """A step before anything is sent: who would be asked now, and how long it usually takes in
    business days (None: nobody knows yet).
    """

    label: str
    people: tuple[User, ...]
    usual_days: int | None


@transaction.atomic
def start(
    ticket: Ticket,
    policy: ApprovalPolicy | None,
    matter: Matter,
    *,
    terms: list[dict[str, Any]] | None = None,
    at: datetime,
) -> ApprovalProcess | None:
    """Ask the first approvers of `policy` about `matter`; None when no step of it applies.

    `terms` are its steps as `frozen_terms` kept them earlier; without them those of today count.
    Raises Refused while an approval of the ticket runs.
    """
    Ticket.objects.select_for_update(of=("self",)).only("pk").get(pk=ticket.pk)
    if ApprovalProcess.objects.of(ticket).running().exists():
        raise Refused(_("%(number)s waits for approval already.") % {"number": ticket.number})
    if policy is None:
        return None
    kept = frozen_terms(policy) if terms is None else terms
    return _begin(
        ticket,
        matter,
        [StepTerms.of(step) for step in kept],
        ApprovalProcess(
            policy=policy,
            policy_name=policy.name,
            four_eyes=policy.four_eyes,
            calendar=policy.calendar,
        ),
        at=at,
    )


def frozen_terms(policy: ApprovalPolicy | None) -> list[dict[str, Any]]:
    """The steps of a policy as they are now, to be kept until approval is asked (`REQ-1`)."""
    if policy is None:
        return []
    steps = policy.steps.prefetch_related("members")
    return [StepTerms.of_step(step).as_data() for step in steps]


def preview(policy: ApprovalPolicy | None, matter: Matter, *, at: datetime) -> list[StepPreview]:
    """The steps that would apply to `matter`, in order, as the house is at `at`."""
    if policy is None:
        return []
    steps = policy.steps.prefetch_related("members")
    applying = [
        terms for step in steps if (terms := StepTerms.of_step(step)).applies_to(matter.amount)
    ]
    days = _usual_days(policy, at) if applying else {}
    circle = Circle(frozenset({matter.requester_id, *matter.barred}))
    found = []
    for terms in applying:
        people = asked_by(terms, matter, circle).people
        found.append(StepPreview(terms.label, people, days.get(terms.label)))
        if policy.four_eyes and len(people) == 1:
            circle = circle.without(person.pk for person in people)
    return found


@transaction.atomic
def restart(ticket: Ticket, matter: Matter, *, at: datetime) -> ApprovalProcess | None:
    """The matter was edited: what was asked and given is void, and the steps begin anew, by the
    terms of the first run (`APP-9`). None when no step applies to the new matter.

    Raises Refused for a ticket that was never up for approval.
    """
    last = void(ticket, _("It was changed."), at=at)
    last = last or ApprovalProcess.objects.of(ticket).first()
    if last is None:
        raise Refused(_("%(number)s never needed approval.") % {"number": ticket.number})
    return _begin(
        ticket,
        matter,
        [StepTerms.of(step.terms) for step in last.steps.all()],
        ApprovalProcess(
            policy=last.policy,
            policy_name=last.policy_name,
            four_eyes=last.four_eyes,
            calendar=last.calendar,
        ),
        at=at,
        anew=True,
    )


@transaction.atomic
def void(ticket: Ticket, reason: str, *, at: datetime) -> ApprovalProcess | None:
    """What was decided on no longer exists: open and given votes count for nothing (`APP-9`).

    Returns the process that ended, running or approved; None when there was none.
    """
    process = _latest(ticket, State.RUNNING, State.APPROVED)
    if process is None:
        return None
    Vote.objects.filter(step__process=process).update(state=Vote.State.VOID, next_at=None)
    _close(process, State.VOID, at=at)
    process.steps.update(state=ApprovalStep.State.VOID, paused_at=None)
    tell(process, "void", at=at, reason=reason)
    return process


@transaction.atomic
def cancel(ticket: Ticket, *, at: datetime) -> ApprovalProcess | None:
    """Nobody needs a decision any more; what was decided stays. None when nothing was running."""
    process = _latest(ticket, State.RUNNING)
    if process is None:
        return None
    waiting = Vote.objects.filter(step__process=process, state=Vote.State.WAITING)
    waiting.update(state=Vote.State.VOID, next_at=None)
    _close(process, State.CANCELLED, at=at)
    undecided = (ApprovalStep.State.RUNNING, ApprovalStep.State.NOT_STARTED)
    process.steps.filter(state__in=undecided).update(state=ApprovalStep.State.VOID, paused_at=None)
    tell(process, "cancelled", at=at)
    return process


def _begin(
    ticket: Ticket,
    matter: Matter,
    steps: list[StepTerms],
    process: ApprovalProcess,
    *,
    at: datetime,
    anew: bool = False,
) -> ApprovalProcess | None:
    if not any(terms.applies_to(matter.amount) for terms in steps):
        return None
    last = ApprovalProcess.objects.of(ticket).first()
    process.ticket_id, process.version = ticket.pk, last.version + 1 if last else 1
    process.matter, process.started_at = matter.as_data(), at
    process.save()
    concerned = {matter.requester_id, *matter.barred, ticket.requester_id, ticket.requested_for_id}
    process.barred.set(User.objects.filter(pk__in=concerned - {None}))
    ApprovalStep.objects.bulk_create(
        ApprovalStep(
            process=process,
            position=position,
            label=terms.label,
            terms=terms.as_data(),
            state=ApprovalStep.State.NOT_STARTED
            if terms.applies_to(matter.amount)
            else ApprovalStep.State.NOT_REQUIRED,
        )
        for position, terms in enumerate(steps, start=1)
    )
    tell(process, "started", at=at, policy=process.policy_name, anew=anew)
    go_on(process, at=at)
    return process


def _latest(ticket: Ticket, *states: State) -> ApprovalProcess | None:
    """The last process of the ticket, locked, if it is in one of `states`."""
    last = ApprovalProcess.objects.of(ticket).first()
    if last is None:
        return None
    process = locked(last.pk)
    return process if process.state in states else None


def _close(process: ApprovalProcess, state: State, *, at: datetime) -> None:
    process.state, process.decided_at = state, at
    process.save(update_fields=["state", "decided_at"])


def _usual_days(policy: ApprovalPolicy, at: datetime) -> dict[str, int]:
    """For each label of the policy's steps the median of the last cases; one query."""
    decided = ApprovalStep.objects.filter(
        process__policy=policy,
        decided_at__gt=at - USUAL_WITHIN,
        decided_at__lte=at,
        state__in=(ApprovalStep.State.APPROVED, ApprovalStep.State.REJECTED),
    ).order_by("-decided_at")
    spans: dict[str, list[tuple[datetime, datetime]]] = {}
    rows = decided.values_list("label", "started_at", "decided_at")[:USUAL_AMONG]
    for label, started_at, decided_at in rows:
        if started_at and decided_at:
            spans.setdefault(label, []).append((started_at, decided_at))
    return {label: days for label, cases in spans.items() if (days := usual_days(cases))}
