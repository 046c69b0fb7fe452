"""The form by which one item is ordered, and the order of several."""

import uuid
from dataclasses import replace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from catalog.requests import actions
from catalog.requests.forms import shown_token
from catalog.requests.models import Draft, RequestBundle, ServiceRequest
from itil.fields.definition import Definition, Kind, Question
from itil.tickets.models import Ticket
from tests.cast import MONDAY
from tests.catalog.offerings import shop

from . import bundles, orders

URL = "/catalog/it/new-laptop/"
SENT = {"q-model": "light", "q-reason": "new"}


@pytest.fixture
def shelf(cast):
    return orders.counter(cast)


@pytest.fixture
def ann(shelf, signed_in):
    return signed_in(shelf.cast.ann)


def page_of(answer) -> str:
    return answer.content.decode()


def test_the_form_shows_price_approval_and_promise_before_anything_is_sent(ann):
    page = page_of(ann.get(URL))

    for words in ("New laptop", "Which model?", "€980", "Max approves", "5 working days"):
        assert words in page
    assert not Draft.objects.exists()


def test_an_item_outside_the_audience_is_not_there(ann, shelf):
    shelf.laptop.only_organizations = [shelf.cast.halden]
    shelf.laptop.save()
    for answer in (ann.get(URL), ann.post(URL, SENT), ann.post(f"{URL}keep/", SENT)):
        assert answer.status_code == 404
    assert ann.get("/catalog/it/nothing/").status_code == 404
    assert not Draft.objects.exists()


def test_a_visitor_signs_in_first(client, shelf):
    assert client.get(URL).url == f"/account/login/?next={URL}"


def test_what_is_sent_becomes_a_request_with_its_number(ann):
    answer = ann.post(URL, {**SENT, "q-extras": ["monitor"], "quantity": "2"}, follow=True)

    request = ServiceRequest.objects.get()
    assert answer.redirect_chain == [(f"/requests/{request.number}/", 303)]
    assert f"Sent. Number {request.number}. We e-mailed you a copy." in page_of(answer)
    assert (request.answers["extras"], request.quantity) == (["monitor"], 2)


def test_sent_twice_it_is_one_request(ann):
    data = {**SENT, "key": str(uuid.uuid4())}
    ann.post(URL, data)
    answer = ann.post(URL, data, follow=True)

    assert ServiceRequest.objects.count() == 1
    assert "sent already" in page_of(answer)


def test_a_mistake_comes_back_with_what_was_typed_and_where_it_is(ann):
    answer = ann.post(URL, {"q-model": "creator", "q-reason": "old", "q-note": "Blue"})
    page = page_of(answer)

    assert answer.status_code == 422
    assert "<title>Error: New laptop" in page
    assert "There is a problem" in page
    assert 'href="#id_q-tag"' in page
    assert "Blue" in page
    assert not Ticket.objects.exists()
    assert Draft.objects.open().get().typed["note"] == "Blue"


def test_files_survive_a_mistake(ann, shelf):
    definition = orders.laptop_form(note={"kind": "file"})
    shelf.laptop.form = orders.publish(shelf.cast, definition, "With a file").field_set
    shelf.laptop.save()
    key = str(uuid.uuid4())
    upload = SimpleUploadedFile("plan.txt", b"Room 5")
    answer = ann.post(URL, {"q-model": "light", "q-note": upload, "key": key})
    assert answer.status_code == 422
    assert 'name="q-note-kept" value="plan.txt" checked' in page_of(answer)

    ann.post(URL, {**SENT, "q-note-kept": "plan.txt", "key": key})
    assert ServiceRequest.objects.get().answers["note"] == ["plan.txt"]


def test_what_was_begun_is_found_a_day_later_on_another_device(shelf, client):
    """The same person, another browser: the newest unsent draft of the item."""
    client.force_login(shelf.cast.ann)
    client.post(f"{URL}keep/", {"key": str(uuid.uuid4()), "q-model": "creator", "q-note": "Blue"})
    client.logout()
    client.force_login(shelf.cast.ann)
    page = page_of(client.get(URL))

    assert "You began this" in page
    assert "Blue" in page
    assert "creator" in page
    assert "Not sent yet" in page_of(client.get("/requests/"))
    client.force_login(shelf.cast.max)
    assert "Blue" not in page_of(client.get(URL))


def test_while_one_types_the_draft_is_kept_and_the_price_follows(ann):
    key = str(uuid.uuid4())
    answer = ann.post(f"{URL}keep/", {"key": key, "q-model": "creator", "q-extras": ["dock"]})

    assert "€2,030.00" in page_of(answer)
    assert "charged to Marketing" in page_of(answer)
    assert "Saved" in page_of(answer)
    assert Draft.objects.get().typed["extras"] == ["dock"]


def test_starting_again_throws_the_draft_away(ann, shelf):
    draft = orders.draft(shelf)
    answer = ann.post(f"/requests/drafts/{draft.uuid}/discard/", {"next": "form"})

    assert answer.url == URL
    assert not Draft.objects.exists()


def test_saving_for_later_leads_to_the_list_that_has_it(ann):
    answer = ann.post(URL, {"q-model": "light", "do": "later"}, follow=True)

    assert answer.status_code == 200
    assert "Not sent yet" in page_of(answer)
    assert Draft.objects.open().get().typed["model"] == "light"


def test_a_form_published_anew_meanwhile_is_shown_with_what_was_typed(ann, shelf):
    token = shown_token(shelf.laptop, shelf.laptop.form.current, shelf.cast.ann)
    [section] = orders.laptop_form().sections
    asked = [question for question in section.questions if question.key != "note"]
    wish = Question(key="wish", kind=Kind.TEXT, label="Which color?", required=True)
    orders.publish(shelf.cast, Definition((replace(section, questions=(*asked, wish)),)))
    answer = ann.post(URL, {**SENT, "q-note": "Blue", "shown": token})
    page = page_of(answer)

    assert answer.status_code == 409
    assert "This form has changed since you opened it" in page
    assert "No longer asked:" in page
    assert "Blue" in page
    assert not Ticket.objects.exists()
    key = Draft.objects.get().uuid
    ann.post(URL, {**SENT, "q-wish": "A blue one", "key": str(key)})
    assert ServiceRequest.objects.get().answers["wish"] == "A blue one"


def test_an_item_retired_meanwhile_says_so_and_keeps_what_was_typed(ann, shelf):
    token = shown_token(shelf.laptop, shelf.laptop.form.current, shelf.cast.ann)
    shelf.laptop.unpublish()
    answer = ann.post(URL, {**SENT, "q-note": "Blue", "shown": token})

    assert answer.status_code == 409
    for words in ("Not offered any more", "Blue", "Light 14"):
        assert words in page_of(answer)
    assert not Ticket.objects.exists()
    assert "Blue" in page_of(ann.get(URL))
    assert "Blue" in page_of(ann.get(Draft.objects.get().get_absolute_url()))


def test_the_token_of_somebody_else_shows_nothing_of_a_retired_item(ann, shelf):
    token = shown_token(shelf.laptop, shelf.laptop.form.current, shelf.cast.max)
    shelf.laptop.unpublish()
    assert ann.post(URL, {**SENT, "shown": token}).status_code == 404
    assert ann.post(URL, {**SENT, "shown": "forged"}).status_code == 404


def test_who_leads_people_is_asked_for_whom_and_others_are_not(shelf, signed_in):
    assert "Who is it for?" not in page_of(signed_in(shelf.cast.ann).get(URL))
    client = signed_in(shelf.cast.max)
    assert "Who is it for?" in page_of(client.get(URL))

    client.post(URL, {**SENT, "who": "other", "person": "Ann"})
    assert ServiceRequest.objects.get().requested_for == shelf.cast.ann
    for typed in ("", "Nobody Known", "Dov"):
        answer = client.post(URL, {**SENT, "who": "other", "person": typed})
        assert answer.status_code == 422
    assert ServiceRequest.objects.count() == 1


def test_answers_are_offered_where_a_sentence_is_typed(ann, shelf):
    """What fits better to order, or an article that helps; not the item itself (`KPI-15`)."""
    page = page_of(ann.get(URL))
    assert "place=form&amp;name=q-note" in page
    assert 'id="answered"' in page
    assert "place=form" not in page_of(ann.get("/catalog/it/spare-key/"))

    shop.item("Spare laptop charger", keywords="laptop")
    found = {"place": "form", "name": "q-note", "q-note": "laptop", "item": shelf.laptop.pk}
    offered = page_of(ann.get(reverse("selfservice:suggest"), found))
    assert "/catalog/it/spare-laptop-charger/" in offered
    assert "/catalog/it/new-laptop/" not in offered


def test_the_devices_offered_are_those_of_whom_it_is_for(ann, shelf):
    """They change with the person, without a new page."""
    cast = shelf.cast
    cast.max.manager = cast.ann
    cast.max.save()
    bundles.thing(cast, "Ann’s laptop", holder=cast.ann)
    bundles.thing(cast, "Max’s laptop", holder=cast.max)
    form = orders.publish(cast, bundles.form_of(Question("device", Kind.DEVICE, "Which?")), "Own")
    item = shop.item("Repair of a device", form=form.field_set)
    page = page_of(ann.get(item.address))
    assert "Ann’s laptop" in page
    assert "Max’s laptop" not in page
    sent = {"key": str(uuid.uuid4()), "who": "other", "person": cast.max.email}
    panel = page_of(ann.post(f"{item.address}keep/", sent))
    assert "Max’s laptop" in panel
    assert "Ann’s laptop" not in panel
    assert "laptop" not in page_of(ann.post(f"{item.address}keep/", sent))


# --- Several items ------------------------------------------------------------------------------


def test_items_go_into_one_order_and_are_sent_together(ann, shelf):
    ann.post(URL, {**SENT, "do": "cart"})
    answer = ann.post("/catalog/it/spare-key/", {"do": "cart"}, follow=True)
    assert answer.redirect_chain == [("/requests/order/", 303)]
    for words in ("New laptop", "Spare key", "€980.00", "Needs approval"):
        assert words in page_of(answer)

    answer = ann.post("/requests/order/", {"title": "Kim's first day"}, follow=True)
    bundle = RequestBundle.objects.get()
    assert answer.redirect_chain == [(f"/requests/orders/{bundle.number}/", 303)]
    numbers = [request.number for request in bundle.requests.all()]
    assert len(numbers) == 2
    for words in ("Kim&#x27;s first day", *numbers, "Waiting for approval"):
        assert words in page_of(answer)


def test_what_is_taken_out_of_the_order_stays_a_draft(ann, shelf):
    draft = actions.put_into_cart(orders.draft(shelf), by=shelf.cast.ann)
    ann.post(f"/requests/order/{draft.uuid}/remove/")

    assert Draft.objects.open().get().in_cart is False
    assert "Your order is empty" in page_of(ann.get("/requests/order/"))


def test_an_order_that_will_not_do_is_not_sent(ann, shelf):
    draft = actions.put_into_cart(orders.draft(shelf, typed={}), by=shelf.cast.ann)
    answer = ann.post("/requests/order/", {"title": "All of it"})

    assert answer.status_code == 409
    assert "New laptop: Choose" in page_of(answer)
    assert "All of it" in page_of(answer)
    assert Draft.objects.open().get() == draft


@pytest.mark.parametrize("who", ["bo", "dov", "max"])
def test_orders_and_drafts_of_others_are_not_there(shelf, signed_in, who):
    draft = actions.put_into_cart(orders.draft(shelf, shelf.key), by=shelf.cast.ann)
    other = orders.draft(shelf)
    bundle = actions.submit_together([draft], by=shelf.cast.ann, at=MONDAY)
    client = signed_in(getattr(shelf.cast, who))

    assert client.get(bundle.get_absolute_url()).status_code == 404
    assert client.get(other.get_absolute_url()).status_code == 404
    assert client.post(f"/requests/drafts/{other.uuid}/discard/").status_code == 404
    assert client.post(f"/requests/order/{other.uuid}/remove/").status_code == 404
    assert Draft.objects.filter(pk=other.pk).exists()
