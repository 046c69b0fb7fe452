"""Who may do what to a task, and who sees it, person by person."""

import pytest
from django.contrib.auth.models import AnonymousUser

from itil.tasks import actions, permissions
from itil.tasks.lifecycle import LIFECYCLE
from itil.tasks.models import Task
from itil.tickets.lifecycle import Actor
from itil.tickets.models import Ticket
from portal.people.models import Membership, Role, Team
from tests import make
from tests.cast import MONDAY, person

from .plans import one_task

PEOPLE = ("ann", "bo", "ned", "cleo", "mia", "bea", "dov", "root")


def task_of(cast, **changes) -> Task:
    """A task of the network team for a ticket of the service desk, as it is stored."""
    ticket = Ticket.objects.get(pk=make.incident(cast, **changes).pk)
    made = actions.add_task(ticket, by=None, at=MONDAY, title="Install", team=cast.network_team)
    return Task.objects.select_related("ticket").get(pk=made.pk)


def who(cast, question) -> set[str]:
    return {name for name in PEOPLE if question(getattr(cast, name))}


def test_the_team_works_on_it_and_both_leads_decide(cast):
    task = task_of(cast)
    found = {name: permissions.standing(getattr(cast, name), task, MONDAY) for name in PEOPLE}

    assert {name for name, standing in found.items() if standing} == {"ned", "cleo"}
    assert found["ned"] == {Actor.AGENT}
    assert found["cleo"] == {Actor.LEAD}
    assert permissions.standing(None, task, MONDAY) == {Actor.SYSTEM}


def test_the_assignee_works_on_it_without_the_team(cast):
    task = task_of(cast)
    task.assignee = cast.bo

    assert permissions.standing(cast.bo, task, MONDAY) == {Actor.AGENT}
    assert permissions.may_work(cast.bo, task, MONDAY)


def test_only_leads_skip_what_is_mandatory(cast):
    task, skip = task_of(cast), LIFECYCLE.find("skip", "open")

    assert who(cast, lambda user: permissions.may_move(user, task, skip, MONDAY)) == {"cleo"}
    task.is_optional = True
    assert who(cast, lambda user: permissions.may_move(user, task, skip, MONDAY)) == {"ned", "cleo"}
    assert not permissions.may_move(None, task, skip, MONDAY)


def test_a_lead_of_the_ticket_does_not_do_the_work_of_another_team(cast):
    task = task_of(cast)

    assert who(cast, lambda user: permissions.may_work(user, task, MONDAY)) == {"ned"}
    start = LIFECYCLE.find("start", "open")
    assert who(cast, lambda user: permissions.may_move(user, task, start, MONDAY)) == {"ned"}


def test_those_who_answer_for_the_ticket_plan_and_assign(cast):
    task = task_of(cast)

    assert who(cast, lambda user: permissions.may_plan(user, task.ticket)) == {"bo", "cleo"}
    assert who(cast, lambda user: permissions.may_assign(user, task, MONDAY)) == {
        "bo",
        "ned",
        "cleo",
    }
    assert permissions.may_plan(None, task.ticket)


def test_a_lead_plans_everywhere_but_on_what_is_confidential(cast):
    other = Team.objects.create(name="Facilities", slug="facilities")
    fay = person("Fay", cast.halden)
    Membership.objects.create(user=fay, role=Role.LEAD, team=other)

    assert permissions.may_plan(fay, task_of(cast).ticket)
    assert not permissions.may_plan(fay, task_of(cast, is_confidential=True).ticket)
    assert not permissions.may_assign(fay, task_of(cast, is_confidential=True), MONDAY)


def test_every_agent_answers_for_what_no_team_holds(cast):
    ticket = Ticket.objects.get(pk=make.incident(cast, team=None).pk)
    Ticket.objects.filter(pk=ticket.pk).update(team=None)
    ticket.refresh_from_db()

    assert who(cast, lambda user: permissions.may_plan(user, ticket)) == {"bo", "ned", "cleo"}
    ticket.is_confidential = True
    assert who(cast, lambda user: permissions.may_plan(user, ticket)) == set()


def test_catalog_managers_and_administrators_publish_plans(cast):
    cat = person("Cat", cast.halden)
    Membership.objects.create(user=cat, role=Role.CATALOG_MANAGER)

    assert who(cast, permissions.may_publish) == {"root"}
    assert permissions.may_publish(cat)
    assert permissions.may_publish(None)


# --- Who sees it --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "seen_by"),
    [
        # The team that does it, the team that holds the ticket, managers and administrators.
        ({}, {"bo", "ned", "cleo", "mia", "root"}),
        # Of a confidential ticket: who does it, and the queue that holds it.
        ({"is_confidential": True}, {"bo", "ned", "cleo"}),
    ],
)
def test_a_task_is_seen_by_those_it_concerns(cast, changes, seen_by):
    task = task_of(cast, **changes)

    found = who(cast, lambda user: Task.objects.visible_to(user).filter(pk=task.pk).exists())

    assert found == seen_by


def test_a_restricted_queue_keeps_its_tasks_from_managers_and_other_teams(cast):
    hr = Team.objects.create(name="HR", slug="hr", restricted=True)
    hana = person("Hana", cast.halden)
    Membership.objects.create(user=hana, role=Role.AGENT, team=hr)
    ticket = Ticket.objects.get(pk=make.incident(cast, team=hr, is_confidential=True).pk)
    inner = actions.add_task(ticket, by=None, at=MONDAY, title="Write the contract")
    outer = actions.add_task(ticket, by=None, at=MONDAY, title="Account", team=cast.network_team)

    def seen(user):
        return set(Task.objects.visible_to(user))

    assert seen(hana) == {inner, outer}
    assert seen(cast.ned) == {outer}
    for user in (cast.bo, cast.cleo, cast.mia, cast.root, cast.ann):
        assert seen(user) == set()


def test_the_requester_is_shown_the_steps_that_were_meant_for_it(cast):
    ticket = Ticket.objects.get(pk=make.incident(cast).pk)
    one_task(cast, ticket, title="Order")
    step = one_task(cast, ticket, title="Hand it over", visible_to_requester=True)
    actions.start(step, by=cast.bo, at=MONDAY)
    actions.fail(step, by=cast.bo, at=MONDAY, note="Nobody there.")
    again = actions.try_again(step, by=cast.bo, at=MONDAY)

    assert list(Task.objects.for_requester(ticket)) == [again]
    assert not Task.objects.visible_to(cast.ann).exists()
    actions.cancel_all(ticket, at=MONDAY)
    assert not Task.objects.for_requester(ticket).exists()


def test_visitors_see_nothing(cast):
    one_task(cast)

    assert not Task.objects.visible_to(AnonymousUser()).exists()


# --- When a request is fulfilled ------------------------------------------------------------------


def test_a_ticket_is_done_when_all_mandatory_tasks_ended_well(cast):
    ticket = Ticket.objects.get(pk=make.incident(cast).pk)
    assert Task.objects.all_mandatory_done(ticket)
    first, second = one_task(cast, ticket), one_task(cast, ticket, title="Send")
    one_task(cast, ticket, title="Polish", is_optional=True)

    actions.start(first, by=cast.bo, at=MONDAY)
    actions.finish(first, by=cast.bo, at=MONDAY)
    assert not Task.objects.all_mandatory_done(ticket)
    actions.skip(second, by=cast.cleo, at=MONDAY, reason="It was fetched.")

    assert Task.objects.all_mandatory_done(ticket)


def test_a_failed_task_keeps_it_open_until_another_takes_its_place(cast):
    ticket = Ticket.objects.get(pk=make.incident(cast).pk)
    task = one_task(cast, ticket)
    actions.start(task, by=cast.bo, at=MONDAY)
    actions.fail(task, by=cast.bo, at=MONDAY, note="None to be had.")

    assert list(Task.objects.failed(ticket)) == [task]
    assert not Task.objects.all_mandatory_done(ticket)
    again = actions.try_again(task, by=cast.bo, at=MONDAY)
    assert not Task.objects.failed(ticket).exists()
    actions.start(again, by=cast.bo, at=MONDAY)
    actions.finish(again, by=cast.bo, at=MONDAY)

    assert Task.objects.all_mandatory_done(ticket)
