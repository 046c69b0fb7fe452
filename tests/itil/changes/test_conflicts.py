"""What stands against a planned change, and who accepts it (`CHG-3`)."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from itil.changes.actions import conflicts as verbs
from itil.changes.matching.conflicts import blocking, unaccepted
from itil.changes.models import Change, Conflict, ConflictRule
from itil.tickets.errors import MissingValue, NotAllowed, Refused
from itil.tickets.models import TicketItem

from .plans import (
    HOUR,
    NOW,
    SATURDAY,
    change_manager,
    depends,
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


class TestBetweenChanges:
    def test_two_that_overlap_on_one_item_are_both_told(self, cast):
        server = item(cast, "db-1")
        one = planned(cast, items=[server])
        other = planned(cast, start=SATURDAY + HOUR, items=[server])
        found = verbs.check_conflicts(one, NOW)
        assert [(row.kind, row.other, row.item) for row in found] == [("same_ci", other, server)]
        assert (found[0].starts_at, found[0].ends_at) == (SATURDAY + HOUR, SATURDAY + 2 * HOUR)
        assert standing(other) == [("same_ci", one.number)]
        assert status_of(one) == status_of(other) == "warning"
        assert one.conflict_status == "warning"

    def test_windows_that_only_touch_do_not_disturb_each_other(self, cast):
        server = item(cast, "db-1")
        one = planned(cast, items=[server], hours=2)
        planned(cast, start=SATURDAY + 2 * HOUR, items=[server])
        assert verbs.check_conflicts(one, NOW) == []
        assert status_of(one) == "none"

    @pytest.mark.parametrize(
        "relation", ["depends_on", "runs_on", "hosted_on", "contained_in", "member_of"]
    )
    def test_items_one_hop_apart_disturb_each_other_in_both_directions(self, cast, relation):
        application, server = item(cast, "payroll"), item(cast, "db-1")
        depends(application, server, relation)
        one, other = planned(cast, items=[application]), planned(cast, items=[server])
        [found] = verbs.check_conflicts(one, NOW)
        assert (found.kind, found.item, found.other_item) == ("related_ci", application, server)
        [mirrored] = Conflict.objects.present().filter(change=other)
        assert (mirrored.item, mirrored.other_item) == (server, application)

    @pytest.mark.parametrize("relation", ["installed_on", "connected_to", "backed_up_by"])
    def test_other_relations_do_not(self, cast, relation):
        application, server = item(cast, "payroll"), item(cast, "db-1")
        depends(application, server, relation)
        one = planned(cast, items=[application])
        planned(cast, items=[server])
        assert verbs.check_conflicts(one, NOW) == []

    def test_two_hops_are_too_far(self, cast):
        first, second, third = (item(cast, name) for name in ("a", "b", "c"))
        depends(first, second)
        depends(second, third)
        one = planned(cast, items=[first])
        planned(cast, items=[third])
        assert verbs.check_conflicts(one, NOW) == []

    def test_a_relation_that_has_ended_does_not_count(self, cast):
        application, server = item(cast, "payroll"), item(cast, "db-1")
        relation = depends(application, server)
        relation.valid_until = SATURDAY
        relation.save()
        one = planned(cast, items=[application])
        planned(cast, items=[server])
        assert verbs.check_conflicts(one, NOW) == []

    def test_one_person_cannot_be_at_two_changes(self, cast):
        one = planned(cast, assignee=cast.ned)
        other = planned(cast)
        other.implementers.add(cast.ned)
        [found] = verbs.check_conflicts(one, NOW)
        assert (found.kind, found.other, found.person) == ("same_assignee", other, cast.ned)

    def test_a_draft_is_told_and_tells_nobody(self, cast):
        server = item(cast, "db-1")
        draft = planned(cast, items=[server], status="draft")
        other = planned(cast, items=[server])
        verbs.check_conflicts(draft, NOW)
        assert standing(draft) == [("same_ci", other.number)]
        assert standing(other) == []
        verbs.check_conflicts(other, NOW)
        assert standing(other) == []

    @pytest.mark.parametrize("status", ["review", "closed", "cancelled"])
    def test_what_is_over_disturbs_nobody(self, cast, status):
        server = item(cast, "db-1")
        one = planned(cast, items=[server])
        other = planned(cast, items=[server])
        verbs.check_conflicts(one, NOW)
        Change.objects.filter(pk=other.pk).update(status=status)
        verbs.check_conflicts(other, NOW + HOUR)
        assert standing(one) == standing(other) == []
        assert status_of(one) == "none"

    def test_what_is_gone_keeps_its_times_and_comes_back_as_another(self, cast):
        server = item(cast, "db-1")
        one, other = planned(cast, items=[server]), planned(cast, items=[server])
        verbs.check_conflicts(one, NOW)
        Change.objects.filter(pk=one.pk).update(
            planned_start=SATURDAY + 9 * HOUR, planned_end=SATURDAY + 10 * HOUR
        )
        verbs.check_conflicts(one, NOW + HOUR)
        Change.objects.filter(pk=one.pk).update(planned_start=SATURDAY, planned_end=SATURDAY + HOUR)
        verbs.check_conflicts(one, NOW + 2 * HOUR)
        times = list(one.conflicts.values_list("found_at", "gone_at"))
        assert times == [(NOW, NOW + HOUR), (NOW + 2 * HOUR, None)]
        assert other.conflicts.count() == 2

    def test_each_coming_and_going_is_an_event_of_the_system(self, cast):
        server = item(cast, "db-1")
        one, other = planned(cast, items=[server]), planned(cast, items=[server])
        verbs.check_conflicts(one, NOW)
        TicketItem.objects.filter(ticket=one).delete()
        verbs.check_conflicts(one, NOW + HOUR)
        for change, against in ((one, other), (other, one)):
            events = change.events.filter(kind="conflict").order_by("at")
            assert [event.data["what"] for event in events] == ["found", "gone"]
            assert {event.data["other"] for event in events} == {against.number}
            assert {event.actor for event in events} == {None}


class TestAccepting:
    @pytest.fixture
    def conflict(self, cast):
        server = item(cast, "db-1")
        one = planned(cast, items=[server])
        planned(cast, items=[server])
        return verbs.check_conflicts(one, NOW)[0]

    def test_a_change_manager_accepts_with_a_reason(self, conflict, mara):
        assert unaccepted(conflict.change) == [conflict]
        verbs.acknowledge(conflict, by=mara, note="They know of each other.", at=NOW)
        conflict.refresh_from_db()
        assert (conflict.acknowledged_by, conflict.acknowledged_at) == (mara, NOW)
        assert status_of(conflict.change) == "acknowledged"
        assert unaccepted(conflict.change) == []
        event = conflict.change.events.filter(kind="conflict").last()
        assert (event.actor, event.data["what"], event.data["note"]) == (
            mara,
            "accepted",
            "They know of each other.",
        )

    def test_the_other_change_decides_for_itself(self, conflict, mara):
        verbs.acknowledge(conflict, by=mara, note="Fine.", at=NOW)
        assert status_of(conflict.other) == "warning"

    def test_it_stays_accepted_while_it_is_the_same(self, conflict, mara):
        verbs.acknowledge(conflict, by=mara, note="Fine.", at=NOW)
        verbs.check_conflicts(conflict.change, NOW + HOUR)
        assert status_of(conflict.change) == "acknowledged"
        Change.objects.filter(pk=conflict.other_id).update(
            planned_start=SATURDAY + HOUR, planned_end=SATURDAY + 3 * HOUR
        )
        verbs.check_conflicts(conflict.other, NOW + 2 * HOUR)
        assert status_of(conflict.change) == "warning"

    def test_others_without_a_reason_or_twice_are_refused(self, cast, conflict, mara):
        for by in (cast.bo, cast.cleo, cast.root):
            with pytest.raises(NotAllowed):
                verbs.acknowledge(conflict, by=by, note="Fine.", at=NOW)
        with pytest.raises(MissingValue):
            verbs.acknowledge(conflict, by=mara, note="  ", at=NOW)
        assert status_of(conflict.change) == "warning"
        verbs.acknowledge(conflict, by=mara, note="Fine.", at=NOW)
        with pytest.raises(Refused, match="accepted this conflict already"):
            verbs.acknowledge(conflict, by=mara, note="Again.", at=NOW)
        assert Conflict.objects.get(pk=conflict.pk).note == "Fine."

    def test_a_freeze_is_not_accepted(self, cast, mara):
        change = planned(cast)
        freeze(mara)
        with pytest.raises(Refused, match="blocks the change"):
            verbs.acknowledge(blocking(change)[0], by=mara, note="Please.", at=NOW)
        assert status_of(change) == "blocked"

    def test_what_weighs_how_much_is_a_setting(self, conflict):
        ConflictRule.objects.filter(kind="same_ci").update(severity="block")
        verbs.check_ahead(NOW)
        assert status_of(conflict.change) == "blocked"
        ConflictRule.objects.filter(kind="same_ci").update(severity="ignore")
        verbs.check_ahead(NOW)
        assert status_of(conflict.change) == "none"


class TestNightly:
    @pytest.fixture
    def busy(self, cast, mara):
        """A freeze, maintenance windows and a server that every change touches."""
        server = item(cast, "db-1")
        depends(item(cast, "payroll"), server)
        upkeep(mara, types=["standard"])
        freeze(mara, risks=["high"])

        def add(number):
            for n in range(number):
                planned(
                    cast, start=SATURDAY + n * HOUR, items=[server], assignee=cast.ned, risk="low"
                )

        return add

    def test_a_second_run_changes_nothing(self, busy):
        busy(4)
        assert verbs.check_ahead(NOW) == (12, 0)
        before = list(Conflict.objects.values())
        assert verbs.check_ahead(NOW + HOUR) == (0, 0)
        assert list(Conflict.objects.values()) == before

    def test_the_number_of_statements_does_not_grow(self, busy):
        def statements(at):
            # What is new is written in chunks; it is there before anything is counted.
            verbs.check_ahead(at)
            with CaptureQueriesContext(connection) as captured:
                verbs.check_ahead(at + HOUR)
            return len(captured)

        busy(2)
        few = statements(NOW)
        busy(6)
        assert statements(NOW + 2 * HOUR) == few <= 30

    def test_what_is_more_than_30_days_ahead_waits_for_its_night(self, cast):
        server = item(cast, "db-1")
        for _n in range(2):
            planned(cast, start=NOW + timedelta(days=30), items=[server])
        assert verbs.check_ahead(NOW) == (0, 0)
        assert verbs.check_ahead(NOW + timedelta(days=1)) == (2, 0)
