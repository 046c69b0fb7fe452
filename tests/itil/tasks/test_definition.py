"""What a plan says: its order, its conditions, and how it is written down."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from itil.tasks.definition import Condition, Plan, PlanError, PlannedTask, circle_in


def plan_of(**after: str) -> Plan:
    """Tasks by key, each with the keys it comes after."""
    return Plan(
        tuple(
            PlannedTask(key, key.title(), after=tuple(names.split()))
            for key, names in after.items()
        )
    )


@pytest.mark.parametrize(
    ("plan", "problems"),
    [
        (Plan(), [("empty", ())]),
        (plan_of(a="", b="a c"), [("unknown", ("b", "c"))]),
        (plan_of(a="c", b="a", c="b"), [("cycle", ("a", "c", "b"))]),
        (plan_of(a="a"), [("cycle", ("a",))]),
        (Plan((PlannedTask("a", "A"), PlannedTask("a", "B"))), [("twice", ("a",))]),
    ],
)
def test_a_plan_that_cannot_be_carried_out_says_why(plan, problems):
    with pytest.raises(PlanError) as error:
        plan.check()

    assert error.value.problems == problems


def test_a_plan_that_can_be_carried_out_passes():
    plan_of(a="", b="a", c="a", d="b c").check()


@pytest.mark.parametrize(
    ("value", "answer", "holds"),
    [
        ("Dock", "dock", True),
        ("dock", ["bag", "dock"], True),
        ("dock", ["bag"], False),
        ("dock", None, False),
        ("yes", True, True),
        ("no", False, True),
        ("yes", False, False),
        ("3", 3, True),
        ("0", 0, True),
        ("", "anything", True),
        ("", 0, True),
        ("", "", False),
        ("", [], False),
        ("", False, False),
        ("", None, False),
    ],
)
def test_a_condition_asks_for_an_answer(value, answer, holds):
    assert Condition("q", value).holds({"q": answer}) is holds


def test_a_question_that_was_not_asked_was_not_answered():
    assert not Condition("q").holds({})
    assert not Condition("q", "x").holds({})


CONDITIONS = st.sampled_from([None, Condition("extra")])


@st.composite
def plans(draw):
    """Plans without circles: a task comes after some of those that were drawn before it, and they
    are read in any order; some are only for requests with an answer.
    """
    made = []
    for key in "abcdef"[: draw(st.integers(1, 6))]:
        # One bit for each of the tasks before it.
        bits = draw(st.integers(0, 2 ** len(made) - 1))
        after = tuple(task.key for n, task in enumerate(made) if bits >> n & 1)
        made.append(PlannedTask(key, key, after=after, condition=draw(CONDITIONS)))
    return Plan(tuple(draw(st.permutations(made))))


@given(plans(), st.booleans())
def test_the_tasks_that_apply_come_after_all_they_wait_for(plan, extra):
    plan.check()
    tasks = plan.applying_to({"extra": extra})

    seen = set()
    for task in tasks:
        assert set(task.after) <= seen
        seen.add(task.key)
    assert seen == {task.key for task in plan.tasks if extra or task.condition is None}


@given(plans())
def test_a_task_that_is_left_out_passes_its_place_on(plan):
    def before(key, tasks):
        """All that has to end before `key` begins, directly or not."""
        found = set()
        for other in tasks[key].after:
            found |= {other} | before(other, tasks)
        return found

    all_tasks = {task.key: task for task in plan.tasks}
    kept = {task.key: task for task in plan.applying_to({})}

    for key in kept:
        assert before(key, kept) == before(key, all_tasks) & kept.keys()


@given(plans())
def test_a_plan_is_read_as_it_was_written(plan):
    assert Plan.of(plan.as_data()) == plan


def test_every_property_is_written_down():
    task = PlannedTask(
        "a",
        "A",
        text="Do it",
        team=1,
        person=2,
        is_optional=True,
        visible_to_requester=True,
        after=("b",),
        days=3,
        checklist=("one", "two"),
        evidence="file",
        condition=Condition("q", "v"),
        answers=("q",),
    )

    assert PlannedTask.of(task.as_data()) == task
    assert PlannedTask("a", "A").as_data() == {"key": "a", "title": "A"}


@given(st.dictionaries(st.integers(0, 6), st.lists(st.integers(0, 6), unique=True)))
def test_a_circle_is_found_exactly_when_there_is_one(after):
    def reaches(start, goal, seen=frozenset()):
        return any(
            other == goal or (other not in seen and reaches(other, goal, seen | {other}))
            for other in after.get(start, ())
        )

    circle = circle_in(after)

    assert bool(circle) == any(reaches(key, key) for key in after)
    for key, before in zip(circle, (*circle[1:], *circle[:1]), strict=True):
        assert before in after[key]
