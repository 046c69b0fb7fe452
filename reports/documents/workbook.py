"""A report as a workbook: a first sheet with what it is about, then one sheet per tile."""

import io
import re
from collections.abc import Sequence
from typing import Any

from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from reports.matter import Report, Shape, Sheet, Sum, Total, Value

FORMATS = {
    Shape.TEXT: "@",
    Shape.COUNT: "#,##0",
    # Hours may be more than a day has.
    Shape.DURATION: "[h]:mm:ss",
    Shape.HOURS: "#,##0.00",
    Shape.NUMBER: "#,##0.00",
    Shape.MONEY: "#,##0.00",
}
DAY = 86_400
TITLE, HEAD, STRONG, QUIET = (
    Font(bold=True, size=14),
    Font(bold=True, color="4F5969"),
    Font(bold=True),
    Font(color="4F5969"),
)
LINE = Border(bottom=Side(style="thin", color="171C26"))
ABOVE = Border(top=Side(style="thin", color="171C26"))
# Names of sheets: at most so many letters, and none of these.
LONGEST_NAME, FORBIDDEN = 31, re.compile(r"[\[\]:*?/\\']")
FIRST_ROW = 5
WIDEST, NARROWEST = 48, 11


def workbook_of(report: Report) -> bytes:
    """Totals are formulas where they follow from the rows, and values of all records elsewhere."""
    book = Workbook()
    front = book.active
    assert isinstance(front, Worksheet)  # noqa: S101 - a new book has a sheet
    names = {""}
    front.title = _name_of(_("About"), names)
    _front(front, report)
    if report.left_out is not None:
        _left_out(book.create_sheet(_name_of(_("Left out"), names)), report)
    for section in report.tables:
        if section.sheet is not None:
            _table(book.create_sheet(_name_of(section.title, names)), section.sheet)
    book.properties.title, book.properties.creator = report.title, report.brand
    # The same report is the same file, whenever it is made.
    made_at = report.data_until.replace(tzinfo=None)
    book.properties.created = book.properties.modified = made_at
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _name_of(title: str, names: set[str]) -> str:
    """A name that no other sheet has."""
    plain = FORBIDDEN.sub(" ", title).strip()
    if len(plain) > LONGEST_NAME:
        # At the end of a word, unless it is a single one.
        words = plain[:LONGEST_NAME].rpartition(" ")[0] or plain[: LONGEST_NAME - 1]
        plain = f"{words.rstrip(' ,')}…"[:LONGEST_NAME]
    found, number = plain, 2
    while found.casefold() in names:
        ending = f" {number}"
        found, number = plain[: LONGEST_NAME - len(ending)] + ending, number + 1
    names.add(found.casefold())
    return found


def _format(shape: Shape) -> str:
    """How a spreadsheet writes it; the marks of decimals and thousands are those of its own
    language, the others we say."""
    if shape == Shape.DAY:
        return pgettext("number format", "yyyy-mm-dd")
    if shape == Shape.SHARE:
        return pgettext("number format", "0.00%")
    return FORMATS[shape]


def _put(cell: Cell, value: Value, shape: Shape, font: Font | None = None) -> None:
    """A value as what it is; a text stays one, whatever it begins with."""
    if font is not None:
        cell.font = font
    if value is None:
        _put(cell, _("n/a"), Shape.TEXT)
        cell.alignment = Alignment(horizontal="right")
    elif isinstance(value, str):
        cell.value = ILLEGAL_CHARACTERS_RE.sub("", value)
        cell.data_type = "s"
        cell.number_format = FORMATS[Shape.TEXT]
        # Also when somebody edits the cell later.
        cell.quotePrefix = True
    else:
        in_days = shape == Shape.DURATION and isinstance(value, int | float)
        cell.value = value / DAY if in_days else value  # type: ignore[operator]
        cell.number_format = _format(shape)


def _row(sheet: Worksheet, row: int, values: Sequence[Any], font: Font | None = None) -> None:
    for place, value in enumerate(values, start=1):
        _put(_cell(sheet, row, place), value, Shape.COUNT, font)


def _cell(sheet: Worksheet, row: int, column: int) -> Cell:
    cell = sheet.cell(row, column)
    assert isinstance(cell, Cell)  # noqa: S101 - no cells are merged
    return cell


def _front(sheet: Worksheet, report: Report) -> None:
    _row(sheet, 1, [report.title], TITLE)
    _row(sheet, 2, [report.subtitle], QUIET)
    row = 4
    for label, text in report.facts:
        _row(sheet, row, [label], QUIET)
        _put(_cell(sheet, row, 2), text, Shape.TEXT)
        row += 1
    for label, day in ((_("First day"), report.first), (_("Last day"), report.last)):
        _row(sheet, row, [label], QUIET)
        _put(_cell(sheet, row, 2), day, Shape.DAY)
        row += 1
    _row(sheet, row, [_("Data until")], QUIET)
    until = _cell(sheet, row, 2)
    until.value = localtime(report.data_until).replace(tzinfo=None, microsecond=0)
    until.number_format = f"{_format(Shape.DAY)} hh:mm"
    row += 2
    if report.comment:
        _row(sheet, row, [_("Comment"), report.comment])
        row += 2
    if report.figures:
        _row(sheet, row, [_("Figure"), _("Value"), _("Cases")], HEAD)
        for figure in report.figures:
            row += 1
            _row(sheet, row, [figure.label])
            _put(_cell(sheet, row, 2), figure.value, figure.shape)
            _put(_cell(sheet, row, 3), figure.cases, Shape.COUNT)
    row += 2
    _row(sheet, row, [_("Durations are hours, minutes and seconds.")], QUIET)
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 44, 30


def _left_out(sheet: Worksheet, report: Report) -> None:
    heads = [_("Ticket"), _("Subject"), _("Promise"), _("Reason")]
    _row(sheet, 1, heads, HEAD)
    for row, one in enumerate(report.left_out or (), start=2):
        _row(sheet, row, [one.number, one.title, one.promise, one.reason])
    for letter, width in zip("ABCD", (14, 44, 24, 40), strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = "A2"


def _table(sheet: Worksheet, table: Sheet) -> None:
    _row(sheet, 1, [table.title], TITLE)
    last = FIRST_ROW + len(table.rows) - 1
    for place, column in enumerate(table.columns, start=1):
        head = _cell(sheet, FIRST_ROW - 1, place)
        _put(head, column.heading, Shape.TEXT, HEAD)
        head.border = LINE
        head.alignment = Alignment(wrap_text=True, vertical="bottom")
        for row, values in enumerate(table.rows, start=FIRST_ROW):
            _put(_cell(sheet, row, place), values[place - 1], column.shape)
        total = _cell(sheet, last + 1, place)
        _total(total, table.totals[place - 1], column.shape, place, last)
        total.font, total.border = STRONG, ABOVE
        longest = max((len(str(row[place - 1])) for row in table.rows), default=0)
        width = min(WIDEST, max(NARROWEST, longest + 2 if column.shape == Shape.TEXT else 0, 14))
        sheet.column_dimensions[get_column_letter(place)].width = width
    if any(total.sum == Sum.FIXED and total.value not in ("", None) for total in table.totals[1:]):
        note = _("Totals that are no formula are computed from all records; rows do not add up.")
        _row(sheet, last + 3, [note], QUIET)
    sheet.freeze_panes = f"A{FIRST_ROW}"


def _total(cell: Cell, total: Total, shape: Shape, place: int, last: int) -> None:
    """In the row below `last`."""
    letter = get_column_letter(place)
    if total.value is None or total.sum == Sum.FIXED:
        _put(cell, total.value, shape)
        return
    if total.sum == Sum.ROWS:
        cell.value = f"=SUM({letter}{FIRST_ROW}:{letter}{last})"
    elif total.sum == Sum.LAST:
        cell.value = f"={letter}{last}"
    else:
        part, whole = (f"{get_column_letter(one + 1)}{last + 1}" for one in total.of)
        cell.value = f'=IF({whole}=0,"{_("n/a")}",{part}/{whole})'
    cell.number_format = _format(shape)
