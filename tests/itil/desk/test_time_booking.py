"""Booking time: forms, timers, the week sheet (domain 6.1)."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine

from itil.calendars.models import BusinessCalendar
from itil.desk import actions as desk
from itil.timesheets.models import Absence, Activity, EntryEvent, TimeEntry, Timer, WorkingHours
from tests import make as world
from tests.cast import MONDAY
from tests.itil.timesheets import make
from tests.itil.timesheets.conftest import no_contracts  # noqa: F401

WEEK = "/desk/time/?week=2026-W10"
LIST = "/desk/time/entries/"
FRIDAY = datetime(2026, 3, 6, 15, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def on_friday():
    with time_machine.travel(FRIDAY, tick=False):
        yield


@pytest.fixture
def ticket(cast):
    return world.taken_incident(cast)


def said(response):
    return [str(message) for message in response.context["messages"]]


# --- Booking --------------------------------------------------------------------------------


def booking(cast, on, **changes):
    return {
        "ticket": on.number.lower(),
        "work_date": "2026-03-02",
        "activity": cast.activity.pk,
        "note": "Typed words",
    } | changes


def test_minutes_are_booked_on_the_ticket_that_is_named(signed_in, cast, ticket):
    response = signed_in(cast.bo).post(
        "/desk/time/book/", booking(cast, ticket, minutes="1:30"), follow=True
    )

    assert said(response) == ["90 minutes are booked."]
    entry = TimeEntry.objects.get()
    assert (entry.ticket_id, entry.minutes, entry.note) == (ticket.pk, 90, "Typed words")


def test_from_until_past_midnight_is_two_parts(signed_in, cast, ticket):
    values = booking(cast, ticket, begins="23:30", ends="00:30")

    response = signed_in(cast.bo).post("/desk/time/book/", values, follow=True)

    assert said(response) == ["1h are booked, in 2 parts: it went past midnight."]
    parts = TimeEntry.objects.values_list("work_date", "minutes")
    assert list(parts) == [(date(2026, 3, 2), 30), (date(2026, 3, 3), 30)]


@pytest.mark.parametrize(
    ("changes", "field", "text"),
    [
        ({}, "minutes", "Enter the time, or from when until when."),
        ({"minutes": "30", "begins": "9:00", "ends": "10:00"}, "minutes", "not both"),
        ({"begins": "9:00"}, "ends", "Enter both times, or none."),
        ({"begins": "9:00", "ends": "9:00"}, "ends", "later than the start"),
        ({"begins": "nine", "ends": "10:00"}, "begins", "Enter a time such as 09:30."),
        ({"minutes": "30", "ticket": "INC-999999"}, "ticket", "no ticket with this number"),
        ({"minutes": "30", "ticket": "\x00"}, "ticket", ""),
        ({"minutes": "30", "activity": "999"}, "activity", ""),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_stays(
    signed_in, cast, ticket, changes, field, text
):
    response = signed_in(cast.bo).post("/desk/time/book/", booking(cast, ticket, **changes))

    assert response.status_code == 422
    assert text in " ".join(response.context["form"].errors[field])
    assert 'value="Typed words"' in response.content.decode()
    assert not TimeEntry.objects.exists()


@pytest.mark.parametrize(
    ("day", "begins", "ends", "field", "text"),
    [
        ("2026-03-28", "23:00", "02:30", "ends", "02:30 did not exist that night"),
        ("2025-10-26", "02:30", "04:00", "begins", "02:30 came twice that night"),
    ],
)
def test_times_that_were_left_out_or_came_twice_are_explained(
    signed_in, cast, ticket, day, begins, ends, field, text
):
    with time_machine.travel(datetime(2026, 4, 1, tzinfo=UTC)):
        values = booking(cast, ticket, work_date=day, begins=begins, ends=ends)
        response = signed_in(cast.bo).post("/desk/time/book/", values)

    assert response.status_code == 422
    assert text in " ".join(response.context["form"].errors[field])


@pytest.mark.parametrize(
    ("day", "parts"),
    [("2026-03-28", [30, 180]), ("2025-10-25", [30, 300])],
    ids=["spring", "autumn"],
)
def test_a_night_in_which_clocks_change_counts_as_long_as_it_was(
    signed_in, cast, ticket, day, parts
):
    with time_machine.travel(datetime(2026, 4, 1, tzinfo=UTC)):
        values = booking(cast, ticket, work_date=day, begins="23:30", ends="04:00")
        signed_in(cast.bo).post("/desk/time/book/", values)

    assert list(TimeEntry.objects.values_list("minutes", flat=True)) == parts


def test_two_things_at_once_are_booked_once_that_is_confirmed(signed_in, cast, ticket):
    client = signed_in(cast.bo)
    values = booking(cast, ticket, begins="09:00", ends="10:00")
    client.post("/desk/time/book/", values)

    asked = client.post("/desk/time/book/", values)
    done = client.post("/desk/time/book/", values | {"overlap_confirmed": "on"})

    assert asked.status_code == 409
    assert f"{ticket.number}, 09:00 – 10:00" in asked.content.decode()
    assert 'type="checkbox" name="overlap_confirmed"' in asked.content.decode()
    assert done.status_code == 303
    assert list(TimeEntry.objects.values_list("overlap_confirmed", flat=True)) == [False, True]


def test_work_that_lies_ahead_is_refused(signed_in, cast, ticket):
    client = signed_in(cast.bo)

    tomorrow = client.post(
        "/desk/time/book/", booking(cast, ticket, minutes="5", work_date="2026-03-07")
    )
    tonight = client.post(
        "/desk/time/book/",
        booking(cast, ticket, begins="15:00", ends="17:00", work_date="2026-03-06"),
    )

    assert (tomorrow.status_code, tonight.status_code) == (409, 409)
    assert not TimeEntry.objects.exists()


# --- Timers ---------------------------------------------------------------------------------


def test_the_frame_shows_what_runs_and_for_how_long(signed_in, cast, ticket):
    desk.start_timer(ticket, by=cast.bo, at=FRIDAY - timedelta(minutes=72))
    client = signed_in(cast.bo)

    strip = client.get("/desk/time/running/").content.decode()

    assert "1h 12m" in strip
    assert ticket.number in strip
    assert ticket.title in strip
    assert 'hx-get="/desk/time/running/"' in client.get("/desk/tickets/").content.decode()


def test_nothing_is_shown_when_nothing_runs(signed_in, cast, ticket):
    desk.start_timer(ticket, by=cast.bo, at=FRIDAY)
    desk.pause_timer(by=cast.bo, at=FRIDAY)

    assert signed_in(cast.bo).get("/desk/time/running/").status_code == 204
    assert signed_in(cast.ned).get("/desk/time/running/").status_code == 204


def test_a_forgotten_timer_is_asked_about(signed_in, cast, ticket):
    desk.start_timer(ticket, by=cast.bo, at=FRIDAY - timedelta(hours=11))
    client = signed_in(cast.bo)

    assert "Still working?" in client.get("/desk/time/running/").content.decode()
    stop = client.get(f"/desk/tickets/{ticket.number}/timer/stop/").content.decode()
    assert "nothing is booked by itself" in stop


def test_a_timer_pauses_goes_on_and_is_booked_with_a_note(signed_in, cast, ticket):
    client, path = signed_in(cast.bo), f"/desk/tickets/{ticket.number}/timer/"
    for minutes, step in ((0, "start/"), (20, "pause/"), (60, "start/"), (70, "stop/")):
        with time_machine.travel(FRIDAY + timedelta(minutes=minutes), tick=False):
            client.post(path + step, {"note": "Read the log"} if step == "stop/" else {})

    entries = TimeEntry.objects.values_list("minutes", "note")
    assert list(entries) == [(20, "Read the log"), (10, "Read the log")]
    assert not Timer.objects.exists()


def test_measured_time_is_thrown_away_after_a_question(signed_in, cast, ticket):
    desk.start_timer(ticket, by=cast.bo, at=FRIDAY - timedelta(minutes=30))
    client, path = signed_in(cast.bo), f"/desk/tickets/{ticket.number}/timer/discard/"

    assert "30m were measured" in client.get(path).content.decode()
    client.post(path)

    assert not Timer.objects.exists()
    assert not TimeEntry.objects.exists()


# --- The week sheet -------------------------------------------------------------------------


def cell(entry, day=0):
    return f"c{entry.ticket_id}-{entry.activity_id}-{day}"


def test_a_cell_books_corrects_and_takes_out(signed_in, cast, ticket):
    first = make.entry(cast, ticket)
    gone = make.entry(cast, ticket, work_date=date(2026, 3, 1), at=FRIDAY)
    gone = make.entry(cast, ticket, work_date=date(2026, 3, 3), at=FRIDAY)
    values = {
        cell(first): "0:45",
        f"{cell(first)}-was": "30",
        cell(gone, 1): "",
        f"{cell(gone, 1)}-was": "30",
        cell(first, 2): "90",
        f"{cell(first, 2)}-was": "",
    }

    response = signed_in(cast.bo).post(WEEK, values, follow=True)

    assert said(response) == ["3 cells are saved."]
    week = TimeEntry.objects.worked_between(date(2026, 3, 2), date(2026, 3, 8))
    assert list(week.values_list("work_date", "minutes")) == [
        (date(2026, 3, 2), 45),
        (date(2026, 3, 4), 90),
    ]
    assert EntryEvent.objects.get(kind="corrected").reason == "Changed in the week sheet"


def test_what_is_right_is_saved_and_what_is_wrong_stays_typed(signed_in, cast, ticket):
    entry = make.entry(cast, ticket)
    values = {
        cell(entry): "a while",
        f"{cell(entry)}-was": "30",
        cell(entry, 1): "1:00",
        f"{cell(entry, 1)}-was": "",
        cell(entry, 2): "25:00",
        f"{cell(entry, 2)}-was": "",
    }

    response = signed_in(cast.bo).post(WEEK, values)

    page = response.content.decode()
    assert response.status_code == 422
    assert "1 cell is saved." in page
    assert 'value="a while"' in page
    assert 'value="25:00"' in page
    assert "Enter the time as 1:30" in page
    assert list(TimeEntry.objects.values_list("minutes", flat=True)) == [30, 60]


def test_a_new_row_needs_its_ticket_and_activity(signed_in, cast, ticket):
    values = {"n0-ticket": ticket.number, "cn0-0": "1:00"}
    client = signed_in(cast.bo)

    missing = client.post(WEEK, values)
    given = client.post(WEEK, values | {"n0-activity": cast.activity.pk})

    assert missing.status_code == 422
    assert "Choose the ticket and the activity" in missing.content.decode()
    assert (given.status_code, TimeEntry.objects.get().minutes) == (302, 60)


def test_a_cell_that_changed_meanwhile_is_not_typed_over(signed_in, cast, ticket):
    entry = make.entry(cast, ticket)
    values = {cell(entry): "1:00", f"{cell(entry)}-was": "20"}

    response = signed_in(cast.bo).post(WEEK, values)

    assert "changed while you were typing" in response.content.decode()
    assert TimeEntry.objects.get().minutes == 30


def test_what_was_measured_is_no_field(signed_in, cast, ticket):
    begin = MONDAY - timedelta(hours=1)
    entry = make.entry(cast, ticket, started_at=begin, ended_at=begin + timedelta(minutes=30))

    signed_in(cast.bo).post(WEEK, {cell(entry): "1:00", f"{cell(entry)}-was": "30"})

    assert f'name="{cell(entry)}"' not in signed_in(cast.bo).get(WEEK).content.decode()
    assert TimeEntry.objects.get().minutes == 30


def test_kilometers_of_travel_are_typed_beside_its_time(signed_in, cast, ticket):
    travel = Activity.objects.create(name="Travel", kind="travel")
    client = signed_in(cast.bo)
    client.post(
        WEEK,
        {
            "n0-ticket": ticket.number,
            "n0-activity": travel.pk,
            "cn0-0": "1:00",
            "cn0-0-way": "42,5",
        },
    )
    entry = TimeEntry.objects.get()
    assert (entry.minutes, entry.kilometres) == (60, Decimal("42.5"))

    cell = f"c{ticket.pk}-{travel.pk}-0"
    assert f'name="{cell}-way" value="42.5"' in client.get(WEEK).content.decode()
    changed = {cell: "1:00", f"{cell}-was": "60", f"{cell}-way": "44"}
    client.post(WEEK, changed)
    assert make.stored(entry).kilometres == 44
    client.post(WEEK, changed | {f"{cell}-way": ""})
    assert make.stored(entry).kilometres is None


@pytest.mark.parametrize(
    ("typed", "way", "reason"),
    [
        ("1:00", "far", "Enter kilometers as a number such as 42.5."),
        ("1:00", "9000", "Enter between 0.1 and 5,000 kilometers."),
        ("1:00", "-3", "Enter between 0.1 and 5,000 kilometers."),
        ("", "42", "Enter the time of the way too, or empty both fields."),
    ],
)
def test_a_way_that_cannot_be_keeps_what_was_typed(signed_in, cast, ticket, typed, way, reason):
    travel = Activity.objects.create(name="Travel", kind="travel")
    entry = make.entry(cast, ticket, activity=travel)
    cell = f"c{ticket.pk}-{travel.pk}-0"
    response = signed_in(cast.bo).post(WEEK, {cell: typed, f"{cell}-was": "30", f"{cell}-way": way})
    page = response.content.decode()
    assert (response.status_code, make.stored(entry).minutes) == (422, 30)
    assert reason in page
    assert f'name="{cell}-way" value="{way}"' in page


def test_the_week_says_what_is_missing_from_the_working_hours(signed_in, cast, ticket):
    """Friday: full time until Wednesday, then half days; Saturday and Sunday are free."""
    mornings = BusinessCalendar.objects.create(name="Mornings", time_zone="Europe/Berlin")
    for day in range(5):
        mornings.openings.create(weekday=day, opens=9 * 60, closes=13 * 60)
    mornings.days.create(kind="holiday", on=date(2026, 3, 6), name="Day off")
    mornings.save()
    WorkingHours.objects.create(person=cast.bo, calendar=cast.calendar, since=date(2026, 1, 1))
    WorkingHours.objects.create(person=cast.bo, calendar=mornings, since=date(2026, 3, 5))
    make.entry(cast, ticket, minutes=450)
    make.entry(cast, ticket, minutes=60, work_date=date(2026, 3, 6), at=FRIDAY)

    context = signed_in(cast.bo).get(WEEK).context
    assert [(day["target"], day["difference"]) for day in context["days"]] == [
        (480, -30),
        (480, -480),
        (480, -480),
        (240, -240),
        (0, 60),
        (0, None),
        (0, None),
    ]
    assert (context["target"], context["difference"]) == (1680, -1170)
    page = signed_in(cast.bo).get(WEEK).content.decode()
    assert "Your working hours are 28h; so far −19h 30m." in page


def test_the_days_of_a_narrow_screen_tell_hours_due_and_kilometers_too(signed_in, cast, ticket):
    WorkingHours.objects.create(person=cast.bo, calendar=cast.calendar, since=date(2026, 1, 1))
    travel = Activity.objects.create(name="Travel", kind="travel")
    make.entry(cast, ticket, minutes=450)
    make.entry(cast, ticket, minutes=30, activity=travel, kilometres=Decimal("12.50"))
    make.entry(cast, ticket, minutes=30, activity=travel, kilometres=Decimal(30))

    response = signed_in(cast.bo).get(WEEK)

    assert [day["kilometres"] for day in response.context["days"]][:2] == [Decimal("42.50"), 0]
    days = response.content.decode().partition('class="day-list"')[2]
    monday, tuesday = days.split("<section")[1:3]
    for words in ("Working hours 8h", "Difference +30m", "42.5 km", "12.5 km", "30 km"):
        assert words in monday
    assert "Difference −8h" in tuesday
    assert " km" not in tuesday


def test_on_days_of_absence_nothing_is_missing_from_the_week(signed_in, cast, ticket):
    WorkingHours.objects.create(person=cast.bo, calendar=cast.calendar, since=date(2026, 1, 1))
    Absence.objects.create(person=cast.bo, first_on=date(2026, 3, 3), last_on=date(2026, 3, 5))
    make.entry(cast, ticket, minutes=450)

    context = signed_in(cast.bo).get(WEEK).context
    assert [day["difference"] for day in context["days"][:4]] == [-30, 0, 0, 0]
    assert context["target"] == 960


def test_without_working_hours_nothing_is_expected(signed_in, cast, ticket):
    assert "Working hours" not in signed_in(cast.bo).get(WEEK).content.decode()
