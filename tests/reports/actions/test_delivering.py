"""Scheduled reports: each period once to each person."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from itil.sla import actions as sla
from itil.sla.models import SlaClock
from portal.outbox.models import OutgoingMail
from portal.people.models import User
from reports.actions import delivering
from reports.actions.delivering import plan_due
from reports.actions.narrowing import share_of
from reports.actions.subscribing import release
from reports.models import DeliveredFile, ReportDelivery
from reports.tasks import send_reports
from tests.reports.mailing_given import DUE, MADE, MARCH, deliver_due, march, report_of, scheduled
from tests.together import at_once

__all__ = ["march"]


def test_a_period_is_mailed_once_at_the_hour_of_each_reader(march, cast):
    User.objects.filter(pk=cast.cleo.pk).update(time_zone="America/New_York")
    scheduled(cast, cast.mia, cast.cleo)
    assert plan_due(DUE - timedelta(seconds=1)) == 0
    assert (plan_due(DUE), plan_due(DUE), deliver_due(DUE), deliver_due(DUE)) == (1, 0, 1, 0)
    # 7 o'clock in New York, four hours behind UTC by then.
    assert plan_due(datetime(2026, 4, 1, 10, 59, tzinfo=UTC)) == 0
    later = datetime(2026, 4, 1, 11, tzinfo=UTC)
    assert (plan_due(later), deliver_due(later)) == (1, 1)
    mails = OutgoingMail.objects.filter(key__startswith="report:")
    assert sorted(mails.values_list("to", flat=True)) == sorted([cast.mia.email, cast.cleo.email])
    first = mails.get(to=cast.mia.email)
    assert (first.subject, len(first.attachments)) == ("Monthly, March 2026", 1)
    assert "1 Mar 2026 – 31 Mar 2026 (Europe/Berlin)" in first.text
    assert "Data until 1 Apr 2026, 7 a.m." in first.text


def test_what_fails_is_tried_again_and_given_up_in_the_end(march, cast, settings):
    subscription = scheduled(cast, cast.mia)
    plan_due(DUE)
    settings.DEFAULT_FROM_EMAIL = None
    assert deliver_due(DUE) == 1
    failed = ReportDelivery.objects.get()
    assert (failed.state, failed.tries, failed.next_at) == (
        "waiting",
        1,
        DUE + timedelta(minutes=5),
    )
    assert "IntegrityError" in failed.error
    assert not DeliveredFile.objects.exists()
    assert deliver_due(DUE + timedelta(minutes=4)) == 0
    moment = DUE
    for _turn in range(4):
        moment += timedelta(days=1)
        assert deliver_due(moment) == 1
    assert ReportDelivery.objects.get().state == "failed"
    assert deliver_due(moment + timedelta(days=9)) == 0
    assert not OutgoingMail.objects.filter(key__startswith="report:").exists()
    assert subscription.deliveries.count() == 1


def test_what_was_planned_is_not_written_again(march, cast):
    scheduled(cast, cast.mia, cast.cleo)
    assert plan_due(DUE) == 2
    with CaptureQueriesContext(connection) as asked:
        assert plan_due(DUE + timedelta(minutes=1)) == 0
    assert [one["sql"] for one in asked if not one["sql"].startswith("SELECT")] == []


def test_each_report_tells_the_figures_of_the_moment_at_which_it_is_made(march, cast):
    scheduled(cast, cast.mia, cast.cleo)
    with time_machine.travel(DUE, tick=True):
        send_reports.call()
    made = ReportDelivery.objects.order_by("data_until")
    assert [one.state for one in made] == ["sent", "sent"]
    assert made[0].data_until < made[1].data_until


@pytest.mark.django_db(transaction=True)
def test_two_workers_send_one_mail(march, cast, shared_database):
    scheduled(cast, cast.mia)

    def work():
        plan_due(DUE)
        return deliver_due(DUE)

    assert sum(at_once(work, work)) == 1
    assert ReportDelivery.objects.get().state == "sent"
    assert OutgoingMail.objects.filter(key__startswith="report:").count() == 1


def test_a_claimed_report_is_left_alone_and_a_lost_claim_writes_nothing(march, cast):
    scheduled(cast, cast.mia)
    plan_due(DUE)
    mine, other = ReportDelivery.objects.get(), ReportDelivery.objects.get()
    assert delivering._claim(mine, DUE)
    assert not delivering._claim(other, DUE)
    # The worker died; when its claim has ended the next one goes on.
    after = DUE + delivering.CLAIM
    assert deliver_due(after) == 1
    report = report_of(mine.subscription, cast.mia)
    delivering._send(mine, report, {"csv": b"late"}, after)
    assert DeliveredFile.objects.count() == 1


def test_the_report_of_a_customer_is_about_that_customer_and_waits_for_its_release(march, cast):
    User.objects.filter(pk=cast.dov.pk).update(billing_contact=True)
    contact = User.objects.get(pk=cast.dov.pk)
    clock = SlaClock.objects.get(ticket=march, metric="resolution")
    sla.exclude(march, reason="force_majeure", note="Flood.", by=cast.cleo, at=MADE, clock=clock)
    subscription = scheduled(
        cast, contact, board="customer", organization=cast.globex, needs_release=True
    )
    plan_due(DUE)
    assert deliver_due(DUE) == 0
    values = {"first": MARCH[0], "last": MARCH[1], "comment": "We were flooded."}
    assert release(subscription, by=cast.mia, at=DUE, **values) == 1
    assert release(subscription, by=cast.mia, at=DUE, **values) == 0
    assert deliver_due(DUE) == 1
    assert "We were flooded." in OutgoingMail.objects.get(key__startswith="report:").text
    report = report_of(subscription, contact)
    figures = {one.label: one.shown for one in report.figures}
    assert (figures["Tickets received"], figures["Promises left out"]) == ("1", "1")
    assert [(one.number, one.reason) for one in report.left_out] == [
        (march.number, "Force majeure")
    ]
    assert not {"team", "agent", "organization"} & {row["by"] for row in report.records}
    # Of another customer the same person gets nothing.
    subscription.organization = cast.acme
    assert share_of(subscription, contact) is None
