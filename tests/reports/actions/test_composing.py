"""What a report says is what its tiles say, in every form."""

import csv
import io
from pathlib import Path

import pandas as pd
import pytest
from babel.messages.pofile import read_po
from django.utils import timezone
from openpyxl import load_workbook

from itil.desk import actions as desk
from portal.outbox.models import OutgoingMail
from portal.paper.languages import printed_in
from portal.people.models import User
from portal.worker.dispatch import dispatch_events
from reports.charts.customer import REPORT
from reports.charts.dashboards import BOARDS
from reports.charts.mailed import COLUMNS
from reports.documents import csv_of, html_of, parquet_of, pdf_of, workbook_of
from reports.matter import Sum
from reports.models import ReportSubscription
from tests.reports.mailing_given import composed, march, report_of, scheduled

__all__ = ["march"]
LOCALE = Path(__file__).resolve().parents[3] / "reports/locale"


@pytest.mark.parametrize("board", [REPORT, *BOARDS], ids=lambda board: board.key)
def test_the_workbook_and_the_rows_say_what_the_tiles_say(march, cast, board):
    subscription = ReportSubscription(name="All", board=board.key, owner=cast.mia)
    subscription.organization = cast.globex if board is REPORT else None
    report = report_of(subscription, cast.mia)
    book = load_workbook(io.BytesIO(workbook_of(report)))
    sheets = book.worksheets[-len(report.tables) :]
    formulas = 0
    for section, sheet in zip(report.tables, sheets, strict=True):
        for place, total in enumerate(section.sheet.totals):
            cell = sheet.cell(5 + len(section.sheet.rows), place + 1)
            if total.sum != Sum.FIXED:
                formulas += 1
                assert round(calculated(sheet, cell.value) - total.value, 9) == 0
    assert formulas > 0
    rows = list(csv.DictReader(io.StringIO(csv_of(report).decode("utf-8-sig"))))
    table = pd.read_parquet(io.BytesIO(parquet_of(report)))
    told = [None if row["Value"] == "" else float(row["Value"]) for row in rows]
    assert told == [None if pd.isna(value) else value for value in table["value"]]
    assert told == [row["value"] for row in report.records]


ABOUT = ["period_first", "period_last", "zone", "filters", "data_until"]
HEADINGS = {
    "en-gb": [
        "First day", "Last day", "Time zone", "Filters", "Data until", "Tile", "Figure", "By",
        "Name", "And by", "Second name", "Cases", "Of which yes", "Value", "Unit",
        "From (95 percent)", "To (95 percent)", "Remark",
    ],
    "de": [
        "Erster Tag", "Letzter Tag", "Zeitzone", "Filter", "Daten bis", "Kachel", "Kennzahl",
        "Nach", "Name", "Und nach", "Zweiter Name", "Fälle", "Davon ja", "Wert", "Einheit",
        "Von (95 Prozent)", "Bis (95 Prozent)", "Anmerkung",
    ],
}  # fmt: skip


def read_csv(report):
    return list(csv.reader(io.StringIO(csv_of(report).decode("utf-8-sig"))))


@pytest.mark.parametrize("language", HEADINGS)
def test_a_file_for_people_speaks_their_language_and_one_for_programs_keeps_its_names(
    march, cast, language
):
    subscription = ReportSubscription(name="All", board="backlog", owner=cast.mia)
    with printed_in(language), timezone.override("Europe/Berlin"):
        report = composed(subscription, cast.mia)
        head, *rows = read_csv(report)
        table = pd.read_parquet(io.BytesIO(parquet_of(report)))
    assert head == HEADINGS[language]
    assert list(table.columns) == [*ABOUT, *COLUMNS]
    assert {*table["indicator"]} >= {"received", "came_in", "backlog"}
    assert len(rows) == len(table)
    assert not {"backlog_on_hold", "step", "count", "telephone"} & {
        cell for row in rows for cell in row
    }


def test_rows_for_people_name_what_they_are_about_and_why_there_is_no_value(march, cast):
    rows = read_csv(
        report_of(ReportSubscription(name="A", board="backlog", owner=cast.mia), cast.mia)
    )
    told = [row[5:15] + row[17:] for row in rows]
    split = "Tickets received, by week and type", "Tickets received"
    assert [*split, "Week", "2026-03-02", "Type", "Incident", "2", "", "2", "number", ""] in told
    assert [*split, "Week", "Total", "Type", "", "2", "", "2", "number", ""] in told
    response = report_of(ReportSubscription(name="A", board="response", owner=cast.mia), cast.mia)
    lines = [row[6:9] + row[11:15] + row[17:] for row in read_csv(response)]
    assert [
        "Time to resolution, 9 in 10 within", "Week", "2026-03-02", "1", "", "", "seconds",
        "too few cases (1; 10 are needed)",
    ] in lines  # fmt: skip


def calculated(sheet, formula):
    """What a spreadsheet makes of the formulas that we write."""
    if not isinstance(formula, str):
        return formula or 0
    text = formula.removeprefix("=")
    if text.startswith("SUM("):
        return sum(row[0].value or 0 for row in sheet[text[4:-1]])
    if text.startswith("IF("):
        part, whole = text[3:-1].rsplit(",", 1)[1].split("/")
        return calculated(sheet, sheet[part].value) / calculated(sheet, sheet[whole].value)
    return calculated(sheet, sheet[text].value)


def test_names_never_become_formulas(march, cast):
    cast.desk_team.name = "=HYPERLINK(1)"
    cast.desk_team.save()
    subscription = scheduled(cast, cast.mia, name="@SUM(1)", comment="+1")
    report = report_of(subscription, cast.mia)
    book = load_workbook(io.BytesIO(workbook_of(report)))
    texts = [
        cell
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if str(cell.value).startswith(("=HYPER", "@", "+"))
    ]
    assert len(texts) >= 2
    assert {cell.data_type for cell in texts} == {"s"}
    assert ",'=HYPERLINK(1)," in csv_of(report).decode()


def test_a_period_without_tickets_says_na_and_prints(cast):
    subscription = ReportSubscription(name="Leer", board="agreements", owner=cast.mia)
    report = report_of(subscription, cast.mia, "de")
    assert report.subtitle == "März 2026"
    assert {one.value for one in report.figures if one.shape == "share"} == {None}
    with printed_in("de"), timezone.override("Europe/Berlin"):
        html, content = html_of(report), pdf_of(report)
    assert "k. A." in html
    assert "1. April 2026, 07:00" in html
    assert content.startswith(b"%PDF")
    assert b"/StructTreeRoot" in content or b"/ObjStm" in content
    load_workbook(io.BytesIO(workbook_of(report)))


def test_the_desk_of_a_dutch_reader_does_not_know_the_words_of_printed_reports(
    march, cast, signed_in
):
    User.objects.filter(pk__in=(cast.mia.pk, cast.bo.pk)).update(language="nl")
    with (LOCALE / "nl/LC_MESSAGES/paper.po").open("rb") as written:
        texts = [one.string for one in read_po(written) if one.id and isinstance(one.string, str)]
    dutch = [text for text in texts if len(text) > 8 and "%" not in text]
    days = {"from": "2026-03-01", "to": "2026-03-31"}
    page = signed_in(User.objects.get(pk=cast.mia.pk)).get("/reports/agreements/", days)
    desk.assign(march, cast.bo, by=cast.cleo)
    dispatch_events()
    mail = OutgoingMail.objects.get(to=cast.bo.email)
    subscription = ReportSubscription(name="X", board="agreements", owner=cast.mia)
    report = report_of(subscription, cast.mia, "nl")
    with printed_in("nl"), timezone.override("Europe/Berlin"):
        printed = html_of(report)
    said = {
        name: [text for text in dutch if text in told]
        for name, told in {
            "page": page.content.decode(), "mail": mail.text, "report": printed
        }.items()
    }  # fmt: skip
    assert (page.status_code, said["page"], said["mail"]) == (200, [], [])
    assert len(said["report"]) > 20
