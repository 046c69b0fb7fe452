"""How tasks come to be: by a plan, by hand, once more after a failure; and how they are ordered."""

import pytest

from itil.calendars.models import BusinessCalendar, WeeklyOpening
from itil.fields.models import FieldSet, FormVersion
from itil.tasks import actions
from itil.tasks.models import Task
from itil.tickets.errors import MissingValue, NotAllowed, Refused
from itil.tickets.models import Ticket, TicketEvent
from portal.people.models import Membership
from tests import make
from tests.cast import MONDAY

from .plans import begun, laptop, one_task, plan, task_in, told


def keys(tasks) -> list[str]:
    return [task.key for task in tasks]


def test_a_plan_begins_with_the_tasks_that_wait_for_nothing(cast):
    ticket, tasks = begun(cast)

    assert [(task.key, task.status, task.team.name) for task in tasks] == [
        ("order", "open", "Service desk"),
        ("install", "pending", "Network"),
        ("label", "pending", "Service desk"),
        ("deliver", "pending", "Service desk"),
    ]
    assert [task.number[:4] for task in tasks] == ["TSK-"] * 4
    assert list(Task.objects.of(ticket)) == tasks
    assert [task.is_optional for task in tasks] == [False, False, True, False]
    assert [task.visible_to_requester for task in tasks] == [False, False, False, True]


def test_what_was_planned_is_one_event_with_the_version(cast):
    ticket, tasks = begun(cast)

    event = TicketEvent.objects.get(ticket=ticket, data__what="planned")

    assert (event.actor, event.at) == (None, MONDAY)
    assert (event.data["plan"], event.data["version"]) == ("New laptop", 1)
    assert event.data["tasks"] == [task.number for task in tasks]
    assert told(ticket)[1:] == [("opened", tasks[0].number)]


def test_a_plan_that_begins_twice_begins_once(cast):
    ticket, tasks = begun(cast)

    assert actions.begin(ticket, tasks[0].plan_version, answers={}, at=MONDAY) == []

    assert Task.objects.count() == 4
    assert len(told(ticket)) == 2


def test_due_times_count_in_business_time_from_the_start_of_the_plan(cast):
    version = plan(
        cast,
        {"title": "In four hours", "due_amount": 4, "due_unit": "hours"},
        {"title": "In ten hours", "due_amount": 10, "due_unit": "hours"},
        {"title": "In two days", "due_amount": 2, "due_unit": "days", "after": "in-four-hours"},
        {"title": "Whenever"},
    )

    _ticket, tasks = begun(cast, version)

    # Monday 10:00 in Berlin; open 09:00 to 17:00.
    assert [task.due_at and task.due_at.isoformat() for task in tasks] == [
        "2026-03-02T13:00:00+00:00",
        "2026-03-03T11:00:00+00:00",
        "2026-03-04T16:00:00+00:00",
        None,
    ]


def test_what_runs_keeps_its_version_when_the_plan_changes(cast):
    version = laptop(cast)
    ticket, tasks = begun(cast, version)
    version.plan.tasks.filter(key="order").update(title="Lease the laptop")
    second = actions.publish(version.plan, by=cast.root, at=MONDAY)

    other = Ticket.objects.get(pk=make.incident(cast).pk)
    actions.begin(other, second, answers={}, at=MONDAY)

    assert second.number == 2
    assert Task.objects.of(ticket).first().title == "Order the laptop"
    assert Task.objects.of(other).first().title == "Lease the laptop"


def test_only_the_tasks_that_the_answers_ask_for_begin(cast):
    version = plan(
        cast,
        {"key": "order", "title": "Order"},
        {
            "key": "dock",
            "title": "Order a dock",
            "after": "order",
            "condition_question": "extras",
            "condition_value": "Dock",
        },
        {"key": "deliver", "title": "Hand over", "after": "dock"},
    )
    ticket = Ticket.objects.get(pk=make.incident(cast).pk)
    other = Ticket.objects.get(pk=make.incident(cast).pk)

    without = actions.begin(ticket, version, answers={"extras": ["bag"]}, at=MONDAY)
    with_dock = actions.begin(other, version, answers={"extras": ["bag", "dock"]}, at=MONDAY)

    assert (keys(without), keys(with_dock)) == (["order", "deliver"], ["order", "dock", "deliver"])
    # What came after the task that is left out waits for what that one waited for.
    assert keys(without[1].predecessors.all()) == ["order"]
    assert keys(with_dock[2].predecessors.all()) == ["dock"]


def test_other_answers_add_the_tasks_that_are_missing_in_their_place(cast):
    version = plan(
        cast,
        {"key": "order", "title": "Order"},
        {"key": "dock", "title": "A dock", "after": "order", "condition_question": "dock"},
        {"key": "deliver", "title": "Hand over", "after": "dock"},
    )
    ticket = Ticket.objects.get(pk=make.incident(cast).pk)
    order, deliver = actions.begin(ticket, version, answers={}, at=MONDAY)
    actions.start(order, by=cast.bo, at=MONDAY)

    added = actions.begin(ticket, version, answers={"dock": True}, at=MONDAY)

    assert [(task.key, task.status) for task in added] == [("dock", "pending")]
    assert keys(Task.objects.of(ticket)) == ["order", "dock", "deliver"]
    assert Task.objects.get(pk=order.pk).status == "in_progress"
    assert set(keys(deliver.predecessors.all())) == {"order", "dock"}


def test_the_person_of_the_plan_gets_the_task_unless_the_team_was_left(cast):
    version = plan(
        cast, {"title": "Order", "person": cast.bo}, {"title": "Send", "person": cast.cleo}
    )
    Membership.objects.filter(user=cast.cleo).delete()

    _ticket, tasks = begun(cast, version)

    assert [task.assignee for task in tasks] == [cast.bo, None]
    opened = TicketEvent.objects.filter(data__what="opened").order_by("pk")
    assert [event.data["assignee"] for event in opened] == [cast.bo.pk, None]


def test_people_who_left_the_company_get_no_tasks(cast):
    version = plan(cast, {"title": "Order", "person": cast.bo})
    cast.bo.is_active = False
    cast.bo.save()

    assert begun(cast, version)[1][0].assignee is None


def test_no_plan_begins_for_a_ticket_that_is_done(cast):
    version = laptop(cast)
    ticket = Ticket.objects.get(pk=make.resolved_incident(cast).pk)

    with pytest.raises(Refused, match="is done. Reopen it first."):
        actions.begin(ticket, version, answers={}, at=MONDAY)

    assert not Task.objects.exists()


def test_a_calendar_that_never_opens_makes_no_due_time(cast):
    version = plan(
        cast,
        {"title": "Order", "due_amount": 1},
        {"title": "Send", "due_amount": 1, "due_unit": "hours"},
    )
    ticket = Ticket.objects.get(pk=make.incident(cast).pk)
    WeeklyOpening.objects.all().delete()
    BusinessCalendar.objects.get(pk=cast.calendar.pk).save()

    tasks = actions.begin(ticket, version, answers={}, at=MONDAY)

    assert [task.due_at for task in tasks] == [None, None]


def laptop_form(cast) -> FormVersion:
    """Which laptop, for whom, and why."""
    sections = [
        {
            "key": "what",
            "title": "What you need",
            "questions": [
                {
                    "key": "model",
                    "kind": "choice",
                    "label": "Model",
                    "options": [{"value": "c14", "label": "Creator 14"}],
                },
                {"key": "whom", "kind": "person", "label": "For whom"},
                {"key": "why", "kind": "text", "label": "Why"},
            ],
        }
    ]
    form = FieldSet.objects.create(name="Laptop")
    return FormVersion.objects.create(
        field_set=form, number=1, definition={"sections": sections}, published_at=MONDAY
    )


def test_a_task_shows_the_answers_that_its_plan_lets_it_show_and_no_others(cast):
    form = laptop_form(cast)
    version = plan(
        cast,
        {"title": "Order", "answers": "model, whom"},
        {"title": "Check", "answers": "*"},
        {"title": "Carry"},
    )
    ticket = Ticket.objects.get(pk=make.incident(cast).pk)
    answers = {"model": "c14", "whom": cast.ann.pk, "why": "The old one is slow."}

    tasks = actions.begin(ticket, version, answers=answers, form_version=form, at=MONDAY)

    model, whom = ["Model", "Creator 14"], ["For whom", "Ann"]
    assert [task.facts for task in tasks] == [
        [model, whom],
        [model, whom, ["Why", "The old one is slow."]],
        [],
    ]


def test_after_a_change_of_the_order_tasks_that_go_on_show_the_new_answers(cast):
    form = laptop_form(cast)
    version = plan(cast, {"title": "Order", "answers": "why"}, {"title": "Pay", "answers": "why"})
    ticket = Ticket.objects.get(pk=make.incident(cast).pk)
    tasks = actions.begin(ticket, version, answers={"why": "Slow"}, form_version=form, at=MONDAY)
    actions.start(tasks[0], by=cast.bo, at=MONDAY)
    actions.finish(tasks[0], by=cast.bo, at=MONDAY)

    actions.begin(ticket, version, answers={"why": "Broken"}, form_version=form, at=MONDAY)

    assert [task.facts for task in Task.objects.of(ticket)] == [
        [["Why", "Slow"]],
        [["Why", "Broken"]],
    ]


# --- By hand ------------------------------------------------------------------------------------


def test_a_task_is_added_by_hand_to_the_team_of_the_ticket(cast):
    ticket, tasks = begun(cast)

    task = actions.add_task(
        ticket, by=cast.bo, at=MONDAY, title=" Collect the old one ", after=[tasks[3]]
    )

    assert (task.title, task.team, task.status) == (
        "Collect the old one",
        cast.desk_team,
        "pending",
    )
    assert list(Task.objects.of(ticket))[-1] == task
    assert told(ticket)[-1] == ("added", task.number)


def test_an_added_task_that_waits_for_nothing_can_begin(cast):
    task = one_task(cast)

    assert (task.status, task.opened_at) == ("open", MONDAY)
    assert told(task.ticket) == [("added", task.number), ("opened", task.number)]


def test_a_task_needs_a_title_a_team_and_people_of_that_team(cast):
    ticket = Ticket.objects.get(pk=make.incident(cast).pk)
    elsewhere = one_task(cast)
    for field, wrong in (
        ("title", {"title": " "}),
        ("assignee", {"assignee": cast.ned}),
        ("after", {"after": [elsewhere]}),
    ):
        with pytest.raises(MissingValue) as refusal:
            one_task(cast, ticket, **wrong)
        assert refusal.value.field == field

    assert not Task.objects.of(ticket).exists()


@pytest.mark.parametrize("who", ["ann", "ned", "mia", "root", "dov"])
def test_who_does_not_answer_for_the_ticket_plans_nothing(cast, who):
    with pytest.raises(NotAllowed):
        one_task(cast, by=getattr(cast, who))

    assert not Task.objects.exists()


def test_a_reopened_ticket_gets_new_tasks_and_keeps_the_finished_ones(cast):
    task = task_in(cast, "done")

    new = one_task(cast, task.ticket, title="Bring the right one")

    assert (Task.objects.get(pk=task.pk).status, new.status) == ("done", "open")


# --- Trying again -------------------------------------------------------------------------------


def test_a_failed_task_is_tried_again_in_its_place(cast):
    ticket, (order, install, label, deliver) = begun(cast)
    actions.start(order, by=cast.bo, at=MONDAY)
    actions.fail(order, by=cast.bo, at=MONDAY, note="None to be had.")

    new = actions.try_again(order, by=cast.cleo, at=MONDAY)

    assert (new.status, new.title, new.replaces, new.assignee) == (
        "open",
        "Order the laptop",
        order,
        None,
    )
    assert list(install.predecessors.all()) == [new]
    assert Task.objects.get(pk=order.pk).status == "failed"
    assert not Task.objects.failed(ticket).exists()
    assert told(ticket)[-2:] == [("tried_again", new.number), ("opened", new.number)]


def test_only_what_failed_is_tried_again_and_only_once(cast):
    task = one_task(cast)
    with pytest.raises(Refused, match="Only what failed is tried again"):
        actions.try_again(task, by=cast.bo, at=MONDAY)
    failed = task_in(cast, "failed")
    actions.try_again(failed, by=cast.bo, at=MONDAY)

    with pytest.raises(Refused, match="is tried again already"):
        actions.try_again(failed, by=cast.bo, at=MONDAY)

    assert Task.objects.filter(replaces__isnull=False).count() == 1


def test_what_is_tried_again_begins_with_nothing_ticked(cast):
    task = one_task(cast, checklist=["Label printed"])
    actions.start(task, by=cast.bo, at=MONDAY)
    actions.tick(task, 0, done=True, by=cast.bo, at=MONDAY)
    actions.fail(task, by=cast.bo, at=MONDAY, note="Broken.")

    new = actions.try_again(task, by=cast.bo, at=MONDAY)

    assert new.checklist == [{"text": "Label printed", "done": False}]
