"""The what-if page."""

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from html import escape
from urllib.parse import urlencode

import pytest
import time_machine
from django.core.cache import cache

from itil.calendars.models import BusinessCalendar, WeeklyOpening
from reports.models import ReportSnapshot
from reports.tasks import refresh_report
from tests import make
from tests.cast import MONDAY

PAGE = "/reports/what-if/"
MARCH = {"from": "2026-03-01", "to": "2026-03-31"}
# P4 is promised within 24 hours of the office; 15 are not enough for what took 16.
SHORTER = MARCH | {"target-resolution-4": "15:00"}


@pytest.fixture(autouse=True)
def end_of_april():
    cache.clear()
    with time_machine.travel(datetime(2026, 4, 30, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def slow(cast):
    """Resolved on Wednesday at 10:00, after 16 hours of the office."""
    return make.resolved_incident(cast, at=MONDAY + timedelta(days=2))


@pytest.fixture
def ask(signed_in, cast):
    """A function that looks at the page as Mia, with these parameters."""
    client = signed_in(cast.mia)
    return lambda **query: client.get(PAGE, MARCH | query)


def week(page):
    return [field.value() for field in page.context["days"]]


def shares(page):
    return {tile.label: (tile.before.share, tile.after.share) for tile in page.context["tiles"]}


def test_nothing_is_tried_at_first(slow, ask):
    page = ask()
    assert page.status_code == 200
    assert page.context["sentence"].startswith("Nothing is tried yet")
    assert shares(page)["Resolution"] == ("100.0%", "100.0%")


def test_a_shorter_target_shows_before_and_after_and_who_changes_sides(slow, ask):
    page = ask(**SHORTER)
    assert shares(page)["Resolution"] == ("100.0%", "0.0%")
    assert page.context["sentence"] == "1 promise that was not missed would have been."
    (row,) = page.context["rows"]
    assert (row.number, row.before, row.after) == (slow.number, "Met", "Missed")
    assert f'href="{slow.get_absolute_url()}"' in page.content.decode()


def test_priorities_and_teams_are_compared(slow, ask):
    page = ask(**SHORTER)
    for name, label in (("by_priority", "Low"), ("by_team", "Service desk")):
        group = next(group for group in page.context[name] if group.title == "Resolution")
        (line,) = group.lines
        assert (line.label, line.worse, line.better) == (label, "1", "0")
        assert (line.before.share, line.after.share, line.tone) == ("100.0%", "0.0%", "bad-t")


def test_the_present_targets_stand_below_the_fields(slow, ask):
    rows = {row.label: [cell.now for cell in row.cells] for row in ask().context["targets"]}
    assert rows["Resolution"] == ["", "", "", "24:00", ""]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("1 day", "Write hours: a day may mean 8 h, 24 h or a business day."),
        ("0:00", "A target is longer than 0 minutes."),
        ("soon", "Write the time as hours and minutes, for example 4:00 or 0:30."),
    ],
)
def test_a_target_that_makes_no_sense_is_an_error_at_its_field(slow, ask, text, message):
    page = ask(**{"target-resolution-4": text})
    assert page.status_code == 422
    assert page.context["form"].errors == {"target-resolution-4": [message]}
    assert "tiles" not in page.context


def test_a_period_that_ends_before_it_begins_is_an_error(ask):
    assert ask(to="2026-02-01").status_code == 422


# --- Opening hours ------------------------------------------------------------------------------


def test_a_chosen_calendar_shows_its_week(slow, ask, cast):
    page = ask(calendar=cast.calendar.pk)
    assert week(page) == ["09:00–17:00"] * 5 + ["", ""]
    assert page.context["form"]["holidays"].value() is True


def test_another_calendar_brings_its_own_hours_whatever_was_written_down(slow, ask, cast):
    always = BusinessCalendar.objects.create(name="Always", always_open=True)
    page = ask(calendar=always.pk, hours_of=cast.calendar.pk, mon="10:00-11:00")
    assert week(page) == ["00:00–24:00"] * 7
    assert shares(page)["Resolution"] == ("100.0%", "0.0%")


def test_written_hours_take_the_place_of_those_of_the_calendar(slow, ask, cast):
    days = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), "00:00-12:00, 13:00–24:00")
    page = ask(calendar=cast.calendar.pk, hours_of=cast.calendar.pk, holidays="on", **days)
    assert shares(page)["Resolution"] == ("100.0%", "0.0%")


def test_the_hours_of_a_calendar_as_they_are_change_nothing(slow, ask, cast):
    days = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), "09:00-17:00")
    page = ask(calendar=cast.calendar.pk, hours_of=cast.calendar.pk, holidays="on", **days)
    assert page.context["sentence"] == "No promise changes sides."


def test_a_later_week_pattern_is_the_one_that_is_shown(slow, ask, cast):
    WeeklyOpening.objects.create(
        calendar=cast.calendar, weekday=0, opens=0, closes=60, effective_from="2026-04-01"
    )
    cast.calendar.save()
    assert week(ask(calendar=cast.calendar.pk)) == ["00:00–01:00"] + [""] * 6


def test_holidays_can_be_left_out(slow, ask, cast):
    cast.calendar.days.create(on=MONDAY.date(), kind="holiday")
    cast.calendar.save()
    tried = {"calendar": cast.calendar.pk, "hours_of": cast.calendar.pk, **SHORTER}
    tried |= dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), "09:00-17:00")
    # Closed on Monday it took 9 hours, else 16.
    assert shares(ask(**tried, holidays="on"))["Resolution"] == ("100.0%", "100.0%")
    assert shares(ask(**tried))["Resolution"] == ("100.0%", "0.0%")


def test_hours_never_open_are_refused(slow, ask, cast):
    page = ask(calendar=cast.calendar.pk, hours_of=cast.calendar.pk)
    assert page.context["form"].errors == {"mon": ["Write down at least one opening of the week."]}


@pytest.mark.parametrize("text", ["9-17", "09:00-25:00", "09:60-10:00", "24:00-25:00", "x"])
def test_hours_that_make_no_sense_are_refused(slow, ask, cast, text):
    page = ask(calendar=cast.calendar.pk, hours_of=cast.calendar.pk, mon="09:00-17:00", tue=text)
    assert list(page.context["form"].errors) == ["tue"]


@pytest.mark.parametrize("key", ["none", "99999999999999999999999", "-1", "²"])
def test_a_calendar_there_is_not_is_an_error(slow, ask, key):
    assert list(ask(calendar=key).context["form"].errors) == ["calendar"]


# --- The list -----------------------------------------------------------------------------------


def test_one_direction_can_be_looked_at_alone(slow, ask):
    assert len(ask(**SHORTER, side="worse").context["rows"]) == 1
    assert len(ask(**SHORTER, side="better").context["rows"]) == 0


def test_the_list_has_pages_and_its_cost_does_not_grow(
    cast, ask, slow, django_assert_max_num_queries
):
    for _number in range(52):
        make.resolved_incident(cast, at=MONDAY + timedelta(days=2))
    ask(**SHORTER)
    with django_assert_max_num_queries(13):
        page = ask(**SHORTER, page="2")
    assert (len(page.context["rows"]), page.context["page"].paginator.count) == (3, 53)


def test_all_of_them_can_be_taken_as_a_file(slow, ask):
    file = ask(**SHORTER, format="csv")
    lines = b"".join(file.streaming_content).decode().splitlines()
    assert lines[0].endswith(
        "Number,Subject,Measure,Priority,Team,Was,Would be,Due,Would be due,Done"
    )
    assert lines[1].startswith(
        f"{slow.number},Mail does not arrive,Resolution,Low,Service desk,Met"
    )


def test_a_ticket_that_became_confidential_meanwhile_is_not_named(slow, ask, cast):
    ask()
    slow.is_confidential = True
    slow.save()
    page = ask(**SHORTER)
    assert [(row.number, row.title) for row in page.context["rows"]] == [("", "")]
    assert slow.number not in page.content.decode()


# --- Who, and how -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "status"),
    [("ann", 404), ("bo", 404), ("cleo", 404), ("bea", 404), ("mia", 200), ("root", 200)],
)
def test_only_managers_and_administrators_try(signed_in, cast, who, status):
    assert signed_in(getattr(cast, who)).get(PAGE).status_code == status


@pytest.mark.parametrize(("who", "shown"), [("cleo", False), ("mia", True)])
def test_the_page_is_offered_to_those_who_may_see_it(signed_in, cast, who, shown):
    page = signed_in(getattr(cast, who)).get("/reports/")
    assert (f'href="{PAGE}"' in page.content.decode()) is shown


def test_an_empty_desk_has_nothing_to_compare(ask):
    assert "Nothing to compare" in ask().content.decode()


def test_a_web_process_shows_answers_without_loading_numpy_or_pandas():
    found = subprocess.run(
        [sys.executable, "-m", "tests.reports.web_process"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert json.loads(found.stdout) == {
        "waits": True,
        "sentence": True,
        "row": True,
        "lines": 2,
        "heavy": [],
    }


# --- While a worker computes --------------------------------------------------------------------


@pytest.fixture
def no_worker(settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}


def answer_what_was_asked():
    """The turn of the worker."""
    for snapshot in ReportSnapshot.objects.filter(computed_at=None):
        refresh_report.call(snapshot.pk)


def test_until_there_is_an_answer_the_page_asks_again(slow, ask, no_worker):
    html = ask(**SHORTER).content.decode()
    address = escape(f"{PAGE}?{urlencode(SHORTER)}")
    for part in ("result", "targets"):
        assert f'id="{part}"' in html
    assert html.count(f'hx-get="{address}" hx-trigger="every 500ms"') == 2
    assert '<noscript><meta http-equiv="refresh" content="3"></noscript>' in html
    answer_what_was_asked()
    page = ask(**SHORTER)
    assert shares(page)["Resolution"] == ("100.0%", "0.0%")
    assert "every 500ms" not in page.content.decode()


@pytest.mark.parametrize("part", ["result", "targets"])
def test_asking_again_costs_nothing_until_there_is_an_answer(slow, ask, no_worker, client, part):
    ask(**SHORTER)
    polled = {"HX-Request": "true", "HX-Trigger": part}
    assert client.get(PAGE, SHORTER, headers=polled).status_code == 204
    answer_what_was_asked()
    assert client.get(PAGE, SHORTER, headers=polled).context["rows"]


def test_a_change_while_an_answer_is_awaited_is_answered_by_its_own(slow, ask, no_worker):
    ask(**SHORTER)
    ask(**MARCH)
    answer_what_was_asked()
    assert shares(ask(**MARCH))["Resolution"] == ("100.0%", "100.0%")
    assert shares(ask(**SHORTER))["Resolution"] == ("100.0%", "0.0%")


def test_an_answer_of_more_than_five_minutes_is_computed_anew(slow, ask, no_worker):
    ask()
    answer_what_was_asked()
    with time_machine.travel(datetime(2026, 4, 30, 0, 6, tzinfo=UTC), tick=False):
        assert "tiles" not in ask().context


def test_a_file_is_the_list_that_was_shown_though_it_be_some_minutes_old(slow, ask, no_worker):
    assert ask(**SHORTER, format="csv").url == f"{PAGE}?{urlencode(SHORTER)}"
    answer_what_was_asked()
    with time_machine.travel(datetime(2026, 4, 30, 0, 6, tzinfo=UTC), tick=False):
        assert len(list(ask(**SHORTER, format="csv").streaming_content)) == 2
