"""A report as a workbook: a first sheet with what it is about, then one sheet per tile."""

import io
import re
from collections.abc import Sequence
from textwrap import wrap
from typing import Any

from babel.numbers import get_currency_precision
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from reports.matter import Column, Report, Shape, Sheet, Sum, Total, Value

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
# The one of all other cells: a font without a name is any.
FACE = "Calibri"
TITLE, HEAD, STRONG, QUIET = (
    Font(name=FACE, bold=True, size=14),
    Font(name=FACE, bold=True, color="4F5969"),
    Font(name=FACE, bold=True),
    Font(name=FACE, color="4F5969"),
)
# Names and days begin at the left, numbers end at the right, and so do their headings.
AT_LEFT, AT_RIGHT = Alignment(horizontal="left"), Alignment(horizontal="right")
WORDS = frozenset({Shape.TEXT, Shape.DAY})
LINE = Border(bottom=Side(style="thin", color="171C26"))
ABOVE = Border(top=Side(style="thin", color="171C26"))
# Names of sheets: at most so many letters, and none of these.
LONGEST_NAME, FORBIDDEN = 31, re.compile(r"[\[\]:*?/\\']")
FIRST_ROW = 5
# Widths in letters, the height of a line in points.
WIDEST, NARROWEST, USUAL, LINE_HEIGHT = 48, 11, 16, 15.5
A4 = 9


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
    for sheet in book.worksheets:
        _for_paper(sheet, report)
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


def _amount(currency: str) -> str:
    """To the minor unit of the currency, with its name behind."""
    decimals = "0" * min(2, get_currency_precision(currency))
    return f'{f"#,##0.{decimals}".rstrip(".")} "{currency}"'


def _put(cell: Cell, value: Value, shape: Shape, font: Font | None = None) -> None:
    """A value as what it is; a text stays one, whatever it begins with."""
    if font is not None:
        cell.font = font
    if value is None:
        _put(cell, _("n/a"), Shape.TEXT)
        cell.alignment = AT_RIGHT
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
        if shape == Shape.DAY:
            cell.alignment = AT_LEFT


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
    until.number_format, until.alignment = f"{_format(Shape.DAY)} hh:mm", AT_LEFT
    row += 2
    if report.comment:
        _row(sheet, row, [_("Comment"), report.comment])
        row += 2
    if report.figures:
        _row(sheet, row, [_("Figure"), _("Value"), _("Cases")], HEAD)
        for place in (2, 3):
            _cell(sheet, row, place).alignment = AT_RIGHT
        for figure in report.figures:
            row += 1
            _row(sheet, row, [figure.label])
            _put(_cell(sheet, row, 2), figure.value, figure.shape)
            if figure.currency and figure.value is not None:
                _cell(sheet, row, 2).number_format = _amount(figure.currency)
            _put(_cell(sheet, row, 3), figure.cases, Shape.COUNT)
    row += 2
    _row(sheet, row, [_("Durations are hours, minutes and seconds.")], QUIET)
    longest = max((len(figure.label) for figure in report.figures), default=0)
    sheet.column_dimensions["A"].width = max(WIDEST, longest + 2)
    sheet.column_dimensions["B"].width = sheet.column_dimensions["C"].width = USUAL


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
    lines = 1
    for place, column in enumerate(table.columns, start=1):
        head = _cell(sheet, FIRST_ROW - 1, place)
        _put(head, column.heading, Shape.TEXT, HEAD)
        head.border = LINE
        side = "left" if column.shape in WORDS else "right"
        head.alignment = Alignment(horizontal=side, wrap_text=True, vertical="bottom")
        for row, values in enumerate(table.rows, start=FIRST_ROW):
            _put(_cell(sheet, row, place), values[place - 1], column.shape)
        total = _cell(sheet, last + 1, place)
        _total(total, table.totals[place - 1], column.shape, place, last)
        total.font, total.border = STRONG, ABOVE
        width = _width(column, [row[place - 1] for row in table.rows])
        sheet.column_dimensions[get_column_letter(place)].width = width
        lines = max(lines, len(wrap(column.heading, width - 3)))
    # Not every program makes room for a heading of several lines by itself.
    sheet.row_dimensions[FIRST_ROW - 1].height = lines * LINE_HEIGHT
    if any(total.sum == Sum.FIXED and total.value not in ("", None) for total in table.totals[1:]):
        note = _("Totals that are no formula are computed from all records; rows do not add up.")
        _row(sheet, last + 3, [note], QUIET)
    sheet.freeze_panes = f"A{FIRST_ROW}"
    sheet.print_title_rows = f"{FIRST_ROW - 1}:{FIRST_ROW - 1}"


def _width(column: Column, values: Sequence[Value]) -> int:
    """Of a column, so that its names are whole, and the words of its heading."""
    longest = max((len(str(value)) for value in values), default=0)
    needed = longest if column.shape == Shape.TEXT else USUAL - 2
    word = max((len(one) for one in column.heading.split()), default=0)
    return min(WIDEST, max(NARROWEST, needed + 2, word + 4))


def _for_paper(sheet: Worksheet, report: Report) -> None:
    """A4 across, all columns on one page, with the report and the number of the page below."""
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", A4
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    # In a footer this sign begins a code.
    title = f"{report.title}, {report.subtitle}".replace("&", "&&")
    sheet.oddFooter.left.text, sheet.oddFooter.right.text = title, "&P / &N"


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
