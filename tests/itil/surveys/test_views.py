"""The page behind the faces of a mail."""

from datetime import timedelta

import pytest
import time_machine

from itil.desk import actions as desk
from itil.surveys.actions import rate
from itil.surveys.models import Rating
from itil.tickets.models import Ticket
from portal.outbox.models import OutgoingMail
from portal.selfservice.actions import ensure_home
from tests.cast import MONDAY

from .surveyed import survey

DAY = timedelta(days=1)


@pytest.fixture
def asked(cast):
    """Ann was asked on Monday; it is Tuesday."""
    ensure_home()
    found = survey(cast)
    with time_machine.travel(MONDAY + DAY, tick=False):
        yield found


@pytest.fixture
def page(asked):
    return f"/rate/{asked.token}/"


def text_of(response) -> str:
    return response.content.decode()


def test_the_mail_has_five_links_and_each_chooses_its_face(asked, client):
    mail = OutgoingMail.objects.get(key=asked.mail_key)
    assert mail.to == "ann@acme.example"
    for score, label in enumerate(("Very bad", "Bad", "Okay", "Good", "Great"), start=1):
        link = f"http://127.0.0.1:8000/rate/{asked.token}/?r={score}"
        assert f"{label}: {link}\n" in mail.text
        assert f'<a href="{link}">{label}</a>' in mail.html
        shown = client.get(link.removeprefix("http://127.0.0.1:8000"))
        assert shown.context["form"]["score"].value() == str(score)


def test_opening_a_link_keeps_nothing(asked, page, client):
    shown = client.get(f"{page}?r=4")
    assert (shown.status_code, Rating.objects.count()) == (200, 0)
    assert "data-chosen" in text_of(shown)
    assert "data-chosen" not in text_of(client.get(page))


def test_sending_keeps_it_without_signing_in(asked, page, client):
    sent = client.post(page, {"score": "4", "praised": ["fast"], "comment": "Quick."})
    assert (sent.status_code, sent.url) == (303, page)
    rating = Rating.objects.get()
    assert (rating.score, rating.praised, rating.comment) == (4, ["fast"], "Quick.")
    assert rating.person == asked.person
    again = text_of(client.get(page))
    assert "Thank you. Your rating is saved." in again
    assert "Quick." in again


def test_a_desk_that_asks_it_is_told_who_would_recommend_it(asked, page, client, settings):
    settings.SURVEY_ASKS_RECOMMENDATION = True
    shown = text_of(client.get(page))
    assert shown.count('name="recommendation"') == 11
    assert "recommend the service desk to a colleague?" in shown

    sent = client.post(page, {"score": "4", "recommendation": "0"})

    assert (sent.status_code, Rating.objects.get().recommendation) == (303, 0)
    again = client.get(page)
    assert again.context["form"]["recommendation"].value() == 0
    assert text_of(again).count("checked") == 2


def test_whether_people_recommend_the_desk_need_not_be_said(asked, page, client, settings):
    settings.SURVEY_ASKS_RECOMMENDATION = True
    assert client.post(page, {"score": "4"}).status_code == 303
    assert Rating.objects.get().recommendation is None


def test_a_number_that_was_not_offered_is_refused_and_the_words_are_kept(
    asked, page, client, settings
):
    settings.SURVEY_ASKS_RECOMMENDATION = True
    sent = client.post(page, {"score": "4", "recommendation": "11", "comment": "Typed words"})
    assert (sent.status_code, Rating.objects.count()) == (422, 0)
    assert "Choose a number from 0 to 10." in text_of(sent)
    assert "Typed words" in text_of(sent)


def test_a_desk_asks_for_no_recommendation_unless_it_is_set_to(asked, page, client):
    assert "recommend" not in text_of(client.get(page))
    client.post(page, {"score": "4", "recommendation": "9"})
    assert Rating.objects.get().recommendation is None


def test_a_tap_is_kept_at_once_and_answered_by_a_line(asked, page, client):
    line = client.post(page, {"score": "5"}, headers={"HX-Request": "true"})
    assert (line.status_code, Rating.objects.get().score) == (200, 5)
    assert "<html" not in text_of(line)
    assert "Saved." in text_of(line)


def test_a_link_chosen_again_shows_what_was_written(asked, page, client):
    rate(asked.ticket, by=asked.person, score=2, comment="Slow.", at=MONDAY)
    shown = client.get(f"{page}?r=4")
    assert shown.context["form"]["score"].value() == "4"
    assert "Slow." in text_of(shown)


@pytest.mark.parametrize("score", ["", "0", "6", "great", "²"])
def test_a_face_that_does_not_exist_keeps_the_words_and_nothing_else(asked, page, client, score):
    assert "data-chosen" not in text_of(client.get(page, {"r": score}))
    sent = client.post(page, {"score": score, "comment": "Some words."})
    assert sent.status_code == 422
    assert "Choose one of the five faces." in text_of(sent)
    assert "Some words." in text_of(sent)
    assert Rating.objects.count() == 0


def test_a_low_score_asks_to_open_it_again(asked, page, client):
    client.post(page, {"score": "1"})
    shown = text_of(client.get(page))
    assert "Is it still not solved?" in shown
    assert '<details class="still-not" id="not-solved" open>' in shown
    client.post(page, {"score": "4"})
    assert "Is it still not solved?" not in text_of(client.get(page))


def test_it_is_opened_again_with_the_reason_and_the_rating_stays(asked, page, client):
    client.post(page, {"score": "1"})
    sent = client.post(f"{page}reopen/", {"reason": "Still no mail."})
    ticket = Ticket.objects.get()
    assert (sent.status_code, ticket.status, ticket.reopen_count) == (303, "in_progress", 1)
    assert ticket.messages.filter(text="Still no mail.", author=asked.person).exists()
    shown = text_of(client.get(page))
    assert "You can rate it when it is solved. Your rating: Very bad." in " ".join(shown.split())
    assert client.post(page, {"score": "5"}).status_code == 422
    assert Rating.objects.get().score == 1


def test_opening_again_needs_a_reason(asked, page, client):
    sent = client.post(f"{page}reopen/", {"reason": " "})
    assert (sent.status_code, Ticket.objects.get().status) == (422, "resolved")
    assert "Say what is still wrong" in text_of(sent)


def test_a_closed_ticket_is_not_opened_again(asked, page, client):
    desk.move(asked.ticket, "close", by=asked.person)
    assert "Open it again" not in text_of(client.get(page))
    sent = client.post(f"{page}reopen/", {"reason": "Still no mail."})
    assert (sent.status_code, Ticket.objects.get().status) == (422, "closed")


def test_after_the_days_for_it_the_page_says_so(asked, page, client):
    rate(asked.ticket, by=asked.person, score=4, at=MONDAY)
    with time_machine.travel(MONDAY + 14 * DAY, tick=False):
        shown = " ".join(text_of(client.get(page)).split())
        assert "over. Your rating: Good." in shown
        assert 'name="score"' not in shown
        sent = client.post(page, {"score": "1"})
    assert sent.status_code == 422
    assert "more than 14 days ago" in text_of(sent)
    assert Rating.objects.get().score == 4


def test_a_made_up_link_and_one_of_somebody_who_left_lead_nowhere(asked, page, client):
    asked.person.is_active = False
    asked.person.save()
    for path in (page, "/rate/abc/", f"/rate/{asked.uuid.hex}.abc/"):
        assert client.get(path).status_code == 404
        assert client.post(path, {"score": "4"}).status_code == 404
        assert client.post(f"{path}reopen/", {"reason": "x"}).status_code == 404
    assert Rating.objects.count() == 0


def test_the_page_says_nothing_but_what_it_is_about(asked, page, client):
    desk.note(asked.ticket, by=Ticket.objects.get().assignee, text="Between us: a bad cable.")
    shown = text_of(client.get(page))
    assert "“Mail does not arrive”" in shown
    assert "solved by Bo" in shown
    for secret in ("Between us", "Since this morning", "The queue was stuck", "ann@acme.example"):
        assert secret not in shown
    Ticket.objects.update(is_confidential=True)
    assert "Mail does not arrive" not in text_of(client.get(page))


def test_the_page_speaks_the_language_of_who_was_asked(asked, page, client):
    asked.person.language = "nl"
    asked.person.save()
    assert '<html lang="nl"' in text_of(client.get(page))


def test_the_page_takes_few_queries(asked, page, client, django_assert_max_num_queries):
    client.get(page)
    with django_assert_max_num_queries(5):
        client.get(page)
