"""Message-IDs by which answers find their thread (`MAI-3`)."""

import uuid

import pytest

from itil.conversation.threading import (
    mail_host,
    message_mail_id,
    own_reference,
    receipt_mail_id,
)

KEY = uuid.UUID("0123456789abcdef0123456789abcdef")


def test_an_id_of_a_message_leads_back_to_it():
    assert own_reference(message_mail_id(KEY)) == ("message", KEY)


def test_an_id_of_a_receipt_leads_back_to_its_ticket():
    assert own_reference(receipt_mail_id(KEY)) == ("ticket", KEY)


@pytest.mark.parametrize(
    "written",
    [
        f"<m.{KEY.hex}@127.0.0.1>",
        f"  <M.{KEY.hex.upper()}@127.0.0.1>\r\n",
        # The site has moved to another name since.
        f"m.{KEY.hex}@old.example",
    ],
)
def test_an_id_is_recognized_however_a_mail_program_writes_it(written):
    assert own_reference(written) == ("message", KEY)


@pytest.mark.parametrize(
    "foreign",
    [
        "",
        "<>",
        "CAF123@mail.example",
        f"x.{KEY.hex}@127.0.0.1",
        f"m.{KEY.hex[:-1]}@127.0.0.1",
        f"m.{KEY.hex}0@127.0.0.1",
        f"m.{KEY.hex}",
        f"prefix m.{KEY.hex}@127.0.0.1",
    ],
)
def test_other_ids_are_not_taken_for_ours(foreign):
    assert own_reference(foreign) is None


def test_the_host_of_our_ids_is_that_of_the_site(settings):
    settings.SITE_URL = "https://help.halden.example:8443/desk"
    assert mail_host() == "help.halden.example"
    assert message_mail_id(KEY) == f"m.{KEY.hex}@help.halden.example"

    settings.SITE_URL = ""
    assert mail_host() == "localhost"
