"""What is begun is kept: drafts, their files, and the order of several items they go into."""

import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.offerings.models import CatalogItem
from catalog.requests import permissions
from catalog.requests.models import Draft, DraftFile, ServiceRequest
from itil.conversation.files import NewFile
from itil.desk.actions.changing import ensure
from itil.fields.definition import Kind
from itil.fields.forms import AnswerFile
from itil.fields.models import FormVersion
from itil.tickets.errors import MissingValue, Refused
from portal.people.models import User

MOST_PIECES = 999
# Sent drafts answer a second sending for so long; begun ones are kept for a year.
KEPT_AFTER_SENDING = timedelta(days=7)
KEPT_UNSENT = timedelta(days=365)
BATCH = 500


@transaction.atomic
def save_draft(
    key: uuid.UUID,
    *,
    by: User,
    item: CatalogItem,
    form_version: FormVersion | None,
    typed: Mapping[str, Any],
    requested_for: User | None = None,
    quantity: int = 1,
    files: Mapping[str, Iterable[AnswerFile]] | None = None,
    parts: Mapping[str, Any] | None = None,
    at: datetime | None = None,
) -> Draft:
    """Keep what was typed so far under `key`, whether or not it would do.

    `parts` are the lines of a bundle by their keys. `files` are new ones by question, of a line by
    `part_question`. Those that were kept before and that `typed` does not name
    any more are thrown away. Raises NotAllowed for somebody else's draft, and Refused once it was
    sent.
    """
    at = at or timezone.now()
    draft = Draft.objects.select_for_update().filter(uuid=key).first() or Draft(uuid=key, owner=by)
    ensure(permissions.may_keep(by, draft), _("This draft belongs to somebody else."))
    if draft.ticket_id is not None:
        raise Refused(_("This order was sent already. You find it among your requests."))
    draft.item, draft.item_title = item, item.title
    draft.form_version = form_version
    draft.typed = dict(typed)
    if parts is not None:
        draft.parts = dict(parts)
    draft.quantity = min(max(quantity, 1), MOST_PIECES)
    draft.requested_for = requested_for if requested_for and requested_for.pk != by.pk else None
    draft.updated_at = at
    draft.save()
    _throw_away(
        kept for kept in draft.files.all() if kept.name not in _typed_at(draft, kept.question)[1]
    )
    for question, chosen in (files or {}).items():
        for one in chosen:
            _keep_file(draft, question, NewFile(one.name, one.content))
    draft.save(update_fields=["typed", "parts"])
    return draft


def part_question(part: str, question: str) -> str:
    """The name of a question of one line of a bundle."""
    return f"{part}/{question}"


def _typed_at(draft: Draft, name: str) -> tuple[dict[str, Any], list[str]]:
    """What was typed where this question stands, and the names of the files given to it."""
    part, _sign, question = name.rpartition("/")
    typed = draft.parts.get(part, {}).get("typed", {}) if part else draft.typed
    names = typed.get(question)
    return typed, list(names) if isinstance(names, list | tuple) else []


@transaction.atomic
def go_on_with(draft: Draft, form_version: FormVersion | None, *, by: User) -> Draft:
    """Fill in this version of the form from now on; what was typed stays.

    Raises NotAllowed for somebody else's draft, and Refused once it was sent.
    """
    present = _own(draft, by)
    present.form_version = form_version
    present.save(update_fields=["form_version"])
    draft.form_version = form_version
    return draft


def _keep_file(draft: Draft, question: str, file: NewFile) -> None:
    """Store one file; its cleaned name stands among the answers."""
    kept = DraftFile(draft=draft, question=question, name=file.clean_name, size=len(file.content))
    kept.file.save(kept.name, ContentFile(file.content), save=False)
    kept.save()
    typed, before = _typed_at(draft, question)
    names = [name for name in before if name != file.name]
    typed[question.rpartition("/")[2]] = [*names, kept.name]


def _throw_away(files: Iterable[DraftFile]) -> None:
    """The rows now, what is stored once that is certain."""
    for kept in files:
        storage, name = kept.file.storage, str(kept.file.name)
        kept.delete()
        transaction.on_commit(partial(storage.delete, name))


@transaction.atomic
def discard(draft: Draft, *, by: User) -> None:
    """Throw a draft away with its files. Raises NotAllowed, and Refused once it was sent."""
    present = _own(draft, by)
    _throw_away(present.files.all())
    present.delete()


@transaction.atomic
def put_into_cart(draft: Draft, *, by: User, at: datetime | None = None) -> Draft:
    """Add it to the order of several items that `by` is putting together."""
    return _place(draft, by=by, in_cart=True, at=at or timezone.now())


@transaction.atomic
def take_out_of_cart(draft: Draft, *, by: User, at: datetime | None = None) -> Draft:
    """Leave it out of the order; it stays a draft."""
    return _place(draft, by=by, in_cart=False, at=at or timezone.now())


def _place(draft: Draft, *, by: User, in_cart: bool, at: datetime) -> Draft:
    present = _own(draft, by)
    if in_cart and present.item is not None and present.item.bundle_id is not None:
        raise Refused(_("“%(item)s” is an order of its own.") % {"item": present.item_title})
    present.in_cart, present.updated_at = in_cart, at
    present.save(update_fields=["in_cart", "updated_at"])
    return present


def _own(draft: Draft, by: User) -> Draft:
    """The draft as it is stored, locked. Raises NotAllowed, and Refused once it was sent."""
    present: Draft | None = Draft.objects.select_for_update().filter(pk=draft.pk).first()
    if present is None:
        raise Refused(_("This draft is gone already."))
    ensure(permissions.may_keep(by, present), _("This draft belongs to somebody else."))
    if present.ticket_id is not None:
        raise Refused(_("This order was sent already. You find it among your requests."))
    return present


@transaction.atomic
def order_again(request: ServiceRequest, *, by: User, at: datetime | None = None) -> Draft:
    """Make a new draft with the answers of `request`, to be looked at and sent once more.

    Raises NotAllowed, and Refused when the item is not offered any more.
    """
    at = at or timezone.now()
    ensure(permissions.may_order_again(by, request), _("You cannot order this again."))
    item = CatalogItem.objects.visible_to(by).filter(pk=request.item_id).first()
    if item is None:
        raise Refused(_("“%(item)s” is not offered any more.") % {"item": request.item_title})
    return save_draft(
        uuid.uuid4(),
        by=by,
        item=item,
        form_version=request.form_version,
        typed=_without_files(request),
        requested_for=request.requested_for,
        quantity=request.quantity,
        at=at,
    )


def _without_files(request: ServiceRequest) -> dict[str, Any]:
    """The answers without those that are files: these belong to the first request."""
    if request.form_version is None:
        return {}
    questions = request.form_version.questions.questions
    return {
        key: answer
        for key, answer in request.answers.items()
        if key in questions and questions[key].kind != Kind.FILE
    }


def prune_drafts(now: datetime) -> int:
    """Throw away drafts that were sent a while ago or begun very long ago; returns how many."""
    sent = Draft.objects.filter(ticket__isnull=False, updated_at__lt=now - KEPT_AFTER_SENDING)
    stale = Draft.objects.open().filter(updated_at__lt=now - KEPT_UNSENT)
    keys = [*sent.values_list("pk", flat=True)[:BATCH], *stale.values_list("pk", flat=True)[:BATCH]]
    with transaction.atomic():
        _throw_away(DraftFile.objects.filter(draft__in=keys))
        Draft.objects.filter(pk__in=keys).delete()
    return len(keys)


def ensure_pieces(quantity: int) -> int:
    """The number of pieces. Raises MissingValue when it is none that can be ordered."""
    if not 1 <= quantity <= MOST_PIECES:
        raise MissingValue(
            "quantity", _("Order between 1 and %(most)d pieces.") % {"most": MOST_PIECES}
        )
    return quantity
