"""The states of an entry and its way to the invoice (`BIL-1`).

An entry that is approved by rule begins as approved. Only `release` leads out of invoiced: after
the whole invoice was credited.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from itil.tickets.lifecycle import Actor, Lifecycle, Move, Phase


class EntryState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    APPROVED = "approved", _("Approved")
    REJECTED = "rejected", _("Rejected")
    INVOICED = "invoiced", _("Invoiced")
    WRITTEN_OFF = "written_off", _("Written off")


# What may still be corrected: it stands on no issued invoice and was not given up.
CORRECTABLE = frozenset(
    {EntryState.DRAFT, EntryState.SUBMITTED, EntryState.APPROVED, EntryState.REJECTED}
)


def _move(verb: str, sources: set[EntryState], target: EntryState, by: Actor, label: str) -> Move:
    needs = ("reason",) if verb in {"reject", "write_off", "reopen"} else ()
    return Move(verb, frozenset(sources), target, frozenset({by}), label, needs)


ENTRY = Lifecycle(
    start=EntryState.DRAFT,
    phases={
        EntryState.DRAFT: Phase.OPEN,
        EntryState.SUBMITTED: Phase.WAITING,
        EntryState.APPROVED: Phase.WAITING,
        EntryState.REJECTED: Phase.OPEN,
        EntryState.INVOICED: Phase.DONE,
        EntryState.WRITTEN_OFF: Phase.DONE,
    },
    moves=(
        _move(
            "submit",
            {EntryState.DRAFT, EntryState.REJECTED},
            EntryState.SUBMITTED,
            Actor.OWNER,
            gettext_noop("Submit"),
        ),
        _move(
            "approve",
            {EntryState.SUBMITTED},
            EntryState.APPROVED,
            Actor.LEAD,
            gettext_noop("Approve"),
        ),
        _move(
            "reject",
            {EntryState.SUBMITTED},
            EntryState.REJECTED,
            Actor.LEAD,
            gettext_noop("Reject"),
        ),
        _move(
            "reopen",
            {EntryState.SUBMITTED, EntryState.APPROVED, EntryState.REJECTED},
            EntryState.DRAFT,
            Actor.LEAD,
            gettext_noop("Reopen"),
        ),
        _move(
            "write_off",
            {EntryState.DRAFT, EntryState.SUBMITTED, EntryState.APPROVED, EntryState.REJECTED},
            EntryState.WRITTEN_OFF,
            Actor.LEAD,
            gettext_noop("Write off"),
        ),
        _move(
            "mark_invoiced",
            {EntryState.APPROVED},
            EntryState.INVOICED,
            Actor.SYSTEM,
            gettext_noop("Stands on an invoice"),
        ),
        _move(
            "release",
            {EntryState.INVOICED},
            EntryState.APPROVED,
            Actor.SYSTEM,
            gettext_noop("The invoice was credited"),
        ),
    ),
)
