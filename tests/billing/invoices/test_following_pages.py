"""From a ticket to where it was billed, and what is not billed; every figure is its list."""

import re
from datetime import UTC, date, datetime
from urllib.parse import urljoin

import pytest
import time_machine
from django.urls import reverse

from billing.invoices import matching
from billing.invoices.matching import Age, Why
from itil.timesheets.models import TimeEntry
from tests import make
from tests.billing import make as billing
from tests.billing.invoices import bills

NOW = datetime(2026, 4, 10, 9, 0, tzinfo=UTC)
UNBILLED = "/billing/invoices/unbilled/"
# Half of them read contracts, rates and prepaid hours, for what the work would come to.
UNBILLED_QUERIES = 18

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_in_april")]


@pytest.fixture
def _in_april():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def ticket(cast):
    return make.incident(cast)


def hours(cast, ticket, minutes, day=date(2026, 4, 1), **changes):
    return billing.hours(cast, minutes, day, ticket=ticket, **changes)


def why_of(entry):
    return matching.unbilled().values_list("why", flat=True).filter(pk=entry.pk).first()


@pytest.mark.parametrize(
    ("state", "why"),
    [
        ("draft", Why.DRAFT),
        ("submitted", Why.SUBMITTED),
        ("rejected", Why.REJECTED),
        ("approved", Why.NO_PRICE),
        ("invoiced", None),
        ("written_off", None),
    ],
)
def test_each_state_has_its_reason(cast, ticket, state, why):
    assert why_of(hours(cast, ticket, 30, state=state)) == why


def test_what_is_not_billable_is_not_waited_for(cast, ticket):
    assert why_of(hours(cast, ticket, 30, billing_kind="non_billable")) is None
    assert why_of(hours(cast, ticket, 30, billing_kind="included")) is None


def test_what_stands_on_a_draft_says_so_until_it_is_issued(cast):
    draft = bills.draft(cast)
    assert {row.why for row in matching.unbilled()} == {Why.ON_DRAFT}

    bills.frozen(draft, cast)
    assert not matching.unbilled().exists()


@pytest.mark.parametrize(
    ("day", "age"),
    [
        (date(2026, 4, 10), Age.MONTH),
        (date(2026, 3, 11), Age.MONTH),
        (date(2026, 3, 10), Age.TWO),
        (date(2026, 2, 8), Age.THREE),
        (date(2026, 1, 10), Age.THREE),
        (date(2026, 1, 9), Age.OLD),
    ],
)
def test_every_day_is_in_one_age(cast, ticket, day, age):
    hours(cast, ticket, 30, day)
    found = [
        one for one in Age if TimeEntry.objects.filter(matching.of_age(one, NOW.date())).exists()
    ]
    assert found == [age]


def test_every_figure_opens_its_list_and_equals_it(signed_in, cast, ticket):
    other = make.incident(cast, by=cast.dov, requester=cast.dov)
    for minutes, day in ((30, date(2026, 4, 1)), (45, date(2026, 3, 1)), (61, date(2025, 12, 1))):
        hours(cast, ticket, minutes, day)
        hours(cast, other, minutes + 1, day, state="submitted")
    client = signed_in(cast.bea)

    page = client.get(UNBILLED).text
    figures = re.findall(r'<a href="(\?[^"]*organization=[^"]*)">([\dhm ]+)</a>', page)
    assert len(figures) == 8
    for address, figure in figures:
        listed = client.get(urljoin(UNBILLED, address.replace("&amp;", "&"))).text
        total = re.search(r'Total of this list</td><td class="m amt">([\dhm ]+)', listed)[1]
        assert total == figure, address


@pytest.mark.parametrize("who", ["ann", "bo", "cleo", "root", "fay"])
def test_only_clerks_and_managers_see_what_is_unbilled(signed_in, cast, ticket, who):
    hours(cast, ticket, 30)
    person = bills.contact(cast.acme) if who == "fay" else getattr(cast, who)
    client = signed_in(person)

    for page in (UNBILLED, reverse("invoices:write-offs")):
        assert client.get(page).status_code == 404


def test_the_list_costs_the_same_for_one_and_many(
    signed_in, cast, ticket, django_assert_num_queries
):
    client = signed_in(cast.bea)
    for count in (1, 3):
        for _number in range(count):
            hours(cast, ticket, 30)
        with django_assert_num_queries(UNBILLED_QUERIES):
            client.get(UNBILLED)


def test_on_a_ticket_stands_where_it_was_billed_and_what_waits(signed_in, cast):
    invoice = bills.issued(cast)
    ticket = TimeEntry.objects.first().ticket
    hours(cast, ticket, 50)
    page = signed_in(cast.bea).get(reverse("invoices:of-ticket", args=[ticket.number])).text

    assert invoice.lines.first().get_absolute_url() in page
    for words in ("HAL-2026-000001", "1.5 h", "Approved, without a price yet", "50m"):
        assert words in page


def desk_page_of(ticket):
    return reverse("desk:ticket", args=[ticket.number])


@pytest.mark.parametrize(
    ("who", "status"),
    [("bea", 200), ("mia", 200), ("cleo", 200), ("bo", 404), ("ned", 404), ("ann", 404)],
)
def test_who_sees_what_was_billed_of_a_ticket(signed_in, cast, who, status):
    bills.issued(cast)
    ticket = TimeEntry.objects.first().ticket
    client = signed_in(getattr(cast, who))

    part = reverse("invoices:of-ticket", args=[ticket.number])
    page = client.get(part)
    assert page.status_code == status
    # The page of the ticket asks for the part only when its reader gets an answer.
    assert (part in client.get(desk_page_of(ticket)).text) == (status == 200)
    # A lead reads where it was billed, and cannot open it.
    assert ("/billing/invoices/" in page.text) == (who in ("bea", "mia"))


def test_time_is_written_off_with_a_reason_and_is_listed(signed_in, cast, ticket):
    entry = hours(cast, ticket, 50)
    client = signed_in(cast.bea)
    address = reverse("invoices:write-off", args=[entry.uuid])

    assert client.post(address, {"reason": " "}).status_code == 422
    assert client.post(address, {"reason": "We broke it ourselves."}).status_code == 303
    listed = client.get(reverse("invoices:write-offs")).text

    assert TimeEntry.objects.get().state == "written_off"
    assert "We broke it ourselves." in listed
    assert re.search(r'Total of this list</td><td class="m amt">50m', listed)
    assert why_of(entry) is None


@pytest.mark.parametrize("who", ["ann", "bo", "ned", "mia", "root"])
def test_who_may_not_write_off_finds_no_page(signed_in, cast, ticket, who):
    entry = hours(cast, ticket, 50)
    client = signed_in(getattr(cast, who))
    address = reverse("invoices:write-off", args=[entry.uuid])

    assert client.get(address).status_code == 404
    assert client.post(address, {"reason": "No."}).status_code == 404
    assert TimeEntry.objects.get().state == "approved"
