"""Overruns are told at 80 and 100 percent of hours or money, whichever comes first, once each."""

from datetime import timedelta
from decimal import Decimal

import pytest

from billing.estimates import actions
from billing.estimates.matching import use_of
from portal.outbox.models import OutgoingMail
from tests.billing.estimates import make
from tests.cast import MONDAY

pytestmark = pytest.mark.django_db
LATER = MONDAY + timedelta(days=2)


def warnings() -> list[str]:
    mails = OutgoingMail.objects.filter(key__contains=":warned:")
    return sorted(f"{mail.key.split(':')[-2]} {mail.to}" for mail in mails)


def test_b10_warnings_come_at_six_hours_twentyfour_and_at_eight(cast):
    estimate = make.accepted(cast)
    make.worked(cast, estimate, 6 * 60 + 23)
    assert actions.watch(LATER) == 0
    make.worked(cast, estimate, 1)
    assert actions.watch(LATER) == 1
    told = ["80 ann@acme.example", "80 cleo@halden.example"]
    assert warnings() == told
    make.worked(cast, estimate, 8 * 60 - (6 * 60 + 24))
    assert actions.watch(LATER) == 1
    assert warnings() == ["100 ann@acme.example", "100 cleo@halden.example", *told]


def test_each_is_told_once_however_often_it_is_looked_at(cast):
    estimate = make.accepted(cast)
    make.worked(cast, estimate, 9 * 60)
    assert actions.watch(LATER) == 1
    assert actions.watch(LATER) == 0
    # Past both marks at once: one mail each, about the higher one.
    assert warnings() == ["100 ann@acme.example", "100 cleo@halden.example"]


def test_money_may_run_out_before_the_hours(cast):
    cast.acme.contracts.update(default_hourly_rate=Decimal(100))
    estimate = make.accepted(cast)
    cast.acme.contracts.update(default_hourly_rate=Decimal(200))
    make.worked(cast, estimate, 4 * 60)
    assert use_of(estimate).net == Decimal("800.00")
    assert use_of(estimate).percent == 100
    assert actions.watch(LATER) == 1


def test_work_that_is_not_billable_uses_nothing(cast):
    estimate = make.accepted(cast)
    make.worked(cast, estimate, 600, billing_kind="non_billable")
    make.worked(cast, estimate, 600, state="written_off")
    assert use_of(estimate).minutes == 0
