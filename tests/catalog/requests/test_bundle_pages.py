"""A bundle in the browser: one page, one submit, nothing lost."""

import uuid

import pytest

from catalog.requests.models import Draft, RequestBundle, ServiceRequest
from tests.catalog.offerings import shop

from . import bundles, orders

URL = "/catalog/people/new-colleague/"


@pytest.fixture
def story(cast):
    return bundles.welcome(orders.counter(cast))


@pytest.fixture
def ann(story, signed_in):
    return signed_in(story.shelf.cast.ann)


def page_of(answer) -> str:
    return answer.content.decode()


def test_the_page_asks_once_and_shows_what_it_costs_and_who_approves(ann, story):
    page = page_of(ann.get(URL))

    for words in ("First day", "New laptop", "Which doors?", "€1,430.00", "Max approves"):
        assert words in page
    # Answered by the common questions or by the editor.
    assert "Name on it" not in page
    assert '<legend class="lbl">Which model?' not in page
    assert f'name="p-{story.access.pk}-q-holder" value="" data-mirror="q-name"' in page
    assert f'name="p-{story.laptop.pk}-q-model" value="light"' in page
    assert "3 working days before" in page


def test_one_submit_sends_everything(ann, story):
    answer = ann.post(URL, bundles.data(story), follow=True)
    bundle = RequestBundle.objects.get()

    assert answer.redirect_chain == [(bundle.get_absolute_url(), 303)]
    page = page_of(answer)
    for request in bundle.requests.all():
        assert request.number in page
    assert "New colleague: Kim" in page
    assert ServiceRequest.objects.count() == 2


def test_bad_input_keeps_everything_and_marks_the_item(ann, story):
    wrong = bundles.data(story, **{f"p-{story.access.pk}-q-doors": "", "q-name": "Kim Ōe"})
    answer = ann.post(URL, wrong)
    page = page_of(answer)

    assert answer.status_code == 422
    assert "<b>Badge</b>" in page
    assert f'class="line err" id="p-{story.access.pk}"' in page
    assert "Choose an answer to “Which doors?”" in page
    assert 'value="Kim Ōe"' in page
    assert not RequestBundle.objects.exists()
    assert Draft.objects.open().get().typed["name"] == "Kim Ōe"


def test_an_item_that_is_not_ticked_is_not_judged_and_keeps_what_was_typed(ann, story):
    sent = bundles.data(story, **{f"p-{story.laptop.pk}-q-reason": ""})
    del sent[f"p-{story.access.pk}-on"]
    page = page_of(ann.post(URL, sent))

    assert "Choose an answer to “Why do you need it?”" in page
    assert "Which doors?”" not in page
    typed = Draft.objects.get().parts[str(story.access.pk)]
    assert (typed["on"], typed["typed"]["doors"]) == (False, "main")


def test_what_is_typed_is_kept_and_the_panel_follows(ann, story):
    key = str(uuid.uuid4())
    sent = bundles.data(story, key=key, **{f"p-{story.laptop.pk}-q-extras": ["dock"]})
    panel = page_of(ann.post(f"{URL}keep/", sent))

    assert "€1,120.00" in panel
    assert "by 11 March 2026" in panel
    page = page_of(ann.get(URL))
    assert "You began this" in page
    assert 'value="Kim"' in page
    ann.post(f"{URL}keep/", bundles.data(story, key=key, **{"q-name": "Lee"}))
    assert Draft.objects.get().typed["name"] == "Lee"


def test_a_bundle_that_was_changed_meanwhile_is_shown_again(ann, story):
    shown = page_of(ann.get(URL)).split('name="shown" value="')[1].split('"')[0]
    bundle = story.item.bundle
    bundle.version += 1
    bundle.save()
    answer = ann.post(URL, bundles.data(story, shown=shown))

    assert answer.status_code == 409
    assert "has changed since you opened it" in page_of(answer)
    assert not RequestBundle.objects.exists()


def test_sent_twice_it_is_one_order(ann, story):
    sent = bundles.data(story, key=str(uuid.uuid4()))
    ann.post(URL, sent)
    assert "sent already" in page_of(ann.post(URL, sent, follow=True))
    assert RequestBundle.objects.count() == 1


def test_who_may_not_order_it_finds_nothing(story, signed_in):
    story.item.only_organizations = [story.shelf.cast.halden]
    story.item.save()
    client = signed_in(story.shelf.cast.ann)
    for answer in (client.get(URL), client.post(URL, {}), client.post(f"{URL}keep/", {})):
        assert answer.status_code == 404


def test_whose_things_is_asked_first(story, signed_in):
    leaving = bundles.farewell(story.shelf)
    cast, url = story.shelf.cast, "/catalog/it/someone-leaves/"
    client = signed_in(cast.max)
    assert "Who is it about?" in page_of(client.get(url))
    page = page_of(client.get(f"{url}?about={cast.ann.email}"))
    assert "Return a device: Light 14" in page
    assert leaving.thing.number in page
    # A stranger learns nothing about her things.
    other = signed_in(cast.dov)
    assert "Light 14" not in page_of(other.get(f"{url}?about={cast.ann.email}"))

    client = signed_in(cast.max)
    left_out = {"about": cast.ann.email, "q-last": "2026-03-31"}
    answer = client.post(url, left_out)
    assert answer.status_code == 422
    assert "Say why Return a device: Light 14 is left out" in page_of(answer)
    ticked = left_out | {f"p-item-{leaving.thing.pk}-on": "1"}
    page = page_of(client.post(url, ticked, follow=True))
    assert "Someone leaves: Ann" in page
    assert ServiceRequest.objects.get().takes_back == leaving.thing


def test_the_number_of_queries_does_not_grow_with_simple_lines(
    ann, story, django_assert_max_num_queries
):
    for place in range(6):
        more = shop.item(f"Thing {place}")
        bundles.line(story.item.bundle, more, standing="optional")
    with django_assert_max_num_queries(45):
        ann.get(URL)
