"""The review after a major incident: written, its timeline picked, and finished once."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from itil.conversation.models import Message
from itil.desk.actions.changing import ensure, locked
from itil.desk.timeline import in_words
from itil.incidents import permissions
from itil.incidents.lifecycle import MajorState
from itil.incidents.models import Incident, MajorIncident, MajorReview, ReviewMoment
from itil.tickets.errors import MissingValue, Refused, StaleRecord
from itil.tickets.models import TicketEvent
from portal.people.models import User

from .major import walk

TEXTS = ("what_happened", "causes", "actions", "no_problem_reason")


@transaction.atomic
def save_review(
    major: MajorIncident,
    *,
    by: User,
    texts: Mapping[str, str],
    version: int = 0,
    at: datetime | None = None,
) -> MajorReview:
    """Write the review, or what there is of it so far.

    `version` is the one the person was looking at, 0 for a review that is only begun. Raises
    NotAllowed, StaleRecord, and Refused before it is resolved and after the review is finished.
    """
    at = at or timezone.now()
    incident = _reviewable(major, by=by)
    unknown = set(texts) - set(TEXTS)
    if unknown:
        raise MissingValue(min(unknown), _("This cannot be changed here."))
    review = MajorReview.objects.filter(major=incident.pk).first()
    if (review.version if review else 0) != version:
        raise StaleRecord(
            _("The review was changed while you were looking at it. Check it, then save again.")
        )
    review = review or MajorReview(major_id=incident.pk, version=0)
    for name, text in texts.items():
        setattr(review, name, text.strip())
    review.written_by, review.updated_at = by, at
    review.version += 1
    review.save()
    return review


@transaction.atomic
def pick(
    major: MajorIncident,
    *,
    by: User,
    events: Iterable[TicketEvent] = (),
    messages: Iterable[Message] = (),
    at: datetime | None = None,
) -> int:
    """Make these the timeline of the review, in place of what was picked; returns how many.

    Events and messages of other tickets are left out. Raises as `save_review`.
    """
    incident = _reviewable(major, by=by)
    review, _made = MajorReview.objects.get_or_create(
        major_id=incident.pk, defaults={"written_by": by, "updated_at": at or timezone.now()}
    )
    review.moments.all().delete()
    moments = [
        ReviewMoment(
            review=review,
            event=event,
            at=event.at,
            text=f"{event.actor or _('System')} {in_words(incident, event)}",
        )
        for event in events
        if event.ticket_id == incident.pk
    ]
    moments += [
        ReviewMoment(
            review=review,
            message=message,
            at=message.at,
            text=f"{message.author or _('Service desk')}: {message.text}",
        )
        for message in messages
        if message.ticket_id == incident.pk
    ]
    return len(ReviewMoment.objects.bulk_create(moments))


@transaction.atomic
def finish_review(major: MajorIncident, *, by: User, at: datetime | None = None) -> Incident:
    """What was to be learned is written down; a problem looks for the cause, or none is needed.

    Raises MissingValue for what the review lacks, NotAllowed, MoveNotAllowed, StaleRecord.
    """
    at = at or timezone.now()
    incident = locked(major.incident)
    if not isinstance(incident, Incident):
        raise Refused(_("%(number)s is no incident any more.") % {"number": incident.number})
    walk(incident, "review", by=by, at=at)
    MajorReview.objects.filter(major=incident.pk).update(finished_at=at)
    return incident


def _reviewable(major: MajorIncident, *, by: User) -> Incident:
    """The incident, locked. Raises NotAllowed and Refused."""
    incident = locked(major.incident)
    ensure(permissions.may_manage(by, incident), _("Only a team lead reviews a major incident."))
    if not isinstance(incident, Incident) or incident.major_state != MajorState.RESOLVED:
        raise Refused(
            _("%(number)s is not to be reviewed now: it is resolved first, and reviewed once.")
            % {"number": incident.number}
        )
    return incident


@transaction.atomic
def write_review(
    major: MajorIncident,
    *,
    by: User,
    texts: Mapping[str, str],
    version: int,
    events: Iterable[TicketEvent] = (),
    messages: Iterable[Message] = (),
    finishes: bool = False,
    at: datetime | None = None,
) -> MajorReview:
    """Save the texts and the timeline at once, and finish the review when `finishes`.

    Raises as the three verbs do; then nothing has changed.
    """
    at = at or timezone.now()
    review = save_review(major, by=by, texts=texts, version=version, at=at)
    pick(major, by=by, events=events, messages=messages, at=at)
    if finishes:
        finish_review(major, by=by, at=at)
    return review
