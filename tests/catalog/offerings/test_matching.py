"""What somebody's words find in the catalog."""

import pytest
from django.contrib.auth.models import AnonymousUser

from catalog.offerings.actions import Deliveries, keep_figures
from catalog.offerings.matching import suggest
from tests.cast import MONDAY

from . import shop


def titles(text, user):
    return [match.item.title for match in suggest(text, user)]


def test_the_title_counts_more_than_other_words_and_these_more_than_the_summary(cast):
    shop.item("Chair", summary="Goes with a monitor.")
    shop.item("Screen", keywords="monitor display")
    shop.item("Monitor")
    assert titles("monitors", cast.ann) == ["Monitor", "Screen", "Chair"]


def test_between_equals_the_pinned_one_and_then_the_most_ordered_comes_first(cast):
    rare, often = shop.item("Laptop bag"), shop.item("Laptop stand")
    shop.item("Laptop", is_pinned=True)
    keep_figures({rare.pk: Deliveries(ordered=1), often.pk: Deliveries(ordered=5)}, at=MONDAY)
    assert titles("laptop", cast.ann) == ["Laptop", "Laptop stand", "Laptop bag"]


def test_the_long_text_counts_only_when_nothing_else_is_found(cast):
    shop.item("Chair", body=[("paragraph", "<p>Fits a standing desk.</p>")])
    assert titles("standing", cast.ann) == ["Chair"]
    shop.item("Standing desk")
    assert titles("standing", cast.ann) == ["Standing desk"]


def test_only_what_the_person_may_order_is_found(cast):
    shop.item("Payslip", audience="staff")
    shop.item("Payslip of last year", live=False)
    assert titles("payslip", cast.ann) == []
    assert titles("payslip", AnonymousUser()) == []
    assert titles("payslip", cast.bo) == ["Payslip"]


@pytest.mark.parametrize("text", ["", " ", "x", "?!", "spaceship"])
def test_nothing_is_found_for_words_that_say_nothing(cast, text):
    shop.item()
    assert suggest(text, cast.ann) == []


def test_words_are_found_in_any_form_and_any_script(cast):
    shop.item("Принтер", keywords="プリンター")
    shop.item("Cart", summary="For moving boxes.")
    assert titles("ПРИНТЕРЫ", cast.ann) == ["Принтер"]
    assert titles("プリンター", cast.ann) == ["Принтер"]
    assert titles("carts", cast.ann) == ["Cart"]


def test_the_middle_of_a_word_is_no_hit(cast):
    shop.item("Cart", body=[("paragraph", "<p>Smartphone</p>")])
    assert titles("art", cast.ann) == []
    assert titles("car", cast.ann) == ["Cart"]


def test_an_edited_item_is_found_by_its_new_words_only(cast):
    item = shop.item("Laptop")
    item.title = "Notebook"
    item.save_revision().publish()
    assert (titles("laptop", cast.ann), titles("notebook", cast.ann)) == ([], ["Notebook"])


def test_signs_of_the_database_mean_nothing(cast):
    shop.item("Laptop")
    assert titles("%", cast.ann) == titles("l_ptop", cast.ann) == []


def test_a_good_match_has_half_of_the_words(cast):
    shop.item("New laptop")
    [good] = suggest("laptop please", cast.ann)
    [poor] = suggest("laptop broken since yesterday", cast.ann)
    assert (good.is_good, poor.is_good) == (True, False)


@pytest.mark.parametrize("count", [1, 30])
def test_looking_takes_one_query_and_the_grants(cast, count, django_assert_num_queries):
    for number in range(count):
        shop.item(f"Laptop {number}")
    with django_assert_num_queries(2):
        assert len(suggest("laptop", cast.ann, limit=50)) == count
