"""Another window for a change, taken from the free times that the calendar offers."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from itil.changes.actions import conflicts
from itil.changes.models import Change

from . import plans
from . import world as worlds

HOUR = timedelta(hours=1)
CALENDAR = reverse("changes:calendar")


@pytest.fixture
def world(cast):
    return worlds.build(cast)


@pytest.fixture
def soon():
    """A full hour about three days ahead: nothing is free in the past."""
    return timezone.now().replace(minute=0, second=0, microsecond=0) + timedelta(days=3)


@pytest.fixture
def disturbed(world, soon):
    """Bo's draft on the same item and at the same time as another change."""
    server = plans.item(world.cast, "srv-7")
    window = {"planned_start": soon, "planned_end": soon + 2 * HOUR}
    change = worlds.draft(world, columns=window, items=[server])
    plans.planned(world.cast, "Patch it", start=soon, items=[server])
    conflicts.check_conflicts(change)
    return change


def around(change: Change) -> dict[str, str]:
    """The query of the calendar with this change chosen."""
    return {"on": timezone.localdate(change.planned_start).isoformat(), "change": change.number}


def address(change: Change, start, end) -> str:
    url = reverse("changes:move_window", args=[change.number])
    return f"{url}?planned_start={plans.typed(start)}&planned_end={plans.typed(end)}"


def test_each_free_time_leads_to_the_form_filled_with_it(world, disturbed, signed_in):
    client = signed_in(world.cast.bo)
    page = client.get(CALENDAR, around(disturbed))
    (start, end), *_others = page.context["selected"]["slots"]
    link = address(disturbed, start, end).replace(":", "%3A").replace("&", "&amp;")
    assert link in page.content.decode()
    form = client.get(address(disturbed, start, end)).context["form"]
    assert form["planned_start"].value() == plans.typed(start)
    assert form["planned_end"].value() == plans.typed(end)


def test_who_may_not_plan_it_reads_the_free_times_only(world, disturbed, soon, signed_in):
    outsider = world.quinn
    Change.objects.filter(pk=disturbed.pk).update(status="scheduled")
    page = signed_in(outsider).get(CALENDAR, around(disturbed))
    assert page.context["selected"]["slots"]
    assert "Move to this slot" not in page.content.decode()
    url = address(disturbed, soon, soon + HOUR)
    assert signed_in(outsider).get(url).status_code == 404
    assert signed_in(outsider).post(url, {}).status_code == 404
    assert signed_in(world.cast.ann).get(url).status_code == 404


def test_only_the_window_is_changed_and_the_conflict_is_gone(world, disturbed, soon, signed_in):
    start = soon + 4 * HOUR
    typed = {
        "version": disturbed.version,
        "planned_start": plans.typed(start),
        "planned_end": plans.typed(start + HOUR),
    }
    url = reverse("changes:move_window", args=[disturbed.number])
    client = signed_in(world.cast.bo)
    assert client.post(url, typed | {"planned_end": plans.typed(start)}).status_code == 422
    answer = client.post(url, typed)
    assert (answer.status_code, answer.url) == (303, disturbed.get_absolute_url())
    moved = Change.objects.get(pk=disturbed.pk)
    assert (moved.planned_start, moved.planned_end) == (start, start + HOUR)
    assert (moved.plan, moved.conflict_status) == (disturbed.plan, "none")
    assert set(moved.implementers.all()) == {world.cast.ned}
    # Somebody who looked at the former window is told so.
    assert client.post(url, typed).status_code == 409
