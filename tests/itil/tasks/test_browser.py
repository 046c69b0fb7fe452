"""A task done in a real browser, by the keyboard alone; every page of tasks looked at by axe."""

import pytest
from django.utils import timezone

from itil.tasks import actions
from itil.tasks.models import Task
from tests.axe import complaints

from .plans import begun, one_task

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_task_is_done_by_the_keyboard_alone(company, visit):
    task = one_task(
        company, checklist=["Serial number noted", "Label printed"], evidence_kind="text"
    )
    page = visit(company.bo)
    page.goto(task.get_absolute_url())

    page.get_by_role("button", name="Start").press("Enter")
    page.get_by_role("checkbox", name="Serial number noted").press("Space")
    page.get_by_role("checkbox", name="Serial number noted", checked=True).wait_for()
    # The focus stays where it was when the list comes back.
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.get_by_role("checkbox", name="Label printed", checked=True).wait_for()
    page.get_by_role("textbox", name="What shows that it is done?").fill("Serial number 4711")
    page.get_by_role("button", name="Done").press("Enter")
    page.get_by_text("Whatever waited for it can begin.").wait_for()

    stored = Task.objects.get(pk=task.pk)
    assert (stored.status, stored.evidence) == ("done", "Serial number 4711")


def test_no_page_of_tasks_keeps_anybody_out(company, visit):
    now = timezone.now()
    _ticket, (order, install, _label, _deliver) = begun(company)
    actions.start(order, by=company.bo, at=now)
    actions.fail(order, by=company.bo, at=now, note="None to be had.")
    task = one_task(company, checklist=["Label printed"], evidence_kind="file")
    actions.start(task, by=company.bo, at=now)
    page = visit(company.bo)
    page.goto(task.get_absolute_url())

    said = []
    for path in (
        "/desk/tasks/?view=open",
        task.get_absolute_url(),
        order.get_absolute_url(),
        f"{install.get_absolute_url()}wait-for/",
        f"/desk/tasks/for/{task.ticket.number}/add/",
    ):
        said += complaints(page, path)

    assert said == []
