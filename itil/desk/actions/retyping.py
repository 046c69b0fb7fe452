"""A ticket becomes one of another type: an incident a request, or the other way round (`VOC-1`)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeVar, cast

from django.db import transaction
from django.utils.translation import gettext as _

from itil.desk import permissions
from itil.sla import actions as sla
from itil.sla.matching import find
from itil.tickets import actions as tickets
from itil.tickets.errors import Refused
from itil.tickets.models import EventKind, Ticket
from portal.people.models import User

from .changing import ensure, ensure_free, locked, write
from .editing import plain

Record = TypeVar("Record", bound=Ticket)


def retypable(ticket: Ticket, model: type[Record], *, by: User, at: datetime) -> Record:
    """The present state of `ticket`, locked, which is of type `model` and may become of another.

    Raises NotAllowed, and Refused when it is resolved, closed, merged or of another type already.
    """
    present = locked(ticket)
    ensure(permissions.may_edit(by, present), _("You cannot change this ticket."))
    words = {"number": present.number, "status": present.status_label, "type": present.kind_label}
    if not isinstance(present, model):
        raise Refused(_("%(number)s was changed to “%(type)s” already.") % words)
    if present.merged_into_id is not None:
        raise Refused(
            _("%(number)s was merged into another ticket. Change that one instead.") % words
        )
    if present.closed_at is not None:
        raise Refused(_("%(number)s is “%(status)s”. It stays what it is.") % words)
    if not present.is_open:
        raise Refused(_("%(number)s is “%(status)s”. Reopen it first.") % words)
    ensure_free(present, by, at)
    present.ensure_retypable()
    return present


@transaction.atomic
def retype(
    present: Ticket,
    model: type[Record],
    *,
    by: User,
    status: str,
    changes: Mapping[str, Any],
    columns: Mapping[str, Any],
    told: Mapping[str, Any] | None = None,
    at: datetime,
) -> Record:
    """Put a row of `model` in the place of that of the present type, below the same ticket.

    `present` is what `retypable` gave. Number, receipt, history, messages, people and booked time
    stay with the ticket; its life begins anew in `status`, of whatever it waited for. `changes` are
    columns of the ticket that change with it, `columns` those that only `model` has, `told` what
    else the event says. What is promised is chosen anew (`SLA-22`).
    """
    before = present.kind
    real = {name: value for name, value in changes.items() if getattr(present, name) != value}
    described = {name: [plain(getattr(present, name)), plain(real[name])] for name in real}
    life = {"status": status, "phase": model.LIFECYCLE.phases[status]}
    waiting = {"hold_reason": "", "on_hold_since": None, "resume_at": None}
    kind = str(model._meta.model_name)
    former = type(present).objects.get(pk=present.pk)
    write(present, at=at, changes={"kind": kind, **life, **waiting, **real})
    former.delete(keep_parents=True)
    # Only the row of the type: that of the ticket is there.
    model(ticket_ptr_id=present.pk, **columns).save_base(raw=True, force_insert=True)
    made = cast(Record, model.objects.get(pk=present.pk))
    event = tickets.record(
        made,
        EventKind.EDITED,
        by=by,
        at=at,
        data={
            "changes": {"kind": [before, kind], **described},
            **life,
            **(told or {}),
            "terms": [terms.as_data() for terms in find(made)],
        },
    )
    sla.follow(made, event)
    return made
