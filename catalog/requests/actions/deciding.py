"""From sent to approved: who must agree is asked, and fulfilment begins when all have."""

from datetime import date, datetime
from typing import Any, cast

from django.db import transaction
from django.utils.translation import gettext as _

from catalog.offerings.models import CatalogItem
from catalog.requests.clock import closing_of
from catalog.requests.lifecycle import HoldReason, Status
from catalog.requests.models import ServiceRequest
from itil.approvals import actions as approvals
from itil.approvals.matter import Matter, MatterFile
from itil.approvals.models import ApprovalProcess
from itil.conversation.models import Attachment, Visibility
from itil.desk import actions as desk
from itil.desk.actions.changing import locked, refresh_copy, write
from itil.fields.answers import readable
from itil.fields.definition import Kind
from itil.tasks import actions as tasks
from itil.tickets.models import Channel


def matter_of(request: ServiceRequest) -> Matter:
    """What approvers see and decide on, as it is now (`APP-9`, `APP-10`).

    Nobody decides on an order of their own or for themselves (`APP-4`).
    """
    told: list[tuple[str, str]] = []
    if request.quantity > 1:
        told.append((_("Quantity"), str(request.quantity)))
    if request.form_version is not None:
        for _title, answers in readable(request.form_version.questions, request.answers):
            told += answers
    if request.effective_on is not None:
        told.append((_("Needed on"), request.effective_on.isoformat()))
    if request.cost_centre is not None:
        told.append((_("Charged to"), str(request.cost_centre)))
    item = request.item
    return Matter(
        title=request.title,
        requester_id=request.requester_id,
        lines=tuple(told),
        files=_files_of(request),
        amount=request.price,
        currency=request.currency,
        barred=(request.beneficiary.pk,),
        owner=item.item_owner_id if item else None,
        service_id=request.service_id,
        url=request.public_url,
        silence_approves=bool(item and item.approves_by_silence),
    )


def _files_of(request: ServiceRequest) -> tuple[MatterFile, ...]:
    """The files among the answers; what else was sent to the desk is not for approvers."""
    if request.form_version is None:
        return ()
    questions = request.form_version.questions.questions
    named = {
        name
        for key, names in request.answers.items()
        if key in questions and questions[key].kind == Kind.FILE
        for name in names
    }
    sent = Attachment.objects.filter(
        message__ticket=request.pk,
        message__visibility=Visibility.PUBLIC,
        message__is_staff_side=False,
        name__in=named,
        is_quarantined=False,
    )
    return tuple(MatterFile(file.name, file.file.name, file.content_type) for file in sent)


def ask_or_begin(request: ServiceRequest, *, at: datetime) -> ServiceRequest:
    """Start the approvals of a request that was just sent or, when no step applies, the work."""
    if put_to_approval(request, at=at):
        return request
    return begin(request, at=request.received_at)


def begin(request: ServiceRequest, *, at: datetime) -> ServiceRequest:
    """Begin the work on what needs no approval; `approved_at` is then its receipt (`SLA-2`)."""
    _promise(request, at=at)
    desk.move(request, "begin", by=None, at=at, channel=Channel.SYSTEM)
    return _begin(request, at=at, approved_at=request.received_at)


def put_to_approval(request: ServiceRequest, *, at: datetime) -> bool:
    """Ask who must agree to the request as it is now; False when no step of approval applies.

    Tasks that run already are blocked meanwhile (`REQ-2`).
    """
    matter = matter_of(request)
    # Runs that were cancelled belong to a former life of the ticket (`VOC-1`).
    if ApprovalProcess.objects.of(request).exclude(state=ApprovalProcess.State.CANCELLED).exists():
        # By the terms of the first run, whatever became of the policy since (`REQ-1`).
        process = approvals.restart(request, matter, at=at)
    else:
        terms = request.policy_terms or None
        process = approvals.start(request, request.policy, matter, terms=terms, at=at)
    if process is None:
        return False
    if request.status == Status.AWAITING_APPROVAL:
        return True
    desk.move(
        request,
        "ask_approval",
        by=None,
        values={"hold_reason": HoldReason.AWAITING_APPROVAL},
        at=at,
        channel=Channel.SYSTEM,
    )
    tasks.block_all(request, reason=_("The order was changed and is approved anew."), at=at)
    return True


@transaction.atomic
def decided(request: ServiceRequest, *, reason: str = "", at: datetime) -> ServiceRequest:
    """All steps were approved, or one was not: the work begins or goes on, or the request ends.

    What counts is the last run of its approvals. Heard once more, after the matter was changed or
    the request cancelled, nothing happens.
    """
    present = cast(ServiceRequest, locked(request))
    last = ApprovalProcess.objects.of(present).first()
    if present.status == Status.AWAITING_APPROVAL and last is not None:
        if last.state == ApprovalProcess.State.APPROVED:
            approved(present, at=at)
        elif last.state == ApprovalProcess.State.REJECTED:
            values = {"reason": reason or _("It was declined.")}
            desk.move(present, "reject", by=None, values=values, at=at, channel=Channel.SYSTEM)
    refresh_copy(request, present)
    return request


def approved(request: ServiceRequest, *, at: datetime) -> ServiceRequest:
    """Nobody needs to agree any more: the work begins or goes on."""
    _promise(request, at=at)
    desk.move(request, "approve", by=None, at=at, channel=Channel.SYSTEM)
    return _begin(request, at=at)


def _promise(request: ServiceRequest, *, at: datetime) -> None:
    """Set the day of delivery before the fulfilment clock starts, which may go by it (`SLA-3`).

    What is needed later than it could be there is promised for the day it is needed. What was
    promised at the first approval stays.
    """
    if request.approved_at is not None or request.item is None:
        return
    promised = request.item.promised_by(at)
    needed = wished_at(request.item, request.effective_on)
    if promised is not None and needed is not None:
        promised = max(promised, needed)
    if promised is not None:
        desk.edit(request, by=None, version=request.version, changes={"agreed_at": promised}, at=at)


def wished_at(item: CatalogItem, day: date | None) -> datetime | None:
    """The end of the day by which it is needed, on the calendar of the item."""
    if day is None or item.calendar is None:
        return None
    return closing_of(item.calendar.schedule(), day)


def _begin(
    request: ServiceRequest, *, at: datetime, approved_at: datetime | None = None
) -> ServiceRequest:
    """Note the approval; open the tasks of the plan, or let those that were blocked go on."""
    changes: dict[str, Any] = {"approved_price": request.price}
    if request.approved_at is None:
        changes["approved_at"] = approved_at or at
    write(request, at=at, changes=changes)
    tasks.unblock_all(request, at=at)
    return plan_tasks(request, at=at)


def plan_tasks(request: ServiceRequest, *, at: datetime) -> ServiceRequest:
    """Open the tasks that the answers ask for and that are not there yet."""
    if request.plan_version is not None:
        tasks.begin(
            request,
            request.plan_version,
            answers=request.answers,
            form_version=request.form_version,
            at=at,
        )
    return request
