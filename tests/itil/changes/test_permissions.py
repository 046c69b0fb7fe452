"""Who may do what with changes, boards and templates, role by role (domain section 8)."""

from datetime import date

import pytest

from itil.changes import permissions
from itil.changes.models import BoardMeeting, Change, ChangeTemplate
from itil.desk.permissions import may_note
from portal.people.models import Membership, Role
from tests.cast import MONDAY, person

from . import world as worlds
from .world import HOUR


@pytest.fixture
def world(cast):
    return worlds.build(cast)


@pytest.fixture
def people(world):
    """Bo owns, Ned carries out, Nia is an agent of the team, Pat manages problems."""
    cast = world.cast
    nia, pat = person("Nia", cast.halden), person("Pat", cast.halden)
    Membership.objects.create(user=nia, role=Role.AGENT, team=cast.network_team)
    Membership.objects.create(user=pat, role=Role.PROBLEM_MANAGER)
    gone = person("Gone", cast.halden, is_active=False)
    Membership.objects.create(user=gone, role=Role.CHANGE_MANAGER)
    named = ("ann", "bo", "ned", "cleo", "mia", "bea", "dov", "root")
    board = {name: getattr(world, name) for name in ("chas", "pia", "quinn", "ruth", "eve")}
    return (
        {name: getattr(cast, name) for name in named}
        | board
        | {
            "nia": nia,
            "pat": pat,
            "gone": gone,
        }
    )


def may(check, people, *about):
    return {name for name, one in people.items() if check(one, *about)}


def template(world, state="proposed"):
    return ChangeTemplate.objects.create(
        name=f"Patch a server, {state}",
        state=state,
        proposed_by=world.pia,
        team=world.cast.network_team,
        reason="Patches",
        plan="Patch",
        test_plan="Look",
        back_out_plan="Roll back",
        review_on=date(2027, 1, 1),
        board=world.cab,
    )


def at_status(change, status):
    Change.objects.filter(pk=change.pk).update(status=status)
    return Change.objects.get(pk=change.pk)


def test_agents_leads_problem_and_change_managers_open_changes_and_propose_templates(people):
    able = {"bo", "ned", "cleo", "chas", "pia", "quinn", "nia", "pat"}
    assert may(permissions.may_open, people) == able
    assert may(permissions.may_propose, people) == able


def test_a_draft_is_planned_by_its_team_and_later_only_by_owner_and_change_manager(world, people):
    change = worlds.draft(world)
    drafting = {"bo", "chas", "ned", "pia", "quinn", "nia"}
    assert may(permissions.may_plan, people, change) == drafting
    for status in ("assessment", "authorization", "scheduled"):
        assert may(permissions.may_plan, people, at_status(change, status)) == {"bo", "chas"}


def test_what_is_carried_out_or_on_hold_is_planned_by_nobody(world, people):
    change = worlds.draft(world)
    for status in ("implementation", "review", "closed", "cancelled"):
        assert may(permissions.may_plan, people, at_status(change, status)) == set()
    Change.objects.filter(pk=change.pk).update(status="draft", phase="waiting")
    change.refresh_from_db()
    assert may(permissions.may_plan, people, change) == set()
    assert not permissions.may_plan(None, change)


def test_the_desk_and_the_board_that_has_it_on_its_agenda_write_and_read_notes(world, people):
    """`c3`. Ned carries it out without a duty in its team; Eve sits on another board."""
    Membership.objects.filter(user=world.cast.ned).delete()
    change = worlds.draft(world, team=world.cast.desk_team)
    desk = {"bo", "cleo", "chas", "quinn", "pat"}
    assert may(may_note, people, change) == desk
    assert may(permissions.may_read_notes_of, people, change) == desk | {"root"}
    meeting = BoardMeeting.objects.create(
        board=world.cab, starts_at=MONDAY, votes_until=MONDAY + HOUR
    )
    meeting.agenda.create(change=change)
    assert may(may_note, people, change) == desk | {"ruth", "pia"}
    assert may(permissions.may_read_notes_of, people, change) == desk | {"ruth", "pia", "root"}
    Change.objects.filter(pk=change.pk).update(is_confidential=True)
    change.refresh_from_db()
    assert may(may_note, people, change).isdisjoint({"ruth", "pia", "chas", "pat"})
    assert may(permissions.may_read_notes_of, people, change).isdisjoint({"ruth", "pia"})


def test_only_the_change_manager_manages_a_change(world, people):
    change = worlds.draft(world)
    assert may(permissions.may_manage, people, change) == {"chas"}
    assert permissions.may_manage(None, change)


def test_owner_implementers_and_the_change_manager_review(world, people):
    change = worlds.draft(world)
    assert may(permissions.may_review, people, change) == {"bo", "ned", "chas"}
    assert not permissions.may_review(None, change)


def test_the_change_manager_has_no_part_in_a_confidential_change_of_others(world, people):
    change = worlds.draft(world)
    Change.objects.filter(pk=change.pk).update(is_confidential=True)
    change.refresh_from_db()
    assert may(permissions.may_manage, people, change) == set()
    assert may(permissions.may_review, people, change) == {"bo", "ned"}
    assert "chas" not in may(permissions.may_plan, people, change)


def test_a_board_is_led_by_its_chair_and_by_change_managers(world, people):
    assert may(permissions.may_lead, people, world.cab) == {"chas", "ruth"}
    assert may(permissions.may_lead, people, world.ecab) == {"chas"}


def test_minutes_are_read_by_staff_and_members_of_the_board(world, people):
    meeting = BoardMeeting.objects.create(
        board=world.cab, starts_at=MONDAY, votes_until=MONDAY + HOUR
    )
    able = may(permissions.may_attend, people, meeting)
    assert able >= {"bo", "ned", "cleo", "chas", "pia", "quinn", "ruth", "nia"}
    assert able.isdisjoint({"ann", "dov", "eve", "gone"})


def test_change_managers_keep_the_templates(people):
    assert may(permissions.may_keep_templates, people) == {"chas"}


def test_a_proposal_is_edited_by_who_made_it_and_what_is_in_force_by_nobody(world, people):
    assert may(permissions.may_edit_template, people, template(world)) == {"pia", "chas"}
    for state in ("approved", "suspended", "retired"):
        assert may(permissions.may_edit_template, people, template(world, state)) == set()


def test_the_board_votes_on_a_proposal_but_not_who_made_it(world, people):
    assert may(permissions.may_vote_on, people, template(world)) == {"quinn", "ruth"}
    assert may(permissions.may_vote_on, people, template(world, "approved")) == set()
