"""Mail to a merged ticket goes to the one that carries the matter on (`INC-5`, `MAI-3`)."""

from datetime import timedelta

import pytest

from itil.conversation.threading import receipt_mail_id
from itil.desk import actions as desk
from itil.incidents.models import Incident
from itil.tickets.models import Ticket
from portal.mailbox.actions.appending import append
from portal.mailbox.actions.outcome import Surroundings
from portal.mailbox.parse import parse
from portal.mailbox.parse.headers import Address
from portal.mailbox.threading import Thread
from portal.outbox.threading import reply_address
from tests import make
from tests.cast import MONDAY, person

from .letters import answer, letter

LATER = MONDAY + timedelta(minutes=30)
EVE = "Eve <eve@acme.example>"


@pytest.fixture
def eve(cast):
    """A colleague of Ann."""
    return person("Eve", cast.acme)


@pytest.fixture
def trio(cast, eve):
    """Eve's ticket went into a second one, and that into Ann's, which is being worked on."""
    source = make.incident(cast, by=eve, requester=eve, title="Source")
    between, target = make.incident(cast, title="Between"), make.taken_incident(cast)
    answered = desk.reply(source, by=cast.bo, text="Which floor?", at=MONDAY)
    desk.merge(source, between, by=cast.bo, at=MONDAY)
    desk.merge(between, target, by=cast.bo, at=MONDAY)
    return source, answered, target


def test_every_sign_of_the_source_leads_to_the_end_of_the_chain(arrive, eve, trio):
    source, answered, target = trio
    mails = [
        letter(sender=EVE, to=reply_address(source.uuid), mail_id="a@acme.example"),
        answer(answered.mail_id, sender=EVE, mail_id="b@acme.example"),
        answer(receipt_mail_id(source.uuid), sender=EVE, mail_id="c@acme.example"),
        letter(sender=EVE, subject=f"Re: [#{source.number}]", mail_id="d@acme.example"),
    ]

    found = [arrive(raw, at=LATER) for raw in mails]

    assert [(one.state, one.ticket_id) for one in found] == [("appended", target.pk)] * 4
    assert {(one.message.author, one.message.visibility) for one in found} == {(eve, "public")}
    assert Incident.objects.count() == 3


def test_a_mail_that_opened_the_source_is_answered_on_the_target(arrive, cast):
    source, target = arrive(letter()).ticket, make.taken_incident(cast)
    desk.merge(source, target, by=cast.bo, at=MONDAY)

    assert arrive(answer("1@acme.example"), at=LATER).ticket_id == target.pk


def test_it_resumes_and_reopens_the_target(arrive, cast, trio):
    source, _answered, target = trio
    target = Ticket.objects.get(pk=target.pk)
    resolution = {"resolution_code": "fixed", "note": "It runs again."}
    desk.move(target, "resolve", by=cast.bo, values=resolution, at=MONDAY)

    arrive(letter(sender=EVE, to=reply_address(source.uuid)), at=LATER)

    assert Ticket.objects.get(pk=target.pk).status == "in_progress"


def test_after_the_end_of_the_target_it_opens_its_follow_up(arrive, cast, trio):
    source, _answered, target = trio
    target = Ticket.objects.get(pk=target.pk)
    resolution = {"resolution_code": "fixed", "note": "It runs again."}
    desk.move(target, "resolve", by=cast.bo, values=resolution, at=MONDAY)
    desk.move(target, "close", by=cast.ann, at=MONDAY)

    inbound = arrive(letter(sender=EVE, to=reply_address(source.uuid)), at=LATER)

    assert inbound.state == "created"
    assert inbound.ticket.links_out.get().target_id == target.pk


def test_who_was_left_out_of_a_confidential_target_writes_an_internal_note(arrive, cast, eve):
    source, target = make.incident(cast, by=eve, requester=eve), make.taken_incident(cast)
    Ticket.objects.filter(pk=target.pk).update(is_confidential=True)
    desk.merge(source, target, by=cast.bo, at=MONDAY)

    inbound = arrive(letter(sender=EVE, to=reply_address(source.uuid)), at=LATER)

    assert (inbound.ticket_id, inbound.message.visibility) == (target.pk, "internal")
    assert not target.watchers.exists()


def test_a_merge_between_the_look_and_the_lock_is_followed(arrive, cast, eve):
    source, target = make.incident(cast, by=eve, requester=eve), make.taken_incident(cast)
    seen = Ticket.objects.get(pk=source.pk)
    desk.merge(source, target, by=cast.bo, at=MONDAY)
    raw = letter(sender=EVE)
    inbound = arrive(letter(mail_id="z@acme.example"), at=LATER)
    around = Surroundings.read()
    mail = parse(raw, own_addresses=around.own_addresses, instance=around.instance)

    outcome = append(inbound, mail, around, Thread(seen), eve, Address("Eve", eve.email))

    assert (outcome.ticket.pk, outcome.message.ticket_id) == (target.pk, target.pk)


def test_a_flood_goes_on_in_the_ticket_into_which_it_was_merged(arrive, cast):
    target = make.taken_incident(cast)
    for number in range(3):
        inbound = arrive(letter(mail_id=f"{number}@acme.example"))
        desk.merge(inbound.ticket, target, by=cast.bo, at=MONDAY)

    assert arrive(letter(mail_id="9@acme.example")).ticket_id == target.pk
