"""A workbook reads well on a screen and on paper, in the language of its reader."""

import io
from datetime import UTC, date, datetime

import pytest
from openpyxl import load_workbook

from portal.paper.languages import printed_in
from reports.documents import workbook_of
from reports.matter import Column, KeyFigure, Report, Section, Shape, Sheet, Total

LONG = "Bereitstellungszeit von Anfragen in Servicezeit, 90. Perzentil: Fälle"


def book_of(language="en-gb", title="Monthly"):
    sheet = Sheet(
        "By week",
        [Column("Week", Shape.DAY), Column("Team", Shape.TEXT), Column(LONG, Shape.SHARE)],
        [[date(2026, 3, 2), "Network", 0.5], [date(2026, 3, 9), "A team of many words", None]],
        [Total("Total"), Total(""), Total(0.5)],
    )
    figures = [
        KeyFigure(LONG, "n/a", "", "", None, 3, Shape.DURATION),
        KeyFigure("Overdue", "367,375 JPY", "", "", 367_375.0, 1, Shape.MONEY, "JPY"),
        KeyFigure("Received", "12.50 EUR", "", "", 12.5, 1, Shape.MONEY, "EUR"),
    ]
    report = Report(
        title, "March 2026", "Balie", language, "Europe/Berlin", date(2026, 3, 1),
        date(2026, 3, 31), datetime(2026, 4, 1, 5, tzinfo=UTC), [("Period", "March")],
        figures=figures, sections=[Section("s", "By week", "", [], [], 2, "", sheet)],
    )  # fmt: skip
    with printed_in(language):
        return load_workbook(io.BytesIO(workbook_of(report)))


@pytest.mark.parametrize(
    ("language", "day", "share"),
    [
        ("en-gb", "yyyy-mm-dd", "0.00%"),
        ("nl", "dd-mm-yyyy", "0.00%"),
        ("de", "dd.mm.yyyy", "0.00 %"),
    ],
)
def test_days_and_shares_are_written_as_the_language_writes_them(language, day, share):
    sheet = book_of(language).worksheets[-1]
    assert (sheet["A5"].number_format, sheet["C5"].number_format) == (day, share)
    assert sheet["A5"].value.date() == date(2026, 3, 2)


def test_amounts_say_their_currency_and_have_its_decimals():
    front = book_of().worksheets[0]
    found = {row[0].value: row[1] for row in front.iter_rows(max_col=2)}
    assert (found["Overdue"].value, found["Received"].value) == (367_375, 12.5)
    formats = found["Overdue"].number_format, found["Received"].number_format
    assert formats == ('#,##0 "JPY"', '#,##0.00 "EUR"')


def test_headings_stand_where_their_values_do():
    sheet = book_of().worksheets[-1]
    sides = [sheet.cell(4, place).alignment.horizontal for place in (1, 2, 3)]
    assert sides == ["left", "left", "right"]
    assert (sheet["A5"].alignment.horizontal, sheet["C6"].alignment.horizontal) == ("left", "right")


def test_names_and_headings_are_whole():
    front, sheet = book_of().worksheets
    wide = {letter: sheet.column_dimensions[letter].width for letter in "ABC"}
    assert wide["B"] > len("A team of many words")
    assert wide["C"] > max(len(word) for word in LONG.split())
    # As many lines as a heading takes at this width, of 15 points each.
    assert sheet.row_dimensions[4].height >= 15 * len(LONG) / wide["C"]
    assert front.column_dimensions["A"].width > len(LONG)


def test_all_columns_come_on_one_page_whose_foot_says_what_it_is():
    for sheet in book_of(title="R&D").worksheets:
        setup = sheet.page_setup
        assert (setup.orientation, setup.paperSize) == ("landscape", 9)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert (setup.fitToWidth, setup.fitToHeight) == (1, 0)
        assert sheet.oddFooter.left.text == "R&&D, March 2026"
    assert sheet.print_title_rows == "$4:$4"
