"""Whom we write to, and whom we do not answer by machine (`MAI-7`)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from portal.notifications.permissions import (
    has_had_enough,
    is_read_by_nobody,
    may_be_mailed,
    repeats_itself,
)
from portal.outbox.actions import post
from portal.outbox.models import OutgoingMail
from tests import make
from tests.cast import MONDAY


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("ann@acme.example", False),
        ("noreply@acme.example", True),
        ("no-reply+12@acme.example", True),
        ("noreplyson@acme.example", False),
        ("MAILER-DAEMON@acme.example", True),
        ("postmaster@acme.example", True),
        ("desk@halden.example", True),
        ("Desk+0a1b@halden.example", True),
        ("desk@acme.example", False),
        ("helpdesk@halden.example", False),
    ],
)
def test_addresses_behind_which_nobody_reads(settings, address, expected):
    settings.REPLY_ADDRESS = "desk@halden.example"
    assert is_read_by_nobody(address) is expected


def test_people_who_left_and_addresses_that_bounced_are_not_written_to(cast):
    assert may_be_mailed(cast.ann) is True
    cast.ann.mail_undeliverable_at = MONDAY
    assert may_be_mailed(cast.ann) is False
    cast.bo.is_active = False
    assert may_be_mailed(cast.bo) is False


def test_five_automatic_mails_in_an_hour_are_enough_and_what_people_wrote_does_not_count(db):
    now = timezone.now()
    for number in range(5):
        assert has_had_enough("Ann@acme.example", now) is False
        post(
            key=f"auto-{number}",
            to="ann@ACME.example",
            subject="x",
            text="x",
            headers={"Auto-Submitted": "auto-replied"},
        )
        post(key=f"human-{number}", to="ann@acme.example", subject="x", text="x")
    now = timezone.now()
    assert has_had_enough("Ann@acme.example", now) is True
    assert has_had_enough("bo@acme.example", now) is False
    OutgoingMail.objects.update(created_at=now - timedelta(hours=1))
    assert has_had_enough("Ann@acme.example", now) is False


def test_the_third_ticket_with_one_subject_within_ten_minutes_repeats(cast):
    tickets = [make.incident(cast, at=MONDAY + timedelta(minutes=4 * n)) for n in range(4)]
    other = make.incident(cast, title="Another", at=MONDAY)
    # The first is out of the ten minutes of the fourth, the second and third are not.
    assert [repeats_itself(ticket) for ticket in tickets] == [False, False, True, True]
    assert repeats_itself(other) is False
