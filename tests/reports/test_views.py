"""The overview page."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from itil.desk import actions as desk
from reports.models import ReportSnapshot
from tests import make
from tests.cast import MONDAY

PAGE = "/reports/"
MARCH = {"from": "2026-03-01", "to": "2026-03-31", "step": "month"}
POLLED = {"HX-Request": "true", "HX-Target": "report-status"}


@pytest.fixture
def march(cast):
    """Three incidents of 2 March: one solved after 3 hours, one answered, one untouched."""
    with time_machine.travel(MONDAY + timedelta(days=1), tick=False):
        solved = make.resolved_incident(cast, at=MONDAY + timedelta(hours=3))
        answered = make.taken_incident(cast)
        desk.reply(answered, by=cast.bo, text="Looking.", at=MONDAY + timedelta(minutes=30))
        untouched = make.incident(cast)
        desk.log_time(
            solved, by=cast.bo, minutes=90, activity=cast.activity, work_date=MONDAY.date()
        )
    return solved, answered, untouched


@pytest.fixture
def page(march, signed_in, cast):
    """The overview of March as Mia sees it at the end of April."""
    with time_machine.travel(datetime(2026, 4, 30, tzinfo=UTC), tick=False):
        yield signed_in(cast.mia).get(PAGE, MARCH)


def table(page, key):
    return next(panel for panel in page.context["panels"] if panel.key == key)


def texts(panel):
    return [[cell.text for cell in row] for row in panel.rows]


VOLUME, HOURS = (
    "received-resolved-closed-step",
    ("billable-hours-organization", "hours-organization"),
)


def test_a_manager_sees_the_figures_of_the_period(page):
    assert page.status_code == 200
    assert [(tile.label, tile.value) for tile in page.context["facts"]] == [
        ("Resolved in time", "33.3%"),
        ("Time to first response, half within", "1h 45m"),
        ("Time to resolution, half within", "3h"),
        ("Reopened at least once", "0.0%"),
        ("Open tickets", "2"),
        ("Billable hours", "1.5 h"),
    ]


def test_every_panel_has_a_table_and_says_how_it_is_computed(page):
    panels = page.context["panels"]
    assert [panel.key for panel in panels] == [
        "resolved-in-time-priority",
        "compliance-metric",
        VOLUME,
        "backlog-backlog-on-hold-step",
        "first-response-median-first-response-p90-step",
        "unanswered-step",
        "resolution-median-resolution-p90-step",
        "delivery-from-approval-median-delivery-from-approval-p90-step",
        "delivery-median-delivery-net-median-step",
        "backlog-bucket",
        *HOURS,
    ]
    assert all("Formula" in panel.how for panel in panels)
    assert [panel.key for panel in panels if not panel.rows] == [
        # Nothing was ordered, and the sentence says that there is nothing to measure.
        "delivery-from-approval-median-delivery-from-approval-p90-step",
        "delivery-median-delivery-net-median-step",
    ]


def test_months_show_what_came_in_what_was_resolved_and_what_is_left(page):
    assert texts(table(page, VOLUME)) == [["Mar 2026", "3", "1", "0"]]
    assert texts(table(page, "backlog-backlog-on-hold-step")) == [["Mar 2026", "2", "0"]]


def test_hours_are_listed_by_organization(page):
    assert [texts(table(page, key)) for key in HOURS] == [[["Acme", "1.5 h", "1"]]] * 2


def test_every_number_with_a_link_equals_the_length_of_its_list(page, client):
    links = [
        (panel.key, cell.text, cell.url)
        for panel in page.context["panels"]
        for row in panel.rows
        for cell in row
        if cell.url
    ]
    assert len(links) == 13
    found = [(key, client.get(url).context["page"].paginator.count) for key, _, url in links]
    assert found == [(key, int(text)) for key, text, _ in links]


def test_the_list_behind_the_hours_holds_as_many(page, client):
    entries = client.get(page.context["facts"][-1].url).context["rows"]
    assert sum(entry.minutes for entry in entries) / 60 == 1.5


def test_the_page_works_without_a_script(page):
    html = page.content.decode()
    assert f'class="plot" id="p-{VOLUME}" data-figure="{VOLUME}"' in html
    assert f'<div class="as-table" id="t-{VOLUME}"' in html


def test_an_empty_period_shows_no_numbers_where_there_is_nothing_to_count(signed_in, cast):
    page = signed_in(cast.mia).get(PAGE, {"from": "2020-01-01", "to": "2020-01-31"})
    assert [tile.value for tile in page.context["facts"]] == [
        "n/a",
        "n/a",
        "n/a",
        "n/a",
        "0",
        "0.0 h",
    ]
    assert page.context["figures"] == {}


def test_a_date_that_does_not_exist_keeps_the_figures_shown_before(page, signed_in, cast):
    client = signed_in(cast.mia)
    client.get(PAGE, MARCH)
    wrong = client.get(PAGE, {"from": "2026-02-30", "to": "2026-03-31"})
    assert wrong.status_code == 422
    assert wrong.context["form"].errors == {
        "from": ["Enter a date that exists, such as 2026-10-31."]
    }
    assert [tile.value for tile in wrong.context["facts"]] == [
        tile.value for tile in page.context["facts"]
    ]


def test_a_period_that_ends_before_it_begins_is_an_error_at_its_field(signed_in, cast):
    page = signed_in(cast.mia).get(PAGE, {"from": "2026-03-02", "to": "2026-03-01"})
    assert page.context["form"].errors == {"to": ["The period ends before it begins."]}


def test_the_team_narrows_every_figure(march, signed_in, cast):
    with time_machine.travel(datetime(2026, 4, 30, tzinfo=UTC), tick=False):
        page = signed_in(cast.mia).get(PAGE, MARCH | {"team": cast.network_team.pk})
    assert [tile.value for tile in page.context["facts"]] == [
        "n/a",
        "n/a",
        "n/a",
        "n/a",
        "0",
        "0.0 h",
    ]


def test_confidential_tickets_are_in_no_figure(march, signed_in, cast):
    with time_machine.travel(datetime(2026, 4, 30, tzinfo=UTC), tick=False):
        make.incident(cast, is_confidential=True)
        page = signed_in(cast.mia).get(PAGE, MARCH)
    assert texts(table(page, VOLUME)) == [["Mar 2026", "3", "1", "0"]]
    assert page.context["confidential"] is None


def test_five_confidential_tickets_are_counted_in_one_sentence(march, signed_in, cast):
    with time_machine.travel(datetime(2026, 4, 30, tzinfo=UTC), tick=False):
        for _number in range(5):
            make.incident(cast, is_confidential=True)
        page = signed_in(cast.mia).get(PAGE, MARCH)
    assert page.context["confidential"] == 5


def test_figures_are_computed_once_and_then_read(march, signed_in, cast):
    client = signed_in(cast.mia)
    client.get(PAGE, MARCH)
    first = ReportSnapshot.objects.get().computed_at
    client.get(PAGE, MARCH)
    assert ReportSnapshot.objects.get().computed_at == first


def test_old_figures_are_computed_anew(march, signed_in, cast):
    with time_machine.travel(datetime(2026, 4, 30, 12, tzinfo=UTC), tick=False):
        signed_in(cast.mia).get(PAGE, MARCH)
    with time_machine.travel(datetime(2026, 4, 30, 12, 6, tzinfo=UTC), tick=False):
        signed_in(cast.mia).get(PAGE, MARCH)
    assert ReportSnapshot.objects.get().computed_at == datetime(2026, 4, 30, 12, 6, tzinfo=UTC)


@pytest.mark.parametrize("who", ["ann", "bo", "bea", "dov"])
def test_for_others_there_is_no_such_page(signed_in, cast, who):
    client = signed_in(getattr(cast, who))
    assert client.get(PAGE).status_code == 404
    assert client.get("/reports/status/?report=levels").status_code == 404


@pytest.mark.parametrize("who", ["cleo", "mia", "root"])
def test_leads_managers_and_administrators_see_it(signed_in, cast, who):
    assert signed_in(getattr(cast, who)).get(PAGE).status_code == 200


def test_strangers_are_asked_to_sign_in(client, db):
    assert client.get(PAGE).status_code == 302


def test_reading_stored_figures_takes_few_queries(page, client, django_assert_max_num_queries):
    with django_assert_max_num_queries(12):
        client.get(PAGE, MARCH)


def test_while_nothing_is_computed_the_page_asks_again(march, signed_in, cast, settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
    page = signed_in(cast.mia).get(PAGE, MARCH)
    assert 'hx-get="/reports/?from=2026-03-01&amp;to=2026-03-31' in page.content.decode()
    waiting = page.client.get(PAGE, MARCH, headers=POLLED)
    assert waiting.context["is_waiting"] is True


def test_first_figures_bring_the_page_as_soon_as_they_are_ready(page, client):
    ready = client.get(PAGE, MARCH, headers=POLLED)
    assert ready.headers["HX-Refresh"] == "true"


def test_nothing_is_asked_of_a_report_that_there_is_not(page, client):
    assert client.get("/reports/status/", MARCH | {"report": "overview"}).status_code == 404
    assert client.get("/reports/status/", MARCH).status_code == 404


def test_newer_figures_are_offered_and_do_not_replace_what_is_read(page, client):
    before = (datetime(2026, 4, 29, tzinfo=UTC)).isoformat()
    offered = client.get(PAGE, MARCH | {"shown": before}, headers=POLLED)
    assert "HX-Refresh" not in offered.headers
    assert offered.context["is_newer"] is True


@pytest.mark.parametrize("shown", ["2026-13-45T00:00:00+00:00", "2026-04-30T12:00:00", "now"])
@pytest.mark.parametrize("address", ["/reports/status/", "/reports/backlog/"])
def test_a_moment_that_is_none_counts_as_no_figures_shown(page, client, shown, address):
    client.get("/reports/backlog/", MARCH)
    client.get("/reports/sla/", MARCH)
    answer = client.get(address, MARCH | {"report": "levels", "shown": shown}, headers=POLLED)
    assert answer.headers["HX-Refresh"] == "true"


def test_leads_managers_and_administrators_make_a_report_of_what_they_look_at(
    march, signed_in, cast
):
    team = str(cast.desk_team.pk)
    asked = MARCH | {"team": team, "priority": "1", "compare": "year"}
    page = signed_in(cast.mia).get(PAGE, asked)
    url = page.context["schedule_url"]
    asked = f"name=Service+overview&board=overview&team={team}&priority=1"
    assert url == f"/reports/mailed/new/?{asked}"
    assert f'href="{url}"'.replace("&", "&amp;") in page.content.decode()
    form = page.client.get(url).context["form"]
    assert [form[name].value() for name in ("board", "team", "priority")] == ["overview", team, "1"]


def test_who_makes_no_reports_is_not_asked_to(march, signed_in, cast):
    page = signed_in(cast.bo).get("/reports/backlog/", MARCH)
    assert page.context["schedule_url"] == ""
    assert "Send by mail" not in page.content.decode()
