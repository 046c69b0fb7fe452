"""The shape of an estimate as it is typed."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from itil.tickets.errors import MissingValue
from itil.timesheets.models import Activity
from portal.people.models import User

from . import parse
from .actions import NewLine
from .actions.deciding import NOTE_LENGTH
from .models import Estimate, Kind, LineKind

SHOWN_AT_FIRST = 3
ADDED_AT_ONCE = 3
MOST_LINES = 60
CELLS = ("kind", "activity", "description", "amount", "price")


@dataclass(frozen=True)
class Row:
    """The fields of one line; `is_wrong` when one of them has an error."""

    position: int
    cells: dict[str, forms.BoundField]

    @property
    def is_wrong(self) -> bool:
        return any(cell.errors for cell in self.cells.values())


class EstimateForm(forms.Form):
    """Head and lines in one form; lines left empty are no lines."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=200)
    kind = forms.ChoiceField(
        label=gettext_lazy("What the figure means"), choices=Kind, widget=forms.RadioSelect
    )
    introduction = forms.CharField(
        label=gettext_lazy("What is done, and what is not included"),
        widget=forms.Textarea(attrs={"rows": 4}),
        required=False,
        max_length=4000,
    )
    valid_until = forms.DateField(
        label=gettext_lazy("Can be accepted until"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": gettext_lazy("Enter a date such as 2026-10-31.")},
    )

    def __init__(self, data: Any = None, *, count: int = SHOWN_AT_FIRST, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        asked = data.get("count", "") if data else ""
        if asked.isascii() and asked.isdigit() and len(asked) < 4:
            count = int(asked)
        self.count = max(1, min(count, MOST_LINES))
        activities = Activity.objects.filter(active=True)
        choices = [("", "–"), *((str(one.pk), one.name) for one in activities)]
        self.activities = {str(one.pk): one for one in activities}
        for position in range(1, self.count + 1):
            labels = {
                "kind": _("Line %(line)d: kind"),
                "activity": _("Line %(line)d: activity"),
                "description": _("Line %(line)d: description"),
                "amount": _("Line %(line)d: hours or quantity"),
                "price": _("Line %(line)d: price"),
            }
            for cell, label in labels.items():
                field = self._field(cell, choices)
                field.label = label % {"line": position}
                self.fields[f"line_{position}_{cell}"] = field

    @staticmethod
    def _field(cell: str, activities: list[tuple[str, str]]) -> forms.Field:
        if cell == "kind":
            return forms.ChoiceField(
                choices=[
                    (LineKind.HOURS.value, gettext_lazy("Hours")),
                    (LineKind.ITEM.value, gettext_lazy("Pieces, lump sum")),
                ],
                required=False,
            )
        if cell == "activity":
            return forms.ChoiceField(choices=activities, required=False)
        width = 200 if cell == "description" else 16
        attrs = {} if cell == "description" else {"inputmode": "decimal"}
        return forms.CharField(
            max_length=width, required=False, widget=forms.TextInput(attrs=attrs)
        )

    @property
    def head(self) -> list[forms.BoundField]:
        return [self[name] for name in ("title", "kind", "introduction", "valid_until")]

    def rows(self) -> Iterator[Row]:
        for position in range(1, self.count + 1):
            yield Row(position, {cell: self[f"line_{position}_{cell}"] for cell in CELLS})

    def clean(self) -> dict[str, Any]:
        """Reads the lines into `lines`; each mistake stands at its own cell."""
        given = super().clean() or {}
        self.lines: list[NewLine] = []
        for position in range(1, self.count + 1):
            cells = {cell: given.get(f"line_{position}_{cell}") or "" for cell in CELLS}
            if any(cells[cell] for cell in ("activity", "description", "amount", "price")):
                line = self._line(position, cells)
                if line is not None:
                    self.lines.append(line)
        return given

    def _line(self, position: int, cells: dict[str, str]) -> NewLine | None:
        """One line, or None after telling what is wrong with it."""
        is_hours = cells["kind"] != LineKind.ITEM
        found: dict[str, Any] = {}
        for cell, read in (
            ("amount", parse.minutes if is_hours else parse.number),
            ("price", parse.number),
        ):
            text = cells[cell]
            if not text:
                if cell == "amount":
                    self.add_error(
                        f"line_{position}_amount",
                        _("Enter the hours.") if is_hours else _("Enter how many."),
                    )
                continue
            try:
                found[cell] = read(text)
            except MissingValue as problem:
                self.add_error(f"line_{position}_{cell}", str(problem))
        activity = self.activities.get(cells["activity"])
        if not cells["description"] and activity is None:
            self.add_error(f"line_{position}_description", _("Say what this line is for."))
        if not is_hours and "price" not in found and not cells["price"]:
            self.add_error(f"line_{position}_price", _("Enter the price of one."))
        if any(f"line_{position}_{cell}" in self.errors for cell in CELLS):
            return None
        return NewLine(
            description=cells["description"],
            kind=LineKind.HOURS if is_hours else LineKind.ITEM,
            activity=activity,
            minutes=found["amount"] if is_hours else 0,
            quantity=parse.number("1") if is_hours else found["amount"],
            unit_price=found.get("price"),
        )


def typed(estimate: Estimate) -> dict[str, str]:
    """The lines of a stored draft as somebody would have typed them."""
    initial = {}
    for position, line in enumerate(estimate.lines.order_by("position"), start=1):
        hours, rest = divmod(line.minutes, 60)
        is_hours = line.kind == LineKind.HOURS
        initial |= {
            f"line_{position}_kind": line.kind,
            f"line_{position}_activity": str(line.activity_id or ""),
            f"line_{position}_description": line.description,
            f"line_{position}_amount": (
                f"{hours}:{rest:02d}" if is_hours else f"{line.quantity.normalize():f}"
            ),
            f"line_{position}_price": f"{line.unit_price.normalize():f}",
        }
    return initial


class SendForm(forms.Form):
    """To whom it goes: one of those who may bind the customer."""

    to = forms.ModelChoiceField(
        label=gettext_lazy("Send to"),
        queryset=User.objects.none(),
        empty_label=None,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, estimate: Estimate, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = User.objects.filter(  # type: ignore[attr-defined]
            organization_id=estimate.organization_id, can_approve_cost=True, is_active=True
        ).exclude(pk=estimate.created_by_id)
        self.fields["to"].label_from_instance = lambda person: f"{person.name}, {person.email}"  # type: ignore[attr-defined]


class AnswerForm(forms.Form):
    """The customer's answer; which of the two, says the button."""

    answer = forms.ChoiceField(
        label=gettext_lazy("Your answer"),
        choices=[("accept", gettext_lazy("Accept")), ("reject", gettext_lazy("Decline"))],
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"),
            gettext_lazy("Accept or decline with one of the buttons."),
        ),
    )
    note = forms.CharField(
        label=gettext_lazy("A word to us"),
        help_text=gettext_lazy("Needed when you decline: what would have to be different?"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=NOTE_LENGTH,
        required=False,
        error_messages={"max_length": gettext_lazy("Shorten the text to %(limit_value)s letters.")},
    )
