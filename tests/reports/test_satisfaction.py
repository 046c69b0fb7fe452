"""The page about satisfaction and the ratings behind its numbers."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from itil.surveys.actions import rate
from knowledgebase.actions import end_by_answer, open_answer, send_after_answers
from tests import make
from tests.cast import MONDAY
from tests.itil.surveys.surveyed import solved
from tests.knowledgebase import shelf

PAGE, LIST, FORMS = "/reports/csat/", "/reports/csat/ratings/", "/reports/csat/forms/"
MARCH = {"from": "2026-03-01", "to": "2026-03-31"}
APRIL_30 = datetime(2026, 4, 30, tzinfo=UTC)
WEEK = timedelta(days=7)


@pytest.fixture
def march(cast):
    """Three ratings of three solutions, one of them low; a fourth solution was not rated."""
    tickets = [solved(cast, at=MONDAY + week * WEEK) for week in range(4)]
    words = ("Quick.", "=HYPERLINK(1)", "")
    for week, (score, comment) in enumerate(zip((5, 2, 4), words, strict=True)):
        rate(
            tickets[week], by=cast.ann, score=score, comment=comment, praised=["fast"],
            at=MONDAY + week * WEEK,
        )  # fmt: skip
    return tickets


@pytest.fixture
def forms(cast):
    """Of four forms one was ended by an answer, two were only read and one was sent."""
    article, keys = shelf.article(), [uuid.uuid4() for _form in range(4)]
    said = {"by": cast.ann, "at": MONDAY}
    end_by_answer(article, key=keys[0], query="vpn is slow", **said)
    for key in keys[1:3]:
        open_answer(article, key=key, query="no vpn", **said)
    send_after_answers(make.incident(cast), key=keys[3], query="mail", **said)


@pytest.fixture
def page(march, forms, signed_in, cast):
    with time_machine.travel(APRIL_30, tick=False):
        yield signed_in(cast.mia).get(PAGE, MARCH)


def test_a_manager_reads_the_figures_of_the_period(page):
    assert [(fact.label, fact.value, fact.about) for fact in page.context["facts"]] == [
        ("Satisfied", "66.6%", "of 3 ratings (95% interval 20.8 to 93.9%)"),
        ("Mean rating", "3.67", "on the scale from 1 to 5"),
        ("Low ratings", "1", "very bad or bad"),
        ("Answered", "75.0%", "of 4 surveys"),
    ]


@pytest.fixture
def asked_too(march, cast, settings):
    """The desk asks whether people recommend it: Ann's three answers, then five of others."""
    settings.SURVEY_ASKS_RECOMMENDATION = True
    for ticket, answer in zip(march, (10, 3, 8), strict=False):
        rate(ticket, by=cast.ann, score=4, recommendation=answer, at=ticket.resolved_at)


def nps_of(client):
    with time_machine.travel(APRIL_30, tick=False):
        facts = client.get(PAGE, MARCH).context["facts"]
    return next((fact for fact in facts if fact.label == "Net promoter score"), None)


def test_three_recommendations_are_too_few_to_be_told(asked_too, signed_in, cast):
    found = nps_of(signed_in(cast.mia))
    assert (found.value, found.about) == ("n/a", "fewer than 5 people, who are not told apart")


def test_the_balance_of_recommendations_leads_to_the_answers(asked_too, signed_in, cast, settings):
    for week in range(5):
        at = MONDAY + timedelta(days=week)
        ticket = solved(cast, at=at, requester=cast.dov)
        rate(ticket, by=cast.dov, score=5, recommendation=9, at=at)
    client = signed_in(cast.mia)
    found = nps_of(client)
    # Six of eight recommend the desk, one does not.
    assert (found.value, found.about) == ("62", "of 8 answers")
    with time_machine.travel(APRIL_30, tick=False):
        rows = client.get(found.url).context["rows"]
    assert sorted(row.recommendation for row in rows) == [3, 8, 9, 9, 9, 9, 9, 10]


@pytest.mark.parametrize("more", [{}, {"recommended": "1"}, {"sort": "-recommendation"}])
def test_no_list_and_no_file_tells_of_a_few_whether_they_recommend_the_desk(
    asked_too, signed_in, cast, more
):
    client = signed_in(cast.mia)
    page = client.get(LIST, MARCH | more)
    told = [] if "recommended" in more else [4, 4, 4]
    assert [row.score for row in page.context["rows"]] == told
    assert ("Fewer than 5 people here" in page.content.decode()) == ("recommended" in more)
    assert "Nobody gave such a rating" not in page.content.decode()
    assert "Recommends us" not in page.content.decode()
    file = client.get(LIST, MARCH | more | {"format": "csv"})
    assert "Recommends us" not in b"".join(file.streaming_content).decode()
    # The order of the list would tell as well.
    assert page.context["view"].sort == "-rated"


def test_every_panel_has_a_table_and_says_how_it_is_computed(page):
    panels = page.context["panels"]
    assert [panel.key for panel in panels] == [
        "scores",
        "months",
        "teams",
        "self_service",
        "deflected",
    ]
    assert all(panel.rows and "Formula" in panel.how for panel in panels)
    html = page.content.decode()
    assert '<div class="as-table" id="t-scores"' in html


def test_every_number_with_a_link_equals_the_length_of_its_list(page, client):
    facts = page.context["facts"]
    links = [(fact.label, fact.value, fact.url) for fact in facts[2:3]]
    links += [
        (panel.key, cell.text, cell.url)
        for panel in page.context["panels"]
        for row in panel.rows
        for cell in row
        if cell.url
    ]
    assert len(links) == 1 + 5 + 2 + 2 + 5
    found = [(key, client.get(url).context["page"].paginator.count) for key, _, url in links]
    assert found == [(key, int(text)) for key, text, _ in links]


def test_the_list_shows_the_words_and_leads_to_the_tickets(page, client, march):
    html = client.get(page.context["facts"][2].url).content.decode()
    assert f"/desk/tickets/{march[1].number}/" in html
    assert "=HYPERLINK(1)" in html
    assert "Quick." not in html


def test_the_list_comes_as_a_file_that_no_spreadsheet_runs(page, client, march):
    lines = b"".join(client.get(LIST, MARCH | {"format": "csv"}).streaming_content).decode()
    assert f"{march[1].number},Mail does not arrive,2,'=HYPERLINK(1),Fast," in lines


@pytest.mark.parametrize("address", ["/reports/", "/reports/sla/", PAGE, "/reports/flow/"])
def test_a_period_that_is_yet_to_come_says_so_and_shows_no_noughts(address, march, signed_in, cast):
    with time_machine.travel(APRIL_30, tick=False):
        page = signed_in(cast.mia).get(address, {"from": "2027-03-01", "to": "2027-03-31"})
    html = page.content.decode()
    assert page.status_code == 200
    assert "This period is yet to come" in html
    assert "so far" not in html
    assert 'class="kpis' not in html


def test_an_empty_period_has_nothing_to_count(signed_in, cast):
    page = signed_in(cast.mia).get(PAGE, {"from": "2020-01-01", "to": "2020-01-31"})
    assert [fact.value for fact in page.context["facts"]] == ["n/a", "n/a", "0", "n/a"]
    assert page.context["figures"] == {}


def test_a_broken_link_lists_nothing(page, client):
    for query in ({}, {"from": "yesterday"}, MARCH | {"score_from": "9"}, MARCH | {"solver": "x"}):
        for path in (LIST, FORMS):
            shown = client.get(path, query)
            assert (shown.status_code, len(shown.context["rows"])) == (200, 0)


def test_what_was_answered_before_it_was_sent_is_an_estimate(page):
    panel = page.context["panels"][-1]
    assert panel.sentence == (
        "About 75% of 4 forms with answers beside them were not needed (estimate)."
    )
    assert [[cell.text for cell in row] for row in panel.rows] == [
        ["This solved it", "1"],
        ["An answer was read, nothing was sent", "2"],
        ["Sent all the same", "1"],
        ["Reported within a day after all", "0"],
        ["Read less than a day ago", "0"],
    ]


def test_the_list_of_forms_shows_what_was_typed_and_not_who(page, client):
    html = client.get(FORMS, MARCH | {"outcome": "read"}).content.decode()
    assert "no vpn" in html
    assert "VPN connects but nothing loads" in html
    assert "Ann" not in html


def test_forms_belong_to_no_team(march, forms, signed_in, cast):
    with time_machine.travel(APRIL_30, tick=False):
        page = signed_in(cast.mia).get(PAGE, MARCH | {"team": cast.desk_team.pk})
    assert "deflected" not in [panel.key for panel in page.context["panels"]]


def test_forms_that_became_confidential_are_in_no_figure(march, forms, signed_in, cast):
    type(march[0]).objects.update(is_confidential=True)
    with time_machine.travel(APRIL_30, tick=False):
        page = signed_in(cast.mia).get(PAGE, MARCH)
        listed = page.client.get(FORMS, MARCH | {"outcome": "sent"})
    assert [row[1].text for row in page.context["panels"][-1].rows] == ["1", "2", "0", "0", "0"]
    assert list(listed.context["rows"]) == []


@pytest.mark.parametrize("path", [PAGE, LIST, FORMS])
@pytest.mark.parametrize(
    ("who", "status"),
    [("ann", 404), ("bo", 404), ("bea", 404), ("cleo", 200), ("mia", 200), ("root", 200)],
)
def test_only_those_who_see_reports_see_it(signed_in, cast, path, who, status):
    assert signed_in(getattr(cast, who)).get(path).status_code == status


def test_confidential_tickets_are_in_no_list(march, signed_in, cast):
    type(march[0]).objects.update(is_confidential=True)
    shown = signed_in(cast.root).get(LIST, MARCH)
    assert list(shown.context["rows"]) == []


@pytest.mark.parametrize("rows", [1, 12])
def test_the_list_takes_the_same_queries_for_any_number_of_rows(
    signed_in, cast, rows, django_assert_num_queries
):
    for number in range(rows):
        rate(solved(cast, title=f"Mail {number}"), by=cast.ann, score=4, at=MONDAY)
    client = signed_in(cast.mia)
    with django_assert_num_queries(5):
        assert "Mail 0" in client.get(LIST, MARCH).content.decode()
