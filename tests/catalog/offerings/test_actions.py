"""What is done to the catalog outside its editors' screens."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone

from catalog.offerings import actions
from catalog.offerings.actions import EDITORS, Deliveries
from catalog.offerings.models import CatalogItem, CatalogPage, DeliveryFigure
from itil.tickets.errors import NotAllowed
from portal.people.models import Membership, Role, User
from portal.selfservice.actions import ensure_home
from tests.cast import MONDAY

from . import shop


@pytest.fixture
def kim(cast):
    """A catalog manager."""
    return shop.manager(cast)


def test_the_catalog_is_made_once_below_the_home_page(cast):
    home = ensure_home()
    catalog = actions.ensure_catalog(home)
    assert (CatalogPage.objects.get(), catalog.get_parent().specific) == (catalog, home)
    assert catalog.address == "/catalog/"


def test_figures_are_replaced_as_a_whole(cast):
    laptop, chair = shop.item("Laptop"), shop.item("Chair")
    first = Deliveries(9, 8, 7, 6, Decimal("2.5"), Decimal("4.25"))
    actions.keep_figures({laptop.pk: first, chair.pk: Deliveries(ordered=1)}, at=MONDAY)
    later = MONDAY + timedelta(days=1)
    actions.keep_figures({laptop.pk: Deliveries(ordered=2), 999_999: first}, at=later)
    assert list(DeliveryFigure.objects.values_list("item", "ordered", "kept", "counted_at")) == [
        (laptop.pk, 2, 0, later)
    ]


@pytest.mark.parametrize(
    ("delivered", "usual", "nine_in_ten"),
    [(4, None, None), (5, 2, None), (9, 2, None), (10, 2, 4)],
)
def test_few_deliveries_tell_nothing(cast, delivered, usual, nine_in_ten):
    item = shop.item()
    found = Deliveries(delivered, delivered, delivered, 1, Decimal(2), Decimal(4))
    actions.keep_figures({item.pk: found}, at=MONDAY)
    figure = DeliveryFigure.objects.get()
    assert (figure.usual_days, figure.nine_in_ten_days) == (usual, nine_in_ten)


def test_the_share_kept_is_rounded_down_and_told_from_five_promises_on(cast):
    figure = DeliveryFigure(promised=7, kept=6)
    assert figure.kept_percent == 85
    figure.promised = figure.kept = 4
    assert figure.kept_percent is None


def test_only_who_has_the_duty_looks_through_other_eyes(cast, kim):
    actions.view_as(cast.ann, by=kim)
    actions.view_as(cast.ann, by=cast.root)
    for user in (cast.ann, cast.bo, cast.cleo, cast.mia, cast.bea):
        with pytest.raises(NotAllowed):
            actions.view_as(cast.dov, by=user)
    assert [line.user for line in shop.looks_at(cast.ann)] == [cast.root, kim]
    assert list(shop.looks_at(cast.dov)) == []


def test_nobody_looks_through_the_eyes_of_who_left(cast, kim):
    cast.dov.is_active = False
    with pytest.raises(NotAllowed):
        actions.view_as(cast.dov, by=kim)


def test_pages_go_live_and_away_at_their_time(cast):
    now = timezone.now()
    coming = shop.item("Coming", live=False, go_live_at=now - timedelta(hours=1))
    coming.save_revision(approved_go_live_at=coming.go_live_at)
    shop.item("Going", expire_at=now - timedelta(minutes=1))
    shop.item("Staying", expire_at=now + timedelta(minutes=1))
    actions.publish_scheduled()
    live = CatalogItem.objects.live().order_by("title").values_list("title", flat=True)
    assert list(live) == ["Coming", "Staying"]


def test_who_gets_the_duty_may_edit_the_catalog_and_nothing_else(cast, kim, signed_in):
    item = shop.item()
    article = ensure_home().get_children().get(slug="answers")
    client = signed_in(kim)
    assert client.get("/admin/").status_code == 200
    assert client.get(f"/admin/pages/{item.pk}/edit/").status_code == 200
    assert client.get(f"/admin/pages/{article.pk}/edit/").status_code == 302
    assert client.get("/admin/users/").status_code == 302


def test_who_loses_the_duty_is_out_at_the_next_page(cast, kim, signed_in):
    item = shop.item()
    client = signed_in(kim)
    assert client.get(f"/admin/pages/{item.pk}/edit/").status_code == 200
    Membership.objects.filter(user=kim, role=Role.CATALOG_MANAGER).delete()
    assert client.get(f"/admin/pages/{item.pk}/edit/").status_code == 302
    assert not kim.groups.exists()


def test_others_do_not_join_the_editors(cast):
    for user in (cast.ann, cast.bo, cast.root):
        actions.keep_editor(user)
    assert not User.objects.filter(groups__name=EDITORS).exists()
    assert not Group.objects.filter(name=EDITORS).exists()


def test_who_edits_already_costs_one_query(cast, kim, django_assert_num_queries):
    shop.item()
    actions.keep_editor(kim)
    with django_assert_num_queries(1):
        actions.keep_editor(kim)
