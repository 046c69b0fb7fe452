"""Why the deadlines of a ticket are what they are: the page, who sees it, what it costs."""

import re
from datetime import timedelta

import pytest
import time_machine

from itil.desk import actions as desk
from itil.sla.models import Agreement, SlaClock
from itil.tickets.models import TicketEvent
from tests import make
from tests.cast import MONDAY
from tests.itil.calendars.calendars import at
from tests.itil.sla.stored import agree, play

from . import night_shift


def address(ticket) -> str:
    return f"/desk/tickets/{ticket.number}/deadlines/"


def page_of(response) -> str:
    """What it says; the token of its forms, 64 letters by chance, may hold any word."""
    return re.sub(r"\b\w{64}\b", "", response.content.decode())


@pytest.fixture
def night(cast):
    """The ticket of the night shift; time stands still after its last happening."""
    ticket = night_shift.tell(cast)
    with time_machine.travel(night_shift.NOW, tick=False):
        yield ticket


# --- One story with everything in it ------------------------------------------------------------

ACCOUNT = [
    ("Fri 27 Mar, 21:10", "Ann reported it (Portal)", ""),
    ("Fri 27 Mar, 21:10–22:00", "Closed", ""),
    ("Fri 27 Mar, 22:00 – Sat 28 Mar, 00:30", "Counted", "2h 30m"),
    ("Sat 28 Mar, 00:30–23:15", "Paused", ""),
    ("Sat 28 Mar, 23:15 CET – Sun 29 Mar, 06:00 CEST", "Counted", "5h 45m"),
    ("Sun 29 Mar, 06:00–22:00", "Closed", ""),
    ("Sun 29 Mar, 22:00 – Mon 30 Mar, 01:00", "Counted", "3h"),
    ("Mon 30 Mar, 01:00 – Tue 31 Mar, 23:00", "Paused", ""),
    ("Tue 31 Mar, 23:00 – Wed 1 Apr, 06:00", "Counted", "7h"),
    ("Wed 1 Apr, 06:00–22:00", "Closed", ""),
    ("Wed 1 Apr, 22:00–23:30", "Counted", "1h 30m"),
    ("Wed 1 Apr, 23:30", "Cleo raised the priority from P3 to P1 (“By telephone.”)", ""),
    ("Wed 1 Apr, 23:30 – Thu 2 Apr, 02:00", "Counted", "2h 30m"),
    ("Thu 2 Apr, 02:00–23:30", "Paused", ""),
    ("Thu 2 Apr, 23:30 – Fri 3 Apr, 06:00", "Counted", "6h 30m"),
    ("Fri 3 Apr, 06:00–12:00", "Closed", ""),
    ("Fri 3 Apr, 12:00", "Now", ""),
    ("Fri 3 Apr, 12:00 – Sat 4 Apr, 22:00", "Closed: Good Friday", ""),
    ("Sat 4 Apr, 22:00–23:15", "Will count", "1h 15m"),
    ("Sat 4 Apr, 23:15", "Due", ""),
]


def test_a_night_desk_with_a_clock_change_three_pauses_a_holiday_and_a_raise(
    signed_in, cast, night
):
    response = signed_in(cast.bo).get(address(night))
    (deadline,) = response.context["deadlines"]
    why = deadline.account

    assert [(row.when, row.title, row.counted) for row in deadline.rows] == ACCOUNT
    assert why.due_at == night_shift.DUE == SlaClock.objects.get().due_at
    assert why.agrees
    # 2:30 + 5:45 + 3 + 7 + 1:30 + 2:30 + 6:30
    assert why.elapsed_seconds == (28 * 60 + 45) * 60
    assert dict(deadline.facts.figures) == {
        "Target": "30h",
        "Used": "28h 45m",
        "Left": "1h 15m",
        "Paused": "26h 15m",
        "Due": "Sat 4 Apr, 23:15 CEST",
    }
    assert [(one.percent, one.when, one.fate) for one in deadline.facts.warnings] == [
        ("50 %", "Wed 1 Apr, 02:45", "told late, Wed 1 Apr, 23:31"),
        ("75 %", "Thu 2 Apr, 23:45", "told Thu 2 Apr, 23:45"),
        ("75 %", "Thu 2 Apr, 23:45", "told Thu 2 Apr, 23:45"),
        ("90 %", "Fri 3 Apr, 04:15", "told Fri 3 Apr, 04:15"),
    ]


def test_the_page_says_all_of_it(signed_in, cast, night):
    page = page_of(signed_in(cast.bo).get(address(night)))
    for words in (
        "Bo put it on hold: waiting for the requester",
        "Ann answered",
        "6h 45m of opening hours do not count.",
        "The clocks go forward by 1h to Sun 29 Mar, 03:00 CEST:"
        " 5h 45m have passed where the clock reads 6h 45m.",
        "Target: 30h of business time (before: 40h of business time).",
        "Due Fri 3 Apr, 01:45 (before: Sun 5 Apr, 03:45).",
        "Acme nights, version 1",
        "organization Acme",
        "Night desk, version 1",
        "Mon–Sun 22:00–06:00 (Europe/Berlin)",
        "2026-04-03 12:00 CEST",
    ):
        assert words in page


def test_the_picture_has_a_name_a_text_and_no_script(signed_in, cast, night):
    page = page_of(signed_in(cast.bo).get(address(night)))
    wide, narrow = re.findall(r"<svg class=\"pic.*?</svg>", page, re.DOTALL)
    for svg in (wide, narrow):
        assert 'role="img"' in svg
        named = re.search(r'aria-labelledby="(\S+) (\S+)"', svg)
        assert f'<title id="{named[1]}">Resolution of {night.number}, day by day</title>' in svg
        assert f'<desc id="{named[2]}">Due Sat 4 Apr, 23:15 CEST: 30h of business time' in svg
        assert {"script", "style=", "href"}.isdisjoint(re.findall(r"script|style=|href", svg))
        for words in ("Good Friday", "due 23:15", "new target 23:30", "−1h", "75 %"):
            assert f">{words}<" in svg
    identities = re.findall(r'\sid="([^"]+)"', page)
    assert len(identities) == len(set(identities))


def test_the_requester_reads_the_same_story_in_plain_words(signed_in, cast, night):
    page = page_of(signed_in(cast.ann).get(f"/requests/{night.number}/"))
    for words in (
        "We work Mon–Sun 22:00–06:00.",
        "Closed on Fri 3 April, Good Friday.",
        "We waited for you from",
        "It was on hold from",
    ):
        assert words in page
    for hidden in ("SLA", "Acme nights", "Night desk", "By telephone", "P1", "escalat"):
        assert hidden not in page


# --- All clocks -----------------------------------------------------------------------------------


def test_every_clock_has_its_account_whatever_became_of_it(signed_in, cast):
    agree(
        cast, "Desk", kind=Agreement.Kind.OLA, promises={"ola_resolution": 6}, team=cast.desk_team
    )
    agree(
        cast,
        "Globex care",
        kind=Agreement.Kind.UC,
        promises={"uc_response": 1, "uc_resolution": 8},
        supplier=cast.globex,
    )
    ticket = make.incident(cast)
    play(
        cast,
        ticket,
        (MONDAY + timedelta(minutes=10), "take"),
        (MONDAY + timedelta(hours=1), "reply"),
    )
    desk.move(
        ticket,
        "hold",
        by=cast.bo,
        values={"hold_reason": "awaiting_vendor", "supplier": cast.globex, "reference": "G-1"},
        at=MONDAY + timedelta(hours=2),
    )
    with time_machine.travel(MONDAY + timedelta(minutes=150), tick=False):
        deadlines = signed_in(cast.bo).get(address(ticket)).context["deadlines"]
    assert [(one.facts.title, one.facts.state) for one in deadlines] == [
        ("Resolution", "Running"),
        ("Acknowledge", "Met"),
        ("First response", "Met"),
        ("Time with the team: Service desk", "Paused"),
        ("Supplier's response: Globex", "Running"),
        ("Supplier's solution: Globex", "Running"),
    ]
    assert all(one.account.agrees for one in deadlines)
    assert deadlines[3].rows[-2].notes[0] == ("Bo put it on hold: waiting for a supplier (Globex)")


def test_a_cancelled_clock_says_how_it_ended(signed_in, cast):
    ticket = make.taken_incident(cast)
    play(cast, ticket, (MONDAY + timedelta(hours=1), "cancel"))
    with time_machine.travel(MONDAY + timedelta(hours=3), tick=False):
        page = page_of(signed_in(cast.bo).get(address(ticket)))
    assert "Counts neither as met nor as missed: The ticket was cancelled." in page
    assert "Bo cancelled it" in page


def test_without_an_agreement_the_page_says_that_nothing_is_promised(signed_in, cast):
    Agreement.objects.all().delete()
    page = page_of(signed_in(cast.bo).get(address(make.incident(cast))))
    assert "No agreement applies to it, so nothing is measured." in page


def test_a_clock_that_differs_from_its_events_is_called_out(signed_in, cast, night):
    client = signed_in(cast.bo)
    assert "sla_replay" not in page_of(client.get(address(night)))
    SlaClock.objects.update(target_seconds=60)
    assert "sla_replay" in page_of(client.get(address(night)))


# --- The part of the ticket's page ----------------------------------------------------------------


def test_the_ticket_shows_the_short_form_and_leads_to_the_whole(signed_in, cast, night):
    page = page_of(signed_in(cast.bo).get(f"/desk/tickets/{night.number}/"))
    clock = SlaClock.objects.get()
    assert "30h of business time" in page
    assert "Closed, opens" in page
    assert f'href="{address(night)}#c{clock.pk}"' in page
    assert f'hx-get="{address(night)}?clock={clock.pk}"' in page


def test_a_paused_clock_says_for_whom_and_until_when(signed_in, cast):
    ticket = make.taken_incident(cast)
    play(cast, ticket, (MONDAY + timedelta(hours=1), "hold"))
    with time_machine.travel(MONDAY + timedelta(hours=3), tick=False):
        page = page_of(signed_in(cast.bo).get(f"/desk/tickets/{ticket.number}/"))
    assert "waiting for Ann" in page
    assert ", if it went on now" in page


def test_htmx_gets_one_clock_and_everybody_else_the_page(signed_in, cast, night):
    client, clock = signed_in(cast.bo), SlaClock.objects.get()
    part = page_of(client.get(f"{address(night)}?clock={clock.pk}", headers={"HX-Request": "true"}))
    whole = page_of(client.get(f"{address(night)}?clock={clock.pk}"))
    assert (part.count('<svg class="pic'), "<html" in part) == (1, False)
    assert (whole.count('<svg class="pic'), "<html" in whole) == (2, True)


@pytest.mark.parametrize("key", ["0", "x", "99999999999999999999"])
def test_a_clock_that_is_none_of_the_ticket_is_not_found(signed_in, cast, night, key):
    client = signed_in(cast.bo)
    response = client.get(f"{address(night)}?clock={key}", headers={"HX-Request": "true"})
    assert response.status_code == 404


# --- Who, and at what cost ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "status"),
    [("bo", 200), ("cleo", 200), ("mia", 200), ("ned", 404), ("ann", 404), ("dov", 404)],
)
def test_who_may_see_the_ticket_may_see_why(signed_in, cast, name, status):
    ticket = make.incident(cast)
    assert signed_in(getattr(cast, name)).get(address(ticket)).status_code == status


def test_nobody_learns_whether_a_number_exists(signed_in, cast):
    client = signed_in(cast.ned)
    hidden, none = (
        client.get(address(make.incident(cast))),
        client.get("/desk/tickets/INC-999999/deadlines/"),
    )
    assert (hidden.status_code, none.status_code) == (404, 404)


def test_it_takes_as_many_statements_for_a_long_story_as_for_a_short_one(
    signed_in, cast, django_assert_num_queries
):
    ticket = make.taken_incident(cast)
    client = signed_in(cast.bo)
    client.get(address(ticket))
    with django_assert_num_queries(6):
        client.get(address(ticket))
    for number in range(10):
        hours = timedelta(hours=4 * number)
        play(
            cast,
            ticket,
            (MONDAY + hours + timedelta(hours=1), "hold"),
            (MONDAY + hours + timedelta(hours=2), "comment"),
            (MONDAY + hours + timedelta(hours=3), "reply"),
        )
    assert TicketEvent.objects.count() > 40
    with django_assert_num_queries(6):
        assert client.get(address(ticket)).status_code == 200


def test_no_instant_is_off_by_the_zone_of_the_reader(signed_in, cast, night):
    cast.bo.time_zone = "Asia/Tokyo"
    cast.bo.save()
    (deadline,) = signed_in(cast.bo).get(address(night)).context["deadlines"]
    assert deadline.rows[-1].when == "Sat 4 Apr, 23:15"
    assert at(4, 4, 23, 15) == night_shift.DUE
