"""A bundle is sent: one order with a request for each line that is wanted (`REQ-3`)."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.offerings.models import CatalogItem
from catalog.requests import permissions
from catalog.requests.errors import PartRefused
from catalog.requests.models import Draft, DraftFile, RequestBundle
from itil.desk.actions.changing import ensure
from itil.fields.answers import as_typed, at_first
from itil.fields.definition import Kind
from itil.fields.definition.values import day, is_empty
from itil.tickets.errors import MissingValue, Refused, StaleRecord
from itil.tickets.numbering import next_number
from portal.people.models import User

from .assembling import Part, assemble
from .drafting import part_question
from .submitting import Order, fit_order, judge_draft, offered, open_order


@transaction.atomic
def submit_bundle(draft: Draft, *, by: User, at: datetime | None = None) -> RequestBundle:
    """Send the bundle that was filled in; sent once more, it gives the same order.

    All lines that are wanted are sent or, when one of them will not do, none. Raises NotAllowed,
    StaleRecord when a form was published anew meanwhile, MissingValue with the key of a common
    question, PartRefused with the key of a line, and Refused when nothing is wanted; then nothing
    has changed and the draft is still there.
    """
    at = at or timezone.now()
    present = Draft.objects.select_for_update(of=("self",)).get(pk=draft.pk)
    ensure(permissions.may_keep(by, present), _("This draft belongs to somebody else."))
    if present.ticket_id is not None:
        sent: RequestBundle | None = RequestBundle.objects.filter(
            requests=present.ticket_id
        ).first()
        if sent is None:
            raise Refused(_("This order was sent already. You find it among your requests."))
        return sent
    item = offered(present, by, by)
    if item.bundle is None:
        raise Refused(_("“%(item)s” is no bundle any more.") % {"item": item.title})
    answers = _common_answers(present, item, by=by, at=at)
    person = _locked(person_of(item, answers))
    day_of = day_in(item, answers)
    parts = assemble(item, by=by, person=person)
    left_out = _left_out(present, parts)
    drafts = _drafts(present, parts, by=by, person=person, day_of=day_of, at=at)
    made = RequestBundle.objects.create(
        number=next_number("BND"),
        title=title_of(item, answers, person),
        requester=by,
        requested_for=person if person and person.pk != by.pk else None,
        effective_on=day_of,
        submitted_at=at,
        item=item,
        form_version=present.form_version,
        answers=answers,
        left_out=left_out,
    )
    requests = [
        open_order(one, order, by=by, at=at, effective_on=one.wished_on, bundle=made)
        for one, order in drafts
    ]
    present.ticket, present.updated_at = requests[0], at
    present.save(update_fields=["ticket", "updated_at"])
    return made


def typed_for(
    part: Part, kept: Mapping[str, Any], common: Mapping[str, Any], by: User
) -> dict[str, Any]:
    """What stands in the form of a line: what was kept of it, what is given, else its beginning."""
    questions = part.version.questions if part.version else None
    typed = dict(kept.get("typed") or {})
    if not typed and questions is not None:
        typed = at_first(questions, by) | dict(part.first)
    return typed | {key: text for key, text in part.given(common).items() if not is_empty(text)}


def is_wanted(part: Part, kept: Mapping[str, Any]) -> bool:
    """Whether a line is ticked, from what was kept of it."""
    return part.is_required or bool(kept.get("on", part.is_ticked_first))


def person_of(item: CatalogItem, answers: Mapping[str, Any]) -> User | None:
    """Whom the bundle is for, when a common question asks so and is answered."""
    key = item.bundle.person_question if item.bundle else ""
    found = answers.get(key) if key else None
    if not isinstance(found, int):
        return None
    person: User | None = User.objects.filter(pk=found, is_active=True).first()
    return person


def day_in(item: CatalogItem, answers: Mapping[str, Any]) -> date | None:
    """The day that the lines count from, when a common question asks for it."""
    key = item.bundle.date_question if item.bundle else ""
    return day(str(answers.get(key, ""))) if key else None


def title_of(item: CatalogItem, answers: Mapping[str, Any], person: User | None) -> str:
    """The item and whom it is about: the person, or the first text among the common answers."""
    name = person.name if person else ""
    version = item.form.current if item.form else None
    if not name and version is not None:
        texts = (key for key, one in version.questions.questions.items() if one.kind == Kind.TEXT)
        name = next((str(answers[key]) for key in texts if key in answers), "")
    whole = _("%(item)s: %(thing)s") % {"item": item.title, "thing": name} if name else item.title
    return whole[:250]


def _common_answers(draft: Draft, item: CatalogItem, *, by: User, at: datetime) -> dict[str, Any]:
    version = item.form.current if item.form else None
    if version != draft.form_version:
        raise StaleRecord(
            _("The form of “%(item)s” has changed since you opened it. Check it, then send.")
            % {"item": item.title}
        )
    if version is None:
        return {}
    judged = judge_draft(draft, version.questions, by=by, at=at)
    for key, text in judged.faults.items():
        raise MissingValue(key, text)
    return judged.answers


def _drafts(
    draft: Draft,
    parts: list[Part],
    *,
    by: User,
    person: User | None,
    day_of: date | None,
    at: datetime,
) -> list[tuple[Draft, Order]]:
    """An order for each line that is wanted, judged; their files come along."""
    version = draft.form_version
    common = as_typed(version.questions, draft.typed) if version else {}
    found = []
    for part in parts:
        kept = draft.parts.get(part.key, {})
        if not is_wanted(part, kept):
            continue
        one = part.as_draft(typed_for(part, kept, common, by), by=by, person=person, day=day_of)
        one.updated_at = at
        one.save()
        _bring_files(draft, part, one)
        try:
            found.append((one, fit_order(one, by=by, at=at, in_bundle=True)))
        except Refused as refusal:
            raise PartRefused(part.key, str(refusal)) from refusal
    if not found:
        raise Refused(_("Tick at least one item."))
    return found


def _bring_files(draft: Draft, part: Part, one: Draft) -> None:
    start = part_question(part.key, "")
    for file in DraftFile.objects.filter(draft=draft, question__startswith=start):
        file.draft, file.question = one, file.question.removeprefix(start)
        file.save(update_fields=["draft", "question"])


def _left_out(draft: Draft, parts: list[Part]) -> list[dict[str, str]]:
    """What the person has and keeps, with the reason. Raises PartRefused without one."""
    found = []
    for part in parts:
        kept = draft.parts.get(part.key, {})
        if not part.is_fact or is_wanted(part, kept):
            continue
        reason = str(kept.get("reason", "")).strip()
        if not reason:
            raise PartRefused(part.key, _("Say why this is left out."))
        found.append({"what": part.title, "reason": reason[:250]})
    return found


def _locked(person: User | None) -> User | None:
    """So that of two who end somebody's things at once the second sees what is on its way."""
    if person is None:
        return None
    locked: User = User.objects.select_for_update(of=("self",)).get(pk=person.pk)
    return locked
