"""The pages of releases keep nobody out: looked at by axe, wide and on a phone, light and dark."""

import pytest
from django.urls import reverse

from itil.changes.models import AdvisoryBoard, BoardMeeting, BoardMember
from itil.releases.models import Deployment
from tests.axe import complaints
from tests.cast import MONDAY, person

from .world import World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_no_page_of_releases_keeps_anybody_out(company, visit):
    world = World(company)
    number = world.release.number
    adding = reverse("releases:add_wave", args=[number])
    page = visit(world.cast.bo)
    said = complaints(page, adding)
    world.put("deploying")
    Deployment.objects.filter(organization=company.globex).update(status="planned", ended_at=None)
    for path in (
        reverse("releases:list"),
        reverse("releases:versions"),
        reverse("releases:new"),
        reverse("releases:release", args=[number]),
    ):
        said += complaints(page, path)
    assert said == []


def test_no_page_for_members_of_boards_keeps_anybody_out(company, visit):
    world, ruth = World(company), person("Ruth", company.halden)
    board = AdvisoryBoard.objects.create(name="CAB")
    BoardMember.objects.create(board=board, user=ruth)
    meeting = BoardMeeting.objects.create(board=board, starts_at=MONDAY, votes_until=MONDAY)
    meeting.agenda.create(change=world.change)
    world.put("approval")
    page = visit(ruth)
    said = complaints(page, reverse("releases:boards"))
    said += complaints(page, reverse("releases:go", args=[world.release.number]))
    said += complaints(page, world.change.sheet_url)
    assert said == []


def test_on_a_phone_each_value_stands_beside_the_name_of_its_column(company, visit):
    world = World(company)
    page = visit(world.cast.bo, width=390)
    page.goto(reverse("releases:list"))
    labels = page.locator("td[data-label]").evaluate_all(
        "cells => cells.map(cell => getComputedStyle(cell, '::before').content)"
    )
    assert labels == [
        '"Version"', '"Service"', '"Planned for"', '"Status"', '"Rolled out"', '"Owner"',
    ]  # fmt: skip
    page.set_viewport_size({"width": 1440, "height": 900})
    shown = page.locator("td[data-label]").first.evaluate(
        "cell => getComputedStyle(cell, '::before').content"
    )
    assert shown == "none"
