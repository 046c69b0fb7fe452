"""The life cycle of a configuration item; the verbs of `itil.cmdb.actions` walk it."""

from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Status(TextChoices):
    PLANNED = "planned", _("Planned")
    IN_STOCK = "in_stock", _("In stock")
    IN_USE = "in_use", _("In use")
    IN_REPAIR = "in_repair", _("In repair")
    RETIRED = "retired", _("Retired")
    LOST = "lost", _("Lost")


# Statuses of what is no longer part of the estate.
GONE = (Status.RETIRED, Status.LOST)


@dataclass(frozen=True)
class Step:
    """One allowed step: `verb` takes an item from one of `sources` to `target`.

    `needs_note` says that the reason has to be written down. `frees` says that nobody holds the
    item any longer.
    """

    verb: str
    sources: frozenset[str]
    target: str
    label: str | Promise
    needs_note: bool = False
    frees: bool = False


STEPS = (
    Step(
        "stock",
        frozenset({Status.PLANNED, Status.IN_USE, Status.IN_REPAIR, Status.LOST}),
        Status.IN_STOCK,
        _("Put in stock"),
        frees=True,
    ),
    Step(
        "deploy",
        frozenset({Status.PLANNED, Status.IN_STOCK, Status.IN_REPAIR}),
        Status.IN_USE,
        _("Put into use"),
    ),
    Step(
        "send_to_repair",
        frozenset({Status.IN_STOCK, Status.IN_USE}),
        Status.IN_REPAIR,
        _("Send to repair"),
    ),
    Step(
        "report_lost",
        frozenset({Status.IN_STOCK, Status.IN_USE, Status.IN_REPAIR}),
        Status.LOST,
        _("Report as lost"),
        needs_note=True,
        frees=True,
    ),
    Step(
        "retire",
        frozenset({Status.PLANNED, Status.IN_STOCK, Status.IN_USE, Status.IN_REPAIR, Status.LOST}),
        Status.RETIRED,
        _("Retire"),
        needs_note=True,
        frees=True,
    ),
    # A mistake is put right, with its reason; what it held and carried is entered anew.
    Step(
        "restore",
        frozenset({Status.RETIRED}),
        Status.IN_STOCK,
        _("Bring back into stock"),
        needs_note=True,
    ),
)

# From which statuses an item can be handed to a person: what is not there cannot.
HANDED_FROM = (Status.PLANNED, Status.IN_STOCK, Status.IN_USE)


def find(verb: str, source: str) -> Step | None:
    """The step `verb` out of status `source`, or None when the table has no such row."""
    return next((step for step in STEPS if step.verb == verb and source in step.sources), None)


def steps_from(source: str) -> tuple[Step, ...]:
    """All steps that leave status `source`, in the order of the table."""
    return tuple(step for step in STEPS if source in step.sources)
