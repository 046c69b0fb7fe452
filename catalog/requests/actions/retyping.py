"""What was reported turns out to be an order, or what was ordered to be a fault (`VOC-1`)."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.offerings.models import CatalogItem
from catalog.requests.lifecycle import LIFECYCLE
from catalog.requests.models import Draft, RequestBundle, ServiceRequest
from itil.approvals import actions as approvals
from itil.approvals.models import ApprovalProcess, Vote
from itil.conversation import actions as conversation
from itil.conversation.files import NewFile
from itil.conversation.models import Visibility
from itil.desk import actions as desk
from itil.desk.actions.changing import fitting
from itil.desk.actions.retyping import retypable, retype
from itil.fields.answers import readable
from itil.fields.forms import AnswerFile
from itil.incidents.lifecycle import Status as IncidentStatus
from itil.incidents.models import Incident, MajorState
from itil.sla import actions as sla
from itil.tasks import actions as tasks
from itil.tasks.lifecycle import Status as TaskStatus
from itil.tasks.models import Task
from itil.tickets.errors import MissingValue, Refused
from itil.tickets.models import Channel, Level, Ticket
from itil.tickets.priority import priority_of
from portal.people.models import User

from .deciding import begin, put_to_approval
from .drafting import ensure_pieces
from .foreseeing import preview
from .freezing import frozen
from .submitting import judge_draft

# While it is one of these, other people go by its being a major incident.
_MAJOR = (MajorState.CANDIDATE, MajorState.ACCEPTED, MajorState.RESOLVED)


@transaction.atomic
def to_request(
    incident: Incident,
    item: CatalogItem,
    *,
    by: User,
    answers: Mapping[str, Any],
    quantity: int = 1,
    files: Iterable[AnswerFile] = (),
    at: datetime | None = None,
) -> ServiceRequest:
    """Make an order of `item`, with these `answers` to its form, of what was reported.

    The ticket goes to the team that delivers, to its approvals or, when none applies, to its
    fulfilment. The item is offered to whom it is for. Raises NotAllowed, MissingValue with the key
    of a question, and Refused for what is resolved, merged or handled as a major incident; then
    nothing has changed.
    """
    at = at or timezone.now()
    present = retypable(incident, Incident, by=by, at=at)
    if present.major_state in _MAJOR:
        raise Refused(
            _("%(number)s is a major incident, or was proposed as one. Have that decided first.")
            % {"number": present.number}
        )
    _keep_workaround(present, at=at)
    order = order_of(present, item, answers=answers, quantity=ensure_pieces(quantity), at=at)
    given = _given(order, at=at)
    columns = frozen(item, order.form_version, given, order.quantity, person=order.beneficiary)
    foreseen = preview(order, item, by=order.owner, at=at)
    request = retype(
        present,
        ServiceRequest,
        by=by,
        status=LIFECYCLE.start,
        changes=changes_of(present, item, order.quantity),
        columns=columns,
        told={"item": item.title, "begins": not foreseen.steps},
        at=at,
    )
    chosen = [NewFile(file.name, file.content) for file in files]
    if chosen:
        _say(request, _("Files of the order"), by=by, at=at, attachments=chosen)
    queue = item.queue
    if queue is not None and queue.pk != request.team_id:
        desk.hand_over(request, queue, by=by, at=at)
    return request if put_to_approval(request, at=at) else begin(request, at=at)


@transaction.atomic
def to_incident(
    request: ServiceRequest,
    *,
    by: User,
    impact: int,
    urgency: int,
    reason: str,
    at: datetime | None = None,
) -> Incident:
    """Make an incident of what was ordered; what was asked for is kept as a message.

    Approvals that run and tasks that nobody has started are cancelled. Raises NotAllowed,
    MissingValue, and Refused for what is delivered or closed, or once somebody has decided on it
    or worked on it; then nothing has changed.
    """
    at = at or timezone.now()
    present = retypable(request, ServiceRequest, by=by, at=at)
    if not reason.strip():
        raise MissingValue("reason", _("Say why this is a fault and not an order."))
    levels = {"impact": impact, "urgency": urgency}
    levels = {name: fitting(present, name, value) for name, value in levels.items()}
    _ensure_undecided(present)
    _ensure_unstarted(present)
    approvals.cancel(present, at=at)
    tasks.cancel_all(present, by=by, at=at)
    _say(present, _order_in_words(present), by=None, at=at)
    _leave_bundle(present, at=at)
    return retype(
        present,
        Incident,
        by=by,
        status=IncidentStatus.IN_PROGRESS if present.assignee_id else IncidentStatus.NEW,
        changes=changes_to_incident(**levels),
        columns={},
        told={"reason": reason.strip()},
        at=at,
    )


# --- What is promised then, before it is saved --------------------------------------------------


def changes_of(incident: Ticket, item: CatalogItem, quantity: int = 1) -> dict[str, Any]:
    """The columns of the ticket that an order of `item` has instead, as if it were sent."""
    title = item.title
    if quantity > 1:
        title = _("%(count)d × %(item)s") % {"count": quantity, "item": item.title}
    service = item.service or incident.service
    # An order has the priority of what it is for, not of a fault (`PRI-6`).
    impact = service.criticality if service else Level.LOW
    return {
        "title": title[:250],
        "service": service,
        "category": item.category or incident.category,
        "impact": impact,
        "urgency": Level.MEDIUM,
        "priority": priority_of(impact, Level.MEDIUM),
        "priority_overridden": False,
        "is_confidential": incident.is_confidential or item.makes_confidential,
    }


def changes_to_incident(*, impact: int, urgency: int) -> dict[str, Any]:
    """The columns of the ticket that an incident has instead; no delivery is promised any more."""
    return {
        "impact": impact,
        "urgency": urgency,
        "priority": priority_of(impact, urgency),
        "priority_overridden": False,
        "agreed_at": None,
    }


def effects_of_request(
    incident: Ticket, item: CatalogItem, *, quantity: int, begins: bool, at: datetime
) -> list[sla.Effect]:
    """What making an order of `incident` would do to the clocks; nothing is saved.

    `begins`: nobody has to approve it.
    """
    changes = changes_of(incident, item, quantity) | {"team": item.queue or incident.team}
    return _effects(incident, ServiceRequest, LIFECYCLE.start, changes, begins=begins, at=at)


def effects_of_incident(
    request: Ticket, *, impact: int, urgency: int, at: datetime
) -> list[sla.Effect]:
    """What making an incident of `request` would do to the clocks; nothing is saved."""
    changes = changes_to_incident(impact=impact, urgency=urgency)
    return _effects(request, Incident, IncidentStatus.NEW, changes, begins=False, at=at)


def _effects(
    ticket: Ticket,
    model: type[Ticket],
    status: str,
    changes: Mapping[str, Any],
    *,
    begins: bool,
    at: datetime,
) -> list[sla.Effect]:
    phase = model.LIFECYCLE.phases[status]
    return sla.effects(
        ticket,
        at=at,
        told={"phase": phase, "begins": begins},
        kind=str(model._meta.model_name),
        phase=phase,
        hold_reason="",
        **changes,
    )


def order_of(
    incident: Ticket,
    item: CatalogItem,
    *,
    answers: Mapping[str, Any],
    quantity: int,
    at: datetime,
) -> Draft:
    """What the requester would have sent; not stored. Raises Refused for what is not offered."""
    person = incident.requested_for or incident.requester
    if not CatalogItem.objects.visible_to(person).filter(pk=item.pk).exists():
        raise Refused(
            _("“%(item)s” is not offered to %(name)s.") % {"item": item.title, "name": person}
        )
    return Draft(
        owner=incident.requester,
        requested_for=incident.requested_for,
        item=item,
        item_title=item.title,
        form_version=item.form.current if item.form else None,
        typed=dict(answers),
        quantity=quantity,
        updated_at=at,
    )


def _given(order: Draft, *, at: datetime) -> dict[str, Any]:
    """The answers, which fit the form of today. Raises MissingValue for the first mistake."""
    if order.form_version is None:
        return {}
    judged = judge_draft(order, order.form_version.questions, by=order.owner, at=at)
    for key, text in judged.faults.items():
        raise MissingValue(key, text)
    return judged.answers


# --- What stands in the way ---------------------------------------------------------------------


def _ensure_undecided(request: ServiceRequest) -> None:
    """Nobody's decision is thrown away. Raises Refused and says whose."""
    given = (Vote.State.APPROVED, Vote.State.REJECTED)
    counting = (ApprovalProcess.State.RUNNING, ApprovalProcess.State.APPROVED)
    process = ApprovalProcess.objects.of(request).filter(state__in=counting).first()
    if process is None:
        return
    vote = (
        Vote.objects.filter(step__process=process, state__in=given)
        .select_related("voter")
        .order_by("pk")
        .first()
    )
    if vote is not None:
        raise Refused(
            _(
                "%(name)s has decided on this order already, so it stays one. Report the fault as "
                "an incident of its own."
            )
            % {"name": vote.voter}
        )
    if process.state == ApprovalProcess.State.APPROVED:
        raise Refused(
            _(
                "The approval “%(policy)s” was given already, so this stays an order. Report the "
                "fault as an incident of its own."
            )
            % {"policy": process.policy_name}
        )


def _ensure_unstarted(request: ServiceRequest) -> None:
    """Nobody's work is thrown away. Raises Refused and names the task."""
    done = (TaskStatus.DONE, TaskStatus.FAILED)
    found = Task.objects.of(request)
    task = (found.begun() | found.filter(status__in=done)).first()
    if task is not None:
        raise Refused(
            _(
                "%(number)s “%(title)s” was started already, so this stays an order. Report the "
                "fault as an incident of its own."
            )
            % {"number": task.number, "title": task.title}
        )


def _leave_bundle(request: ServiceRequest, *, at: datetime) -> None:
    """The order it was part of remembers it: the people concerned find it from there."""
    if request.bundle_id is None:
        return
    bundle = RequestBundle.objects.select_for_update(of=("self",)).get(pk=request.bundle_id)
    trace = {"number": request.number, "title": request.title, "at": at.isoformat()}
    bundle.gone = [*bundle.gone, trace]
    bundle.save(update_fields=["gone"])


# --- What is said -------------------------------------------------------------------------------


def _keep_workaround(incident: Incident, *, at: datetime) -> None:
    """Orders have no workaround: what was known of one stays as a note."""
    text = incident.workaround.strip()
    if text:
        note = _("Workaround: %(text)s") % {"text": text}
        _say(incident, note, by=None, at=at, visibility=Visibility.INTERNAL)


def _say(
    ticket: Ticket,
    text: str,
    *,
    by: User | None,
    at: datetime,
    attachments: Iterable[NewFile] = (),
    visibility: str = Visibility.PUBLIC,
) -> None:
    conversation.say(
        ticket,
        author=by,
        visibility=visibility,
        text=text,
        attachments=attachments,
        at=at,
        channel=Channel.SYSTEM if by is None else Channel.DESK,
        is_staff_side=True,
        is_automatic=by is None,
    )


def _order_in_words(request: ServiceRequest) -> str:
    """What was asked for, as its page showed it."""
    title = request.item_title
    if request.quantity > 1:
        title = _("%(count)d × %(item)s") % {"count": request.quantity, "item": title}
    told = [_("Ordered: %(item)s") % {"item": title}]
    if request.form_version is not None:
        for _title, answers in readable(request.form_version.questions, request.answers):
            told += [f"{label}: {text}" for label, text in answers]
    return "\n".join(told)
