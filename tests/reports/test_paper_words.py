"""Printed and mailed reports speak the language of their reader, and that alone."""

import re
from datetime import date
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, trans_real

from portal.paper.languages import printed_in
from reports.actions.boarding import facts
from reports.actions.own import create_dashboard
from reports.charts import words
from reports.charts.customer import REPORT
from reports.charts.dashboards import BOARDS
from reports.charts.naming import STATISTICS, series_name
from reports.documents import html_of, workbook_of
from reports.management.commands.gather_words import (
    PROGRAMS,
    ROOT,
    catalog_of,
    compiled,
    gathered,
    languages,
    of_program,
    po_file,
    renewed,
    untranslated,
)
from reports.metrics.registry import INDICATORS
from reports.models import ReportSubscription
from reports.querysets import OWN
from tests.cast import MONDAY
from tests.reports.mailing_given import composed, march, report_of

__all__ = ["march"]
LANGUAGES = languages()
# What the pages of dashboards, simulations and forecasts say, and no report.
ON_PAGES_ONLY = (
    "comparing", "flow", "flow_names", "forecast", "levels", "pivot",
    "satisfaction", "targets",
)  # fmt: skip
HOLE = re.compile(r"%(?:\(\w+\))?[sd%]")
ENGLISH = re.compile(r"\b(?:the|and|than|with|by|is counted|tickets that)\b")


class Listening:
    """The words of a language; `unknown` are those that it was asked for and has not."""

    def __init__(self, spoken):
        self.spoken, self.unknown = spoken, set()

    def gettext(self, text):
        found = self.spoken.gettext(text)
        # Some words are the same in both languages.
        if found == text and text not in self.spoken._catalog:
            self.unknown.add(text)
        return found

    def ngettext(self, one, many, number):
        found = self.spoken.ngettext(one, many, number)
        if found in (one, many):
            self.unknown.add(one)
        return found

    def __getattr__(self, name):
        return getattr(self.spoken, name)


def texts_of(message):
    return (message,) if isinstance(message, str) else message


def own_dashboard(cast):
    """With a tile for every indicator that there is."""
    found = create_dashboard(by=cast.mia, title="Mein Bord", at=MONDAY)
    for place, key in enumerate(INDICATORS, 1):
        found.tiles.create(place=place, indicators=[key], by="step", chart="line")
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_that_can_be_printed_is_translated(language):
    """After a new indicator, title or sentence: `manage.py gather_words`, and translate."""
    assert untranslated(language) == []


def test_every_module_of_charts_is_gathered_or_speaks_on_pages_only():
    files = {path.stem: path for path in (ROOT / "reports/charts").glob("*.py")}
    speaking = {name for name, path in files.items() if any(of_program(path.read_text()))}
    printed = {Path(name).stem for name in PROGRAMS if name.startswith("reports/charts/")}
    assert sorted(speaking - printed) == sorted(ON_PAGES_ONLY)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_definition_of_every_indicator_is_translated(language):
    with printed_in(language):
        assert [key for key, one in INDICATORS.items() if gettext(one.how) == one.how] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_words_are_kept_that_nothing_prints(language):
    wanted = {(one.id, one.context) for one in gathered()}
    assert [one.id for one in catalog_of(language) if (one.id, one.context) not in wanted] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_put_into_a_text_is_put_into_its_translation(language):
    differing = [
        source
        for one in catalog_of(language)
        for source, text in zip(texts_of(one.id), texts_of(one.string), strict=True)
        if one.python_format and sorted(HOLE.findall(source)) != sorted(HOLE.findall(text))
    ]
    assert differing == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_stored_words_are_those_that_were_written_down(language):
    """`manage.py gather_words` makes them anew."""
    assert compiled(language) == po_file(language).with_suffix(".mo").read_bytes()


def test_a_definition_that_was_changed_keeps_its_translation_to_be_gone_over():
    written, wanted = Catalog(locale="nl"), Catalog()
    written.add("Hours.\n\nFormula: sum.", "Uren.\n\nFormule: som.")
    written.add("Gone", "Weg")
    wanted.add("Hours.\n\nFormula: sum / 60.")
    wanted.add("New")
    found = [(one.id, one.string, one.fuzzy) for one in renewed(written, wanted) if one.id]
    assert found == [
        ("Hours.\n\nFormula: sum / 60.", "Uren.\n\nFormule: som.", True),
        ("New", None, False),
    ]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("board", [REPORT, *BOARDS, None], ids=lambda one: one.key if one else OWN)
def test_the_report_of_any_dashboard_is_wholly_in_the_language_of_its_reader(
    march, cast, board, language
):
    subscription = ReportSubscription(name="X", board=board.key if board else OWN, owner=cast.mia)
    subscription.organization = cast.acme if board is REPORT else None
    subscription.dashboard = None if board else own_dashboard(cast)
    # Finding the first address loads all pages, which have words of their own.
    reverse("reports:list")
    with printed_in(language), timezone.override("Europe/Berlin"):
        heard = trans_real._active.value = Listening(trans_real._active.value)
        report = composed(subscription, cast.mia)
        html, book = html_of(report), workbook_of(report)
        mailed = {"report": report, "reader": cast.mia, "figures": report.figures}
        mails = [render_to_string(f"mail/report.{kind}", mailed) for kind in ("txt", "html")]
    assert heard.unknown == set()
    assert book
    assert len(report.definitions) > 1
    assert ENGLISH.findall(re.sub("<[^>]*>", " ", " ".join([html, *mails]))) == []


@pytest.mark.parametrize("language", ["en-gb", *LANGUAGES])
def test_a_definition_on_paper_has_a_line_for_each_of_its_parts(march, cast, language):
    subscription = ReportSubscription(name="X", board="availability", owner=cast.mia)
    report = report_of(subscription, cast.mia, language)
    name, how = report.definitions[0]
    assert name in ("Availability", "Beschikbaarheid", "Verfügbarkeit")
    assert [line.partition(":")[1] for line in how.splitlines() if line] == ["", *[":"] * 4]


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en-gb", ["2 Mar 2026", "Mar 2026", "71.4%", "1d 1h", "0.5 h", "2,000", "20%",
                   "1,234.50 EUR", "solutions"]),
        ("nl", ["2 mrt 2026", "mrt 2026", "71,4%", "1\u00a0d 1\u00a0u", "0,5 h", "2.000", "20%",
                "1.234,50 EUR", "solutions"]),
        ("de", ["2. Mär 2026", "Mär 2026", "71,4\u00a0%", "1\u00a0d 1\u00a0h", "0,5 h", "2.000",
                "20\u00a0%", "1.234,50 EUR", "Solutions"]),
    ],
)  # fmt: skip
def test_days_and_numbers_are_written_as_the_language_writes_them(language, said):
    first = date(2026, 3, 2)
    with printed_in(language):
        assert [
            words.day(first),
            words.month(first),
            words.percent(5, 7),
            words.span(25 * 3600),
            words.on_axis(0.5, "h"),
            words.on_axis(2000, ""),
            words.on_axis(20, "%"),
            words.money(1234.5, "EUR"),
            # German nouns keep their capital in the middle of a title.
            words.lowered("Solutions"),
        ] == said


@pytest.mark.parametrize("language", ["en-gb", *LANGUAGES])
def test_no_name_says_its_statistic_twice(language):
    with printed_in(language):
        names = [series_name(key, facts(one)) for key, one in INDICATORS.items()]
        doubled = [
            name
            for name in names
            for statistic in map(str, STATISTICS.values())
            if name.casefold().count(statistic.casefold()) > 1
        ]
    assert doubled == []
