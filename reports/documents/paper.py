"""A report on paper, in the language and zone that are active when it is made."""

from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localtime

from portal.paper import printing
from reports.matter import Report

TEMPLATE = "documents/report.html"
STYLES = ("reports/paper.css",)
# Rows of one table on paper; the files for programs have all of them.
ROWS_ON_PAPER = 40
# A table up to so many rows stays on the page of its chart.
ROWS_TOGETHER = 9


def html_of(report: Report) -> SafeString:
    sections = [
        {
            "title": one.title,
            "sentence": one.sentence,
            # Made by reports.charts.drawing, which escapes every text.
            "svg": mark_safe(one.svg),  # noqa: S308
            "headings": [(head, place < one.names) for place, head in enumerate(one.headings)],
            "rows": [
                [(text, place < one.names) for place, text in enumerate(row)]
                for row in one.rows[:ROWS_ON_PAPER]
            ],
            "is_short": len(one.rows) <= ROWS_TOGETHER,
            "more": max(0, len(one.rows) - ROWS_ON_PAPER),
        }
        for one in report.sections
    ]
    until = localtime(report.data_until)
    context = {
        "report": report,
        "sections": sections,
        "until": f"{date_format(until, 'DATE_FORMAT')}, {until:%H:%M}",
    }
    return SafeString(render_to_string(TEMPLATE, context))


def pdf_of(report: Report) -> bytes:
    """A tagged PDF of A4 pages."""
    return printing.pdf_of(html_of(report), styles=STYLES)
