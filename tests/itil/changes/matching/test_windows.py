"""The freezes and maintenance windows that a planned change falls under (`CHG-4`)."""

from datetime import date, time, timedelta

import pytest

from itil.changes.actions import conflicts as verbs
from itil.changes.actions.windows import end_window
from itil.changes.matching.conflicts import blocking
from itil.changes.matching.windows import frozen
from itil.changes.models import Change
from itil.cmdb.models import ItemClass, Relation
from itil.services.models import Service
from itil.tickets.errors import MissingValue, NotAllowed, Refused
from itil.tickets.models import TicketItem
from tests.itil.changes.plans import (
    HOUR,
    NOW,
    SATURDAY,
    change_manager,
    freeze,
    item,
    planned,
    standing,
    status_of,
    upkeep,
)


@pytest.fixture
def mara(cast):
    return change_manager(cast)


class TestFreezes:
    def test_who_is_partly_inside_is_blocked(self, cast, mara):
        change = planned(cast, start=SATURDAY - 3 * HOUR, hours=2)
        freeze(mara)
        assert standing(change) == [("freeze", "Month-end close")]
        assert status_of(change) == "blocked"
        assert [row.kind for row in blocking(change)] == ["freeze"]
        [row] = blocking(change)
        assert (row.starts_at, row.ends_at) == (SATURDAY - 2 * HOUR, SATURDAY - HOUR)

    def test_who_ends_when_it_begins_is_not(self, cast, mara):
        change = planned(cast, start=SATURDAY - 4 * HOUR, hours=2)
        freeze(mara)
        assert standing(change) == []

    def test_one_that_is_made_later_moves_nothing(self, cast, mara):
        change = planned(cast)
        freeze(mara)
        present = Change.objects.get(pk=change.pk)
        assert present.conflict_status == "blocked"
        assert (present.status, present.planned_start) == ("scheduled", change.planned_start)
        assert present.version == change.version

    def test_it_lets_go_when_it_is_ended(self, cast, mara):
        change = planned(cast)
        window = freeze(mara)
        end_window(window, version=window.version, by=mara, at=NOW)
        assert standing(change) == []
        assert status_of(change) == "none"

    def test_an_emergency_needs_an_exemption_by_name(self, cast, mara):
        change = planned(cast, change_type="emergency")
        window = freeze(mara)
        assert frozen(change, SATURDAY) == window
        verbs.exempt(change, window, by=mara, reason="The hole is being used.", at=NOW)
        assert standing(change) == []
        assert frozen(change, SATURDAY) is None
        other = planned(cast, change_type="emergency")
        assert frozen(other, SATURDAY) == window

    def test_no_other_change_gets_one(self, cast, mara):
        change = planned(cast)
        window = freeze(mara)
        with pytest.raises(Refused, match="Only emergency changes"):
            verbs.exempt(change, window, by=mara, reason="Please.", at=NOW)
        emergency = planned(cast, change_type="emergency")
        with pytest.raises(NotAllowed):
            verbs.exempt(emergency, window, by=cast.bo, reason="Please.", at=NOW)
        with pytest.raises(MissingValue):
            verbs.exempt(emergency, window, by=mara, reason=" ", at=NOW)
        assert window.exemptions.count() == 0
        assert status_of(change) == "blocked"

    def test_nothing_is_frozen_at_its_end(self, cast, mara):
        change = planned(cast)
        freeze(mara)
        end = SATURDAY.replace(day=8, hour=5)
        assert frozen(change, end - timedelta(seconds=1)) is not None
        assert frozen(change, end) is None


class TestMatching:
    """A criterion that is set must fit; those that are not fit every change."""

    @pytest.fixture
    def change(self, cast):
        kind_of_server = item(cast, "db-1", kind="Database")
        return planned(
            cast, items=[kind_of_server], service=cast.mail_service, environment="production",
            risk="high",
        )  # fmt: skip

    @pytest.mark.parametrize(
        ("criteria", "fits"),
        [
            ({}, True),
            ({"environments": ["production"]}, True),
            ({"environments": ["test"]}, False),
            ({"risks": ["medium", "high"]}, True),
            ({"risks": ["low"]}, False),
            ({"types": ["normal"]}, True),
            ({"types": ["standard"]}, False),
            ({"environments": ["production"], "types": ["standard"]}, False),
        ],
    )
    def test_by_environment_risk_and_type(self, change, mara, criteria, fits):
        freeze(mara, **criteria)
        assert (frozen(change, SATURDAY) is not None) == fits

    def test_by_service_named_or_provided_by_an_item(self, cast, change, mara):
        payroll = Service.objects.create(name="Payroll")
        freeze(mara, services=[payroll])
        assert frozen(change, SATURDAY) is None
        Relation.objects.create(
            source=TicketItem.objects.get(ticket=change).item,
            service=payroll,
            type="provides",
            valid_from=NOW,
        )
        assert frozen(change, SATURDAY) is not None

    def test_by_the_class_of_an_item_or_what_it_is_a_kind_of(self, cast, change, mara):
        software = ItemClass.objects.create(name="Software", slug="software")
        freeze(mara, item_classes=[software])
        assert frozen(change, SATURDAY) is None
        ItemClass.objects.filter(slug="database").update(parent=software)
        assert frozen(change, SATURDAY) is not None

    def test_a_risk_that_is_not_assessed_may_be_any(self, cast, mara):
        change = planned(cast)
        freeze(mara, risks=["high"])
        assert frozen(change, SATURDAY) is not None


class TestMaintenanceWindows:
    def test_a_change_inside_is_left_alone_and_one_outside_is_warned(self, cast, mara):
        upkeep(mara)
        inside, outside = planned(cast), planned(cast, start=SATURDAY - 2 * HOUR)
        verbs.check_ahead(NOW)
        assert standing(inside) == []
        assert standing(outside) == [("outside_maintenance_window", None)]
        assert status_of(outside) == "warning"

    def test_without_a_window_for_it_a_change_is_nowhere_outside(self, cast, mara):
        upkeep(mara, types=["standard"])
        change = planned(cast, start=SATURDAY - 2 * HOUR)
        assert verbs.check_conflicts(change, NOW) == []

    def test_windows_that_touch_hold_a_change_together(self, cast, mara):
        upkeep(mara, name="First", ends_on=date(2026, 1, 3), ends_at=time(23))
        upkeep(mara, name="Second", begins_at=time(23))
        change = planned(cast, start=SATURDAY, hours=3)
        assert verbs.check_conflicts(change, NOW) == []

    def test_on_the_short_night_the_window_is_short(self, cast, mara):
        night = {"begins_at": time(2), "ends_on": date(2026, 1, 3), "ends_at": time(4)}
        upkeep(mara, rule="FREQ=DAILY", **night)
        one = SATURDAY.replace(day=29, hour=1)
        fits, leaves = planned(cast, start=one, hours=1), planned(cast, start=one, hours=1.5)
        assert verbs.check_conflicts(fits, NOW) == []
        assert [row.kind for row in verbs.check_conflicts(leaves, NOW)] == [
            "outside_maintenance_window"
        ]
