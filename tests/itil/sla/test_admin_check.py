"""What saving an agreement would do is seen before it is done."""

import re

import pytest
import time_machine
from django.urls import reverse

from itil.sla.actions import rechoose
from itil.sla.models import Agreement, SlaClock
from itil.tickets.models import Ticket
from tests import make
from tests.cast import HOUR, MONDAY, office_hours
from tests.itil.sla import entered
from tests.itil.sla.entered import target

ELEVEN = "2026-03-02T10:00:00Z"


@pytest.fixture(autouse=True)
def monday_eleven():
    """An hour after the tickets of `make` came in."""
    with time_machine.travel(ELEVEN, tick=False):
        yield


@pytest.fixture
def administrator(cast, signed_in):
    return signed_in(cast.root)


@pytest.fixture
def post(administrator, cast):
    """A function that posts the page of the standard agreement with changes."""

    def to_page(button="", **changes):
        posted = entered.as_opened(cast.agreement, **changes)
        if button:
            posted[button] = "1"
        return administrator.post(reverse("agreements:edit", args=[cast.agreement.pk]), posted)

    return to_page


def resolution_within(time: str):
    """A change of all rows: every resolution within `time`."""

    def change(rows):
        return [row | {"seconds": time} if row["metric"] == "resolution" else row for row in rows]

    return change


def said(response) -> str:
    """The words of a page, without its tags and with single spaces."""
    assert response.status_code == 200
    return " ".join(re.sub(r"<[^>]*>", " ", response.content.decode()).split())


def sealed(response) -> dict:
    """What the page that asks sends back when it is saved."""
    found = re.search(r'name="confirmed" value="(\w+)"', response.content.decode())
    return {"confirmed": found[1]}


# --- Checking ------------------------------------------------------------------------------------


def test_a_check_saves_nothing_and_keeps_what_was_typed(post, cast):
    response = post("check", name="Bronze", targets=resolution_within("1:00"))
    assert 'value="Bronze"' in response.content.decode()
    cast.agreement.refresh_from_db()
    assert (cast.agreement.name, cast.agreement.version) == ("Standard", 1)
    assert cast.agreement.targets.get(metric="resolution", priority=1).seconds == 4 * HOUR


def test_each_unsaved_target_shows_when_it_would_be_due(post):
    def change(rows):
        rows[-1] |= {"form": "business_days", "days": 2}
        return resolution_within("7:00")(rows)

    page = said(post("check", targets=change))
    assert "Received Mon 2 Mar, 11:00 Amsterdam, a ticket would be due" in page
    assert "7h Tue 3 Mar, 10:00" in page
    assert "2 business days, at the end of the day Wed 4 Mar, 17:00" in page


def test_an_example_stands_in_the_zone_of_the_calendar_and_of_the_viewer(post, cast):
    cast.root.time_zone = "America/New_York"
    cast.root.save()
    page = said(post("check"))
    assert "4h Mon 2 Mar, 15:00 Berlin Mon 2 Mar, 09:00 New York" in page


def test_a_new_agreement_is_checked_as_well(administrator, cast):
    posted = entered.agreement(cast.calendar, [target("4:00")]) | {"check": "1"}
    page = said(administrator.post(reverse("agreements:add"), posted))
    assert "4h Mon 2 Mar, 15:00" in page
    assert not Agreement.objects.filter(name="Gold").exists()


def test_clocks_that_would_move_are_listed_with_both_due_times(post, cast):
    ticket = make.taken_incident(cast)
    page = said(post("check", targets=resolution_within("2:00")))
    assert "1 clock moves 0 would be missed" in page
    assert f"{ticket.number} Mail does not arrive Resolution" in page
    assert "Thu 5 Mar, 10:00 Mon 2 Mar, 12:00" in page


def test_what_would_be_missed_is_marked(post, cast):
    make.taken_incident(cast)
    page = said(post("check", targets=resolution_within("0:30")))
    assert "1 clock moves 1 would be missed" in page
    assert "Mon 2 Mar, 10:30 missed" in page


def test_a_confidential_ticket_is_counted_and_not_shown(post, cast):
    make.taken_incident(cast, is_confidential=True)
    page = said(post("check", targets=resolution_within("2:00")))
    assert "1 clock moves" in page
    assert "Mail does not arrive" not in page
    assert "and 1 more ticket" in page


def test_promises_that_do_not_add_up_are_told(post, cast):
    ola = Agreement.objects.create(name="Desk", kind="ola", calendar=cast.calendar)
    ola.targets.create(metric="ola_resolution", priority=1, seconds=5 * HOUR)
    ola.save()
    page = said(post("check"))
    assert "P1: Standard promises Resolution within 4h, but Desk 5h" in page


def test_an_agreement_without_targets_promises_nothing(administrator, cast):
    posted = entered.agreement(cast.calendar) | {"check": "1"}
    page = said(administrator.post(reverse("agreements:add"), posted))
    assert "Nothing is promised" in page


def test_mistakes_are_told_before_anything_is_checked(post):
    page = said(post("check", targets=resolution_within("1 day")))
    assert "a day may mean 8 h" in page
    assert "would be due" not in page


# --- Saving --------------------------------------------------------------------------------------


def test_saving_what_moves_clocks_asks_once(post, cast):
    ticket = make.taken_incident(cast)
    changes = {"targets": resolution_within("2:00")}
    asked = post(**changes)
    assert "Nothing is saved yet" in said(asked)
    cast.agreement.refresh_from_db()
    assert cast.agreement.version == 1
    assert post(**changes, **sealed(asked)).status_code == 302
    cast.agreement.refresh_from_db()
    assert cast.agreement.version == 2
    rechoose(MONDAY.replace(hour=10))
    clock = SlaClock.objects.get(ticket=ticket, metric="resolution")
    assert (clock.agreement_version, clock.target_seconds) == (2, 2 * HOUR)
    assert clock.due_at == MONDAY.replace(hour=11)


def test_after_a_check_saving_does_not_ask_again(post, cast):
    make.taken_incident(cast)
    checked = post("check", targets=resolution_within("2:00"))
    response = post(targets=resolution_within("2:00"), **sealed(checked))
    assert response.status_code == 302


def test_other_values_than_those_agreed_to_are_asked_for_again(post, cast):
    make.taken_incident(cast)
    checked = post("check", targets=resolution_within("2:00"))
    response = post(targets=resolution_within("1:00"), **sealed(checked))
    assert "Nothing is saved yet" in said(response)


def test_saving_what_moves_nothing_does_not_ask(post, cast):
    make.taken_incident(cast)
    assert post(name="Bronze").status_code == 302


def test_an_agreement_with_clocks_is_not_deleted(administrator, cast):
    make.taken_incident(cast)
    url = reverse("agreements:delete", args=[cast.agreement.pk])
    assert "Make it inactive instead" in said(administrator.post(url, follow=True))
    assert Agreement.objects.filter(pk=cast.agreement.pk).exists()


def test_the_worst_is_listed_first_and_fifty_at_most(post, cast):
    for _number in range(52):
        make.taken_incident(cast)
    late = Ticket.objects.order_by("pk").first()
    SlaClock.objects.filter(ticket=late, metric="resolution").update(
        started_at=MONDAY.replace(hour=8), intervals=[["2026-03-02T08:00:00+00:00", None]]
    )
    page = said(post("check", targets=resolution_within("1:30")))
    assert "52 clocks move 1 would be missed" in page
    assert "and 2 more tickets" in page
    numbers = re.findall(r"INC-\d+", page)
    assert (numbers[0], len(set(numbers))) == (late.number, 50)


def test_a_calendar_elsewhere_counts_for_its_targets(post, cast):
    tokyo = office_hours("Tokyo")
    tokyo.time_zone = "Asia/Tokyo"
    tokyo.save()

    def change(rows):
        rows[-1] |= {"calendar": tokyo.pk}
        return rows

    page = said(post("check", targets=change))
    assert "40h Tokyo Mon 9 Mar, 17:00 Tokyo Mon 9 Mar, 09:00 Amsterdam" in page
