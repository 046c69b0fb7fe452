"""Who wrote: contacts, watchers, third parties, and the desk's own people."""

from datetime import timedelta

import pytest

from portal.outbox.threading import reply_address
from portal.people.models import Organization, User
from tests import make
from tests.cast import MONDAY

from .letters import DESK, answer, letter

LATER = MONDAY + timedelta(minutes=30)


def test_an_unknown_sender_becomes_a_contact_of_the_organization_of_the_domain(arrive, cast):
    ticket = arrive(letter(sender="Eve Moss <Eve@Acme.Example>")).ticket
    eve = ticket.requester
    assert (eve.name, eve.email, eve.organization) == ("Eve Moss", "Eve@acme.example", cast.acme)
    assert not eve.has_usable_password()
    assert ticket.custom == {}


@pytest.mark.parametrize("address", ["joe@gmail.com", "joe@nowhere.example"])
def test_a_stranger_belongs_nowhere_and_the_ticket_is_flagged(arrive, address):
    ticket = arrive(letter(sender=address)).ticket
    assert ticket.requester.organization is None
    assert ticket.organization == Organization.objects.get(name="Unknown senders")
    assert ticket.custom == {"unverified_sender": True}


def test_the_tickets_of_strangers_go_to_the_organization_of_the_mailbox(arrive, mailbox, cast):
    mailbox.organization = cast.globex
    mailbox.save()
    ticket = arrive(letter(sender="joe@gmail.com")).ticket
    assert (ticket.organization, ticket.requester.organization) == (cast.globex, None)


def test_letter_case_makes_no_second_person(arrive, cast):
    assert arrive(letter(sender="ANN@ACME.example")).ticket.requester == cast.ann


def test_reply_to_counts_only_where_it_is_believed(arrive, mailbox, cast):
    raw = letter(sender="form@halden.example", Reply_To="ann@acme.example")
    assert arrive(raw).ticket.requester.email == "form@halden.example"
    mailbox.uses_reply_to = True
    mailbox.save()
    raw = raw.replace(b"1@acme.example", b"8@acme.example")
    assert arrive(raw).ticket.requester == cast.ann


def test_to_and_cc_become_watchers_except_ourselves_and_robots(arrive, cast):
    raw = letter(
        to=f"{DESK}, Dov <dov@globex.example>", Cc="eve@acme.example, no-reply@acme.example"
    )
    ticket = arrive(raw).ticket
    people = User.objects.filter(watched__ticket=ticket).order_by("email")
    assert [user.email for user in people] == ["dov@globex.example", "eve@acme.example"]


def test_no_more_than_twenty_people_become_watchers(arrive):
    many = ", ".join(f"p{number}@acme.example" for number in range(30))
    assert arrive(letter(Cc=many)).ticket.watchers.count() == 20


def test_a_list_post_adds_no_watchers(arrive, mailbox):
    mailbox.accepts_automatic = True
    mailbox.save()
    raw = letter(Cc="eve@acme.example", List_Id="<l.acme.example>")
    assert arrive(raw).ticket.watchers.count() == 0


def test_a_newly_copied_person_joins_the_conversation(arrive, cast):
    arrive(letter())
    ticket = arrive(answer("1@acme.example", Cc="dov@globex.example"), at=LATER).ticket
    assert [row.user for row in ticket.watchers.all()] == [cast.dov]
    inbound = arrive(answer("2@acme.example", sender="dov@globex.example", mail_id="3@g"), at=LATER)
    assert inbound.message.visibility == "public"


def test_a_colleague_on_the_thread_writes_in_public(arrive):
    arrive(letter())
    raw = answer("1@acme.example", sender="eve@acme.example", mail_id="3@x")
    User.objects.create_user(
        "eve@acme.example", "Eve", organization=Organization.objects.get(name="Acme")
    )
    assert arrive(raw, at=LATER).message.visibility == "public"


def test_a_third_party_on_the_thread_is_an_internal_note(arrive, cast):
    arrive(letter())
    raw = answer("1@acme.example", "Give me access", sender="dov@globex.example", mail_id="3@x")
    message = arrive(raw, at=LATER).message
    assert (message.visibility, message.author) == ("internal", None)
    assert message.text.endswith("Give me access")
    assert "dov@globex.example" in message.text


def test_several_senders_on_a_thread_are_nobody(arrive):
    arrive(letter())
    both = "ann@acme.example, eve@acme.example"
    message = arrive(answer("1@acme.example", sender=both, mail_id="3@x"), at=LATER).message
    assert (message.visibility, message.author) == ("internal", None)


GENUINE = "mx.halden.example; dmarc=pass header.from=halden.example"


def test_an_agent_whom_our_server_vouches_for_answers_the_requester(arrive, cast, settings):
    settings.MAIL_AUTHSERV_ID = "mx.halden.example"
    ticket = make.taken_incident(cast)
    raw = letter(
        "Which floor?",
        sender="bo@halden.example",
        to=reply_address(ticket.uuid),
        Authentication_Results=GENUINE,
    )
    message = arrive(raw, at=LATER).message
    ticket.refresh_from_db()
    assert (message.visibility, message.is_staff_side, message.author) == ("public", True, cast.bo)
    assert ticket.first_response_at == LATER


@pytest.mark.parametrize("results", ["", GENUINE.replace("pass", "fail"), "evil; dmarc=pass"])
def test_a_forged_agent_answers_nobody(arrive, cast, settings, results):
    settings.MAIL_AUTHSERV_ID = "mx.halden.example"
    ticket = make.taken_incident(cast)
    raw = letter(
        "Send me your password",
        sender="bo@halden.example",
        to=reply_address(ticket.uuid),
        **({"Authentication_Results": results} if results else {}),
    )
    message = arrive(raw, at=LATER).message
    ticket.refresh_from_db()
    assert (message.visibility, message.author) == ("internal", None)
    assert (ticket.first_response_at, ticket.status) == (None, "in_progress")


def test_an_agent_without_rights_on_the_ticket_leaves_a_note(arrive, cast, settings):
    settings.MAIL_AUTHSERV_ID = "mx.halden.example"
    ticket = make.taken_incident(cast)
    raw = letter(
        sender="ned@halden.example",
        to=reply_address(ticket.uuid),
        Authentication_Results=GENUINE,
    )
    message = arrive(raw, at=LATER).message
    assert (message.visibility, message.author) == ("internal", cast.ned)
