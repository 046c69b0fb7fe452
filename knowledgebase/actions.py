"""What readers do with answers, and what makes the section exist."""

import uuid
from datetime import datetime
from typing import Any

from django.db import transaction
from wagtail.models import Page

from itil.tickets.models import Ticket
from portal.people.models import User
from portal.ui.search import alternatives

from .matching import SHARE_OF_WORDS, share_of_words
from .models import AnswersPage, ArticlePage, Consultation, Feedback


@transaction.atomic
def give_feedback(
    article: ArticlePage, *, by: User | None, solved: bool, query: str = ""
) -> Feedback:
    """Count that `article` did or did not solve the problem; `by` None is a visitor.

    A signed-in person has one vote per article: voting again changes it.
    """
    values = {"solved": solved, "query": query[:200]}
    if by is None:
        return Feedback.objects.create(article=article, **values)
    feedback, _created = Feedback.objects.update_or_create(
        article=article, user=by, defaults=values
    )
    return feedback


@transaction.atomic
def open_answer(
    article: ArticlePage, *, by: User, key: uuid.UUID, query: str, at: datetime
) -> Consultation:
    """Note that `by` has opened `article` at the form `key`; the first opening dates it."""
    found = _consultation(by, key, query=query, at=at)
    return _kept(found, article=article, opened_at=found.opened_at or at)


@transaction.atomic
def end_by_answer(
    article: ArticlePage, *, by: User, key: uuid.UUID, query: str, at: datetime
) -> Consultation:
    """`article` solved it: nothing is sent, and it is counted for the article, too."""
    give_feedback(article, by=by, solved=True, query=query)
    found = _consultation(by, key, query=query, at=at)
    return _kept(
        found, article=article, opened_at=found.opened_at or at, solved_at=found.solved_at or at
    )


@transaction.atomic
def send_after_answers(
    ticket: Ticket, *, by: User, key: uuid.UUID, query: str, at: datetime
) -> Consultation:
    """The form `key` was sent and became `ticket`, although answers were offered."""
    found = _consultation(by, key, query=query, at=at)
    return _kept(found, ticket_id=ticket.pk, sent_at=found.sent_at or at)


@transaction.atomic
def note_return(ticket: Ticket) -> int:
    """The requester reports what the answers were about that the person read within a day before:
    they did not help. Returns at how many forms they were read.
    """
    read = Consultation.objects.select_for_update().read_by(
        ticket.requester, before=ticket.received_at
    )
    about = [
        one.pk
        for one in read
        if share_of_words(alternatives(one.query), ticket.title) >= SHARE_OF_WORDS
    ]
    return Consultation.objects.filter(pk__in=about).update(
        came_back_at=ticket.received_at, ticket_id=ticket.pk
    )


def _consultation(user: User, key: uuid.UUID, *, query: str, at: datetime) -> Consultation:
    """The row of this form, made when it is the first that is noted of it."""
    found: Consultation
    found, _made = Consultation.objects.select_for_update().get_or_create(
        user=user, key=key, defaults={"query": query.strip()[:200], "started_at": at}
    )
    return found


def _kept(consultation: Consultation, **changes: Any) -> Consultation:
    for name, value in changes.items():
        setattr(consultation, name, value)
    consultation.save(update_fields=list(changes))
    return consultation


def ensure_answers(parent: Page) -> AnswersPage:
    """The section `/answers/` under `parent`, made when it is not there yet."""
    answers: AnswersPage | None = AnswersPage.objects.first()
    if answers is None:
        answers = AnswersPage(title="Answers", slug="answers")
        parent.add_child(instance=answers)
    return answers
