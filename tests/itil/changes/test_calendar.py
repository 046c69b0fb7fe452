"""The change calendar, its list, its filters, and what one may see in it."""

from datetime import date, timedelta
from urllib.parse import quote
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from itil.changes.actions import conflicts as verbs
from itil.changes.charts.by_hour import MOST_BESIDE, MOST_BESIDE_ALONE, columns
from itil.changes.charts.schedule import (
    MOST_A_DAY,
    Row,
    Stretch,
    lanes,
    stretch_of,
    touched,
    weeks,
)
from itil.changes.matching.slots import slots_for
from itil.changes.models import Change, Conflict

from .plans import HOUR, SATURDAY, change_manager, freeze, item, planned, upkeep

URL = "/desk/changes/calendar/"
NOW = SATURDAY - timedelta(days=5)
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture
def mara(cast):
    return change_manager(cast)


def row(pk, start, hours, **more):
    fields = {
        "number": f"CHG-{pk}", "title": "A", "status": "scheduled", "type": "normal",
        "risk": "", "conflict_status": "none", "service": None, "version": 1,
    }  # fmt: skip
    return Row(pk=pk, start=start, end=start + hours * HOUR, **(fields | more))


class TestPicture:
    def test_the_day_on_which_summer_time_begins_is_an_hour_shorter(self):
        day = Stretch(BERLIN, date(2026, 3, 29), 1)
        start, end = day.span
        assert end - start == 23 * HOUR
        assert day.place((start, start + 23 * HOUR)) == (0, 100)
        assert day.place((end, end + HOUR)) is None

    def test_bars_that_overlap_stand_on_lines_of_their_own(self):
        stretch = Stretch(BERLIN, date(2026, 3, 2), 14)
        rows = [row(n, SATURDAY + n * HOUR, 3) for n in range(3)]
        [lane] = lanes(rows, stretch, {}, "No service")
        assert sorted(bar.line for bar in lane.bars) == [1, 2, 3]
        assert (lane.lines, lane.more) == (3, 0)

    def test_what_has_no_line_is_counted(self):
        stretch = Stretch(BERLIN, date(2026, 3, 2), 14)
        [lane] = lanes([row(n, SATURDAY, 3) for n in range(9)], stretch, {}, "No service")
        assert (len(lane.bars), lane.more) == (5, 4)

    def test_a_change_over_midnight_is_on_both_days_and_one_that_ends_there_is_not(self):
        stretch = stretch_of("month", date(2026, 3, 7), BERLIN)
        midnight = stretch.midnight(date(2026, 3, 8))
        rows = [row(1, midnight - HOUR, 2), row(2, midnight - HOUR, 1)]
        days = {day.on: day for week in weeks(rows, stretch, 3) for day in week}
        assert [one.pk for one in days[date(2026, 3, 7)].rows] == [1, 2]
        assert [one.pk for one in days[date(2026, 3, 8)].rows] == [1]

    @given(
        st.integers(-60 * 24 * 40, 60 * 24 * 40),
        st.integers(1, 60 * 24 * 20),
        st.sampled_from([BERLIN, ZoneInfo("Asia/Tokyo"), ZoneInfo("America/Santiago")]),
    )
    def test_a_change_is_on_the_days_that_have_a_moment_of_it(self, begins, lasts, zone):
        """Around the days on which summer time begins in Berlin and ends in Santiago."""
        stretch = stretch_of("month", date(2026, 4, 1), zone)
        start = stretch.midnight(date(2026, 4, 1)) + timedelta(minutes=begins)
        span = (start, start + timedelta(minutes=lasts))
        by_day = [day for day in stretch.dates if Stretch(zone, day, 1).place(span) is not None]
        assert touched(span, stretch) == by_day

    def test_of_very_many_a_day_draws_the_first_and_counts_the_others(self):
        stretch = stretch_of("month", date(2026, 3, 7), BERLIN)
        rows = [row(n, SATURDAY, 12) for n in range(500)]
        days = [day for week in weeks(rows, stretch, 3) for day in week if day.rows]
        assert [(len(day.rows), day.more) for day in days] == [(MOST_A_DAY, 500 - MOST_A_DAY)] * 2
        drawn = columns(rows, stretch_of("week", date(2026, 3, 7), BERLIN), [], [])
        assert [(len(one.blocks), one.more) for one in drawn[5:]] == [
            (MOST_BESIDE, 500 - MOST_BESIDE)
        ] * 2

    def test_one_day_alone_has_room_for_more(self):
        stretch = stretch_of("day", date(2026, 3, 7), BERLIN)
        assert stretch.dates == [date(2026, 3, 7)]
        [drawn] = columns([row(n, SATURDAY, 12) for n in range(20)], stretch, [], [])
        assert (len(drawn.blocks), drawn.more) == (MOST_BESIDE_ALONE, 20 - MOST_BESIDE_ALONE)

    def test_a_name_gets_the_room_up_to_its_neighbour_or_the_edge(self):
        stretch = Stretch(BERLIN, date(2026, 3, 2), 10)
        begin = stretch.midnights[0]
        day = 24 * HOUR
        rows = [row(1, begin + day, 24), row(2, begin + 5 * day, 24), row(3, begin + 9 * day, 24)]
        [lane] = lanes(rows, stretch, {}, "No service")
        assert [(bar.name_at, bar.line, bar.room) for bar in lane.bars] == [
            ("after", 1, 30.0), ("after", 1, 40.0), ("before", 2, 90.0),
        ]  # fmt: skip

    def test_a_month_is_shown_in_whole_weeks(self):
        stretch = stretch_of("month", date(2026, 3, 7), BERLIN)
        assert (stretch.first, stretch.last) == (date(2026, 2, 23), date(2026, 4, 5))


class TestPage:
    @pytest.mark.parametrize("view", ["timeline", "month", "week", "day"])
    def test_each_view_shows_changes_freezes_and_conflicts_in_words(
        self, cast, mara, signed_in, view
    ):
        server = item(cast, "db-1")
        one = planned(cast, "Patch the database", items=[server], service=cast.mail_service)
        planned(cast, "Move the database", items=[server])
        freeze(mara, types=["standard"])
        upkeep(mara)
        verbs.check_conflicts(one, NOW)
        page = signed_in(cast.bo).get(URL, {"view": view, "on": "2026-03-07"})
        assert page.status_code == 200
        text = page.content.decode()
        for words in ("Patch the database", "Month-end close", "Saturday night", ", conflict"):
            assert words in text
        assert "2 have a conflict." in text

    def test_moments_are_those_of_the_viewer(self, cast, signed_in):
        planned(cast)
        cast.bo.time_zone = "Asia/Tokyo"
        cast.bo.save()
        text = signed_in(cast.bo).get(URL, {"on": "2026-03-07"}).content.decode()
        assert "Times in JST" in text
        assert "06:00 – 08:00" in text

    def test_filters_are_in_the_address_and_can_be_taken_away(self, cast, signed_in):
        planned(cast, "With a service", service=cast.mail_service)
        planned(cast, "An emergency", change_type="emergency")
        client = signed_in(cast.bo)
        for query, shown in (
            ({"service": cast.mail_service.pk}, ["With a service"]),
            ({"type": "emergency"}, ["An emergency"]),
            ({"team": cast.network_team.pk}, []),
            ({"environment": "test"}, []),
            ({"state": "scheduled", "type": "normal"}, ["With a service"]),
        ):
            page = client.get(URL, {"on": "2026-03-07", **query})
            assert [change.title for change in page.context["rows"]] == shown
            assert len(page.context["chips"]) == len(query)

    @pytest.mark.parametrize(
        "query",
        [{"on": "yesterday"}, {"on": "9999-12-31"}, {"view": "year"}, {"service": "x"},
         {"page": "no"}, {"risk": "\x00"}],
    )  # fmt: skip
    def test_an_address_that_makes_no_sense_still_shows_a_calendar(self, cast, signed_in, query):
        assert signed_in(cast.bo).get(URL, query).status_code == 200

    def test_cancelled_changes_are_shown_when_asked_for(self, cast, signed_in):
        planned(cast, status="cancelled")
        client = signed_in(cast.bo)
        assert client.get(URL, {"on": "2026-03-07"}).context["total"] == 0
        assert client.get(URL, {"on": "2026-03-07", "state": "cancelled"}).context["total"] == 1

    def test_customers_have_no_such_page_and_agents_see_what_they_may(self, cast, signed_in):
        change = planned(cast)
        Change.objects.filter(pk=change.pk).update(team=cast.network_team, is_confidential=True)
        assert signed_in(cast.ann).get(URL).status_code == 404
        client = signed_in(cast.cleo)
        assert client.get(URL, {"on": "2026-03-07"}).context["total"] == 0
        assert client.get(URL, {"change": change.number}).status_code == 404
        assert signed_in(cast.ned).get(URL, {"on": "2026-03-07"}).context["total"] == 1

    def test_the_number_of_statements_does_not_grow(self, cast, mara, signed_in):
        upkeep(mara)
        freeze(mara)
        client = signed_in(cast.bo)

        def statements(view):
            with CaptureQueriesContext(connection) as captured:
                client.get(URL, {"on": "2026-03-07", "view": view})
            return len(captured)

        planned(cast, service=cast.mail_service)
        few = [statements(view) for view in ("timeline", "month", "week")]
        for n in range(8):
            planned(cast, start=SATURDAY + n * HOUR, service=cast.mail_service, assignee=cast.ned)
        assert [statements(view) for view in ("timeline", "month", "week")] == few
        assert max(few) <= 14


class TestChosen:
    @pytest.fixture
    def disturbed(self, cast):
        server = item(cast, "db-1")
        one = planned(cast, items=[server])
        planned(cast, "Move the database", items=[server], start=SATURDAY + HOUR)
        verbs.check_conflicts(one, NOW)
        return one

    def test_the_panel_says_what_is_in_the_way(self, cast, disturbed, signed_in):
        page = signed_in(cast.bo).get(URL, {"on": "2026-03-07", "change": disturbed.number})
        text = page.content.decode()
        assert "touches db-1 at the same time." in text
        assert "Accept the risk" not in text

    def test_free_times_avoid_others_freezes_and_stay_in_maintenance_windows(
        self, cast, mara, disturbed
    ):
        assert slots_for(disturbed, NOW)[0] == (SATURDAY - HOUR, SATURDAY + HOUR)
        upkeep(mara)
        freeze(mara, ends_on=date(2026, 3, 7), ends_at="23:00")
        # From 06:00 Berlin on the window is over; before 00:00 the other change runs.
        assert slots_for(disturbed, NOW)[0] == (SATURDAY + 3 * HOUR, SATURDAY + 5 * HOUR)

    def test_a_change_manager_accepts_on_a_page_and_comes_back(self, disturbed, mara, signed_in):
        conflict = Conflict.objects.get(change=disturbed)
        url = reverse("changes:accept_conflict", args=[conflict.pk])
        back = f"{URL}?on=2026-03-07"
        client = signed_in(mara)
        assert client.get(f"{url}?next={quote(back)}").status_code == 200
        refused = client.post(url, {"note": " "})
        assert refused.status_code == 422
        done = client.post(f"{url}?next={quote(back)}", {"note": "They know."})
        assert (done.status_code, done.url) == (303, back)
        assert client.post(url, {"note": "Again."}).status_code == 409
        outside = client.post(f"{url}?next=https://evil.example/", {"note": "Again."})
        assert b"evil" not in outside.content

    def test_others_have_no_such_page(self, cast, disturbed, signed_in):
        url = reverse("changes:accept_conflict", args=[Conflict.objects.get(change=disturbed).pk])
        for who in (cast.bo, cast.ann, cast.root):
            assert signed_in(who).post(url, {"note": "Fine."}).status_code == 404
        assert Conflict.objects.get(change=disturbed).acknowledged_at is None
