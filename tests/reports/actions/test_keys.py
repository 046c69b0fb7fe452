"""Keys to figures."""

from datetime import timedelta

import pytest

from itil.tickets.errors import NotAllowed
from reports.actions.keys import NOTED_EVERY, read_key, renew_key, revoke_key
from reports.models import ReportKey
from tests.cast import MONDAY


def test_a_use_is_written_down_now_and_then(cast):
    key = renew_key(cast.mia, at=MONDAY)
    noted = []
    for after in (timedelta(), timedelta(minutes=1), NOTED_EVERY + timedelta(seconds=1)):
        assert read_key(key, at=MONDAY + after) == cast.mia
        noted.append(ReportKey.objects.get().last_used_at - MONDAY)
    assert noted == [timedelta(), timedelta(), NOTED_EVERY + timedelta(seconds=1)]


def test_a_lead_gets_none(cast):
    with pytest.raises(NotAllowed):
        renew_key(cast.cleo, at=MONDAY)
    assert not ReportKey.objects.exists()


def test_what_is_revoked_or_of_somebody_who_left_is_nobodys(cast):
    key = renew_key(cast.mia, at=MONDAY)
    cast.mia.is_active = False
    cast.mia.save()
    assert read_key(key, at=MONDAY) is None
    assert revoke_key(cast.mia)
    assert not revoke_key(cast.mia)
