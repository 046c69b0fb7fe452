"""The catalog in the browser."""

import pytest

from catalog.offerings.actions import Deliveries, keep_figures
from catalog.offerings.models import CatalogPage
from itil.tickets.models import Category
from tests.cast import MONDAY

from . import shop


@pytest.fixture
def kim(cast):
    """A catalog manager."""
    return shop.manager(cast)


def test_a_visitor_is_asked_to_sign_in(client, cast):
    shop.item()
    for path in ("/catalog/", "/catalog/it/"):
        assert client.get(path).url == f"/account/login/?next={path}"


def test_the_front_shows_every_department_with_its_items(signed_in, cast):
    shop.item("New laptop", price=980, is_starting_price=True, delivery_business_days=5)
    shop.item("Desk chair", department=shop.department("Facilities"))
    page = signed_in(cast.ann).get("/catalog/").text
    for words in ("New laptop", "From €980", "5 working days", "Desk chair", "Facilities", "Free"):
        assert words in page
    assert 'placeholder="Search 2 services"' in page


def test_the_front_welcomes_with_the_words_of_its_page(signed_in, cast):
    shop.item()
    CatalogPage.objects.update(introduction="Everything a colleague may need.")
    assert "Everything a colleague may need." in signed_in(cast.ann).get("/catalog/").text


def test_the_front_of_an_empty_catalog_says_so(signed_in, cast):
    shop.department()
    page = signed_in(cast.ann).get("/catalog/").text
    assert "Nothing to order yet" in page
    assert "/catalog/it/" not in page


def test_the_front_counts_all_and_shows_the_first_six(signed_in, cast):
    for number in range(8):
        shop.item(f"Thing {number}")
    page = signed_in(cast.ann).get("/catalog/").text
    assert "All 8" in page
    assert [f"Thing {number}" in page for number in range(8)] == [True] * 6 + [False] * 2


def test_pinned_items_come_before_those_ordered_most(signed_in, cast):
    items = {name: shop.item(name) for name in ("Chair", "Desk", "Lamp", "Screen")}
    items["Screen"].is_pinned = True
    items["Screen"].save()
    keep_figures(
        {items["Lamp"].pk: Deliveries(ordered=9), items["Desk"].pk: Deliveries(ordered=3)},
        at=MONDAY,
    )
    response = signed_in(cast.ann).get("/catalog/")
    assert [item.title for item in response.context["popular"]] == ["Screen", "Lamp", "Desk"]
    [shelf] = response.context["shelves"].all
    assert [item.title for item in shelf.items] == ["Screen", "Lamp", "Desk", "Chair"]


def test_a_department_shows_its_items_by_topic(signed_in, cast):
    devices, access = (Category.objects.create(name=name) for name in ("Devices", "Access"))
    shop.item("Laptop", category=devices)
    shop.item("VPN", category=access)
    shop.item("Chair", department=shop.department("Facilities"))
    client = signed_in(cast.ann)
    page = client.get("/catalog/it/").text
    assert ("Laptop" in page, "VPN" in page, "Chair" in page) == (True, True, False)
    page = client.get(f"/catalog/it/?topic={access.pk}").text
    assert ("Laptop" in page, "VPN" in page) == (False, True)


@pytest.mark.parametrize("topic", ["999999", "x", "-1"])
def test_an_unknown_topic_shows_all(signed_in, cast, topic):
    shop.item("Laptop", category=Category.objects.create(name="Devices"))
    assert "Laptop" in signed_in(cast.ann).get(f"/catalog/it/?topic={topic}").text


def test_a_department_without_anything_for_the_person_does_not_exist(signed_in, cast):
    shop.item("Payslips", audience="staff", department=shop.department("Secret works"))
    client = signed_in(cast.ann)
    assert client.get("/catalog/secret-works/").status_code == 404
    assert "Secret works" not in client.get("/catalog/").text
    assert "Payslips" not in client.get("/catalog/?q=payslips").text
    assert signed_in(cast.bo).get("/catalog/secret-works/").status_code == 200


def test_an_item_outside_its_audience_does_not_exist(signed_in, cast):
    item = shop.item(audience="staff")
    assert item.address == "/catalog/it/new-laptop/"
    assert signed_in(cast.ann).get(item.address).status_code == 404


def test_the_search_finds_by_word_and_by_other_words(signed_in, cast):
    shop.item("New laptop", keywords="notebook macbook")
    shop.item("Desk chair", summary="Sits well in front of a laptop.")
    response = signed_in(cast.ann).get("/catalog/?q=laptops")
    assert [item.title for item in response.context["hits"]] == ["New laptop", "Desk chair"]
    response = signed_in(cast.ann).get("/catalog/?q=noteb")
    assert [item.title for item in response.context["hits"]] == ["New laptop"]


def test_a_search_without_a_hit_says_so_and_keeps_the_words(signed_in, cast):
    shop.item()
    page = signed_in(cast.ann).get("/catalog/?q=%3Cb%3Espaceship").text
    assert "Nothing found for “&lt;b&gt;spaceship”" in page
    assert 'value="&lt;b&gt;spaceship"' in page


def test_a_card_tells_the_share_of_kept_promises_when_there_were_enough(signed_in, cast):
    laptop, chair = shop.item("Laptop"), shop.item("Chair")
    keep_figures(
        {
            laptop.pk: Deliveries(ordered=9, delivered=9, promised=8, kept=7),
            chair.pk: Deliveries(ordered=4, delivered=4, promised=4, kept=1),
        },
        at=MONDAY,
    )
    page = signed_in(cast.ann).get("/catalog/it/").text
    assert "87 % on time" in page
    assert "25 %" not in page


def test_a_card_without_deliveries_tells_no_share(signed_in, cast):
    shop.item()
    client = signed_in(cast.ann)
    assert "on time" not in client.get("/catalog/it/").text
    assert "on time" not in client.get("/catalog/").text


@pytest.mark.parametrize("count", [1, 60])
def test_the_pages_take_the_same_queries_for_any_number_of_items(
    signed_in, cast, count, django_assert_max_num_queries
):
    topic = Category.objects.create(name="Devices")
    for number in range(count):
        shop.item(f"Laptop {number}", category=topic, calendar=cast.calendar)
    client = signed_in(cast.ann)
    for page in (
        "",
        "it/",
        f"it/?topic={topic.pk}",
        "?q=laptop",
    ):
        with django_assert_max_num_queries(8):
            assert client.get(f"/catalog/{page}").status_code == 200


def test_a_manager_sees_the_catalog_as_somebody_else_and_it_is_recorded(signed_in, cast, kim):
    shop.item("For all")
    shop.item("For our own", audience="employees")
    client = signed_in(kim)
    assert "For our own" in client.get("/catalog/").text
    response = client.post("/catalog/view-as/", {"address": "ANN@acme.example"})
    page = client.get(response.url).text
    assert "You see the catalog as <strong>Ann</strong> does." in page
    assert ("For all" in page, "For our own" in page) == (True, False)
    assert [line.user for line in shop.looks_at(cast.ann)] == [kim]


def test_links_of_such_a_page_stay_within_it(signed_in, cast, kim):
    shop.item()
    client = signed_in(kim)
    start = f"/catalog/view-as/{cast.ann.uuid}/"
    for path in (start, f"{start}it/", f"{start}?q=laptop"):
        page = client.get(path).text
        assert f'href="{start}it/new-laptop/"' in page
        assert 'href="/catalog/it/' not in page
    page = client.get(f"{start}it/new-laptop/").text
    assert "New laptop" in page
    assert "<form" not in page.split("<main")[1].split("</main>")[0]


def test_nobody_else_sees_the_catalog_as_somebody_else(signed_in, cast, kim):
    shop.item()
    for user in (cast.ann, cast.bo, cast.cleo, cast.mia):
        client = signed_in(user)
        for path in ("", f"{kim.uuid}/", f"{kim.uuid}/it/", f"{kim.uuid}/it/new-laptop/"):
            assert client.get(f"/catalog/view-as/{path}").status_code == 404
        assert "View as" not in client.get("/catalog/").text
    assert "View as" in signed_in(cast.root).get("/catalog/").text


def test_an_unknown_or_inactive_person_is_refused_and_the_address_kept(signed_in, cast, kim):
    cast.dov.is_active = False
    cast.dov.save()
    client = signed_in(kim)
    for address in ("nobody@acme.example", cast.dov.email):
        response = client.post("/catalog/view-as/", {"address": address})
        assert response.status_code == 422
        assert f'value="{address}"' in response.text
    assert client.get(f"/catalog/view-as/{cast.dov.uuid}/").status_code == 404


def test_what_a_person_may_not_have_is_absent_through_other_eyes_too(signed_in, cast, kim):
    shop.item("Payslips", audience="staff")
    client = signed_in(kim)
    assert client.get(f"/catalog/view-as/{cast.ann.uuid}/it/").status_code == 404
    assert client.get(f"/catalog/view-as/{cast.ann.uuid}/it/payslips/").status_code == 404
