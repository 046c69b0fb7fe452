"""What was ordered is corrected on its way (`REQ-2`)."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, cast

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.requests import permissions
from catalog.requests.amounts import is_material, lines, total
from catalog.requests.lifecycle import HoldReason, Status
from catalog.requests.models import ServiceRequest
from itil.conversation import actions as conversation
from itil.conversation.files import NewFile
from itil.conversation.models import Message, Visibility
from itil.desk import actions as desk
from itil.desk.actions.changing import ensure, ensure_unchanged, locked, refresh_copy, write
from itil.fields.answers import changed, priced
from itil.fields.forms import AnswerFile
from itil.tickets import actions as tickets
from itil.tickets.models import Channel, EventKind
from portal.people.models import User

from .deciding import approved, plan_tasks, put_to_approval
from .drafting import ensure_pieces


@transaction.atomic
def send_back(
    request: ServiceRequest, *, by: User, note: str, at: datetime | None = None
) -> ServiceRequest:
    """Ask the requester to correct the answers; the request waits for that.

    Raises what `itil.desk.actions.move` raises: NotAllowed, MoveNotAllowed, MissingValue.
    """
    values = {"hold_reason": HoldReason.AWAITING_REQUESTER, "note": note}
    desk.move(request, "hold", by=by, values=values, at=at)
    return request


@transaction.atomic
def change_answers(
    request: ServiceRequest,
    *,
    by: User,
    version: int,
    answers: Mapping[str, Any],
    quantity: int,
    files: Iterable[AnswerFile] = (),
    at: datetime | None = None,
) -> ServiceRequest:
    """Put these answers, which fit the form of the request, in place of the former ones.

    New `files` become a message. While approval is waited for, the votes are void and the approvers
    are asked anew about what they now see (`APP-9`). After it, only a material change is asked
    about again, and the work waits for that. A request that was sent back for correction goes on.
    `version` is the one the person was looking at. Raises NotAllowed, StaleRecord, MissingValue,
    and Refused when it can no longer be changed; then nothing has changed.
    """
    at = at or timezone.now()
    present = cast(ServiceRequest, locked(request))
    ensure(permissions.may_change(by, present), _refusal(present))
    ensure_unchanged(present, version)
    quantity = ensure_pieces(quantity)
    form = present.form_version
    options = priced(form.questions, answers) if form else []
    price = total(lines(present.item_title, present.base_price, options), quantity)
    told = _told(present, answers=answers, quantity=quantity, price=price)
    if not told:
        refresh_copy(request, present)
        return request
    needs_approval = is_material(
        approved_price=present.approved_price or present.price,
        price=price,
        quantity_before=present.quantity,
        quantity=quantity,
        tolerance_percent=present.price_tolerance_percent,
    )
    if present.status == Status.ON_HOLD:
        desk.move(present, "resume", by=None, at=at, channel=Channel.SYSTEM)
    chosen = [NewFile(file.name, file.content) for file in files]
    if chosen:
        told["message"] = _say(present, chosen, by=by, at=at).pk
    changes = {"answers": dict(answers), "quantity": quantity, "price": price}
    write(present, at=at, changes=changes)
    tickets.record(present, EventKind.EDITED, by=by, at=at, channel=Channel.PORTAL, data=told)
    was_waiting = present.status == Status.AWAITING_APPROVAL
    is_waiting = (was_waiting or needs_approval) and put_to_approval(present, at=at)
    if was_waiting and not is_waiting:
        approved(present, at=at)
    elif not is_waiting:
        plan_tasks(present, at=at)
    refresh_copy(request, present)
    return request


def _say(request: ServiceRequest, files: list[NewFile], *, by: User, at: datetime) -> Message:
    return conversation.say(
        request,
        author=by,
        visibility=Visibility.PUBLIC,
        text=_("Files of the order"),
        attachments=files,
        at=at,
        channel=Channel.PORTAL,
        is_staff_side=by.pk not in (request.requester_id, request.requested_for_id),
    )


def _refusal(request: ServiceRequest) -> str:
    return _("%(number)s is “%(status)s”. It cannot be changed any more.") % {
        "number": request.number,
        "status": request.public_status_label,
    }


def _told(
    request: ServiceRequest, *, answers: Mapping[str, Any], quantity: int, price: Any
) -> dict[str, Any]:
    """What the event says: the columns with both values, each answer in words; empty: nothing."""
    changes: dict[str, Any] = {}
    if quantity != request.quantity:
        changes["quantity"] = [request.quantity, quantity]
    if price != request.price:
        changes["price"] = [str(request.price), str(price)]
    told: dict[str, Any] = {}
    if request.form_version is not None and dict(answers) != request.answers:
        told["answers"] = [
            list(one) for one in changed(request.form_version.questions, request.answers, answers)
        ]
    if changes or told:
        told["changes"] = changes
    return told
