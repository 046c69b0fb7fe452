"""What was read at a form, and what became of the form (KPI-15)."""

import uuid
from datetime import timedelta

import pytest

from itil.desk import actions as desk
from knowledgebase.actions import end_by_answer, open_answer, send_after_answers
from knowledgebase.models import Consultation, Feedback
from portal.worker.dispatch import dispatch_events
from tests import make
from tests.cast import MONDAY

from . import shelf

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.fixture
def article(cast):
    return shelf.article("Mail does not arrive")


def opened(cast, article, **changes) -> Consultation:
    """Ann types, and opens the answer on Monday."""
    values = {"by": cast.ann, "key": uuid.uuid4(), "query": "mail does not arrive", "at": MONDAY}
    return open_answer(article, **(values | changes))


def outcomes(now) -> list[str]:
    found = Consultation.objects.with_outcome(now).order_by("pk")
    return list(found.values_list("outcome", flat=True))


def test_an_answer_that_was_read_ended_the_matter_when_nothing_came_for_a_day(cast, article):
    opened(cast, article)
    assert outcomes(MONDAY + DAY - HOUR) == ["pending"]
    assert outcomes(MONDAY + DAY) == ["read"]


def test_opening_two_answers_at_one_form_is_one_form(cast, article):
    key = uuid.uuid4()
    opened(cast, article, key=key)
    other = shelf.article("Another answer")
    found = opened(cast, other, key=key, at=MONDAY + HOUR)
    assert Consultation.objects.count() == 1
    assert (found.article_id, found.opened_at) == (other.pk, MONDAY)


def test_this_solved_it_is_counted_at_once_and_for_the_article(cast, article):
    end_by_answer(article, by=cast.ann, key=uuid.uuid4(), query="mail", at=MONDAY)
    assert outcomes(MONDAY) == ["solved"]
    vote = Feedback.objects.get()
    assert (vote.solved, vote.user, vote.query) == (True, cast.ann, "mail")


def test_a_form_that_is_sent_is_sent_whatever_was_read(cast, article):
    found = opened(cast, article)
    ticket = make.incident(cast, at=MONDAY + HOUR)
    send_after_answers(ticket, by=cast.ann, key=found.key, query="mail", at=MONDAY + HOUR)
    dispatch_events()
    found.refresh_from_db()
    assert outcomes(MONDAY + DAY) == ["sent"]
    assert (found.ticket_id, found.query, found.came_back_at) == (
        ticket.pk,
        "mail does not arrive",
        None,
    )


@pytest.mark.parametrize(
    ("changes", "outcome"),
    [
        ({"title": "Mail still does not arrive"}, "came_back"),
        ({"title": "The printer is on fire"}, "read"),
        ({"at": MONDAY + DAY}, "read"),
        ({"at": MONDAY - HOUR}, "read"),
    ],
)
def test_who_reports_the_same_within_a_day_was_not_helped(cast, article, changes, outcome):
    opened(cast, article)
    ticket = make.incident(cast, **({"at": MONDAY + HOUR} | changes))
    dispatch_events()
    assert outcomes(MONDAY + 3 * DAY) == [outcome]
    linked = Consultation.objects.get().ticket_id
    assert linked == (ticket.pk if outcome == "came_back" else None)


def test_what_somebody_else_reports_says_nothing(cast, article):
    opened(cast, article)
    make.incident(cast, by=cast.dov, requester=cast.dov, at=MONDAY + HOUR)
    dispatch_events()
    assert outcomes(MONDAY + 2 * DAY) == ["read"]


def test_what_happens_to_other_tickets_says_nothing(cast, article):
    ticket = make.incident(cast, at=MONDAY - DAY)
    dispatch_events()
    opened(cast, article)
    desk.comment(ticket, by=cast.ann, text="Any news?", at=MONDAY + HOUR)
    dispatch_events()
    assert outcomes(MONDAY + 2 * DAY) == ["read"]
