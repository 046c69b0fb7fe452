"""Candidates for problems: found by a job, decided by a person."""

from datetime import timedelta

import pytest

from itil.problems import actions
from itil.problems.models import Problem, ProblemCandidate
from itil.tickets.errors import MissingValue, NotAllowed, StaleRecord
from tests import make
from tests.cast import MONDAY

DAY = timedelta(days=1)


def wave(cast, count=5, **changes):
    return [
        make.incident(cast, **{"title": "Payroll export stops with error 500"} | changes)
        for _number in range(count)
    ]


@pytest.fixture
def candidate(cast):
    wave(cast)
    actions.find_candidates(MONDAY + DAY)
    return ProblemCandidate.objects.get()


def test_what_is_found_again_keeps_its_row_and_what_is_not_goes(cast, candidate):
    assert actions.find_candidates(MONDAY + DAY) == 1
    again = ProblemCandidate.objects.get()
    assert (again.pk, again.size, again.state) == (candidate.pk, 5, "open")

    assert actions.find_candidates(MONDAY + timedelta(days=400)) == 0

    again.refresh_from_db()
    assert again.state == "gone"


def test_a_problem_opened_from_it_has_its_incidents(cast, candidate):
    found = actions.open_from(candidate, by=cast.bo, title="Payroll export", at=MONDAY)

    candidate.refresh_from_db()
    assert (candidate.state, candidate.problem) == ("taken", found)
    assert (candidate.decided_by, candidate.decided_at) == (cast.bo, MONDAY)
    assert found.links_in.count() == 5


def test_incidents_that_the_person_may_not_see_are_left_out(cast, candidate):
    hidden = candidate.members.first().incident
    type(hidden).objects.filter(pk=hidden.pk).update(is_confidential=True, team=cast.network_team)

    found = actions.open_from(candidate, by=cast.bo, title="Payroll export", at=MONDAY)

    assert found.links_in.count() == 4
    assert not found.links_in.filter(source=hidden.pk).exists()


def test_it_is_decided_once_by_the_desk_and_dismissed_with_a_reason(cast, candidate):
    for person in (cast.ann, cast.mia):
        with pytest.raises(NotAllowed):
            actions.open_from(candidate, by=person, title="Payroll export")
        with pytest.raises(NotAllowed):
            actions.dismiss(candidate, by=person, reason="No.")
    with pytest.raises(MissingValue):
        actions.dismiss(candidate, by=cast.bo, reason=" ")
    candidate.refresh_from_db()
    assert candidate.state == "open"

    actions.dismiss(candidate, by=cast.bo, reason=" A planned outage. ", at=MONDAY)

    with pytest.raises(StaleRecord):
        actions.open_from(candidate, by=cast.bo, title="Payroll export")
    with pytest.raises(StaleRecord):
        actions.dismiss(candidate, by=cast.bo, reason="Again.")
    actions.find_candidates(MONDAY + DAY)
    candidate.refresh_from_db()
    assert (candidate.state, candidate.reason) == ("dismissed", "A planned outage.")
    assert not Problem.objects.exists()


def test_incidents_that_come_after_its_problem_are_a_candidate_again(cast, candidate):
    actions.open_from(candidate, by=cast.bo, title="Payroll export", at=MONDAY + DAY)
    assert actions.find_candidates(MONDAY + 2 * DAY) == 0

    wave(cast, at=MONDAY + 3 * DAY)

    assert actions.find_candidates(MONDAY + 4 * DAY) == 1
    candidate.refresh_from_db()
    assert candidate.state == "open"
