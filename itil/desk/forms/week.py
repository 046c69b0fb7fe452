"""One person's week as a table: rows are tickets and activities, columns the seven days."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from django.forms import DecimalField, ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from itil.desk.actions.sheet import is_whole, set_cell
from itil.tickets.errors import Refused
from itil.tickets.models import Ticket
from itil.timesheets.models import Activity, ActivityKind, TimeEntry
from portal.people.models import User

from .fields import DurationField
from .timing import clock_form, ticket_named

DAYS = 7
# Empty rows at the foot of the sheet.
NEW_ROWS = 2
# Kilometers as they are typed.
WAY = DecimalField(
    required=False,
    max_digits=7,
    decimal_places=1,
    error_messages={"invalid": gettext_lazy("Enter kilometers as a number such as 42.5.")},
)


@dataclass
class Cell:
    """One day of a row; `typed` is what stands in the field, `typed_way` in that of kilometers."""

    name: str
    day: date
    entries: list[TimeEntry] = field(default_factory=list)
    typed: str = ""
    typed_way: str = ""
    error: str = ""

    @property
    def minutes(self) -> int:
        return sum(entry.minutes for entry in self.entries)

    @property
    def way(self) -> Decimal:
        """Kilometers driven."""
        return sum((entry.kilometres or Decimal(0) for entry in self.entries), Decimal(0))

    @property
    def is_open(self) -> bool:
        return is_whole(self.entries)

    def fill(self) -> None:
        """Write what is stored into the fields."""
        self.typed = clock_form(self.minutes) if self.minutes else ""
        self.typed_way = f"{self.way.normalize():f}" if self.way else ""

    def keep(self, other: "Cell") -> None:
        """Show what was typed into `other`, and what is wrong with it."""
        self.typed, self.typed_way, self.error = other.typed, other.typed_way, other.error


@dataclass
class Row:
    """A ticket and an activity; both empty in a row that is not filled in yet."""

    name: str
    cells: list[Cell]
    ticket: Ticket | None = None
    activity: Activity | None = None
    typed_ticket: str = ""
    typed_activity: str = ""
    error: str = ""

    @property
    def minutes(self) -> int:
        return sum(cell.minutes for cell in self.cells)

    @property
    def is_travel(self) -> bool:
        """The way belongs to it (`BIL-6`)."""
        return self.activity is not None and self.activity.kind == ActivityKind.TRAVEL

    @property
    def way(self) -> Decimal:
        return sum((cell.way for cell in self.cells), Decimal(0))


class Sheet:
    """The sheet of `person` for the week from `monday`, made of `entries` of that week."""

    def __init__(self, person: User, monday: date, entries: Iterable[TimeEntry]):
        self.person = person
        self.days = [monday + timedelta(days=count) for count in range(DAYS)]
        self.rows: list[Row] = []
        self.new_rows = [self._row(f"n{number}") for number in range(NEW_ROWS)]
        by_key: dict[tuple[int, int], Row] = {}
        for entry in entries:
            key = (entry.ticket_id, entry.activity_id)
            if key not in by_key:
                row = self._row("{}-{}".format(*key))
                row.ticket, row.activity = entry.ticket, entry.activity
                by_key[key] = row
            cell = by_key[key].cells[(entry.work_date - monday).days]
            cell.entries.append(entry)
        self.rows = sorted(by_key.values(), key=lambda row: (row.ticket.number, row.activity.name))
        for row in self.rows:
            for cell in row.cells:
                cell.fill()

    def _row(self, name: str) -> Row:
        cells = [Cell(f"c{name}-{at}", day) for at, day in enumerate(self.days)]
        return Row(name, cells)

    @property
    def totals(self) -> list[int]:
        """Minutes of each day."""
        return [sum(row.cells[at].minutes for row in self.rows) for at in range(DAYS)]

    @property
    def minutes(self) -> int:
        return sum(self.totals)

    @property
    def has_errors(self) -> bool:
        return any(
            row.error or any(cell.error for cell in row.cells)
            for row in (*self.rows, *self.new_rows)
        )

    def save(self, posted: Mapping[str, str], tickets) -> int:
        """Carry out every cell that was changed, each for itself; returns how many.

        What is wrong keeps what was typed, with the reason beside it.
        """
        saved = 0
        for row in self.rows:
            for cell in row.cells:
                saved += self._save_cell(row, cell, posted)
        for row in self.new_rows:
            self._read_new(row, posted, tickets)
            for cell in row.cells:
                cell.typed = posted.get(cell.name, "").strip()
                cell.typed_way = posted.get(f"{cell.name}-way", "").strip()
                if (cell.typed or cell.typed_way) and row.ticket and row.activity:
                    saved += self._save_cell(row, cell, posted)
            if any(cell.typed or cell.typed_way for cell in row.cells) and not (
                row.ticket and row.activity
            ):
                row.error = row.error or _("Choose the ticket and the activity of this row.")
        return saved

    def _read_new(self, row: Row, posted: Mapping[str, str], tickets) -> None:
        row.typed_ticket = posted.get(f"{row.name}-ticket", "").strip()
        row.typed_activity = posted.get(f"{row.name}-activity", "").strip()
        if row.typed_activity.isdecimal() and len(row.typed_activity) < 10:
            row.activity = Activity.objects.filter(active=True, pk=row.typed_activity).first()
        if row.typed_ticket:
            try:
                row.ticket = ticket_named(row.typed_ticket, tickets)
            except ValidationError as error:
                row.error = " ".join(error.messages)

    def _save_cell(self, row: Row, cell: Cell, posted: Mapping[str, str]) -> int:
        typed = posted.get(cell.name)
        if typed is None or not cell.is_open or row.ticket is None or row.activity is None:
            return 0
        cell.typed = typed.strip()
        way = cell.typed_way = posted.get(f"{cell.name}-way", cell.typed_way).strip()
        shown = posted.get(f"{cell.name}-was", "")
        was = int(shown) if shown.isdecimal() and len(shown) < 6 else 0
        try:
            minutes = DurationField(required=False).clean(typed) or 0
            driven = WAY.clean(way.replace(",", ".")) or None
            if minutes == was and driven == (cell.way or None):
                return 0
            set_cell(
                row.ticket,
                row.activity,
                cell.day,
                by=self.person,
                minutes=minutes,
                was=was,
                kilometres=driven,
            )
        except ValidationError as error:
            cell.error = " ".join(error.messages)
        except Refused as refusal:
            cell.error = str(refusal)
        else:
            return 1
        return 0
