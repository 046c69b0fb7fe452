"""A plan is put in force: what is refused, what is frozen, what changes."""

from datetime import timedelta

import pytest

from itil.calendars.models import BusinessCalendar
from itil.tasks import actions
from itil.tasks.actions.publishing import differences
from itil.tasks.models import PlanTask, PlanVersion, TaskPlan
from itil.tickets.errors import NotAllowed, Refused
from tests.cast import MONDAY

from .plans import laptop


def edited(cast, *rows: dict, **changes) -> TaskPlan:
    """A plan that was never published."""
    plan = TaskPlan.objects.create(**{"name": "Account", "calendar": cast.calendar} | changes)
    for number, row in enumerate(rows):
        PlanTask.objects.create(plan=plan, sort_order=number, **{"team": cast.desk_team} | row)
    return plan


def test_a_published_plan_says_what_was_entered(cast):
    version = laptop(cast)

    content = version.content
    assert (version.number, version.published_at, version.published_by) == (1, MONDAY, cast.root)
    assert version.plan.current == version
    assert [task.key for task in content.tasks] == ["order", "install", "label", "deliver"]
    assert content.by_key["deliver"].after == ("install", "label")
    assert content.by_key["order"].days == 2


def test_the_same_plan_is_not_published_twice(cast):
    version = laptop(cast)

    again = actions.publish(version.plan, by=cast.root, at=MONDAY + timedelta(days=1))

    assert again == version
    assert PlanVersion.objects.count() == 1


def test_a_change_is_the_next_version_and_the_former_stays(cast):
    version = laptop(cast)
    version.plan.tasks.filter(key="label").delete()
    version.plan.tasks.filter(key="deliver").update(after="install")

    second = actions.publish(version.plan, by=None, at=MONDAY)

    assert (second.number, len(second.content.tasks)) == (2, 3)
    assert len(PlanVersion.objects.get(number=1).content.tasks) == 4
    assert TaskPlan.objects.get().current == second


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([], "Add at least one task."),
        (
            [{"title": "Make"}, {"title": "Make"}],
            "Two tasks have the key “make”; give one of them another.",
        ),
        (
            [{"title": "Make", "after": "order"}],
            "“Make” comes after “order”, which is no task of this plan.",
        ),
        (
            [{"title": "Make", "after": "send"}, {"title": "Send", "after": "make"}],
            "These tasks wait for each other in a circle: Make → Send → Make.",
        ),
    ],
)
def test_a_plan_that_cannot_be_carried_out_is_refused_by_the_names_of_its_tasks(
    cast, rows, sentence
):
    plan = edited(cast, *rows)

    with pytest.raises(Refused) as refusal:
        actions.publish(plan, by=cast.root, at=MONDAY)

    assert str(refusal.value) == sentence
    assert not PlanVersion.objects.exists()


def test_due_times_need_a_calendar_that_opens(cast):
    row = {"title": "Make", "due_amount": 2}
    never = BusinessCalendar.objects.create(name="Never")

    with pytest.raises(Refused, match="Choose the calendar"):
        actions.publish(edited(cast, row, calendar=None), by=cast.root, at=MONDAY)
    with pytest.raises(Refused, match="Never is never open"):
        actions.publish(edited(cast, row, name="B", calendar=never), by=cast.root, at=MONDAY)
    without = actions.publish(
        edited(cast, {"title": "Make"}, name="C", calendar=None), by=cast.root, at=MONDAY
    )

    assert without.number == 1


@pytest.mark.parametrize("who", ["ann", "bo", "cleo", "mia"])
def test_only_catalog_managers_and_administrators_publish(cast, who):
    plan = edited(cast, {"title": "Make"})

    with pytest.raises(NotAllowed, match="Only catalog managers publish plans"):
        actions.publish(plan, by=getattr(cast, who), at=MONDAY)

    assert not PlanVersion.objects.exists()


def test_the_differences_are_told_task_by_task(cast):
    version = laptop(cast)
    plan = version.plan
    plan.tasks.filter(key="label").delete()
    plan.tasks.filter(key="order").update(title="Lease the laptop", due_amount=3)
    plan.tasks.filter(key="install").update(sort_order=9)
    PlanTask.objects.create(
        plan=plan, sort_order=10, key="ask", title="Ask how it is", team=cast.desk_team
    )

    assert differences(version.content, TaskPlan.objects.get().as_entered()) == [
        "“Lease the laptop”: title, due after.",
        "New: “Ask how it is”.",
        "Left out: “Put a label on it”.",
        "They are read in another order.",
    ]
    assert differences(version.content, version.content) == []
