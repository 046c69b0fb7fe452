"""What a schedule opens. This app knows no record types: the apps that have them extend `Opener`
and hand theirs over when they are ready.

The values of a schedule are those of the opener's form, kept as JSON: keys of records, lists of
keys, numbers and texts. They are read through the same form at every run, so that a team that is
no longer active is found out before anything is opened.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from itil.tickets.errors import Refused

# Before the names of the opener's fields on the form of a schedule.
OPENS = "opens_"


@dataclass(frozen=True)
class Occasion:
    """One run: when it was planned for, in the zone of the schedule, and when it is (`at`)."""

    planned_at: datetime
    zone: str
    owner: Any
    at: datetime


@dataclass(frozen=True)
class Opened:
    """The record that was opened, and what its owner should know about it."""

    ticket: Any
    note: str = ""


class Opener(ABC):
    """Opens one kind of record. `form_class` asks for its values; it takes `user`, whose choices
    it offers, or None for whatever may be chosen at all.
    """

    kind = ""
    label: str | Promise = ""
    explanation: str | Promise = ""
    # The duty that answers for such schedules in every team, an `itil.tickets.lifecycle.Actor`.
    managed_by = ""

    def __init__(self, form_class: Any):
        self.form_class = form_class

    def team_of(self, values: Mapping[str, Any]) -> Any:
        """The team in whose queue the record comes to lie; None when there is none."""
        return values.get("team")

    @abstractmethod
    def ensure(self, values: Mapping[str, Any], owner: Any) -> None:
        """Raises Refused when `owner` could not open it, or the values do not fit each other."""

    @abstractmethod
    def open(self, values: Mapping[str, Any], occasion: Occasion) -> Opened:
        """Open it. Raises Refused with a sentence for the owner."""

    def read(self, stored: Mapping[str, Any], user: Any = None) -> dict[str, Any]:
        """The stored values as the form cleans them. Raises Refused for what may no longer be
        chosen.
        """
        form = self.form_class(dict(stored), user=user)
        if form.is_valid():
            return dict(form.cleaned_data)
        name, errors = next(iter(form.errors.items()))
        label = form.fields[name].label if name in form.fields else ""
        raise Refused(f"{label}: {errors[0]}" if label else errors[0])

    def described(self, stored: Mapping[str, Any]) -> list[tuple[str, str]]:
        """The stored values in words, by the labels of the form; without those left empty."""
        form = self.form_class(dict(stored), user=None)
        form.is_valid()
        told = []
        for name, field in form.fields.items():
            # Records name themselves; to list all that could be chosen would read them all.
            listed = () if hasattr(field, "queryset") else getattr(field, "choices", ())
            text = _text(form.cleaned_data.get(name), dict(listed))
            gone = name in form.errors
            if text or gone:
                told.append((str(field.label), text or _("no longer to be chosen")))
        return told


def frozen(values: Mapping[str, Any]) -> dict[str, Any]:
    """Cleaned values as they are stored."""
    return {name: _plain(value) for name, value in values.items()}


def _plain(value: Any) -> Any:
    if hasattr(value, "pk"):
        return value.pk
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, str | int | float | bool) or value is None:
        return value
    return [_plain(one) for one in value]


def _text(value: Any, choices: Mapping[Any, Any]) -> str:
    if value in (None, "", False):
        return ""
    if value is True:
        return _("yes")
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, str | int | float) or hasattr(value, "pk"):
        return str(choices.get(value, value)) if not hasattr(value, "pk") else str(value)
    return ", ".join(str(one) for one in value)


class _Known:
    """Those that the apps have handed over, by their kind."""

    openers: dict[str, Opener] = {}


def hand_over(opener: Opener) -> None:
    """Let schedules open this from now on."""
    _Known.openers[opener.kind] = opener


def openers() -> Sequence[Opener]:
    """All that can be opened, in one order."""
    return [_Known.openers[kind] for kind in sorted(_Known.openers)]


def opener_of(kind: str) -> Opener:
    """Who opens this kind. Raises Refused when nobody does any more."""
    if kind not in _Known.openers:
        raise Refused(_("Nothing here opens “%(kind)s” any more.") % {"kind": kind})
    return _Known.openers[kind]
