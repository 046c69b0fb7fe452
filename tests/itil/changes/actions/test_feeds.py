"""Addresses of personal calendars: made, renewed, read, revoked."""

from datetime import timedelta

import pytest

from itil.changes.actions.feeds import NOTED_EVERY, read_feed, renew_feed, revoke_feed
from itil.changes.models import CalendarFeed
from itil.tickets.errors import NotAllowed
from tests.cast import MONDAY


def test_a_new_secret_ends_the_former_one_and_none_is_kept(cast):
    former, token = (renew_feed(cast.bo, at=MONDAY) for _time in range(2))
    assert read_feed(former, at=MONDAY) is None
    assert read_feed(token, at=MONDAY) == cast.bo
    assert token not in str(CalendarFeed.objects.values())


def test_readings_are_noted_now_and_then(cast):
    token = renew_feed(cast.bo, at=MONDAY)
    noted = []
    for at in (MONDAY, MONDAY + timedelta(minutes=1), MONDAY + NOTED_EVERY + timedelta(minutes=1)):
        read_feed(token, at=at)
        noted.append(CalendarFeed.objects.get().last_read_at)
    assert noted == [MONDAY, MONDAY, MONDAY + NOTED_EVERY + timedelta(minutes=1)]


def test_what_is_revoked_reads_nothing(cast):
    token = renew_feed(cast.bo, at=MONDAY)
    assert revoke_feed(cast.bo)
    assert read_feed(token, at=MONDAY) is None
    assert not revoke_feed(cast.bo)


def test_only_staff_get_an_address(cast):
    with pytest.raises(NotAllowed):
        renew_feed(cast.ann, at=MONDAY)
    assert not CalendarFeed.objects.exists()
