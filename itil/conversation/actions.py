"""Adding to a conversation; the only way a message or a file comes to be."""

import uuid
from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _

from itil.tickets.models import Ticket
from portal.people.models import User

from .files import NewFile, within_limits
from .models import Attachment, Message, Visibility
from .threading import message_mail_id


def say(
    ticket: Ticket,
    *,
    author: User | None,
    visibility: str,
    text: str,
    at: datetime,
    channel: str,
    is_staff_side: bool,
    is_automatic: bool = False,
    html: str = "",
    full_text: str = "",
    mail_id: str = "",
    attachments: Iterable[NewFile] = (),
) -> Message:
    """Add one message with its files. Call it inside the verb's transaction.

    Files over the limits are left out and named in the text, so that nothing vanishes silently
    (`MAI-11`); forms check the limits first and tell the person before anything is sent.
    """
    kept, refused = within_limits(attachments)
    if refused:
        text = "\n".join([text, "", _("Left out:"), *refused]).strip()
    own_id = uuid.uuid4()
    if not mail_id and visibility == Visibility.PUBLIC and is_staff_side:
        mail_id = message_mail_id(own_id)
    message = Message.objects.create(
        uuid=own_id,
        ticket_id=ticket.pk,
        author=author,
        visibility=visibility,
        is_staff_side=is_staff_side,
        is_automatic=is_automatic,
        channel=channel,
        text=text,
        html=html,
        full_text=full_text,
        mail_id=mail_id[:255],
        at=at,
    )
    for file in kept:
        Attachment(message=message).keep(file)
    return message
