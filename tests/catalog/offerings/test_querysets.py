"""Who may order what."""

import pytest
from django.contrib.auth.models import AnonymousUser, Group

from catalog.offerings.models import CatalogItem
from portal.people.models import Location, Membership, Organization, Role

from . import shop


def titles(user):
    return sorted(CatalogItem.objects.visible_to(user).values_list("title", flat=True))


@pytest.mark.parametrize(
    ("audience", "seen_by"),
    [
        ("everybody", {"ann", "bo", "cleo", "mia"}),
        ("employees", {"bo", "cleo", "mia"}),
        ("staff", {"bo", "cleo", "mia"}),
        ("leaders", {"cleo", "mia"}),
    ],
)
def test_an_item_exists_for_its_audience_only(cast, audience, seen_by):
    shop.item(audience=audience)
    people = {name: getattr(cast, name) for name in ("ann", "bo", "cleo", "mia")}
    assert {name for name, user in people.items() if titles(user)} == seen_by


def test_who_has_people_of_the_own_leads_them(cast):
    shop.item(audience="leaders")
    cast.ann.manager = cast.dov
    cast.ann.save()
    assert (titles(cast.dov), titles(cast.ann)) == (["New laptop"], [])
    cast.ann.is_active = False
    cast.ann.save()
    assert titles(cast.dov) == []


def test_a_visitor_sees_nothing(cast):
    shop.item()
    assert titles(AnonymousUser()) == []


def test_an_organization_counts_with_those_it_is_part_of(cast):
    department = Organization.objects.create(
        name="Sales", kind=Organization.Kind.DEPARTMENT, parent=cast.halden
    )
    cast.bo.organization = department
    shop.item("For Halden", only_organizations=[cast.halden])
    shop.item("For Sales", only_organizations=[department])
    shop.item("For customers", only_organizations=[cast.acme, cast.globex])
    assert titles(cast.bo) == ["For Halden", "For Sales"]
    assert titles(cast.mia) == ["For Halden"]
    assert titles(cast.ann) == ["For customers"]


def test_who_belongs_to_no_organization_sees_what_is_for_everybody(cast):
    cast.ann.organization = None
    cast.ann.location = None
    shop.item("For Acme", only_organizations=[cast.acme])
    shop.item("For employees", audience="employees")
    shop.item("For all")
    assert titles(cast.ann) == ["For all"]


def test_everything_that_was_chosen_must_fit(cast):
    berlin = Location.objects.create(organization=cast.acme, name="Berlin")
    drivers = Group.objects.create(name="Drivers")
    shop.item(only_locations=[berlin], only_groups=[drivers], only_organizations=[cast.acme])
    assert titles(cast.ann) == []
    cast.ann.location = berlin
    cast.ann.save()
    assert titles(cast.ann) == []
    cast.ann.groups.add(drivers)
    assert titles(cast.ann) == ["New laptop"]
    cast.ann.organization = cast.globex
    assert titles(cast.ann) == []


def test_what_is_not_published_is_absent_also_with_its_department(cast):
    laptop, chair = shop.item(), shop.item("Chair", department=shop.department("Facilities"))
    laptop.unpublish()
    assert titles(cast.ann) == ["Chair"]
    chair.department.unpublish()
    assert titles(cast.ann) == []


def test_an_audience_of_several_places_gives_an_item_once(cast):
    groups = [Group.objects.create(name=name) for name in ("Drivers", "Pilots")]
    cast.ann.groups.set(groups)
    shop.item(only_groups=groups)
    assert titles(cast.ann) == ["New laptop"]


def test_losing_a_duty_takes_effect_at_once(cast):
    shop.item(audience="staff")
    assert titles(cast.bea) == ["New laptop"]
    Membership.objects.filter(user=cast.bea, role=Role.BILLING_CLERK).delete()
    del cast.bea.grants
    assert titles(cast.bea) == []


def test_no_query_is_made_for_the_person_but_the_grants(cast, django_assert_num_queries):
    shop.item()
    with django_assert_num_queries(2):
        assert len(CatalogItem.objects.visible_to(cast.ann).with_card()) == 1
