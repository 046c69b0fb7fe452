"""How a message and its files come to be."""

import hashlib

import pytest

from itil.conversation.actions import say
from itil.conversation.files import NewFile
from itil.conversation.models import Attachment, Message
from tests import make
from tests.cast import MONDAY


@pytest.fixture
def incident(cast):
    """Ann's incident, in which nobody has said anything."""
    return make.incident(cast, text="")


def said(cast, incident, **changes) -> Message:
    """Bo answers in public."""
    return say(
        incident,
        **{
            "author": cast.bo,
            "visibility": "public",
            "text": "Hello",
            "at": MONDAY,
            "channel": "desk",
            "is_staff_side": True,
        }
        | changes,
    )


def test_a_message_is_kept_as_it_was_said(cast, incident):
    said(cast, incident, html="<p>Hello</p>", full_text="Hello\n> old", is_automatic=True)

    message = Message.objects.get()
    assert (message.ticket_id, message.author, message.at) == (incident.pk, cast.bo, MONDAY)
    assert (message.text, message.html, message.full_text) == (
        "Hello",
        "<p>Hello</p>",
        "Hello\n> old",
    )
    assert (message.visibility, message.channel) == ("public", "desk")
    assert (message.is_staff_side, message.is_automatic) == (True, True)


def test_only_public_words_of_the_desk_get_an_id_of_our_own(cast, incident):
    public = said(cast, incident)
    note = said(cast, incident, visibility="internal")
    asked = said(cast, incident, author=cast.ann, is_staff_side=False)
    mailed = said(cast, incident, mail_id="abc@acme.example")

    assert public.mail_id == f"m.{public.uuid.hex}@127.0.0.1"
    assert (note.mail_id, asked.mail_id) == ("", "")
    assert mailed.mail_id == "abc@acme.example"


def test_a_mail_id_too_long_for_its_column_is_cut(cast, incident):
    assert len(said(cast, incident, mail_id="x" * 999).mail_id) == 255


def test_a_file_is_stored_under_a_path_that_does_not_tell_its_name(cast, incident):
    message = said(cast, incident, attachments=[NewFile("salary list.txt", b"words")])

    stored = Attachment.objects.get()
    assert (stored.message, stored.name, stored.content_type) == (
        message,
        "salary list.txt",
        "text/plain",
    )
    assert (stored.size, stored.sha256) == (5, hashlib.sha256(b"words").hexdigest())
    assert stored.file.name == f"attachments/{stored.uuid.hex[:2]}/{stored.uuid.hex}"
    assert stored.file.read() == b"words"


def test_files_over_the_limits_are_named_below_the_text(cast, incident, settings):
    settings.ATTACHMENT_MAX_COUNT = 1
    files = [NewFile("one.txt", b"1"), NewFile("two.txt", b"2")]

    message = said(cast, incident, attachments=files)

    assert message.text == (
        "Hello\n\nLeft out:\n“two.txt” was left out: a message takes at most 1 files."
    )
    assert [file.name for file in message.attachments.all()] == ["one.txt"]


def test_a_message_of_files_alone_begins_with_what_was_left_out(cast, incident, settings):
    settings.ATTACHMENT_MAX_BYTES = 1

    message = said(cast, incident, text="", attachments=[NewFile("big.txt", b"12")])

    assert message.text.startswith("Left out:\n“big.txt” is larger than")


def test_the_conversation_is_in_the_order_of_speaking(cast, incident):
    late = said(cast, incident, at=MONDAY.replace(hour=12))
    early = said(cast, incident, at=MONDAY.replace(hour=11))

    assert list(incident.messages.all()) == [early, late]
