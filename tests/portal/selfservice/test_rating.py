"""The faces on the page of a request."""

from datetime import timedelta

import pytest
import time_machine

from itil.surveys.models import Rating
from tests import make
from tests.cast import MONDAY


@pytest.fixture(autouse=True)
def _tuesday():
    with time_machine.travel(MONDAY + timedelta(days=1), tick=False):
        yield


@pytest.fixture
def ticket(cast):
    return make.resolved_incident(cast)


def page_of(response) -> str:
    return response.content.decode()


def test_a_solved_request_can_be_rated_on_its_page(signed_in, cast, ticket):
    client, path = signed_in(cast.ann), f"/requests/{ticket.number}/"
    assert "How did we do?" in page_of(client.get(path))
    sent = client.post(f"{path}rate/", {"score": "5", "praised": ["fast"], "comment": "Thanks."})
    assert sent.url == path
    rating = Rating.objects.get()
    assert (rating.score, rating.praised, rating.comment) == (5, ["fast"], "Thanks.")
    again = client.get(path)
    assert "Your rating: <strong>Great</strong>. Thank you." in page_of(again)
    assert again.context["rating_form"].initial == {
        "score": 5,
        "praised": ["fast"],
        "comment": "Thanks.",
    }


def test_a_tap_is_kept_and_answered_by_a_line(signed_in, cast, ticket):
    path = f"/requests/{ticket.number}/rate/"
    line = signed_in(cast.ann).post(path, {"score": "2"}, headers={"HX-Request": "true"})
    assert "Saved." in page_of(line)
    assert "<html" not in page_of(line)
    assert Rating.objects.get().score == 2


def test_sending_without_a_face_keeps_the_words(signed_in, cast, ticket):
    sent = signed_in(cast.ann).post(f"/requests/{ticket.number}/rate/", {"comment": "Some words."})
    assert sent.status_code == 422
    assert "Choose one of the five faces." in page_of(sent)
    assert "Some words." in page_of(sent)
    assert Rating.objects.count() == 0


def test_what_is_not_solved_has_no_faces(signed_in, cast):
    ticket = make.taken_incident(cast)
    client, path = signed_in(cast.ann), f"/requests/{ticket.number}/"
    assert "How did we do?" not in page_of(client.get(path))
    sent = client.post(f"{path}rate/", {"score": "5", "comment": "Some words."})
    assert sent.status_code == 422
    assert "Rate it when it is solved" in page_of(sent)
    assert "Some words." in page_of(sent)
    assert Rating.objects.count() == 0


def test_after_fourteen_days_the_faces_are_gone(signed_in, cast, ticket):
    with time_machine.travel(MONDAY + timedelta(days=14), tick=False):
        shown = signed_in(cast.ann).get(f"/requests/{ticket.number}/")
    assert "How did we do?" not in page_of(shown)


def test_a_watcher_follows_but_does_not_rate(signed_in, cast, ticket):
    ticket.watchers.create(user=cast.dov)
    client, path = signed_in(cast.dov), f"/requests/{ticket.number}/"
    assert "How did we do?" not in page_of(client.get(path))
    assert client.post(f"{path}rate/", {"score": "1"}).status_code == 422
    assert Rating.objects.count() == 0


def test_for_others_there_is_no_such_request(signed_in, cast, ticket):
    path = f"/requests/{ticket.number}/rate/"
    assert signed_in(cast.bo).post(path, {"score": "1"}).status_code == 404
    assert Rating.objects.count() == 0


def test_the_desk_reads_the_rating_in_the_story_of_the_ticket(signed_in, cast, ticket):
    words = {"score": "2", "comment": "It came back."}
    signed_in(cast.ann).post(f"/requests/{ticket.number}/rate/", words)
    story = page_of(signed_in(cast.bo).get(f"/desk/tickets/{ticket.number}/"))
    assert "rated this 2 of 5: “It came back.”" in story


def test_the_page_with_the_faces_takes_nine_queries(
    signed_in, cast, ticket, django_assert_num_queries
):
    client = signed_in(cast.ann)
    client.post(f"/requests/{ticket.number}/rate/", {"score": "2"})
    client.get(f"/requests/{ticket.number}/")
    with django_assert_num_queries(9):
        client.get(f"/requests/{ticket.number}/")
