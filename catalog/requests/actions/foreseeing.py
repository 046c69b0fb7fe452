"""What a draft would cost and what would happen to it, before it is sent. Writes nothing."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from catalog.offerings.models import CatalogItem
from catalog.requests.amounts import Line, lines, total
from catalog.requests.models import Draft
from itil.approvals import actions as approvals
from itil.approvals.actions import StepPreview
from itil.approvals.matter import Matter
from itil.fields.answers import priced
from portal.people.models import User

from .submitting import judge_draft


@dataclass(frozen=True)
class Preview:
    """The lines and the sum, who would be asked, and when it would be there if nobody had to be."""

    lines: list[Line]
    quantity: int
    total: Decimal
    steps: list[StepPreview]
    delivered_by: datetime | None


def preview(draft: Draft, item: CatalogItem, *, by: User, at: datetime) -> Preview:
    """As far as the answers go; what does not fit yet counts as not answered."""
    options: list[tuple[str, Decimal]] = []
    if draft.form_version is not None:
        definition = draft.form_version.questions
        answers = judge_draft(draft, definition, by=by, at=at).answers
        options = priced(definition, answers)
    found = lines(item.title, item.price, options)
    matter = Matter(
        title=item.title,
        requester_id=by.pk,
        amount=total(found, draft.quantity),
        currency=item.currency,
        barred=(draft.beneficiary.pk,),
        owner=item.item_owner_id,
        service_id=item.service_id,
    )
    return Preview(
        lines=found,
        quantity=draft.quantity,
        total=total(found, draft.quantity),
        steps=approvals.preview(item.approval, matter, at=at),
        delivered_by=item.promised_by(at),
    )
