"""What an item promises, costs and needs."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from catalog.offerings.models import CatalogItem, DepartmentPage
from itil.approvals.models import ApprovalPolicy, PolicyStep, Source
from itil.calendars.models import BusinessCalendar
from tests.cast import MONDAY

from . import shop


def policy(*sources, **fields):
    made = ApprovalPolicy.objects.create(name=f"Policy {'/'.join(sources)}")
    for order, source in enumerate(sources):
        PolicyStep.objects.create(
            policy=made, label="Step", source=source, sort_order=order, **fields
        )
    return made


def approval_of(item):
    return CatalogItem.objects.with_card().get(pk=item.pk).approval_text


@pytest.mark.parametrize(
    ("days", "start", "due"),
    [
        # Monday 10:00 in Berlin, open from 9 to 17.
        (1, MONDAY, MONDAY + timedelta(days=1)),
        (5, MONDAY, MONDAY + timedelta(days=7)),
        (0, MONDAY, datetime(2026, 3, 2, 16, 0, tzinfo=UTC)),
        # Friday 18:00: the next Monday counts as the receipt.
        (0, datetime(2026, 3, 6, 17, 0, tzinfo=UTC), datetime(2026, 3, 9, 16, 0, tzinfo=UTC)),
        (1, datetime(2026, 3, 6, 17, 0, tzinfo=UTC), datetime(2026, 3, 10, 8, 0, tzinfo=UTC)),
    ],
)
def test_a_promise_is_so_many_working_days_later_at_the_same_time(cast, days, start, due):
    item = CatalogItem(calendar=cast.calendar, delivery_business_days=days)
    assert item.promised_by(start) == due


def test_nothing_is_promised_without_days_or_a_calendar_that_opens(cast):
    closed = BusinessCalendar.objects.create(name="Never")
    for item in (
        CatalogItem(calendar=cast.calendar),
        CatalogItem(delivery_business_days=3),
        CatalogItem(calendar=closed, delivery_business_days=3),
        CatalogItem(calendar=closed, delivery_business_days=0),
    ):
        assert item.promised_by(MONDAY) is None


@pytest.mark.parametrize(
    ("days", "always_open", "text"),
    [
        (None, False, ""),
        (0, False, "Same day"),
        (1, False, "1 working day"),
        (5, False, "5 working days"),
        (1, True, "1 day"),
        (45, True, "45 days"),
    ],
)
def test_the_promise_in_words(db, days, always_open, text):
    calendar = BusinessCalendar(always_open=always_open)
    assert CatalogItem(calendar=calendar, delivery_business_days=days).delivery_text == text


@pytest.mark.parametrize(
    ("sources", "text"),
    [
        ((), ""),
        ((Source.MANAGER,), "Manager approves"),
        ((Source.OWNER,), "Owner approves"),
        ((Source.TEAM_LEADS,), "Needs approval"),
        ((Source.MANAGER, Source.OWNER), "Manager approves first"),
    ],
)
def test_a_card_says_who_approves(cast, sources, text):
    assert approval_of(shop.item(approval=policy(*sources))) == text


def test_a_card_says_from_which_price_on_approval_is_needed(cast):
    item = shop.item(approval=policy(Source.MANAGER, only_above=Decimal(500)))
    assert approval_of(item) == "Approval above €500"


def test_an_item_without_approval_says_nothing_of_it(cast):
    assert approval_of(shop.item()) == ""


@pytest.mark.parametrize(
    "reason", [{"price": Decimal(1)}, {"is_starting_price": True}, {"is_private": True}]
)
def test_silence_cannot_approve_money_or_secrets(cast, reason):
    item = CatalogItem(title="Item", auto_approve=True, **reason)
    with pytest.raises(ValidationError) as refused:
        item.clean()
    assert set(refused.value.message_dict) == {"auto_approve"}


def test_silence_approves_what_is_flagged_free_and_open(cast):
    flagged = shop.item(auto_approve=True)
    assert (flagged.approves_by_silence, shop.item("Chair").approves_by_silence) == (True, False)
    DepartmentPage.objects.update(is_confidential=True)
    assert CatalogItem.objects.get(pk=flagged.pk).approves_by_silence is False


def test_a_request_is_confidential_for_a_private_item_or_desk(cast):
    open_item, private = shop.item(), shop.item("Salary advance", is_private=True)
    hr = shop.department("HR", is_confidential=True)
    pay = shop.item("Payslip", department=hr)
    assert [item.makes_confidential for item in (open_item, private, pay)] == [False, True, True]


def test_an_item_goes_to_its_own_team_or_to_that_of_the_department(cast):
    it = shop.department("IT", team=cast.desk_team)
    assert shop.item(department=it).queue == cast.desk_team
    assert shop.item("VPN", department=it, team=cast.network_team).queue == cast.network_team
    assert shop.item("Chair", department=shop.department("Facilities")).queue is None


def test_addresses_do_not_follow_the_title_of_the_catalog(cast):
    item = shop.item()
    catalog = item.department.get_parent().specific
    catalog.title = "Shop"
    catalog.save()
    assert [page.address for page in (catalog, item.department, item)] == [
        "/catalog/",
        "/catalog/it/",
        "/catalog/it/new-laptop/",
    ]


def test_a_preview_shows_the_item_without_a_form(cast, rf):
    item = shop.item(body=[("paragraph", "<p>Ready on day one.</p>")])
    page = item.make_preview_request(preview_mode="").render().text
    assert "Ready on day one." in page
    assert "<form" not in page.split("<main")[1].split("</main>")[0]
