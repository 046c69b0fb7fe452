"""The further fields that records of a kind have (`itil.tickets.matching`)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from itil.desk import permissions
from itil.fields.answers import changed
from itil.fields.models import FormVersion
from itil.tickets import actions as tickets
from itil.tickets.errors import Refused, StaleRecord
from itil.tickets.matching import ANSWERS, FORM, filled_of, version_to_fill
from itil.tickets.models import EventKind, Ticket
from portal.people.models import User

from .changing import ensure, ensure_unchanged, locked, refresh_copy, write


@transaction.atomic
def fill_in(
    ticket: Ticket,
    *,
    by: User,
    version: int,
    form_version: FormVersion,
    answers: Mapping[str, Any],
    at: datetime,
) -> Ticket:
    """Keep these answers, which fit `form_version`, in place of the former ones.

    The history tells each question with both answers in words. `version` is that of the ticket
    that the person was looking at. Raises NotAllowed, StaleRecord also when another form applies
    by now, and Refused once it is closed; then nothing has changed.
    """
    present = locked(ticket)
    ensure(permissions.may_edit(by, present), _("You cannot change this ticket."))
    if present.closed_at:
        raise Refused(_("%(number)s is closed.") % {"number": present.number})
    filled = filled_of(present)
    asked = version_to_fill(present, filled)
    ensure_unchanged(present, version)
    if asked is None or asked.pk != form_version.pk:
        raise StaleRecord(
            _("%(number)s was changed while you were looking at it. Check it, then save again.")
            % {"number": present.number}
        )
    before = filled.answers if filled else {}
    told = changed(form_version.questions, before, answers)
    is_same = filled is not None and filled.version.pk == form_version.pk
    if not told and (is_same or not answers):
        return refresh_copy(ticket, present)
    custom = {**present.custom, FORM: form_version.pk, ANSWERS: dict(answers)}
    write(present, at=at, changes={"custom": custom})
    if told:
        data = {"changes": {}, "answers": [list(one) for one in told]}
        tickets.record(present, EventKind.EDITED, by=by, at=at, data=data)
    return refresh_copy(ticket, present)
