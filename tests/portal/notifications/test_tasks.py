"""Who gets mail about tasks, and what is in it."""

from datetime import timedelta

import pytest

from itil.tasks import actions
from itil.tasks.models import Task
from portal.people.models import Membership, Role
from tests.cast import MONDAY, person
from tests.itil.tasks.plans import begun, one_task, plan

from .post import dispatched


def readers(mails) -> list[str]:
    return [mail.to for mail in mails]


@pytest.fixture
def task(cast):
    """A task of the service desk that nobody has."""
    made = one_task(cast, text="The model with the large screen.", due_at=MONDAY)
    dispatched()
    return made


def test_whoever_is_given_a_task_hears_of_it(cast, task):
    actions.assign(task, cast.bo, by=cast.cleo, at=MONDAY)

    (mail,) = dispatched()

    assert (mail.to, mail.subject) == (cast.bo.email, f"[#{task.ticket.number}] Order the laptop")
    for text in (mail.text, mail.html):
        assert f"Cleo has given you {task.number}" in text
        assert "The model with the large screen." in text
        assert "10:00 CET" in text
        assert task.get_absolute_url() in text


def test_what_one_takes_oneself_is_no_news(cast, task):
    actions.take(task, by=cast.bo, at=MONDAY)
    actions.start(task, by=cast.bo, at=MONDAY)
    actions.finish(task, by=cast.bo, at=MONDAY)

    assert dispatched() == []


def test_a_task_of_the_plan_is_told_to_its_person_when_it_can_begin(cast):
    version = plan(
        cast,
        {"title": "Order", "person": cast.cleo},
        {"title": "Install", "after": "order", "person": cast.bo},
    )
    _ticket, (order, _install) = begun(cast, version)
    assert readers(dispatched())[1:] == [cast.cleo.email]
    actions.start(order, by=cast.cleo, at=MONDAY)
    actions.finish(order, by=cast.cleo, at=MONDAY)

    (mail,) = dispatched()

    assert mail.to == cast.bo.email
    assert "“Install”, is yours and can begin." in mail.text


def test_somebody_who_gets_a_task_that_waits_hears_of_it_when_it_begins(cast):
    _ticket, (order, install, _label, _deliver) = begun(cast)
    dispatched()
    actions.assign(install, cast.ned, by=cast.bo, at=MONDAY)
    assert dispatched() == []
    actions.start(order, by=cast.bo, at=MONDAY)
    actions.finish(order, by=cast.bo, at=MONDAY)

    assert readers(dispatched()) == [cast.ned.email]


def test_who_may_not_see_the_ticket_reads_nothing_of_its_subject(cast):
    _ticket, tasks = begun(cast, title="Ann needs a laptop for the lawsuit")
    install = next(task for task in tasks if task.key == "install")
    dispatched()
    Task.objects.filter(pk=install.pk).update(opened_at=MONDAY)

    actions.assign(install, cast.ned, by=cast.bo, at=MONDAY)

    (mail,) = dispatched()
    assert "lawsuit" not in mail.subject + mail.text + mail.html
    assert "/desk/tickets/" not in mail.text + mail.html


def test_a_mail_about_a_confidential_ticket_says_nothing_but_where_to_look(cast):
    ticket, _tasks = begun(cast, title="Ann is on leave", is_confidential=True)
    task = one_task(cast, ticket, title="Return the laptop of Ann")
    dispatched()

    actions.assign(task, cast.cleo, by=cast.bo, at=MONDAY)

    (mail,) = dispatched()
    assert mail.subject == f"[#{ticket.number}] Confidential"
    assert "Return the laptop" not in mail.text + mail.html
    assert task.get_absolute_url() in mail.text


def test_the_leads_hear_of_a_failure_and_why(cast):
    nora = person("Nora", cast.halden)
    Membership.objects.create(user=nora, role=Role.LEAD, team=cast.network_team)
    _ticket, tasks = begun(cast, plan(cast, {"title": "Install", "team": cast.network_team}))
    actions.start(tasks[0], by=cast.ned, at=MONDAY)
    dispatched()

    actions.fail(tasks[0], by=cast.ned, at=MONDAY, note="The screen is broken.")

    mails = dispatched()
    assert readers(mails) == [cast.cleo.email, nora.email]
    for text in (mails[0].text, mails[0].html):
        assert "failed. Ned says:" in text
        assert "The screen is broken." in text
        assert "Decide how it goes on" in text


def test_a_lead_who_fails_a_task_gets_no_mail_about_it(cast, task):
    actions.start(task, by=cast.cleo, at=MONDAY)

    actions.fail(task, by=cast.cleo, at=MONDAY, note="None to be had.")

    assert dispatched() == []


def test_who_works_on_it_hears_when_the_ticket_stops_it_and_lets_it_go_on(cast, task):
    actions.start(task, by=cast.bo, at=MONDAY)
    dispatched()

    actions.block_all(task.ticket, reason="The order was changed.", at=MONDAY)
    (stopped,) = dispatched()
    actions.unblock_all(task.ticket, at=MONDAY + timedelta(days=1))
    (going_on,) = dispatched()
    actions.cancel_all(task.ticket, at=MONDAY + timedelta(days=2))
    (ended,) = dispatched()

    assert {mail.to for mail in (stopped, going_on, ended)} == {cast.bo.email}
    assert "Please stop work" in stopped.text
    assert "The order was changed." in stopped.text
    assert "can go on" in going_on.text
    assert "nothing left to do" in ended.text


def test_what_nobody_had_begun_is_cancelled_without_a_mail(cast, task):
    actions.take(task, by=cast.bo, at=MONDAY)

    actions.cancel_all(task.ticket, at=MONDAY)

    assert dispatched() == []


def test_people_who_left_get_no_mail(cast, task):
    actions.assign(task, cast.bo, by=cast.cleo, at=MONDAY)
    cast.bo.is_active = False
    cast.bo.save()

    assert dispatched() == []
