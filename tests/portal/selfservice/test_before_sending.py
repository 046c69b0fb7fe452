"""Answers and items of the catalog beside a report that is being typed (KPI-15)."""

import uuid

import pytest

from itil.tickets.models import Ticket
from knowledgebase.models import Consultation, Feedback
from portal.selfservice.matching import before_sending
from tests.catalog.offerings import shop
from tests.knowledgebase import shelf

FORM, READ, SOLVED = "/requests/new/", "/requests/new/answer/", "/requests/new/solved/"


@pytest.fixture
def article(cast):
    return shelf.article("Mail does not arrive")


def page_of(response) -> str:
    return response.content.decode()


def sent(article, **changes):
    return {"key": str(uuid.uuid4()), "q": "mail arrives", "article": article.pk} | changes


def test_at_most_three_come_with_their_passage_the_best_first(cast, article):
    for number in range(4):
        shelf.article(f"Mail {number}")
    offers = before_sending("mail arrives", cast.ann)
    assert len(offers) == 3
    assert offers[0].article.title == "Mail does not arrive"
    assert [step.source for step in offers[0].passage.steps][0] == "Quit the VPN app fully."


def test_what_can_be_ordered_stands_among_the_answers_where_it_fits(signed_in, cast, article):
    item = shop.item("Mail address for a team", summary="A shared mailbox.")
    hidden = shop.item("Mail for the desk", audience="staff")
    offers = before_sending("mail address", cast.ann)
    assert [offer.item or offer.article for offer in offers] == [item, article]
    page = page_of(signed_in(cast.ann).get(f"{FORM}?q=mail address"))
    assert f'href="{item.address}"' in page
    assert hidden.title not in page


def test_they_stand_in_the_form_while_one_types_and_when_it_opens(signed_in, cast, article):
    client = signed_in(cast.ann)
    for path in ("/search/suggest?place=form&title=mail arrives", f"{FORM}?q=mail arrives"):
        page = page_of(client.get(path))
        assert "Does one of these help?" in page
        assert "Quit the VPN app fully." in page
        assert 'name="offered" value="1"' in page
    assert "Does one of these help?" not in page_of(client.get(f"{FORM}?q=zebra"))


def test_looking_leaves_no_trace(signed_in, cast, article):
    signed_in(cast.ann).get("/search/suggest?place=form&title=mail arrives")
    assert Consultation.objects.count() == 0


def test_opening_an_answer_is_noted(signed_in, cast, article):
    form = sent(article)
    assert signed_in(cast.ann).post(READ, form).status_code == 204
    found = Consultation.objects.get()
    assert (found.user, found.article_id, str(found.key), found.query) == (
        cast.ann,
        article.pk,
        form["key"],
        "mail arrives",
    )
    assert found.opened_at is not None


def test_this_solved_it_ends_the_form_and_sends_nothing(signed_in, cast, article):
    answer = signed_in(cast.ann).post(SOLVED, sent(article))
    assert (answer.status_code, answer.url) == (303, "/")
    assert Consultation.objects.get().solved_at is not None
    assert Feedback.objects.get().solved
    assert Ticket.objects.count() == 0


def test_sending_all_the_same_is_counted_once(signed_in, cast, article):
    client, key = signed_in(cast.ann), str(uuid.uuid4())
    report = {"key": key, "title": "Mail arrives late", "text": "Today.", "urgency": "2"}
    for _click in range(2):
        client.post(FORM, report | {"offered": "1"})
    found = Consultation.objects.get()
    assert (found.ticket_id, found.query) == (Ticket.objects.get().pk, "Mail arrives late")
    assert found.sent_at is not None


def test_a_form_without_answers_beside_it_is_not_counted(signed_in, cast):
    report = {"key": str(uuid.uuid4()), "title": "Zebra", "text": "Today.", "urgency": "2"}
    signed_in(cast.ann).post(FORM, report)
    assert (Ticket.objects.count(), Consultation.objects.count()) == (1, 0)


def test_an_answer_that_was_read_is_counted_though_others_stand_there_now(signed_in, cast, article):
    client, form = signed_in(cast.ann), sent(article)
    client.post(READ, form)
    report = {"key": form["key"], "title": "Zebra", "text": "Today.", "urgency": "2"}
    client.post(FORM, report)
    assert Consultation.objects.get().sent_at is not None


@pytest.mark.parametrize("path", [READ, SOLVED])
def test_an_answer_that_one_may_not_read_is_noted_nowhere(signed_in, cast, path):
    hidden = shelf.article("Desk only", audience="staff")
    client = signed_in(cast.ann)
    client.post(path, sent(hidden))
    client.post(path, sent(hidden) | {"article": "999999"})
    client.post(path, sent(hidden, key="x"))
    assert (Consultation.objects.count(), Feedback.objects.count()) == (0, 0)


@pytest.mark.parametrize("path", [READ, SOLVED])
def test_visitors_are_asked_to_sign_in(client, article, path):
    assert "/login" in client.post(path, sent(article)).url
    assert Consultation.objects.count() == 0


@pytest.mark.parametrize("rows", [1, 20])
def test_looking_takes_the_same_queries_for_any_number_of_rows(
    signed_in, cast, rows, django_assert_max_num_queries
):
    for number in range(rows):
        shelf.article(f"Mail {number}")
    client = signed_in(cast.ann)
    with django_assert_max_num_queries(8):
        page = page_of(client.get("/search/suggest?place=form&title=mail"))
    assert "Mail" in page
