"""When services are to be there, and when they were not (`KPI-18`, `KPI-22`)."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from itil.calendars.hours import Schedule, length, openings_between
from itil.changes.models import MaintenanceWindow
from itil.desk.actions import comment, move
from itil.incidents import actions
from itil.services.models import Service
from itil.sla.models import Agreement
from reports.frames.selection import Selection
from reports.frames.source import Frames
from reports.metrics.indicator import Window
from reports.metrics.period import Period
from reports.metrics.tile import Tile
from reports.metrics.tiles import Desk, answer, behind
from tests import make
from tests.cast import MONDAY, office_hours

HOUR = timedelta(hours=1)
WEEK = Period(date(2026, 3, 2), date(2026, 3, 8), "Europe/Berlin")
NOW = MONDAY + timedelta(days=30)


@pytest.mark.parametrize(("month", "hours"), [(3, 743), (4, 720), (10, 745)])
def test_kpi_22_a_month_in_berlin_is_as_long_as_it_is(month, hours):
    berlin = ZoneInfo("Europe/Berlin")
    ends = (datetime(2026, month, 1, tzinfo=berlin), datetime(2026, month + 1, 1, tzinfo=berlin))
    found = openings_between(
        Schedule(zone="Europe/Berlin", always_open=True), *(end.astimezone(UTC) for end in ends)
    )
    assert (len(found), length(found)) == (1, hours * HOUR)


def desk_of(period=WEEK, now=NOW):
    selection = Selection(before=period.end, since=period.start)
    return Desk(Frames.live(selection, now=now), Window(period, now))


def told(key, desk, by=""):
    series = answer(Tile("t", (key,), by=by), desk)["series"][0]
    return series["points"] if by else series["total"]


def test_a_service_is_measured_by_its_agreement_and_down_when_an_incident_says_so(cast):
    # By default five days of eight hours; of these Tuesday 9 to 11 is maintenance of the mail.
    upkeep = MaintenanceWindow.objects.create(
        name="Mail store", time_zone="Europe/Berlin", begins_on=date(2026, 3, 3),
        begins_at=time(9), ends_on=date(2026, 3, 3), ends_at=time(11), created_by=cast.root,
    )  # fmt: skip
    upkeep.services.add(cast.mail_service)
    incident = make.resolved_incident(cast, at=MONDAY + HOUR, service=cast.mail_service)
    actions.note_outage(
        incident, by=cast.bo, version=incident.version, down_from=MONDAY,
        down_until=MONDAY + 2 * HOUR, at=NOW,
    )  # fmt: skip
    # Out of hours: nobody was to use it.
    night = make.resolved_incident(cast, at=MONDAY + 10 * HOUR, service=cast.mail_service)
    actions.note_outage(
        night, by=cast.bo, version=night.version, down_from=MONDAY + 9 * HOUR,
        down_until=MONDAY + 10 * HOUR, at=NOW,
    )  # fmt: skip
    desk = desk_of()

    assert told("availability", desk) == {"n": 1, "value": pytest.approx(36 / 38)}
    assert told("time_to_restore", desk) == {"n": 1, "value": 2 * 3600.0}
    assert behind("availability", {"service": cast.mail_service.pk}, desk) == [incident.pk]
    assert [point["names"] for point in told("availability", desk, by="service")] == [
        [cast.mail_service.name]
    ]


def test_inc_3_a_courtesy_after_the_weekend_makes_no_outage_of_it(cast):
    """Down on Friday from 15:00 to 16:00; thanked on Monday at 9:30, resolved again at 9:40."""
    friday = MONDAY + timedelta(days=4, hours=5)
    solved = {"resolution_code": "fixed", "note": "It runs again."}
    incident = make.taken_incident(cast, service=cast.mail_service, at=friday)
    actions.note_outage(
        incident, by=cast.bo, version=incident.version, down_from=friday, down_until=None,
        at=friday,
    )  # fmt: skip
    move(incident, "resolve", by=cast.bo, values=solved, at=friday + HOUR)
    thanks = MONDAY + timedelta(days=7) - HOUR / 2
    comment(incident, by=cast.ann, text="Thank you!", channel="mail", at=thanks)
    move(
        incident, "resolve", by=cast.bo, values=solved | {"courtesy": True},
        at=thanks + timedelta(minutes=10),
    )  # fmt: skip

    assert told("availability", desk_of()) == {"n": 1, "value": pytest.approx(39 / 40)}


def test_an_agreement_about_the_service_goes_before_the_default_one(cast):
    longer = office_hours("Days without an end")
    longer.always_open = True
    longer.save()
    Agreement.objects.create(name="Mail", calendar=longer, service=cast.mail_service)
    Service.objects.create(name="Never mind", status=Service.Status.RETIRED)
    rows = desk_of().frames.read("service_hours", ["service", "starts_at", "ends_at"])
    inside = rows[rows["ends_at"] > WEEK.start]
    assert set(inside["service"]) == {cast.mail_service.pk}
    assert inside["ends_at"].max() == WEEK.end


def test_what_is_down_still_is_down_until_now_and_the_time_to_come_is_not_counted(cast):
    incident = make.taken_incident(cast, service=cast.mail_service)
    actions.note_outage(
        incident, by=cast.bo, version=incident.version, down_from=MONDAY + 3 * HOUR,
        down_until=None, at=MONDAY + 4 * HOUR,
    )  # fmt: skip
    # Of the first day: 9:00 to 14:00 in Berlin, down since 13:00.
    desk = desk_of(now=MONDAY + 4 * HOUR)
    assert told("availability", desk)["value"] == pytest.approx(4 / 5)


def test_time_degraded_counts_as_much_as_the_agreement_of_that_day_says(cast):
    """Half of it until Tuesday, a quarter from Wednesday on; two hours on each side."""
    wednesday = MONDAY.replace(hour=0) + timedelta(days=2)
    Agreement.objects.update(degraded_percent=25)
    Agreement.objects.create(
        name="Until then", calendar=cast.calendar, degraded_percent=50, valid_to=wednesday
    )
    for start in (MONDAY, MONDAY + timedelta(days=3)):
        incident = make.resolved_incident(cast, at=start, service=cast.mail_service)
        actions.note_outage(
            incident, by=cast.bo, version=incident.version, down_from=start,
            down_until=start + 2 * HOUR, is_degraded=True, at=NOW,
        )  # fmt: skip
    desk = desk_of()
    assert told("availability", desk)["value"] == pytest.approx((40 - 1 - 0.5) / 40)
    assert told("failures", desk)["value"] == 0


def test_without_an_agreement_it_is_not_available_and_says_why(cast):
    Agreement.objects.update(active=False)
    assert told("availability", desk_of()) == {"n": 0, "value": None, "why": "agreement"}
