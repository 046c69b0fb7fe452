"""Addresses that lead back to a ticket (`MAI-3`)."""

import uuid

from portal.outbox.threading import reply_address, reply_token, sender_named, ticket_uuid_of

TICKET = uuid.UUID("0d3c4a52-7f0e-4a7b-9c53-2f6f1f0a8d11")


def test_a_token_leads_back_to_its_ticket_in_any_case():
    token = reply_token(TICKET)
    assert ticket_uuid_of(token) == TICKET
    assert ticket_uuid_of(token.upper()) == TICKET


def test_a_changed_token_leads_nowhere():
    token = reply_token(TICKET)
    for index in range(len(token) - 1):
        other = "a" if token[index] != "a" else "b"
        assert ticket_uuid_of(token[:index] + other + token[index + 1 :]) is None


def test_words_that_are_no_token_lead_nowhere():
    for words in ("", "a", "support", "é" * 42, "0" * 42, reply_token(TICKET)[:-2]):
        assert ticket_uuid_of(words) is None


def test_a_token_outlives_a_change_of_secret(settings):
    token = reply_token(TICKET)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-secret-another-secret-another-secret-another"
    assert ticket_uuid_of(token) == TICKET
    settings.SECRET_KEY_FALLBACKS = []
    assert ticket_uuid_of(token) is None


def test_the_address_for_answers_carries_the_token(settings):
    settings.REPLY_ADDRESS = "desk@example.org"
    address = reply_address(TICKET)
    assert address == f"desk+{reply_token(TICKET)}@example.org"
    assert len(address.partition("@")[0]) <= 64


def test_tokens_can_be_turned_off(settings):
    settings.REPLY_ADDRESS = "desk@example.org"
    settings.REPLY_TOKENS = False
    assert reply_address(TICKET) == "desk@example.org"


def test_a_name_cannot_add_an_address_to_the_sender(settings):
    settings.DEFAULT_FROM_EMAIL = "Desk <desk@example.org>"
    assert (
        sender_named('Eve" <eve@evil.example>,\n"')
        == '"Eve <eve@evil.example>," <desk@example.org>'
    )
