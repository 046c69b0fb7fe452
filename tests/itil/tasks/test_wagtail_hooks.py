"""Plans in the admin: edited, compared, published."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from itil.tasks.models import PlanTask, PlanVersion, TaskPlan

from .plans import laptop

PLANS = "/admin/task-plans/"
BLANK = {"key": "", "text": "", "person": "", "after": "", "due_amount": "", "due_unit": "days"} | {
    "checklist": "",
    "evidence": "none",
    "condition_question": "",
    "condition_value": "",
    "answers": "",
}


def typed(cast, *rows: dict) -> dict:
    """The form of a plan with these new rows."""
    data = {"name": "Account", "calendar": cast.calendar.pk}
    data |= {
        "tasks-TOTAL_FORMS": len(rows),
        "tasks-INITIAL_FORMS": 0,
        "tasks-MIN_NUM_FORMS": 0,
        "tasks-MAX_NUM_FORMS": 1000,
    }
    for number, row in enumerate(rows):
        values = BLANK | {"team": cast.desk_team.pk, "ORDER": number + 1} | row
        data |= {f"tasks-{number}-{name}": value for name, value in values.items()}
    return data


def test_a_plan_is_entered_and_its_keys_come_from_the_titles(cast, signed_in):
    rows = ({"title": "Make the account"}, {"title": "Tell Ann", "after": "make-the-account"})

    client = signed_in(cast.root)

    response = client.post(f"{PLANS}new/", typed(cast, *rows))

    plan = TaskPlan.objects.get()
    assert response.status_code == 302
    assert [row.key for row in plan.tasks.all()] == ["make-the-account", "tell-ann"]
    assert plan.current is None
    assert client.get(f"{PLANS}edit/{plan.pk}/").status_code == 200


def test_a_saved_plan_is_not_in_force_before_it_is_published(cast, signed_in):
    version = laptop(cast)
    plan, order = version.plan, version.plan.tasks.get(key="order")
    row = {"id": order.pk, "key": "order", "title": "Lease the laptop"}
    data = typed(cast, row) | {"name": plan.name, "tasks-INITIAL_FORMS": 1}

    response = signed_in(cast.root).post(f"{PLANS}edit/{plan.pk}/", data, follow=True)

    html = response.content.decode()
    assert "It is in force when it is published." in html
    assert f"{PLANS}{plan.pk}/publish/" in html
    assert plan.tasks.get(pk=order.pk).title == "Lease the laptop"
    assert TaskPlan.objects.get().current == version


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ({"title": "Make", "person": "ned"}, "Ned does not work in Service desk."),
        ({"title": "Make", "condition_value": "x"}, "Say which question it is about."),
        ({"title": "???"}, "Give it a key of letters and digits."),
    ],
)
def test_a_row_that_does_not_fit_is_told_and_nothing_is_stored(cast, signed_in, row, sentence):
    if "person" in row:
        row = row | {"person": cast.ned.pk}

    response = signed_in(cast.root).post(f"{PLANS}new/", typed(cast, row))

    assert sentence in response.content.decode()
    assert not TaskPlan.objects.exists()


def test_a_plan_is_published_after_a_look_at_what_changes(cast, signed_in):
    version = laptop(cast)
    url = f"{PLANS}{version.plan.pk}/publish/"
    client = signed_in(cast.root)
    assert "Nothing: the plan is the same as version 1." in client.get(url).content.decode()
    version.plan.tasks.filter(key="label").delete()
    version.plan.tasks.filter(key="deliver").update(after="install")

    html = client.get(url).content.decode()
    assert "Left out: “Put a label on it”." in html
    client.post(url)

    assert TaskPlan.objects.get().current.number == 2


def test_a_plan_that_cannot_be_carried_out_is_not_published(cast, signed_in):
    plan = TaskPlan.objects.create(name="Account")
    PlanTask.objects.create(plan=plan, title="Make", key="make", after="make", team=cast.desk_team)
    url = f"{PLANS}{plan.pk}/publish/"
    client = signed_in(cast.root)

    response = client.post(url)

    assert response.status_code == 422
    assert "in a circle: Make → Make." in response.content.decode()
    assert not PlanVersion.objects.exists()


def test_a_published_plan_is_not_deleted(cast, signed_in):
    version = laptop(cast)

    client = signed_in(cast.root)

    response = client.post(f"{PLANS}delete/{version.plan.pk}/", follow=True)

    assert "It stays." in response.content.decode()
    assert TaskPlan.objects.get() == version.plan


@pytest.mark.parametrize("who", ["bo", "cleo", "mia", "ann"])
def test_the_screens_are_for_those_who_configure(cast, signed_in, who):
    version = laptop(cast)
    client = signed_in(getattr(cast, who))

    for url in (PLANS, f"{PLANS}edit/{version.plan.pk}/", f"{PLANS}{version.plan.pk}/publish/"):
        assert client.get(url).status_code == 302
    assert client.post(f"{PLANS}{version.plan.pk}/publish/").status_code == 302
    assert PlanVersion.objects.count() == 1


def test_the_list_shows_what_new_work_goes_by_and_asks_no_more_for_more_plans(cast, signed_in):
    laptop(cast)
    client = signed_in(cast.root)

    def shown() -> tuple[str, int]:
        with CaptureQueriesContext(connection) as captured:
            return client.get(PLANS).content.decode(), len(captured)

    shown()
    html, few = shown()
    assert "Version 1" in html
    for number in range(5):
        TaskPlan.objects.create(name=f"Account {number}")

    html, many = shown()
    assert html.count("Not published yet") == 5
    assert many == few
