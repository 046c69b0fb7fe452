"""What those who decide on a change see, and who of them may not decide (`APP-4`, `APP-9`)."""

import pytest
from django.utils import timezone

from itil.approvals.models import Vote
from itil.changes.actions.matter import matter_of
from itil.changes.models import BoardMember
from portal.ui.moments import span_text
from tests.itil.changes import world as worlds


@pytest.fixture
def world(cast):
    return worlds.build(cast)


def test_it_tells_the_plans_and_the_window_and_leaves_out_what_is_empty(world):
    change = worlds.draft(world)
    matter = matter_of(change)
    told = dict(matter.lines)
    assert matter.title == f"{change.number} Swap the switch"
    assert (matter.reason, matter.url) == ("The switch is old.", change.sheet_url)
    assert told["Implementation plan"] == "Swap it."
    assert told["Service"] == "Mail"
    assert (matter.starts_at, matter.ends_at) == (change.planned_start, change.planned_end)
    assert "Communication plan" not in told


def test_each_approver_reads_the_window_in_the_own_zone(world, signed_in):
    worlds.asked(world)
    vote = Vote.objects.waiting().get(voter__name="Pia")
    readings = []
    for zone in ("Europe/Amsterdam", "America/New_York"):
        vote.voter.time_zone = zone
        vote.voter.save()
        with timezone.override(zone):
            matter = vote.step.process.about
            readings.append(span_text(matter.starts_at, matter.ends_at, now=timezone.now()))
        page = signed_in(vote.voter).get(f"/approvals/{vote.uuid}/").text
        assert readings[-1] in page
    assert readings[0] != readings[1]


def test_the_owner_and_who_carries_it_out_are_barred(world):
    matter = matter_of(worlds.draft(world))
    assert set(matter.barred) == {world.cast.bo.pk, world.cast.ned.pk}


def test_neither_the_owner_nor_who_carries_it_out_is_asked(world):
    BoardMember.objects.create(board=world.cab, user=world.cast.bo)
    BoardMember.objects.create(board=world.cab, user=world.cast.ned)
    worlds.asked(world)
    asked = set(Vote.objects.waiting().values_list("voter__name", flat=True))
    assert asked == {"Pia", "Quinn", "Ruth"}
