"""Where an order stands, in the words of the person who ordered it (`VIS-2`)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.text import get_text_list
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from itil.approvals.models import ApprovalProcess, Vote
from itil.fields.answers import readable
from itil.tasks.models import Task
from itil.tickets.models import Ticket

from .lifecycle import HoldReason, Status
from .models import ServiceRequest

KIND = ServiceRequest._meta.model_name

Stop = tuple[str | Promise, str, datetime | None]

_SENTENCES = {
    Status.SUBMITTED: _("We have received your order."),
    Status.AWAITING_APPROVAL: _("Your order waits for approval."),
    Status.IN_FULFILMENT: _("We are getting it ready."),
    Status.ON_HOLD: _("This is on hold for the moment."),
    Status.FULFILLED: _("It is delivered. Do you have it?"),
    Status.CLOSED: _("It is delivered, and this is closed."),
    Status.REJECTED: _("This was declined."),
    Status.CANCELLED: _("This request was withdrawn."),
}
# Why it is on hold; suppliers are not named (domain 2.1).
_HOLDS = {
    HoldReason.AWAITING_REQUESTER: _("We are waiting for your answer."),
    HoldReason.AWAITING_VENDOR: _("We are waiting for a supplier."),
    HoldReason.AWAITING_PARTS: _("We are waiting for a part."),
    HoldReason.AWAITING_CHANGE: _("We are waiting for planned work."),
    HoldReason.TASK_FAILED: _("Something did not work out. A team lead looks at how it goes on."),
    HoldReason.FORCE_MAJEURE: _("Something beyond our control holds us up."),
}


def sentence(ticket: Ticket, asked: Sequence[str] = ()) -> str | Promise:
    """Where things stand, in one sentence; `asked` are the names of who is to approve now."""
    if ticket.status == Status.AWAITING_APPROVAL and asked:
        names = get_text_list(list(asked), _now("or"))
        return _now("%(names)s has been asked to approve it.") % {"names": names}
    if ticket.status == Status.ON_HOLD and ticket.hold_reason in _HOLDS:
        return _HOLDS[HoldReason(ticket.hold_reason)]
    if ticket.status == Status.IN_FULFILMENT and ticket.assignee:
        return _now("%(name)s is getting it ready.") % {"name": ticket.assignee.name}
    return _SENTENCES[Status(ticket.status)]


def asked_now(request: ServiceRequest) -> list[str]:
    """Who is to approve it now, each once: the name, as far as that person lets the requester
    know it. One query, none unless it waits for approval.
    """
    if request.status != Status.AWAITING_APPROVAL:
        return []
    votes = Vote.objects.waiting().filter(step__process__ticket=request.pk)
    votes = votes.select_related("voter").order_by("pk")
    return list(dict.fromkeys(vote.voter.name_as_approver for vote in votes))


def stops(request: ServiceRequest) -> Iterator[Stop]:
    """The stops on its way: the label, done, now or empty (still to come), and when."""
    sent = (_("Sent"), "done", request.received_at)
    if request.status == Status.REJECTED:
        yield from (sent, (_("Declined"), "now", request.closed_at))
        return
    if request.status == Status.CANCELLED:
        yield from (sent, (_("Withdrawn"), "now", request.closed_at))
        return
    yield sent
    is_asked = request.status == Status.AWAITING_APPROVAL
    if request.policy_id is not None:
        yield (
            _("Approval") if is_asked else _("Approved"),
            "now" if is_asked else "done",
            None if is_asked else request.approved_at,
        )
    is_done = request.status in (Status.FULFILLED, Status.CLOSED)
    is_begun = request.status in (Status.IN_FULFILMENT, Status.ON_HOLD)
    yield (_("Being prepared"), "done" if is_done else "now" if is_begun else "", None)
    yield (
        _("Delivered"),
        {Status.FULFILLED: "now", Status.CLOSED: "done"}.get(Status(request.status), ""),
        request.resolved_at,
    )


@dataclass
class Look:
    """One order as its people see it, beside what every ticket shows them."""

    request: ServiceRequest
    sentence: str | Promise
    stops: list[Stop]
    answers: list[tuple[str, str]]
    approval: ApprovalProcess | None
    # What the requester is shown of the tasks.
    tasks: list[Task]
    has_work_started: bool


def look_at(ticket: Ticket) -> Look | None:
    """The order behind `ticket`; None when it is none. At most nine queries."""
    if ticket.kind != KIND:
        return None
    request = ServiceRequest.objects.select_related(
        "form_version", "bundle", "cost_centre", "requester", "requested_for", "assignee"
    ).get(pk=ticket.pk)
    return Look(
        request=request,
        sentence=sentence(request, asked_now(request)),
        stops=list(stops(request)),
        answers=answers_of(request),
        approval=ApprovalProcess.objects.of(request).first(),
        tasks=list(Task.objects.for_requester(request)),
        has_work_started=request.has_work_started,
    )


def answers_of(request: ServiceRequest) -> list[tuple[str, str]]:
    """What was answered, as labels and texts. Up to two queries."""
    if request.form_version is None:
        return []
    sections = readable(request.form_version.questions, request.answers)
    return [line for _title, lines in sections for line in lines]
