"""Which language a customer is written to in: one rule for all that is about money (`CRS-3`)."""

from datetime import date, timedelta

import pytest

from billing.contracts.matching import language_for, terms_of
from billing.contracts.models import Contract
from portal.people.models import Organization
from tests.billing import make as billing

TODAY = date(2026, 3, 2)

pytestmark = pytest.mark.django_db


@pytest.fixture
def acme(cast):
    """Acme reads Dutch, and has no contract yet."""
    cast.acme.language = "nl"
    cast.acme.save()
    return cast.acme


def contract(organization, language, number="C-1", **changes):
    return billing.contract(organization, language=language, number=number, **changes)


def test_a_paper_that_belongs_to_a_contract_is_in_the_language_of_that_contract(acme):
    german = contract(acme, "de")
    contract(acme, "ja", number="C-2")
    assert language_for(acme, TODAY, german) == "de"
    assert language_for(acme, TODAY, terms_of(german)) == "de"


def test_a_contract_that_names_no_language_leaves_it_to_the_customer(acme):
    assert language_for(acme, TODAY, contract(acme, "")) == "nl"
    assert language_for(acme, TODAY) == "nl"


def test_any_other_paper_is_in_the_language_of_the_only_contract_that_runs(acme):
    assert language_for(acme, TODAY) == "nl"
    contract(acme, "de", valid_to=TODAY)
    assert language_for(acme, TODAY) == "de"
    assert language_for(acme, TODAY + timedelta(days=1)) == "nl"
    Contract.objects.update(active=False)
    assert language_for(acme, TODAY) == "nl"


def test_of_several_contracts_none_speaks_for_the_customer(acme):
    contract(acme, "de")
    contract(acme, "ja", number="C-2")
    assert language_for(acme, TODAY) == "nl"


def test_a_subsidiary_reads_the_language_of_the_contract_above_it_until_it_has_its_own(acme):
    below = Organization.objects.create(name="Acme Labs", parent=acme, language="ru")
    contract(acme, "de")
    assert language_for(below, TODAY) == "de"
    contract(below, "ja", number="C-2")
    assert language_for(below, TODAY) == "ja"
    contract(below, "zh-hans", number="C-3")
    assert language_for(below, TODAY) == "ru"


def test_where_nobody_named_a_language_it_is_that_of_the_desk(cast, settings):
    assert language_for(cast.acme, TODAY) == settings.LANGUAGE_CODE == "en-gb"


def test_a_contract_that_is_known_costs_no_query_and_finding_one_two(
    acme, django_assert_num_queries
):
    german = contract(acme, "de")
    with django_assert_num_queries(0):
        language_for(acme, TODAY, german)
    with django_assert_num_queries(1):
        language_for(acme, TODAY)
