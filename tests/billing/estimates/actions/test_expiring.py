"""What nobody answered ends by itself, after its last day in the business zone."""

from datetime import date

import pytest

from billing.estimates import actions
from tests.billing.estimates import make
from tests.cast import MONDAY

pytestmark = pytest.mark.django_db


def test_it_expires_after_midnight_in_amsterdam_and_once(cast):
    estimate = make.sent(cast, valid_until=date(2026, 3, 10))
    last_evening = MONDAY.replace(day=10, hour=22, minute=59)
    assert actions.expire_due(last_evening) == 0
    after_midnight = MONDAY.replace(day=10, hour=23, minute=0)
    assert actions.expire_due(after_midnight) == 1
    assert actions.expire_due(after_midnight) == 0
    estimate.refresh_from_db()
    assert estimate.state == "expired"
    assert estimate.events.get(kind="expired").actor is None
