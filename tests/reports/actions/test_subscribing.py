"""Scheduled reports are made by those who may, for those who may see them."""

import pytest

from itil.tickets.errors import MissingValue, NotAllowed
from portal.outbox.models import OutgoingMail
from reports.actions.subscribing import send_test
from reports.models import ReportSubscription
from tests.reports.mailing_given import DUE, deliver_due, march, scheduled

__all__ = ["march"]


def test_only_who_may_schedules_for_those_who_may_see(march, cast):
    with pytest.raises(NotAllowed):
        scheduled(cast, cast.bo, by=cast.bo)
    with pytest.raises(MissingValue, match="Ann"):
        scheduled(cast, cast.ann)
    with pytest.raises(MissingValue, match="customer"):
        scheduled(cast, cast.mia, board="customer")
    assert not ReportSubscription.objects.exists()


def test_a_test_comes_to_oneself_and_as_often_as_wished(march, cast):
    subscription = scheduled(cast, cast.cleo)
    for _turn in range(2):
        send_test(subscription, by=cast.mia, at=DUE)
    assert deliver_due(DUE) == 2
    subjects = OutgoingMail.objects.filter(to=cast.mia.email).values_list("subject", flat=True)
    assert list(subjects) == ["Test: Monthly, March 2026"] * 2
