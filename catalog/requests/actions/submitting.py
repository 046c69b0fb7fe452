"""A draft is sent and becomes a request; several at once become one order (`REQ-3`)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalog.offerings.models import CatalogItem
from catalog.requests import permissions
from catalog.requests.models import Draft, DraftFile, RequestBundle, ServiceRequest
from itil.conversation.files import NewFile
from itil.desk import actions as desk
from itil.desk.actions.changing import ensure
from itil.fields.answers import Judged, as_typed, judge
from itil.fields.definition import Definition
from itil.fields.models import FormVersion
from itil.tickets.errors import MissingValue, Refused, StaleRecord
from itil.tickets.models import Channel
from itil.tickets.numbering import next_number
from portal.people.models import User

from .assembling import about
from .deciding import ask_or_begin
from .drafting import ensure_pieces
from .freezing import frozen


@dataclass(frozen=True)
class Order:
    """A draft that will do: what it asks for, with answers that fit the form of today."""

    item: CatalogItem
    form_version: FormVersion | None
    answers: dict[str, Any]
    files: list[NewFile]
    quantity: int


@transaction.atomic
def submit(
    draft: Draft,
    *,
    by: User,
    at: datetime | None = None,
    effective_on: date | None = None,
    channel: str = Channel.PORTAL,
) -> ServiceRequest:
    """Send one draft; sent once more, it gives the same request.

    The request gets its number, price and the versions of form and plan (`REQ-1`); it goes on to
    its approvals or, when none applies, to its fulfilment. Raises NotAllowed, MissingValue with the
    key of a question, StaleRecord when the form was published anew meanwhile, and Refused when the
    item is not offered to these people; then nothing has changed and the draft is still there.
    """
    at = at or timezone.now()
    present = Draft.objects.select_for_update().get(pk=draft.pk)
    ensure(permissions.may_keep(by, present), _("This draft belongs to somebody else."))
    if present.ticket_id is not None:
        return ServiceRequest.objects.get(pk=present.ticket_id)
    order = fit_order(present, by=by, at=at)
    return open_order(present, order, by=by, at=at, effective_on=effective_on, channel=channel)


@transaction.atomic
def submit_together(
    drafts: Iterable[Draft],
    *,
    by: User,
    title: str = "",
    effective_on: date | None = None,
    at: datetime | None = None,
) -> RequestBundle:
    """Send several drafts as one order with one request for each (`REQ-3`).

    All are sent or, when one of them will not do, none: the refusal names the item. What is for
    different people can be in one order; the order is for a person when all of it is.
    """
    at = at or timezone.now()
    keys = [draft.pk for draft in drafts]
    present = list(Draft.objects.select_for_update().filter(pk__in=keys).order_by("pk"))
    if not present:
        raise Refused(_("There is nothing in this order yet."))
    for draft in present:
        ensure(permissions.may_keep(by, draft), _("This draft belongs to somebody else."))
    sent: RequestBundle | None = RequestBundle.objects.filter(
        requests__in=[draft.ticket_id for draft in present]
    ).first()
    if sent is not None:
        return sent
    orders = [_named(draft, by=by, at=at) for draft in present]
    people = {draft.requested_for_id for draft in present}
    bundle = RequestBundle.objects.create(
        number=next_number("BND"),
        title=title.strip()[:250] or _title_of(present),
        requester=by,
        requested_for=present[0].requested_for if len(people) == 1 else None,
        effective_on=effective_on,
        submitted_at=at,
    )
    for draft, order in zip(present, orders, strict=True):
        open_order(draft, order, by=by, at=at, effective_on=effective_on, bundle=bundle)
    return bundle


def _named(draft: Draft, *, by: User, at: datetime) -> Order:
    """The order of one draft among several; a refusal says which one it is about."""
    try:
        return fit_order(draft, by=by, at=at)
    except Refused as refusal:
        raise Refused(
            _("%(item)s: %(why)s") % {"item": draft.item_title, "why": refusal}
        ) from refusal


def _title_of(drafts: Sequence[Draft]) -> str:
    first = drafts[0].item_title
    more = len(drafts) - 1
    if not more:
        return first
    return ngettext("%(item)s and %(count)d more", "%(item)s and %(count)d more", more) % {
        "item": first,
        "count": more,
    }


def fit_order(draft: Draft, *, by: User, at: datetime, in_bundle: bool = False) -> Order:
    """Everything that may be refused is refused here, before anything is written.

    What is part of a bundle need not be offered to the person who gets it, or gives it back.
    """
    person = draft.beneficiary
    ensure(
        permissions.may_order_for(by, person),
        _("You cannot order for %(name)s. Ask the service desk to do it.") % {"name": person},
    )
    item = offered(draft, by, by if in_bundle else person)
    if item.bundle_id is not None:
        raise Refused(
            _("“%(item)s” orders several items. Send it from its own page.") % {"item": item.title}
        )
    version = item.form.current if item.form else None
    if version != draft.form_version:
        raise StaleRecord(
            _(
                "The form of “%(item)s” has changed since you opened it. Check your answers, "
                "then send."
            )
            % {"item": item.title}
        )
    quantity = ensure_pieces(draft.quantity)
    answers, files = _answers(draft, version, by=by, at=at)
    return Order(item, version, answers, files, quantity)


def offered(draft: Draft, by: User, person: User) -> CatalogItem:
    """The item, when both who orders and who gets it belong to its audience."""
    item: CatalogItem | None = CatalogItem.objects.visible_to(by).filter(pk=draft.item_id).first()
    if item is None:
        raise Refused(
            _("“%(item)s” is not offered any more. Your answers are kept as a draft.")
            % {"item": draft.item_title}
        )
    if person.pk != by.pk and not (
        CatalogItem.objects.visible_to(person).filter(pk=item.pk).exists()
    ):
        raise Refused(
            _("“%(item)s” is not offered to %(name)s.") % {"item": item.title, "name": person}
        )
    return item


def _answers(
    draft: Draft, version: FormVersion | None, *, by: User, at: datetime
) -> tuple[dict[str, Any], list[NewFile]]:
    """The answers in what was typed, and the files. Raises MissingValue for the first mistake."""
    if version is None:
        return {}, []
    judged = judge_draft(draft, version.questions, by=by, at=at)
    for key, text in judged.faults.items():
        raise MissingValue(key, text)
    kept = [one for one in draft.files.all() if one.question in judged.answers]
    return judged.answers, [NewFile(one.name, _content(one)) for one in kept]


def judge_draft(draft: Draft, definition: Definition, *, by: User, at: datetime) -> Judged:
    """What the form makes of a draft; the names of kept files stand among what was typed."""
    typed = as_typed(definition, draft.typed)
    return judge(
        definition, typed, person=by, today=timezone.localdate(at), holder=draft.beneficiary
    )


def _content(kept: DraftFile) -> bytes:
    with kept.file.open("rb") as stored:
        content: bytes = stored.read()
    return content


def open_order(
    draft: Draft,
    order: Order,
    *,
    by: User,
    at: datetime,
    effective_on: date | None = None,
    bundle: RequestBundle | None = None,
    channel: str = Channel.PORTAL,
) -> ServiceRequest:
    """Make the request; what may be refused was refused by `fit_order`."""
    item, person = order.item, draft.beneficiary
    title = about(item.title, draft.takes_back, draft.ends)
    if order.quantity > 1:
        title = _("%(count)d × %(item)s") % {"count": order.quantity, "item": item.title}
    request = desk.open_ticket(
        ServiceRequest,
        by=by,
        title=title[:250],
        text=_("Files of the order") if order.files else "",
        requester=by,
        requested_for=draft.requested_for,
        channel=channel,
        organization=person.organization or by.organization,
        service=item.service,
        category=item.category,
        team=item.queue,
        attachments=order.files,
        is_confidential=item.makes_confidential,
        columns={
            **frozen(item, order.form_version, order.answers, order.quantity, person=person),
            "bundle": bundle,
            "takes_back": draft.takes_back,
            "ends": draft.ends,
            "effective_on": effective_on,
        },
        at=at,
    )
    draft.ticket, draft.in_cart, draft.updated_at = request, False, at
    draft.save(update_fields=["ticket", "in_cart", "updated_at"])
    return ask_or_begin(request, at=at)
