"""The employees' pages in the browser."""

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from itil.desk import actions as desk
from itil.incidents.models import Incident, MajorState
from itil.tickets.models import Ticket
from portal.selfservice.actions import ensure_home
from tests import make
from tests.catalog.offerings import shop
from tests.knowledgebase import shelf


@pytest.fixture(autouse=True)
def _home(cast):
    ensure_home()


def page_of(response) -> str:
    return response.content.decode()


def answers(**changes) -> dict:
    return {
        "key": str(uuid.uuid4()),
        "title": "Mail does not arrive",
        "text": "Since this morning.",
        "urgency": "2",
    } | changes


# --- Home and search ------------------------------------------------------------------------


def test_a_visitor_sees_public_answers_and_the_way_to_sign_in(client):
    shelf.article("Guest Wi-Fi")
    shelf.article("Payroll", audience="employees")
    page = page_of(client.get("/"))
    assert "Guest Wi-Fi" in page
    assert "Payroll" not in page
    assert "/login" in page


def test_home_shows_own_open_requests_the_one_that_waits_for_me_first(signed_in, cast):
    waiting = make.taken_incident(cast, title="Printer")
    values = {"hold_reason": "awaiting_requester", "note": "Which floor?"}
    desk.move(waiting, "hold", by=cast.bo, values=values)
    make.incident(cast, title="Badge")
    page = page_of(signed_in(cast.ann).get("/"))
    assert page.index("Printer") < page.index("Badge")
    assert "We asked you a question" in page


def test_home_asks_whether_it_is_solved_but_not_of_a_major_incident(signed_in, cast):
    badge = make.resolved_incident(cast, title="Badge")
    outage = make.resolved_incident(cast, title="Outage")
    Incident.objects.filter(pk=outage.pk).update(major_state=MajorState.RESOLVED)
    home = signed_in(cast.ann).get("/")
    assert [ticket.pk for ticket in home.context["waiting"]] == [badge.pk]
    assert {ticket.pk for ticket in home.context["open_requests"]} == {badge.pk, outage.pk}


def test_home_of_a_new_person_says_that_nothing_is_open(signed_in, cast):
    assert "You have no open requests." in page_of(signed_in(cast.dov).get("/"))


def test_search_carries_the_words_to_the_report_form(signed_in, cast):
    shelf.article()
    page = page_of(signed_in(cast.ann).get("/search/?q=vpn is broken"))
    assert "VPN connects but nothing loads" in page
    assert "/requests/new/?q=vpn%20is%20broken" in page


def test_search_without_a_hit_offers_the_report_form(signed_in, cast):
    assert "No answer yet" in page_of(signed_in(cast.ann).get("/search/?q=zebra"))


def test_home_and_search_offer_what_the_person_may_order(signed_in, client, cast):
    shop.item("New laptop", price=980)
    shop.item("Laptop of the desk", audience="staff")
    person = signed_in(cast.ann)
    for page in ("/", "/search/?q=laptop", "/search/suggest?q=laptop"):
        text = page_of(person.get(page))
        assert ("New laptop" in text or "laptop</mark>" in text, "€980" in text) == (True, True)
        assert 'href="/catalog/it/new-laptop/"' in text
        assert "laptop-of-the-desk" not in text
    person.logout()
    assert "/catalog/" not in page_of(client.get("/"))


def test_home_is_absent_when_it_is_not_published(signed_in, cast):
    ensure_home().unpublish()
    assert signed_in(cast.ann).get("/").status_code == 404


@pytest.mark.parametrize("rows", [1, 30])
def test_home_and_search_take_the_same_queries_for_any_number_of_rows(
    signed_in, cast, rows, django_assert_num_queries
):
    for number in range(rows):
        shelf.article(f"Mail {number}")
        shop.item(f"Mail {number}", calendar=cast.calendar)
        make.taken_incident(cast)
    client = signed_in(cast.ann)
    for page, queries in (("/", 11), ("/search/?q=mail", 8), ("/search/suggest?q=mail", 7)):
        with django_assert_num_queries(queries):
            assert "mail-0/" in page_of(client.get(page))


@pytest.mark.parametrize("place", ["home", "search", "form", "elsewhere"])
def test_suggestions_are_a_fragment_within_the_audience(signed_in, cast, place):
    shelf.article("Unlock an account", audience="staff")
    shelf.article("Account for guests")
    page = page_of(signed_in(cast.ann).get(f"/search/suggest?q=account&place={place}"))
    assert "<html" not in page
    assert "guests" in page
    assert "Unlock" not in page


def test_what_was_typed_is_escaped(signed_in, cast):
    shelf.article("Use <b>bold</b> letters")
    page = page_of(signed_in(cast.ann).get("/search/?q=<script>alert(1)</script> bold"))
    assert "<script>alert" not in page
    assert "<b>bold" not in page


# --- Report form ----------------------------------------------------------------------------


def test_a_visitor_is_asked_to_sign_in_before_reporting(client):
    assert "/login" in client.get("/requests/new/?q=vpn").url


def test_sending_the_form_makes_a_ticket_and_tells_its_number(signed_in, cast):
    client = signed_in(cast.ann)
    response = client.post("/requests/new/", answers(service=cast.mail_service.pk), follow=True)
    ticket = Ticket.objects.get()
    assert response.redirect_chain == [(f"/requests/{ticket.number}/", 302)]
    assert f"Sent. Number {ticket.number}. We e-mailed you a copy." in page_of(response)


def test_sending_the_form_twice_makes_one_ticket(signed_in, cast):
    client, form = signed_in(cast.ann), answers()
    assert client.post("/requests/new/", form).url == client.post("/requests/new/", form).url
    assert Ticket.objects.count() == 1


def test_a_missing_answer_keeps_what_was_typed(signed_in, cast):
    response = signed_in(cast.ann).post("/requests/new/", answers(urgency="", title="Bad <mail>"))
    page = page_of(response)
    assert response.status_code == 422
    assert "<title>Error: Report a problem" in page
    assert "Choose how much it stops you" in page
    assert 'value="Bad &lt;mail&gt;"' in page
    assert "Since this morning." in page
    assert Ticket.objects.count() == 0


def test_a_file_that_is_too_large_is_named_and_nothing_is_sent(signed_in, cast, settings):
    settings.ATTACHMENT_MAX_BYTES = 10
    file = SimpleUploadedFile("big.txt", b"x" * 11)
    response = signed_in(cast.ann).post("/requests/new/", answers(files=file))
    assert response.status_code == 422
    assert "“big.txt” is larger than" in page_of(response)
    assert Ticket.objects.count() == 0


def test_several_files_are_attached(signed_in, cast):
    files = [SimpleUploadedFile(f"{name}.txt", b"text") for name in "ab"]
    signed_in(cast.ann).post("/requests/new/", answers(files=files))
    assert sorted(
        Ticket.objects.get().messages.get().attachments.values_list("name", flat=True)
    ) == ["a.txt", "b.txt"]


def test_a_person_without_organization_is_told_so_and_keeps_the_text(signed_in, cast):
    cast.ann.organization = None
    cast.ann.save()
    response = signed_in(cast.ann).post("/requests/new/", answers())
    assert response.status_code == 422
    assert "belongs to no organization yet" in page_of(response)
    assert "Since this morning." in page_of(response)


def test_the_form_does_not_show_a_foreign_request_or_a_hidden_article(signed_in, cast):
    ticket = make.incident(cast, title="Secret title")
    article = shelf.article("Desk only", audience="staff")
    page = page_of(
        signed_in(cast.dov).get(f"/requests/new/?after={ticket.number}&article={article.pk}")
    )
    assert "Secret title" not in page
    assert "Desk only" not in page


def test_employees_never_read_priorities(signed_in, cast):
    page = page_of(signed_in(cast.ann).get("/requests/new/"))
    assert "How much does it stop you?" in page
    assert "riority" not in page


# --- My requests ----------------------------------------------------------------------------


def test_the_list_shows_open_ones_and_on_request_closed_ones(signed_in, cast):
    make.incident(cast, title="Open one")
    done = make.resolved_incident(cast, title="Closed one")
    desk.move(done, "close", by=cast.ann)
    client = signed_in(cast.ann)
    shown = {show: page_of(client.get(f"/requests/?show={show}")) for show in ("open", "done")}
    assert ("Open one" in shown["open"], "Closed one" in shown["open"]) == (True, False)
    assert ("Open one" in shown["done"], "Closed one" in shown["done"]) == (False, True)


def test_solved_but_not_confirmed_is_still_open_and_marked(signed_in, cast):
    make.resolved_incident(cast)
    page = page_of(signed_in(cast.ann).get("/requests/"))
    assert 'class="it act"' in page
    assert "Solved, please confirm" in page


def test_the_list_is_searched_in_any_language(signed_in, cast):
    make.incident(cast, title="Принтер не печатает")
    make.incident(cast, title="Badge")
    page = page_of(signed_in(cast.ann).get("/requests/?show=all&q=принтеры"))
    assert ("Принтер" in page, "Badge" in page) == (True, False)


def test_the_list_quotes_the_last_answer_of_the_desk(signed_in, cast):
    ticket = make.taken_incident(cast)
    desk.reply(ticket, by=cast.bo, text="Which <b>version</b> is it?")
    desk.note(ticket, by=cast.bo, text="Between us: the supplier sleeps.")
    page = page_of(signed_in(cast.ann).get("/requests/"))
    assert "<span>Bo:</span> <bdi>Which &lt;b&gt;version&lt;/b&gt; is it?</bdi>" in page
    assert "supplier" not in page


def test_the_list_is_read_page_by_page(signed_in, cast):
    for number in range(21):
        make.incident(cast, title=f"Printer {number}.")
    client = signed_in(cast.ann)
    for query in ("", "&q=printer"):
        page = page_of(client.get(f"/requests/?show=all&page=2{query}"))
        assert ("21–21 of 21" in page, "Printer 0." in page) == (True, True)


def test_an_outsider_sees_no_request_in_the_list(signed_in, cast):
    make.incident(cast)
    assert "Mail does not arrive" not in page_of(signed_in(cast.dov).get("/requests/?show=all"))


@pytest.mark.parametrize("rows", [1, 30])
def test_the_list_takes_the_same_queries_for_any_number_of_rows(
    signed_in, cast, rows, django_assert_num_queries
):
    for _number in range(rows):
        make.taken_incident(cast)
    client = signed_in(cast.ann)
    for page, queries in (("/requests/", 8), ("/requests/?q=mail", 8)):
        with django_assert_num_queries(queries):
            assert "Mail does not arrive" in page_of(client.get(page))


# --- One request ----------------------------------------------------------------------------


def test_a_foreign_request_and_an_absent_one_look_the_same(signed_in, cast):
    ticket = make.incident(cast)
    client = signed_in(cast.dov)
    verbs = ("", "comment/", "solved/", "reopen/", "withdraw/")
    for verb in verbs:
        send = client.post if verb else client.get
        pages = [send(f"/requests/{number}/{verb}") for number in (ticket.number, "INC-999999")]
        assert [page.status_code for page in pages] == [404, 404]


def test_staff_who_take_no_part_meet_it_at_the_desk_only(signed_in, cast):
    ticket = make.taken_incident(cast)
    assert signed_in(cast.bo).get(f"/requests/{ticket.number}/").status_code == 404


def test_internal_notes_and_service_levels_are_not_in_the_page(signed_in, cast):
    ticket = make.taken_incident(cast)
    desk.note(ticket, by=cast.bo, text="Between us: the supplier sleeps.")
    page = page_of(signed_in(cast.ann).get(f"/requests/{ticket.number}/"))
    assert "Since this morning no mail arrives." in page
    for secret in ("the supplier sleeps", "Standard", "SLA", "Priority", "Service desk</dd>"):
        assert secret not in page


def test_writing_a_message_adds_it_once(signed_in, cast):
    ticket = make.incident(cast)
    client, form = signed_in(cast.ann), {"key": str(uuid.uuid4()), "text": "Also on my phone."}
    for _click in range(2):
        client.post(f"/requests/{ticket.number}/comment/", form)
    assert list(ticket.messages.values_list("text", flat=True))[1:] == ["Also on my phone."]


def test_an_empty_message_is_not_sent(signed_in, cast):
    ticket = make.incident(cast)
    response = signed_in(cast.ann).post(f"/requests/{ticket.number}/comment/", {"text": " "})
    assert response.status_code == 422
    assert ticket.messages.count() == 1


def test_it_is_solved_closes_the_request(signed_in, cast):
    ticket = make.resolved_incident(cast)
    signed_in(cast.ann).post(f"/requests/{ticket.number}/solved/")
    ticket.refresh_from_db()
    assert ticket.status == "closed"


def test_it_is_not_solved_opens_it_again_with_the_reason(signed_in, cast):
    ticket = make.resolved_incident(cast)
    signed_in(cast.ann).post(f"/requests/{ticket.number}/reopen/", {"reason": "Still no mail."})
    ticket.refresh_from_db()
    assert (ticket.status, ticket.reopen_count) == ("in_progress", 1)
    assert ticket.messages.filter(text="Still no mail.", visibility="public").exists()


def test_opening_again_needs_a_reason(signed_in, cast):
    ticket = make.resolved_incident(cast)
    response = signed_in(cast.ann).post(f"/requests/{ticket.number}/reopen/", {"reason": ""})
    ticket.refresh_from_db()
    assert (response.status_code, ticket.status) == (422, "resolved")


def test_a_refusal_is_told_and_the_text_is_kept(signed_in, cast):
    ticket = make.resolved_incident(cast)
    desk.move(ticket, "close", by=cast.ann)
    response = signed_in(cast.ann).post(
        f"/requests/{ticket.number}/reopen/", {"reason": "Still no mail."}
    )
    ticket.refresh_from_db()
    assert (response.status_code, ticket.status) == (409, "closed")
    assert "There is a problem" in page_of(response)
    assert "Still no mail." in page_of(response)


def test_a_new_request_can_be_withdrawn_and_a_started_one_cannot(signed_in, cast):
    new, started = make.incident(cast), make.taken_incident(cast)
    client = signed_in(cast.ann)
    for ticket in (new, started):
        client.post(f"/requests/{ticket.number}/withdraw/", {"reason": "It works now."})
        ticket.refresh_from_db()
    assert (new.status, started.status) == ("cancelled", "in_progress")


def test_a_closed_request_leads_to_a_new_report(signed_in, cast):
    ticket = make.resolved_incident(cast)
    desk.move(ticket, "close", by=cast.ann)
    page = page_of(signed_in(cast.ann).get(f"/requests/{ticket.number}/"))
    assert f"/requests/new/?after={ticket.number}" in page
    assert "comment/" not in page


@pytest.mark.parametrize("messages", [1, 30])
def test_the_page_takes_the_same_queries_for_any_number_of_messages(
    signed_in, cast, messages, django_assert_num_queries
):
    ticket = make.taken_incident(cast)
    for number in range(messages):
        desk.reply(ticket, by=cast.bo, text=f"Message {number}")
    client = signed_in(cast.ann)
    client.get(f"/requests/{ticket.number}/")
    with django_assert_num_queries(8):
        client.get(f"/requests/{ticket.number}/")
