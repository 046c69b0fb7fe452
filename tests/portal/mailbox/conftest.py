"""A desk with a mailbox, and a short way to let mail come in."""

import pytest

from portal.mailbox import actions
from portal.mailbox.models import Mailbox
from tests.cast import MONDAY

from .letters import DESK


@pytest.fixture(autouse=True)
def reply_address(settings):
    settings.REPLY_ADDRESS = DESK


@pytest.fixture
def mailbox(cast):
    """The desk's mailbox; its queue is that of the service desk."""
    return Mailbox.objects.create(
        name="Desk",
        address=DESK,
        host="127.0.0.1",
        port=1,
        security="none",
        user_name="desk",
        team=cast.desk_team,
    )


@pytest.fixture
def arrive(mailbox):
    """A function that lets one mail come in through the mailbox, on Monday unless told."""

    def come_in(raw: bytes, at=MONDAY, through=None):
        return actions.receive(raw, mailbox=through or mailbox, server_date=at)

    return come_in
