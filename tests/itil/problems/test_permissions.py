"""Who may do what with problems, role by role (domain section 8)."""

from itil.problems import permissions
from tests import make
from tests.cast import MONDAY
from tests.itil.problems.world import manager, problem

EVERYBODY = ("ann", "bo", "ned", "cleo", "mia", "bea", "dov", "root", "petra")


def everybody(cast):
    return {name: getattr(cast, name, None) or manager(cast) for name in EVERYBODY}


def may(check, people, *about):
    return {name for name, person in people.items() if check(person, *about)}


def test_agents_leads_and_problem_managers_open_problems_and_decide_on_candidates(cast):
    people = everybody(cast)

    assert may(permissions.may_create, people) == {"bo", "ned", "cleo", "petra"}
    assert may(permissions.may_decide, people) == {"bo", "ned", "cleo", "petra"}


def test_only_problem_managers_declare_known_errors_and_publish_workarounds(cast):
    assert may(permissions.may_manage, everybody(cast), problem(cast)) == {"petra"}


def test_the_team_that_holds_it_and_problem_managers_write_down_what_they_find(cast):
    assert may(permissions.may_analyse, everybody(cast), problem(cast)) == {"bo", "cleo", "petra"}


def test_a_confidential_problem_is_left_to_its_team(cast):
    people, found = everybody(cast), problem(cast)
    type(found).objects.filter(pk=found.pk).update(is_confidential=True)
    found.refresh_from_db()

    assert may(permissions.may_manage, people, found) == set()
    assert may(permissions.may_analyse, people, found) == {"bo", "cleo"}


def test_the_system_analyses_and_manages_no_problem_by_duty(cast):
    found = problem(cast)

    assert not permissions.may_manage(None, found)
    assert permissions.may_analyse(None, found)


def test_linked_is_what_the_person_may_open_and_what_somebody_asked_for(cast):
    mine, found = make.incident(cast), problem(cast)
    hidden = make.incident(cast, team=cast.network_team, is_confidential=True, at=MONDAY)

    offered = set(permissions.linkable_by(cast.bo).values_list("pk", flat=True))

    assert mine.pk in offered
    assert offered.isdisjoint({hidden.pk, found.pk})


def test_problems_are_there_for_those_who_may_open_them(cast):
    found = problem(cast)
    people = everybody(cast)
    seen = {name for name, one in people.items() if found in permissions.problems_for(one)}

    assert {"bo", "cleo", "petra"} <= seen
    assert seen.isdisjoint({"ann", "dov", "bea"})
