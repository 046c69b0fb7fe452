"""Whom we may write to."""

import pytest

from portal.outbox import permissions
from tests.cast import MONDAY


def test_people_are_mailed_while_they_are_active_and_their_mail_arrives(cast):
    ann = cast.ann
    assert permissions.may_be_mailed(ann)

    ann.is_active = False
    assert not permissions.may_be_mailed(ann)
    ann.is_active, ann.mail_undeliverable_at = True, MONDAY
    assert not permissions.may_be_mailed(ann)
    ann.mail_undeliverable_at, ann.email = None, ""
    assert not permissions.may_be_mailed(ann)


@pytest.mark.parametrize(
    "address",
    [
        "noreply@acme.example",
        "no-reply@acme.example",
        "No_Reply+77@acme.example",
        "do-not-reply@acme.example",
        "MAILER-DAEMON@acme.example",
        "postmaster@acme.example",
        "bounces-99@acme.example",
        "nobody@acme.example",
    ],
)
def test_nobody_reads_behind_senders_that_take_no_answer(address):
    assert permissions.is_read_by_nobody(address)


@pytest.mark.parametrize("address", ["ann@acme.example", "nobodyknows@acme.example", "reply@x.de"])
def test_people_read_behind_other_addresses(address):
    assert not permissions.is_read_by_nobody(address)


def test_our_own_address_for_answers_is_never_written_to(settings):
    settings.REPLY_ADDRESS = "desk@halden.example"

    for ours in ("desk@halden.example", "Desk+INC-7.abc@Halden.example"):
        assert permissions.is_read_by_nobody(ours)
    for other in ("desk@acme.example", "desks@halden.example", "desk@mail.halden.example"):
        assert not permissions.is_read_by_nobody(other)
