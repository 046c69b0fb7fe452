"""Freezes and maintenance windows: kept by change managers, read by staff."""

from datetime import date, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from itil.changes.actions import windows as verbs
from itil.changes.models import FreezeWindow, MaintenanceWindow, WindowEvent
from itil.tickets.errors import MissingValue, NotAllowed, StaleRecord

from .plans import SATURDAY, VALUES, change_manager, freeze, planned, upkeep

NOW = SATURDAY - timedelta(days=5)
TYPED = {
    "name": "Patch night",
    "begins_on": "2026-03-07",
    "begins_at": "21:00",
    "ends_on": "2026-03-08",
    "ends_at": "05:00",
    "time_zone": "Europe/Berlin",
    "repeats": "weekly",
    "weekdays": ["5"],
    "types": ["normal"],
}


@pytest.fixture
def mara(cast):
    return change_manager(cast)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"ends_on": date(2026, 3, 7), "ends_at": time(19)}, "ends_at"),
        ({"ends_on": date(2026, 3, 7), "ends_at": time(20)}, "ends_at"),
        ({"ends_on": date(2026, 3, 6)}, "ends_at"),
        ({"time_zone": "Europe/Atlantis"}, "time_zone"),
        ({"rule": "every night"}, "rule"),
        ({"rule": "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=31"}, "rule"),
        ({"until": date(2026, 3, 1)}, "until"),
        ({"name": ""}, "name"),
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_is_kept(mara, values, field):
    with pytest.raises(MissingValue) as refusal:
        verbs.add_window(FreezeWindow, VALUES | values, by=mara, at=NOW)
    assert refusal.value.field == field
    assert FreezeWindow.objects.count() == WindowEvent.objects.count() == 0


def test_only_change_managers_write(cast, mara):
    window = freeze(mara)
    for by in (cast.bo, cast.cleo, cast.mia, cast.root):
        with pytest.raises(NotAllowed):
            verbs.add_window(FreezeWindow, VALUES, by=by, at=NOW)
        with pytest.raises(NotAllowed):
            verbs.change_window(window, VALUES, version=1, by=by, at=NOW)
        with pytest.raises(NotAllowed):
            verbs.end_window(window, version=1, by=by, at=NOW)
    assert FreezeWindow.objects.get().version == 1


def test_a_change_is_kept_with_the_old_and_the_new_and_checks_what_is_planned(cast, mara):
    change = planned(cast)
    window = freeze(mara)
    later = VALUES | {"begins_on": date(2026, 3, 14), "ends_on": date(2026, 3, 15)}
    window = verbs.change_window(window, later, version=window.version, by=mara, at=NOW)
    change.refresh_from_db()
    assert (change.conflict_status, window.version) == ("none", 2)
    event = window.events.last()
    assert event.data["changes"] == {
        "begins_on": ["2026-03-07", "2026-03-14"],
        "ends_on": ["2026-03-08", "2026-03-15"],
    }
    with pytest.raises(StaleRecord):
        verbs.change_window(window, VALUES, version=1, by=mara, at=NOW)


def test_one_that_was_ended_can_apply_again(cast, mara):
    change = planned(cast)
    window = freeze(mara)
    ended = verbs.end_window(window, version=1, by=mara, at=NOW)
    verbs.restore_window(ended, version=2, by=mara, at=NOW)
    change.refresh_from_db()
    assert change.conflict_status == "blocked"
    assert [event.what for event in window.events.all()] == ["added", "ended", "restored"]


class TestPages:
    def test_a_window_is_made_by_choosing_days(self, mara, signed_in):
        client = signed_in(mara)
        url = reverse("changes:new_window", args=["maintenance"])
        assert client.get(url).status_code == 200
        assert client.post(url, TYPED).status_code == 303
        window = MaintenanceWindow.objects.get()
        assert (window.rule, window.types) == ("FREQ=WEEKLY;BYDAY=SA", ["normal"])
        page = client.get(window.get_absolute_url())
        assert "every week on Saturday" in page.content.decode()
        assert page.context["form"]["repeats"].value() == "weekly"
        changed = client.post(
            window.get_absolute_url(), TYPED | {"weekdays": ["5", "6"], "version": "1"}
        )
        assert changed.status_code == 303
        window.refresh_from_db()
        assert window.rule == "FREQ=WEEKLY;BYDAY=SA,SU"

    @pytest.mark.parametrize(
        ("typed", "field"),
        [
            ({"ends_on": "2026-03-07", "ends_at": "20:00"}, "ends_at"),
            ({"weekdays": []}, "weekdays"),
            ({"repeats": "weekday", "weekdays": ["1", "2"]}, "weekdays"),
            ({"repeats": "day"}, "month_day"),
            ({"repeats": "rule", "rule": "FREQ=HOURLY"}, "rule"),
            ({"repeats": "rule"}, "rule"),
            ({"time_zone": "Nowhere"}, "time_zone"),
            ({"until": "2026-03-01"}, "until"),
        ],
    )
    def test_a_wrong_form_keeps_what_was_typed(self, mara, signed_in, typed, field):
        url = reverse("changes:new_window", args=["freeze"])
        page = signed_in(mara).post(url, TYPED | typed)
        assert page.status_code == 422
        assert field in page.context["form"].errors
        assert "Patch night" in page.content.decode()
        assert FreezeWindow.objects.count() == 0

    def test_the_zone_is_chosen_and_a_stored_one_of_old_is_kept(self, mara, signed_in):
        client = signed_in(mara)
        page = client.get(reverse("changes:new_window", args=["freeze"])).text
        assert '<option value="Europe/Amsterdam" selected>' in page
        assert '<option value="Asia/Tokyo">' in page
        window = verbs.add_window(FreezeWindow, VALUES | {"time_zone": "CET"}, by=mara, at=NOW)
        page = client.get(reverse("changes:window", args=["freeze", window.pk])).text
        assert '<option value="CET" selected>' in page

    def test_it_is_asked_at_which_time_it_begins_and_at_which_it_ends(self, mara, signed_in):
        page = signed_in(mara).get(reverse("changes:new_window", args=["freeze"]))
        labels = [str(field.label) for field in page.context["form"].when_fields]
        assert labels[:4] == ["Begins on", "Begins at", "Ends on", "Ends at"]

    def test_each_kind_has_its_pages_those_in_force_first(self, mara, signed_in):
        upkeep(mara)
        for n in range(51):
            freeze(mara, name=f"Freeze {n:02}", begins_on=date(2026, 2, 1) + timedelta(days=n // 2),
                   ends_on=date(2026, 4, 1))  # fmt: skip
        verbs.end_window(FreezeWindow.objects.get(name="Freeze 00"), version=1, by=mara, at=NOW)
        client, url = signed_in(mara), reverse("changes:windows")
        first, second = client.get(url), client.get(f"{url}?page=2")
        assert [row.name for row in first.context["rows"]] == [
            f"Freeze {n:02}" for n in range(1, 51)
        ]
        assert [row.name for row in second.context["rows"]] == ["Freeze 00"]
        other = client.get(f"{url}?kind=maintenance")
        assert [row.name for row in other.context["rows"]] == ["Saturday night"]
        assert [tab.is_current for tab in other.context["tabs"]] == [False, True]

    def test_the_number_of_statements_does_not_grow(self, cast, mara, signed_in):
        client, url = signed_in(mara), reverse("changes:windows")

        def statements() -> int:
            with CaptureQueriesContext(connection) as captured:
                client.get(url)
            return len(captured)

        freeze(mara, services=[cast.mail_service])
        few = statements()
        for n in range(4):
            freeze(mara, name=f"Freeze {n}", services=[cast.mail_service])
        assert statements() == few
        assert few <= 8

    def test_staff_read_and_others_find_nothing(self, cast, mara, signed_in):
        window = freeze(mara)
        upkeep(mara)
        listing = reverse("changes:windows")
        for who in (cast.bo, cast.root):
            client = signed_in(who)
            assert client.get(listing).status_code == 200
            page = client.get(window.get_absolute_url())
            assert page.status_code == 200
            assert "Sat 7 Mar 2026, 20:00 – Sun 8 Mar 2026, 06:00" in page.content.decode()
            assert "Begins on" not in page.content.decode()
            assert client.post(window.get_absolute_url(), TYPED).status_code == 404
            assert client.get(reverse("changes:new_window", args=["freeze"])).status_code == 404
            switch = reverse("changes:switch_window", args=["freeze", window.pk])
            assert client.post(switch, {"version": "1"}).status_code == 404
        assert signed_in(cast.ann).get(listing).status_code == 404
        assert signed_in(cast.ann).get(window.get_absolute_url()).status_code == 404
        window.refresh_from_db()
        assert window.active

    def test_ending_it_asks_for_the_version_that_was_shown(self, mara, signed_in):
        window = freeze(mara)
        switch = reverse("changes:switch_window", args=["freeze", window.pk])
        client = signed_in(mara)
        client.post(switch, {"version": "7"})
        window.refresh_from_db()
        assert window.active
        client.post(switch, {"version": "1"})
        window.refresh_from_db()
        assert not window.active
