"""What the system does with problems as time passes."""

from datetime import timedelta

import pytest

from itil.problems import actions
from itil.tasks import actions as tasks
from itil.tickets.errors import Refused
from tests.cast import MONDAY
from tests.itil.problems.world import accept_values, manager, problem_in, values_of


def test_an_accepted_risk_is_brought_back_to_mind_once_on_its_day(cast):
    found = problem_in(cast, "root_cause_analysis")
    actions.move(found, "accept_risk", by=manager(cast), values=accept_values(cast), at=MONDAY)
    day = MONDAY + timedelta(days=30)

    told = [actions.remind_of_reviews(at) for at in (day - timedelta(days=1), day, day)]

    assert told == [0, 1, 0]
    assert found.events.filter(kind="problem", data__what="review_due").count() == 1
    # Nobody fixed it, so that time does not close it.
    assert actions.close_verified(day + timedelta(days=99)) == 0


def test_time_closes_what_has_proved_itself_and_open_tasks_hold_it_up(cast):
    found = problem_in(cast, "fix_in_progress")
    task = tasks.add_task(found, by=cast.bo, title="Watch the disks", at=MONDAY)
    actions.move(found, "resolve", by=cast.bo, values=values_of(cast, "resolve"), at=MONDAY)
    over = MONDAY + timedelta(days=14)

    with pytest.raises(Refused, match="tasks"):
        actions.move(found, "close", by=manager(cast), at=over)
    assert actions.close_verified(over) == 0
    tasks.skip(task, by=cast.cleo, reason="Not needed.", at=MONDAY)

    assert actions.close_verified(over - timedelta(seconds=1)) == 0
    assert actions.close_verified(over) == 1
    assert actions.close_verified(over) == 0
    found.refresh_from_db()
    assert found.status == "closed"
