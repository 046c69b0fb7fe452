"""What readers do with answers, and what makes the section exist."""

import uuid
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.html import escape
from django.utils.translation import gettext as _
from wagtail.models import Page

from itil.problems.models import Problem
from itil.tickets.models import Ticket
from portal.people.models import User
from portal.ui.search import alternatives

from .matching import SHARE_OF_WORDS, share_of_words
from .models import AnswersPage, ArticlePage, Consultation, Feedback, KnownErrorArticle


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


@transaction.atomic
def draft_for_known_error(ticket: Ticket, *, by: User | None) -> ArticlePage | None:
    """Draft an article about a known error, for staff until an editor publishes it.

    Once for each problem; None while there is no section of answers.
    """
    problem = Problem.objects.select_for_update(of=("self",)).filter(pk=ticket.pk).first()
    section = AnswersPage.objects.first()
    if problem is None or section is None:
        return None
    known = KnownErrorArticle.objects.filter(problem=problem).select_related("article").first()
    if known is not None:
        KnownErrorArticle.objects.filter(pk=known.pk).update(retired_at=None)
        return known.article
    workaround = problem.workarounds.first()
    parts = (
        (_("Symptoms"), problem.symptoms),
        (_("What you can do"), workaround.text if workaround else ""),
    )
    body = []
    for heading, text in parts:
        if text.strip():
            body += [("heading", heading), ("paragraph", f"<p>{escape(text)}</p>")]
    article = ArticlePage(
        title=problem.title,
        slug=f"known-error-{problem.number.lower()}",
        summary=(problem.symptoms or problem.title)[:250],
        body=body,
        audience=ArticlePage.Audience.STAFF,
        live=False,
        owner=by,
    )
    section.add_child(instance=article)
    article.save_revision(user=by)
    KnownErrorArticle.objects.create(problem=problem, article=article)
    return article


@transaction.atomic
def retire_known_error(ticket: Ticket, *, at: datetime) -> bool:
    """The problem is closed: its article is taken off; False when it has none, or it was before."""
    mine = KnownErrorArticle.objects.filter(problem=ticket.pk, retired_at__isnull=True)
    known = mine.select_related("article").first()
    if known is None or not mine.update(retired_at=at):
        return False
    if known.article.live:
        known.article.unpublish()
    return True
