"""Asking how it went, and keeping what people say."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from itil.desk.actions.changing import ensure, locked
from itil.tickets import actions as tickets
from itil.tickets.errors import MissingValue, Refused
from itil.tickets.models import Channel, EventKind, Ticket
from portal.people.models import User

from .models import COMMENT_LENGTH, RECOMMENDATIONS, Praise, Rating, Score, Survey
from .permissions import may_rate


@transaction.atomic
def ask(ticket: Ticket, *, person: User, mail_key: str, at: datetime) -> Survey | None:
    """Note that the mail `mail_key` asks `person` how the solution of `at` was.

    None, and nothing is noted, when the person was asked about anything in the days before
    (`SURVEY_PAUSE_DAYS`) or may not rate it. Asked twice about one solution gives the same survey.
    """
    if not may_rate(person, ticket) or not rating_is_open(ticket, at):
        return None
    # Two tickets of one person that are solved at once wait for each other here.
    User.objects.select_for_update(no_key=True).get(pk=person.pk)
    asked = Survey.objects.filter(person=person)
    known: Survey | None = asked.filter(ticket_id=ticket.pk, asked_at=at).first()
    if known is not None:
        return known
    pause = timedelta(days=settings.SURVEY_PAUSE_DAYS)
    if asked.filter(asked_at__gt=at - pause, asked_at__lt=at + pause).exists():
        return None
    survey = Survey.objects.create(
        ticket_id=ticket.pk, person=person, asked_at=at, mail_key=mail_key
    )
    tickets.record(
        ticket,
        EventKind.RATED,
        by=None,
        at=at,
        channel=Channel.SYSTEM,
        data={"what": "asked", "person": person.pk, "name": person.name},
    )
    return survey


@transaction.atomic
def rate(
    ticket: Ticket,
    *,
    by: User,
    score: int,
    at: datetime,
    praised: Iterable[str] = (),
    comment: str = "",
    recommendation: int | None = None,
    channel: str = Channel.PORTAL,
) -> Rating:
    """Keep what `by` says about the solution; said again, it replaces what was said before.

    `recommendation`: how likely `by` is to recommend the desk, 0 to 10; None leaves what was said
    of it before. The same words twice change nothing. Raises NotAllowed, MissingValue (score,
    comment, recommendation), and Refused when the ticket is not solved or the days for it
    (`RATING_DAYS`) are over.
    """
    present = locked(ticket)
    ensure(may_rate(by, present), _("Only the person whom it is for can rate this."))
    _check_open(present, at)
    if score not in Score.values:
        raise MissingValue("score", _("Choose one of the five faces."))
    comment = comment.strip()
    if len(comment) > COMMENT_LENGTH:
        raise MissingValue(
            "comment", _("Shorten the text to %(count)s letters.") % {"count": COMMENT_LENGTH}
        )
    if recommendation is not None and recommendation not in RECOMMENDATIONS:
        raise MissingValue("recommendation", _("Choose a number from 0 to 10."))
    chosen = set(praised)
    said: dict[str, Any] = {
        "score": int(score),
        "praised": [str(one) for one in Praise if one in chosen],
        "comment": comment,
    }
    if recommendation is not None:
        said["recommendation"] = recommendation
    before: Rating | None = Rating.objects.filter(ticket_id=present.pk).first()
    if before is not None and all(getattr(before, name) == said[name] for name in said):
        return before
    # Whoever answered was asked, also by an importer or when the desk asks no more.
    was_asked = (
        recommendation is not None
        or settings.SURVEY_ASKS_RECOMMENDATION
        or (before is not None and before.recommendation_asked)
    )
    rating, _made = Rating.objects.update_or_create(
        ticket_id=present.pk,
        defaults=said | {"person": by, "rated_at": at, "recommendation_asked": was_asked},
    )
    _note_answer(present, by, at)
    tickets.record(
        present,
        EventKind.RATED,
        by=by,
        at=at,
        channel=channel,
        data={"what": "rated", "before": before and before.score, **said},
    )
    return rating


def rating_is_open(ticket: Ticket, at: datetime) -> bool:
    """Solved, and not longer ago than people can say what they thought of it."""
    return (
        ticket.resolved_at is not None
        and not ticket.is_open
        and ticket.merged_into_id is None
        and at < ticket.resolved_at + timedelta(days=settings.RATING_DAYS)
    )


def _check_open(ticket: Ticket, at: datetime) -> None:
    """Raises Refused with what to do instead."""
    if rating_is_open(ticket, at):
        return
    words = {"number": ticket.number, "days": settings.RATING_DAYS}
    if ticket.is_open:
        raise Refused(_("%(number)s is being worked on. Rate it when it is solved.") % words)
    if ticket.resolved_at is None or ticket.merged_into_id is not None:
        raise Refused(_("%(number)s was ended without a solution that could be rated.") % words)
    raise Refused(
        _("%(number)s was solved more than %(days)s days ago. Its rating stays as it is.") % words
    )


def _note_answer(ticket: Ticket, person: User, at: datetime) -> None:
    """The last survey of this person about this ticket is answered."""
    asked = Survey.objects.filter(ticket_id=ticket.pk, person=person, asked_at__lte=at)
    survey = asked.order_by("-asked_at").first()
    if survey is not None and survey.answered_at is None:
        survey.answered_at = at
        survey.save(update_fields=["answered_at"])
