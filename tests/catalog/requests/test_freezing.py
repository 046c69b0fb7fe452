"""What an item says when it is ordered is kept (`REQ-1`)."""

from decimal import Decimal

from catalog.requests.actions.freezing import frozen, price_of

from . import orders


def test_the_price_is_that_of_the_item_and_its_options_for_every_piece(cast):
    shelf = orders.counter(cast)
    version = shelf.laptop.form.current

    assert price_of(shelf.laptop, version, orders.ANSWERS, 2) == Decimal(1960)
    assert price_of(shelf.key, None, {}, 3) == 0


def test_form_plan_policy_and_who_pays_are_kept(cast):
    shelf = orders.counter(cast)
    version = shelf.laptop.form.current

    kept = frozen(shelf.laptop, version, orders.ANSWERS, 2, person=cast.ann)

    assert (kept["item_title"], kept["quantity"]) == ("New laptop", 2)
    assert (kept["form_version"], kept["policy"]) == (version, shelf.policy)
    assert (kept["plan_version"], kept["cost_centre"]) == (
        shelf.plan.current,
        cast.ann.cost_centre,
    )
