"""The one way a ticket's columns are written: under a lock, counted, dated."""

from datetime import datetime
from typing import Any, cast

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from itil.tickets.errors import MissingValue, NotAllowed, Refused, StaleRecord
from itil.tickets.models import Ticket
from portal.people.models import User


def locked(ticket: Ticket) -> Ticket:
    """The present state of `ticket` with its type's columns, its row locked until commit.

    Call it inside the verb's transaction. PostgreSQL locks the base row; SQLite has one writer.
    The type is the present one, which may be another than that of `ticket` (`VOC-1`).
    """
    row = Ticket.objects.select_for_update(of=("self",)).only("pk", "kind").get(pk=ticket.pk)
    present: Ticket = row.record_model.objects.get(pk=ticket.pk)
    return present


def write(ticket: Ticket, *, at: datetime, changes: dict[str, Any]) -> None:
    """Store `changes` if nobody was faster, and show them on `ticket`. Raises StaleRecord.

    The version stands in the base table, so that is written first: one statement, and one more
    when columns of the type change. By the type alone Django would look the key up before each.

    What is told afterwards, of an earlier moment, does not make it look older.
    """
    changes = changes | {"updated_at": max(at, ticket.updated_at)}
    model = ticket.record_model
    own = {
        name: value
        for name, value in changes.items()
        if model._meta.get_field(name).model is not Ticket
    }
    base = {name: value for name, value in changes.items() if name not in own}
    done = Ticket.objects.filter(pk=ticket.pk, version=ticket.version).update(
        **base, version=models.F("version") + 1
    )
    if not done:
        raise StaleRecord(
            _("Someone else changed %(number)s just now. Look at it again, then decide.")
            % {"number": ticket.number}
        )
    if own:
        model.objects.filter(pk=ticket.pk).update(**own)
    for name, value in changes.items():
        setattr(ticket, name, value)
    ticket.version += 1


def touch(ticket: Ticket, *, at: datetime) -> None:
    """Show in lists that something was said; not a change of the record itself."""
    Ticket.objects.filter(pk=ticket.pk, updated_at__lt=at).update(updated_at=at)
    ticket.updated_at = max(ticket.updated_at, at)


def refresh_copy(ticket: Ticket, present: Ticket) -> Ticket:
    """Bring the caller's object up to the present state and return it."""
    for field in ticket._meta.concrete_fields:
        if hasattr(present, field.attname):
            setattr(ticket, field.attname, getattr(present, field.attname))
    cached = ticket._state.fields_cache
    for field in ticket._meta.concrete_fields:
        name = field.name
        if name in cached and getattr(cached[name], "pk", None) != getattr(ticket, field.attname):
            del cached[name]
    return ticket


def lapses_at(ticket: Ticket) -> datetime | None:
    """When the claim on `ticket` ends without further activity (`INC-6`)."""
    if ticket.claimed_at is None:
        return None
    return ticket.claimed_at + settings.TICKET_CLAIM_TIME


def claimed_by_another(ticket: Ticket, by: User | None, at: datetime) -> bool:
    """True while somebody else than `by` holds a claim that has not lapsed."""
    ends = lapses_at(ticket)
    return ends is not None and ticket.claimed_by_id not in (None, by and by.pk) and at < ends


def ensure_free(ticket: Ticket, by: User | None, at: datetime) -> None:
    """Raises Refused while another agent works on the ticket; the system is never held up."""
    if by is not None and claimed_by_another(ticket, by, at):
        raise Refused(
            _("%(name)s is working on %(number)s. Take it over first, or write an internal note.")
            % {"name": ticket.claimed_by, "number": ticket.number}
        )


def ensure_unchanged(present: Ticket, version: int) -> None:
    """Raises StaleRecord when `version`, which a form was made from, is not the present one."""
    if present.version != version:
        raise StaleRecord(
            _("%(number)s was changed while you were looking at it. Check it, then save again.")
            % {"number": present.number}
        )


def ensure(allowed: bool, message: str) -> None:  # noqa: FBT001 - reads as a sentence
    """Raises NotAllowed with `message` unless `allowed`."""
    if not allowed:
        raise NotAllowed(message)


def fitting(ticket: Ticket, name: str, value: Any) -> Any:
    """`value` as column `name` takes it. Raises MissingValue when it does not fit."""
    column = cast("models.Field[Any, Any]", ticket._meta.get_field(name))
    try:
        return column.clean(value, ticket)
    except ValidationError as error:
        raise MissingValue(name, " ".join(error.messages)) from error
