"""A report on paper: what stands together, and what need not."""

import io
from datetime import UTC, date, datetime

from pypdf import PdfReader

from reports.documents import pdf_of
from reports.matter import KeyFigure, Report, Section, Shape

FEW, MANY = [["Network", "1"]], [[f"Team {number}", "1"] for number in range(9)]


def section(title, rows, svg=""):
    return Section(title, title, "n/a: nothing to count.", ["Team", "Cases"], rows, 1, svg, None)


def pages(*sections, label="Cases"):
    figure = KeyFigure(label, "n/a", "of 3 cases", "no different than before", None, 3, Shape.COUNT)
    report = Report(
        "Monthly", "March 2026", "Balie", "en", "UTC", date(2026, 3, 1), date(2026, 3, 31),
        datetime(2026, 4, 1, tzinfo=UTC), [("Period", "March")], figures=[figure] * 4,
        sections=sections,
    )  # fmt: skip
    return PdfReader(io.BytesIO(pdf_of(report))).pages


def chart(height):
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 {height}"></svg>'


def test_what_has_nothing_to_tell_stays_on_the_page_when_the_next_chart_does_not():
    told = pages(section("Empty", []), section("Full", MANY, chart(400)))
    first, second = (page.extract_text() for page in told)
    assert "Empty" in first
    assert "Full" in second


def test_a_chart_and_its_short_table_stay_together():
    told = pages(section("Before", FEW, chart(300)), section("Full", MANY, chart(200)))
    first, second = (page.extract_text() for page in told)
    assert "Before" in first
    assert ["Full" in text and "Team 8" in text for text in (first, second)] == [False, True]


def test_a_long_name_of_a_figure_makes_room_for_itself():
    long = "Bereitstellungszeit von Anfragen in Servicezeit ab der ersten Genehmigung; " * 2
    heights = {}

    def note(text, _around, place, *_font):
        # Downwards, as the page is written.
        for word in ("Bereitstellungszeit", "before"):
            if word in text:
                heights.setdefault(word, []).append(place[5])

    pages(section("After", FEW), label=long)[0].extract_text(visitor_text=note)
    # Three in a row, and the name has its first word twice.
    assert len(heights["before"]) == 4
    assert max(heights["before"][:3]) < min(heights["Bereitstellungszeit"][6:])
