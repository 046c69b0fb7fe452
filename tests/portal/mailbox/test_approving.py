"""Deciding by a plain answer to the mail that asks (`APP-8`, `MAI-5`)."""

from datetime import timedelta

import pytest
from django.db import transaction

from itil.approvals.models import Vote
from itil.conversation.models import Message
from itil.tickets.models import Ticket
from portal.outbox.threading import reply_address
from portal.people.models import Delegation, User
from tests.cast import MONDAY
from tests.itil.approvals.people import begun, furnish, happened, manager_policy, vote_of
from tests.portal.notifications.post import dispatched

from .letters import letter

LATER = MONDAY + timedelta(hours=2)
GENUINE = "mx.halden.example; dmarc=pass header.from=acme.example"


@pytest.fixture
def house(cast, settings):
    """Max is asked about Ann's laptop, and may answer by mail."""
    settings.APPROVAL_BY_REPLY = True
    settings.MAIL_AUTHSERV_ID = "mx.halden.example"
    found = furnish(cast)
    begun(found, manager_policy())
    return found


@pytest.fixture
def vote(house):
    return vote_of(house.max, house.ticket.approvals.get())


def said(vote, text, sender="max@acme.example", results=GENUINE, to="", **headers) -> bytes:
    if results:
        headers["Authentication_Results"] = results
    return letter(text, sender=sender, to=to or reply_address(vote.uuid), **headers)


def test_the_mail_invites_to_answer_and_the_word_decides(house, vote, arrive):
    (mail,) = [one for one in dispatched() if one.to == house.max.email]
    assert mail.headers["Reply-To"] == reply_address(vote.uuid)
    assert "with the one word “approve”" in mail.text

    quoted = f"> {mail.text.splitlines()[0]}\n> Look at it and decide"
    text = f"Approve.\n\nOn Mon, 2 Mar 2026 at 10:00, Desk <support@x.example> wrote:\n{quoted}"
    inbound = arrive(said(vote, text), at=LATER)

    vote.refresh_from_db()
    assert (vote.state, vote.acted_by, vote.at) == ("approved", house.max, LATER)
    assert (inbound.state, inbound.ticket_id, inbound.message) == (
        "appended",
        house.ticket.pk,
        None,
    )
    event = house.ticket.events.get(data__what="voted")
    assert event.channel == "mail"
    # The same mail once more, and a second answer, decide nothing.
    arrive(said(vote, text), at=LATER)
    arrive(said(vote, "Reject: no", mail_id="9@acme.example"), at=LATER)
    assert happened(house.ticket).count("voted") == 1


def test_a_rejection_takes_its_reason_along(house, vote, arrive):
    arrive(said(vote, "Afgewezen: te duur"), at=LATER)
    vote.refresh_from_db()
    assert (vote.state, vote.reason) == ("rejected", "te duur")


def test_what_is_not_beyond_doubt_decides_nothing_and_stays_as_an_answer(
    house, vote, arrive, settings
):
    def confidential():
        Ticket.objects.filter(pk=house.ticket.pk).update(is_confidential=True)

    def closed_account():
        User.objects.filter(pk=house.max.pk).update(is_active=False)

    def switched_off():
        settings.APPROVAL_BY_REPLY = False

    forged = GENUINE.replace("pass", "fail")
    cells = {
        "no word": (said(vote, "Fine with me, go ahead"), None, True),
        "word and more": (said(vote, "approve, but without the dock"), None, True),
        "no reason": (said(vote, "reject"), None, True),
        "quoted word": (said(vote, "> approve\nsee above"), None, True),
        "forged": (said(vote, "approve", results=forged), None, False),
        "not vouched for": (said(vote, "approve", results=""), None, False),
        "two senders": (
            said(vote, "approve", sender="max@acme.example, eve@acme.example"),
            None,
            False,
        ),
        "out of office": (said(vote, "approve", Auto_Submitted="auto-replied"), None, False),
        "another person": (said(vote, "approve", sender="rita@acme.example"), None, False),
        "the requester": (said(vote, "approve", sender="ann@acme.example"), None, False),
        "without the token": (
            said(vote, "approve", to=reply_address(house.ticket.uuid)),
            None,
            False,
        ),
        "confidential": (said(vote, "approve"), confidential, True),
        "closed account": (said(vote, "approve"), closed_account, False),
        "switched off": (said(vote, "approve"), switched_off, False),
    }
    for name, (raw, before, is_told) in cells.items():
        point = transaction.savepoint()
        if before:
            before()
        inbound = arrive(raw, at=LATER)
        assert Vote.objects.get(pk=vote.pk).state == "waiting", name
        assert "voted" not in happened(house.ticket), name
        assert Message.objects.get(pk=inbound.message_id).ticket_id == house.ticket.pk, name
        assert ("not_counted" in happened(house.ticket)) is is_told, name
        transaction.savepoint_rollback(point)


def test_who_was_not_understood_is_told_why(house, vote, arrive):
    dispatched()
    arrive(said(vote, "Sounds good"), at=LATER)
    (mail,) = [one for one in dispatched() if one.to == house.max.email]
    assert "was not taken as a decision" in mail.text
    assert "answer with the word “approve” alone" in mail.text
    assert f"/approvals/{vote.uuid}/" in mail.text


def test_a_stand_in_answers_in_the_place_of_the_approver(house, vote, arrive):
    Delegation.objects.create(
        delegator=house.max,
        delegate=house.rita,
        starts_at=MONDAY,
        ends_at=LATER + timedelta(days=1),
    )
    arrive(said(vote, "approve", sender="rita@acme.example"), at=LATER)
    vote.refresh_from_db()
    assert (vote.state, vote.acted_by, vote.voter) == ("approved", house.rita, house.max)


def test_switched_off_the_mail_says_nothing_of_it(house, vote, settings):
    settings.APPROVAL_BY_REPLY = False
    (mail,) = [one for one in dispatched() if one.to == house.max.email]
    assert mail.headers["Reply-To"] == reply_address(house.ticket.uuid)
    assert "one word" not in mail.text
