"""The effect of a change in words and numbers, in the viewer's zone."""

import zoneinfo

import pytest
from django.utils import timezone

from itil.desk import actions as desk
from itil.desk.templatetags.effects import breaches, in_words
from itil.sla.models import Form, ServiceTarget
from tests.itil.calendars.calendars import at
from tests.itil.sla.stored import agree, opened, play, promise

HALF_PAST_NINE = at(3, 2, 9, 30)


@pytest.fixture(autouse=True)
def berlin():
    with timezone.override(zoneinfo.ZoneInfo("Europe/Berlin")):
        yield


@pytest.fixture
def ticket(cast):
    promise(cast.agreement, resolution={1: 4, 3: 16})
    return opened(cast, HALF_PAST_NINE)


def effects(cast, ticket, now, **changes):
    return desk.effects_of_edit(ticket, changes, by=cast.bo, at=now)


def sentences(cast, ticket, now, **changes):
    return {
        str(effect.clock.get_metric_display()): in_words(effect, now)
        for effect in effects(cast, ticket, now, **changes)
    }


def test_another_due_time_stands_beside_the_present_one(cast, ticket):
    assert sentences(cast, ticket, at(3, 2, 11, 30), impact=1, urgency=1) == {
        "Resolution": "due Mon 2 Mar, 13:30 instead of Wed 4 Mar, 09:30"
    }


def test_a_target_used_up_already_says_since_when(cast, ticket):
    now = at(3, 2, 15, 30)
    assert sentences(cast, ticket, now, impact=1, urgency=1) == {
        "Resolution": "would be missed at once (since Mon 2 Mar, 13:30)"
    }
    assert breaches(effects(cast, ticket, now, impact=1, urgency=1)) is True
    assert breaches(effects(cast, ticket, at(3, 2, 10), impact=1, urgency=1)) is False


def test_a_clock_that_stands_still_says_what_is_left(cast, ticket):
    play(cast, ticket, (at(3, 2, 10), "take"), (at(3, 2, 10, 30), "hold"))
    assert sentences(cast, ticket, at(3, 2, 11), impact=1, urgency=1) == {
        "Resolution": "paused; 3h left when it goes on instead of 15h"
    }


def test_what_begins_and_what_ends_is_said(cast, ticket):
    agree(
        cast,
        "Gold",
        organization=cast.globex,
        promises={"first_response": 2, "next_response": 3},
    )
    assert sentences(cast, ticket, at(3, 2, 10), organization=cast.globex) == {
        "Resolution": "no longer promised; it was due Wed 4 Mar, 09:30",
        "First response": "promised as well, due Mon 2 Mar, 11:30",
        "Next response": "promised as well: 3h",
    }
    assert sentences(cast, ticket, at(3, 2, 12), organization=cast.globex)["First response"] == (
        "would be missed at once (since Mon 2 Mar, 11:30)"
    )
    play(cast, ticket, (at(3, 2, 10), "take"), (at(3, 2, 11), "reply"))
    assert sentences(cast, ticket, at(3, 2, 12), organization=cast.globex)["First response"] == (
        "promised as well, and met"
    )


def test_a_repeating_clock_that_has_not_begun_says_its_target(cast):
    promise(cast.agreement, next_response={1: 1, 3: 4})
    ticket = opened(cast, HALF_PAST_NINE)
    assert sentences(cast, ticket, at(3, 2, 10), impact=1, urgency=1) == {
        "Next response": "1h each time instead of 4h"
    }


def test_an_agreed_date_ends_a_pause(cast, ticket):
    gold = agree(cast, "Gold", organization=cast.globex)
    gold.targets.all().delete()
    ServiceTarget.objects.create(
        agreement=gold, metric="resolution", priority=3, form=Form.FIXED_INSTANT
    )
    play(cast, ticket, (at(3, 2, 10), "take"), (at(3, 2, 10, 30), "hold"))
    changes = {"organization": cast.globex, "agreed_at": at(3, 6, 12)}
    assert sentences(cast, ticket, at(3, 2, 11), **changes) == {
        "Resolution": "due Fri 6 Mar, 12:00; it stands still now"
    }
