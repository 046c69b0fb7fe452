"""The pages of changes keep nobody out: looked at by axe, wide and on a phone, light and dark."""

from datetime import timedelta
from itertools import pairwise

import pytest
from django.urls import reverse
from django.utils import timezone

from itil.changes import actions
from itil.changes.actions import conflicts
from tests.axe import complaints, complaints_here

from . import plans
from . import world as worlds

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

HOUR = timedelta(hours=1)


@pytest.fixture
def world(company):
    return worlds.build(company)


@pytest.fixture
def disturbed(world):
    """A change that is asked for, on the item and at the time of another one, in a freeze."""
    now = timezone.now()
    soon = now.replace(minute=0, second=0, microsecond=0) + timedelta(days=2)
    server = plans.item(world.cast, "srv-7")
    window = {"planned_start": soon, "planned_end": soon + 2 * HOUR}
    change = worlds.asked(world, columns=window, items=[server])
    plans.planned(world.cast, "Patch srv-7", start=soon, items=[server])
    plans.planned(world.cast, "Swap a fan in srv-7", start=soon, items=[server])
    begins = timezone.localdate(soon, plans.BERLIN)
    plans.freeze(world.chas, at=now, begins_on=begins, ends_on=begins + timedelta(days=1))
    plans.upkeep(world.chas, at=now, types=["standard"])
    conflicts.check_conflicts(change, now)
    return change


def test_no_page_about_when_changes_run_keeps_anybody_out(world, disturbed, visit):
    day = timezone.localdate(disturbed.planned_start).isoformat()
    calendar, windows = reverse("changes:calendar"), reverse("changes:windows")
    chas, said = visit(world.chas), []
    for path in (
        f"{calendar}?on={day}&change={disturbed.number}",
        f"{calendar}?on={day}&view=week",
        f"{calendar}?on={day}&view=month",
        windows,
        f"{windows}?kind=maintenance",
        reverse("changes:new_window", args=["freeze"]),
        reverse("changes:move_window", args=[disturbed.number]),
    ):
        said += complaints(chas, path)
    chas.goto(reverse("changes:move_window", args=[disturbed.number]))
    chas.get_by_label("Planned end").fill("")
    chas.get_by_role("button", name="Move the change").click()
    chas.get_by_text("There is a problem").wait_for()
    said += complaints_here(chas, "a window without an end")
    assert said == []


def test_no_page_of_a_change_and_of_its_boards_keeps_anybody_out(world, disturbed, visit):
    now = timezone.now()
    meeting = actions.plan_meeting(
        world.cab, by=world.chas, at=now, starts_at=now + HOUR, votes_until=now + 2 * HOUR
    )
    chas, said = visit(world.chas), []
    for path in (
        reverse("changes:list"),
        disturbed.get_absolute_url(),
        disturbed.sheet_url,
        reverse("changes:new"),
        reverse("changes:plan", args=[disturbed.number]),
        reverse("changes:boards"),
        world.cab.get_absolute_url(),
        meeting.get_absolute_url(),
        reverse("changes:take_minutes", args=[world.cab.pk, meeting.pk]),
        reverse("changes:templates"),
        reverse("changes:propose"),
    ):
        said += complaints(chas, path)
    ruth = visit(world.ruth)
    said += complaints(ruth, f"{disturbed.sheet_url}?meeting={meeting.pk}")
    assert said == []


def test_on_a_phone_nothing_in_the_list_of_changes_covers_anything_else(world, disturbed, visit):
    page = visit(world.chas, width=390)
    page.goto(reverse("changes:list"))
    row = page.get_by_role("row").filter(has_text=disturbed.number)
    boxes = [cell.bounding_box() for cell in row.get_by_role("cell").all()]
    assert len(boxes) == 7
    for above, below in pairwise(boxes):
        assert above["y"] + above["height"] <= below["y"]
    labels = row.locator("td[data-label]").evaluate_all("all => all.map(one => one.dataset.label)")
    assert labels == ["Type", "Risk", "Owner", "Status", "Window"]
