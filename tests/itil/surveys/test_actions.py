"""Who is asked how it went, how often, and what is kept of the answer (KPI-11)."""

from datetime import timedelta

import pytest

from itil.desk import actions as desk
from itil.surveys.actions import ask, rate
from itil.surveys.models import Rating, Survey
from itil.tickets.errors import MissingValue, NotAllowed, Refused
from itil.tickets.models import TicketEvent
from portal.worker.dispatch import dispatch_events
from tests import make
from tests.cast import MONDAY
from tests.together import at_once

from .surveyed import SOLVED, solved

DAY = timedelta(days=1)


def events():
    return list(TicketEvent.objects.filter(kind="rated").order_by("pk").values_list("data"))


# --- Asking ---------------------------------------------------------------------------------------


def test_the_person_is_asked_about_a_solution(cast):
    ticket = solved(cast)
    survey = Survey.objects.get()
    assert (survey.ticket_id, survey.person, survey.asked_at) == (ticket.pk, cast.ann, MONDAY)
    assert events() == [({"what": "asked", "person": cast.ann.pk, "name": "Ann"},)]


def test_whom_it_is_for_is_asked_and_not_who_reported_it(cast):
    eve = type(cast.ann).objects.create_user("eve@acme.example", "Eve", organization=cast.acme)
    solved(cast, requested_for=eve)
    assert Survey.objects.get().person == eve


@pytest.mark.parametrize(("later", "asked"), [(7 * DAY - timedelta(seconds=1), 1), (7 * DAY, 2)])
def test_nobody_is_asked_twice_in_seven_days(cast, later, asked):
    solved(cast)
    solved(cast, at=MONDAY + later)
    assert Survey.objects.count() == asked


def test_the_pause_of_one_person_is_nobody_elses(cast):
    solved(cast)
    solved(cast, requester=cast.dov)
    assert Survey.objects.count() == 2


def test_a_courtesy_asks_nobody_even_long_after_the_first_question(cast):
    """INC-3: the question of the first solution is the only one."""
    ticket, late = solved(cast), MONDAY + 9 * DAY
    desk.comment(ticket, by=cast.ann, text="Thank you!", at=late)
    desk.move(ticket, "resolve", by=cast.bo, values=SOLVED | {"courtesy": True}, at=late)
    dispatch_events()
    assert Survey.objects.get().asked_at == MONDAY


def test_a_ticket_that_is_solved_again_soon_asks_no_second_time(cast):
    ticket = solved(cast)
    desk.move(ticket, "reopen", by=cast.ann, values={"reason": "Again."}, at=MONDAY + DAY)
    desk.move(ticket, "resolve", by=cast.bo, values=SOLVED, at=MONDAY + DAY)
    dispatch_events()
    assert Survey.objects.count() == 1


def test_what_was_opened_again_before_the_mail_left_asks_nobody(cast):
    ticket = make.resolved_incident(cast)
    desk.move(ticket, "reopen", by=cast.ann, values={"reason": "Again."}, at=MONDAY + DAY)
    dispatch_events()
    assert Survey.objects.count() == 0


def test_who_did_the_work_is_not_asked(cast):
    solved(cast, requester=cast.bo)
    assert Survey.objects.count() == 0


def test_a_solution_without_an_answer_of_the_person_asks_nobody(cast):
    ticket = make.taken_incident(cast)
    values = {"resolution_code": "no_response", "note": "We have had no answer."}
    desk.move(ticket, "resolve", by=None, values=values, at=MONDAY)
    dispatch_events()
    assert Survey.objects.count() == 0


def test_confidential_tickets_ask_nobody_by_mail(cast):
    solved(cast, is_confidential=True)
    assert Survey.objects.count() == 0


def test_asking_twice_about_one_solution_gives_the_same_survey(cast):
    ticket = make.resolved_incident(cast)
    first = ask(ticket, person=cast.ann, mail_key="a", at=MONDAY)
    assert ask(ticket, person=cast.ann, mail_key="a", at=MONDAY) == first
    assert len(events()) == 1


@pytest.mark.usefixtures("shared_database")
def test_two_solutions_at_the_same_moment_ask_once(cast):
    one, other = make.resolved_incident(cast), make.resolved_incident(cast)
    at_once(
        lambda: ask(one, person=cast.ann, mail_key="a", at=MONDAY),
        lambda: ask(other, person=cast.ann, mail_key="b", at=MONDAY),
    )
    assert Survey.objects.count() == 1


# --- Rating ---------------------------------------------------------------------------------------


def test_what_a_person_says_is_kept(cast):
    ticket = solved(cast)
    rate(
        ticket, by=cast.ann, score=2, praised=["clear", "fast", "cheap"],
        comment=" It came back. ", at=MONDAY + DAY,
    )  # fmt: skip
    rating = Rating.objects.get()
    assert (rating.score, rating.praised, rating.comment, rating.person, rating.rated_at) == (
        2,
        ["fast", "clear"],
        "It came back.",
        cast.ann,
        MONDAY + DAY,
    )
    assert Survey.objects.get().answered_at == MONDAY + DAY
    assert events()[-1] == (
        {
            "what": "rated",
            "before": None,
            "score": 2,
            "praised": ["fast", "clear"],
            "comment": "It came back.",
        },
    )


def test_the_last_word_counts_and_there_is_one_rating_for_each_ticket(cast):
    ticket = solved(cast)
    rate(ticket, by=cast.ann, score=1, at=MONDAY)
    rate(ticket, by=cast.ann, score=5, at=MONDAY + DAY)
    rating = Rating.objects.get()
    assert (rating.score, rating.rated_at) == (5, MONDAY + DAY)
    assert [data["score"] for (data,) in events()[1:]] == [1, 5]
    assert Survey.objects.get().answered_at == MONDAY


def test_the_same_words_twice_change_nothing(cast):
    ticket = solved(cast)
    rate(ticket, by=cast.ann, score=4, at=MONDAY)
    rate(ticket, by=cast.ann, score=4, at=MONDAY + DAY)
    assert Rating.objects.get().rated_at == MONDAY
    assert len(events()) == 2


def test_whether_people_recommend_the_desk_is_kept_with_the_rating(cast, settings):
    """KPI-12. The last word counts, and saying nothing of it later leaves it."""
    settings.SURVEY_ASKS_RECOMMENDATION = True
    ticket = solved(cast)
    for answer in (7, 0, None):
        rate(ticket, by=cast.ann, score=4, recommendation=answer, at=MONDAY + DAY)
    rating = Rating.objects.get()
    assert (rating.recommendation, rating.recommendation_asked) == (0, True)
    assert [data.get("recommendation") for (data,) in events()[1:]] == [7, 0]


def test_a_desk_that_does_not_ask_notes_so(cast):
    rate(solved(cast), by=cast.ann, score=4, at=MONDAY)
    rating = Rating.objects.get()
    assert (rating.recommendation, rating.recommendation_asked) == (None, False)


def test_whoever_answered_the_question_was_asked_it(cast):
    """KPI-12. As the demo keeps answers on a desk that does not ask by itself."""
    rate(solved(cast), by=cast.ann, score=4, recommendation=9, at=MONDAY)
    rating = Rating.objects.get()
    assert (rating.recommendation, rating.recommendation_asked) == (9, True)


@pytest.mark.parametrize("answer", [-1, 11])
def test_only_0_to_10_says_whether_people_recommend_the_desk(cast, answer):
    ticket = solved(cast)
    with pytest.raises(MissingValue, match="0 to 10"):
        rate(ticket, by=cast.ann, score=4, recommendation=answer, at=MONDAY)
    assert Rating.objects.count() == 0


def test_a_rating_without_a_survey_counts_as_well(cast):
    ticket = make.resolved_incident(cast)
    rate(ticket, by=cast.ann, score=4, at=MONDAY)
    assert (Rating.objects.count(), Survey.objects.count()) == (1, 0)


@pytest.mark.parametrize("who", ["dov", "bo", "cleo", "root"])
def test_nobody_else_rates(cast, who):
    ticket = solved(cast)
    with pytest.raises(NotAllowed):
        rate(ticket, by=getattr(cast, who), score=5, at=MONDAY)
    assert Rating.objects.count() == 0


@pytest.mark.parametrize("score", [0, 6, -1])
def test_there_are_five_faces(cast, score):
    ticket = solved(cast)
    with pytest.raises(MissingValue):
        rate(ticket, by=cast.ann, score=score, at=MONDAY)
    assert Rating.objects.count() == 0


def test_a_text_that_is_too_long_is_refused(cast):
    ticket = solved(cast)
    with pytest.raises(MissingValue):
        rate(ticket, by=cast.ann, score=3, comment="x" * 2001, at=MONDAY)
    assert Rating.objects.count() == 0


def test_after_fourteen_days_the_rating_stays_as_it_is(cast):
    ticket = solved(cast)
    last = MONDAY + 14 * DAY - timedelta(seconds=1)
    rate(ticket, by=cast.ann, score=4, at=last)
    with pytest.raises(Refused, match="more than 14 days ago"):
        rate(ticket, by=cast.ann, score=1, at=MONDAY + 14 * DAY)
    assert Rating.objects.get().score == 4


def test_a_closed_ticket_can_be_rated_an_open_or_cancelled_one_cannot(cast):
    closed, opened = solved(cast), make.taken_incident(cast)
    cancelled = make.incident(cast)
    desk.move(closed, "close", by=cast.ann, at=MONDAY)
    desk.move(cancelled, "withdraw", by=cast.ann, values={"reason": "It works."}, at=MONDAY)
    rate(closed, by=cast.ann, score=4, at=MONDAY)
    with pytest.raises(Refused, match="Rate it when it is solved"):
        rate(opened, by=cast.ann, score=4, at=MONDAY)
    with pytest.raises(Refused, match="without a solution"):
        rate(cancelled, by=cast.ann, score=4, at=MONDAY)
    assert Rating.objects.get().ticket_id == closed.pk


def test_a_rating_survives_that_the_ticket_is_opened_again(cast):
    ticket = solved(cast)
    rate(ticket, by=cast.ann, score=1, at=MONDAY)
    desk.move(ticket, "reopen", by=cast.ann, values={"reason": "Again."}, at=MONDAY)
    with pytest.raises(Refused):
        rate(ticket, by=cast.ann, score=5, at=MONDAY)
    assert Rating.objects.get().score == 1
