"""The catalog of the demo company hangs together."""

import pytest

from catalog.offerings.actions import faults
from catalog.offerings.models import SIGNS, Bundle, CatalogItem, DepartmentPage
from portal.demo.catalog import make_catalog
from portal.demo.catalog.approvals import POLICIES
from portal.demo.catalog.forms import FORMS
from portal.demo.catalog.offers import DESKS
from portal.demo.catalog.plans import PLANS
from portal.demo.company import found
from portal.people.models import User
from portal.selfservice.actions import ensure_home
from tests.cast import MONDAY

OFFERS = [offer for desk in DESKS for offer in desk.offers]


def test_there_are_forty_items_and_more_over_five_departments():
    assert len(DESKS) == 5
    assert len({offer.title for offer in OFFERS}) == len(OFFERS) >= 40


@pytest.mark.parametrize("offer", OFFERS, ids=lambda offer: offer.title)
def test_every_name_that_an_item_uses_is_there(offer):
    assert offer.form in FORMS
    assert offer.approval in {"", *POLICIES}
    assert offer.plan in {"", *PLANS}
    assert offer.icon in {sign.icon for sign in SIGNS}
    prices = [question.has_prices for question in FORMS[offer.form].questions.values()]
    # What a newcomer costs is the sum of what is ordered.
    assert offer.starting == (any(prices) or offer.bundle == "New colleague")
    assert not offer.bundle or not (offer.approval or offer.plan)


def test_conditions_of_tasks_name_answers_of_the_forms_they_follow():
    for offer in OFFERS:
        questions = FORMS[offer.form].questions
        for part in PLANS.get(offer.plan, ()):
            key, _sign, value = part.only_if.partition("=")
            assert not key or value in questions[key].chosen, (offer.title, part.key)


def test_the_whole_catalog_is_published_and_its_people_can_approve(db):
    company = found()
    ensure_home()
    make_catalog(company, MONDAY)
    items = CatalogItem.objects.live().select_related("form__current", "plan__current")
    assert items.count() == len(OFFERS)
    assert DepartmentPage.objects.live().filter(is_confidential=True).count() == 2
    for item in items:
        assert item.form.current is not None
        assert item.plan_id is None or item.plan.current is not None
        item.full_clean()
    for bundle in Bundle.objects.all():
        assert faults(bundle, today=MONDAY.date()) == []
    maria = User.objects.select_related("manager__manager", "cost_centre__owner").get(
        name="Maria Ortega"
    )
    assert maria.manager.manager.name == "Ingrid Bos"
    assert maria.cost_centre.owner not in (None, maria)
    visible = CatalogItem.objects.visible_to(maria)
    assert visible.count() == sum(offer.audience in ("everybody", "employees") for offer in OFFERS)
    customer = User.objects.get(name="Grace Owusu")
    assert CatalogItem.objects.visible_to(customer).count() == 4
