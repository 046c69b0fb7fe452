"""What the end of a problem means to its incidents; it never ends them by itself (`PRB-3`)."""

import pytest

from itil.desk import actions as desk
from itil.problems import actions
from itil.problems.matching.incidents import offered_for_resolution
from tests import make
from tests.cast import MONDAY
from tests.itil.problems.world import problem_in, values_of


@pytest.fixture
def solved(cast):
    """A problem that was just fixed; two incidents wait for it, one waits for another problem."""
    found, other = problem_in(cast, "fix_in_progress"), problem_in(cast, "fix_in_progress")
    incidents = [make.taken_incident(cast) for _number in range(3)]
    actions.link_incidents(found, incidents, by=cast.bo, at=MONDAY)
    actions.link_incidents(other, incidents[2:], by=cast.bo, at=MONDAY)
    for incident, awaited in zip(incidents, (found, found, other), strict=True):
        values = {"hold_reason": "awaiting_problem", "reference": awaited.number}
        desk.move(incident, "hold", by=cast.bo, values=values, at=MONDAY)
    actions.move(found, "resolve", by=cast.bo, values=values_of(cast, "resolve"), at=MONDAY)
    return found, incidents


def statuses(incidents):
    for one in incidents:
        one.refresh_from_db()
    return [one.status for one in incidents]


def test_those_that_wait_for_it_go_on_once_and_none_is_resolved(solved):
    found, incidents = solved
    event = found.events.filter(kind="moved").last()

    assert [actions.resume_waiting(event) for _number in range(2)] == [2, 0]

    assert statuses(incidents) == ["in_progress", "in_progress", "on_hold"]


def test_only_what_waited_for_it_is_offered_and_resolved(cast, solved):
    found, incidents = solved
    actions.resume_waiting(found.events.filter(kind="moved").last())
    assert [one.pk for one in offered_for_resolution(found, cast.bo)] == [
        one.pk for one in incidents[:2]
    ]

    done, refused = actions.resolve_incidents(
        found, [incidents[0], incidents[2]], by=cast.bo, note="It is fixed.", at=MONDAY
    )

    assert ([one.pk for one in done], refused) == ([incidents[0].pk], [])
    assert statuses(incidents) == ["resolved", "in_progress", "on_hold"]


def test_what_cannot_be_resolved_is_named_with_its_reason(cast, solved):
    found, incidents = solved
    actions.resume_waiting(found.events.filter(kind="moved").last())

    done, refused = actions.resolve_incidents(found, incidents[:2], by=cast.bo, note="", at=MONDAY)

    assert done == []
    assert [one.pk for one, reason in refused if reason] == [one.pk for one in incidents[:2]]
    assert statuses(incidents[:2]) == ["in_progress", "in_progress"]
