"""Workarounds: version by version, told once on each open incident (`PRB-2`)."""

import pytest

from itil.desk import actions as desk
from itil.problems import actions
from itil.problems.models import Workaround, WorkaroundPost
from itil.tickets.errors import MissingValue, NotAllowed, Refused, StaleRecord
from tests import make
from tests.cast import MONDAY
from tests.itil.problems.world import manager, problem_in, state_of


@pytest.fixture
def linked(cast):
    found = problem_in(cast, "root_cause_analysis")
    incidents = [make.taken_incident(cast) for _number in range(2)]
    actions.link_incidents(found, incidents, by=cast.bo, at=MONDAY)
    return found, incidents


def written(cast, found, text="Empty /tmp."):
    return actions.write_workaround(found, by=cast.bo, text=text, at=MONDAY)


def test_a_new_text_is_a_new_version_and_the_old_one_stays(cast, linked):
    found, _incidents = linked
    written(cast, found)
    written(cast, found, " Restart it. ")

    rows = Workaround.objects.order_by("version").values_list("version", "text")
    assert list(rows) == [(1, "Empty /tmp."), (2, "Restart it.")]


def test_no_version_without_a_new_text_the_right_person_and_a_live_problem(cast, linked):
    found, _incidents = linked
    written(cast, found)
    before = state_of(found)
    with pytest.raises(MissingValue):
        written(cast, found, " ")
    with pytest.raises(Refused, match="version 1"):
        written(cast, found)
    with pytest.raises(NotAllowed):
        actions.write_workaround(found, by=cast.ned, text="Restart it.")
    assert state_of(found) == before
    with pytest.raises(Refused, match="is over"):
        written(cast, problem_in(cast, "closed"))

    assert Workaround.objects.count() == 1


def test_a_manager_publishes_the_newest_version_to_those_that_were_shown(cast, linked):
    found, incidents = linked
    old, newest = written(cast, found), written(cast, found, "Restart it.")
    before = state_of(found)
    petra = manager(cast)
    with pytest.raises(NotAllowed):
        actions.publish_workaround(newest, by=cast.bo, is_public=True)
    with pytest.raises(StaleRecord, match="newer version"):
        actions.publish_workaround(old, by=petra, is_public=True)
    with pytest.raises(StaleRecord, match="changed meanwhile"):
        actions.publish_workaround(newest, by=petra, is_public=True, shown=[incidents[0].pk])
    assert state_of(found) == before
    assert not WorkaroundPost.objects.exists()

    shown = [one.pk for one in incidents]
    assert actions.publish_workaround(newest, by=petra, is_public=True, shown=shown) == 2
    with pytest.raises(Refused, match="No open incident"):
        actions.publish_workaround(newest, by=petra, is_public=True)


def test_the_job_tells_each_open_incident_once_and_skips_what_ended(cast, linked):
    found, incidents = linked
    newest = written(cast, found)
    actions.publish_workaround(newest, by=manager(cast), is_public=True, at=MONDAY)
    values = {"resolution_code": "fixed", "note": "Done."}
    desk.move(incidents[1], "resolve", by=cast.bo, values=values, at=MONDAY)

    assert [actions.post_pending(MONDAY) for _number in range(2)] == [1, 0]

    told = [one.messages.filter(text="Empty /tmp.").count() for one in incidents]
    assert told == [1, 0]
    # An incident that is linked later hears of it by publishing again.
    later = make.taken_incident(cast)
    actions.link_incidents(found, [later], by=cast.bo, at=MONDAY)
    assert actions.publish_workaround(newest, by=manager(cast), is_public=True) == 1


def test_an_internal_one_is_a_note_and_lets_go_on_what_waits_for_it(cast, linked):
    found, incidents = linked
    values = {"hold_reason": "awaiting_problem", "reference": found.number}
    desk.move(incidents[0], "hold", by=cast.bo, values=values, at=MONDAY)
    actions.publish_workaround(
        written(cast, found), by=manager(cast), is_public=False, resumes=True, at=MONDAY
    )

    actions.post_pending(MONDAY)

    note = incidents[0].messages.get(text__contains="Empty /tmp.")
    assert not note.is_public
    assert found.number in note.text
    incidents[0].refresh_from_db()
    assert incidents[0].status == "in_progress"
