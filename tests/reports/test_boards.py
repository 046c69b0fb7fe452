"""Dashboards, and the lists behind their points."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
import time_machine
from django.urls import reverse

from itil.desk import actions as desk
from itil.sla.models import Agreement
from itil.surveys.actions import rate
from itil.tickets.models import Category, Ticket
from portal.people.models import Membership, Role
from reports.charts.dashboards import BY_KEY
from reports.models import CountedRecord
from tests import make
from tests.cast import MONDAY

MARCH = {"from": "2026-03-01", "to": "2026-03-31", "compare": "none", "step": "week"}
END = datetime(2026, 4, 30, tzinfo=UTC)


@pytest.fixture
def march(cast):
    """Of 2 March: one solved by the desk with an hour and a half of work, one answered and handed
    to the network team, and one of Globex untouched."""
    with time_machine.travel(MONDAY + timedelta(days=1), tick=False):
        solved = make.resolved_incident(cast, at=MONDAY + timedelta(hours=3))
        answered = make.taken_incident(cast)
        desk.reply(answered, by=cast.bo, text="Looking.", at=MONDAY + timedelta(minutes=30))
        desk.hand_over(answered, cast.network_team, by=cast.bo)
        untouched = make.incident(cast, by=cast.dov, requester=cast.dov)
        desk.log_time(
            solved, by=cast.bo, minutes=90, activity=cast.activity, work_date=MONDAY.date()
        )
    with time_machine.travel(END, tick=False):
        yield SimpleNamespace(solved=solved, answered=answered, untouched=untouched)


def first_links(page):
    """One number of each panel that opens a list: where it stands, its text, its address."""
    for panel in page.context["panels"]:
        found = [cell for row in panel.rows for cell in row if cell.url]
        if found:
            yield panel.key, found[0].text, found[0].url


def test_a_page_of_records_has_as_many_as_the_point_says_and_counts_the_hidden(
    march, signed_in, cast
):
    for who in ("bo", "mia"):
        client = signed_in(getattr(cast, who))
        links = list(first_links(client.get("/reports/backlog/", MARCH)))[:4]
        for key, text, url in links:
            found = client.get(url)
            shown = found.context["page"].paginator.count
            assert (key, str(found.context["n"])) == (key, text)
            assert shown + found.context["hidden"] == found.context["n"]
        assert len(links) == 4


def test_the_table_of_a_panel_is_a_file(march, signed_in, cast):
    client = signed_in(cast.mia)
    page = client.get("/reports/backlog/", MARCH)
    panel = next(one for one in page.context["panels"] if one.key == "received-channel")
    file = client.get(f"{page.context['file_url']}{panel.key}")
    lines = b"".join(file.streaming_content).decode("utf-8-sig").splitlines()
    assert lines[0].split(",") == [str(heading) for heading in panel.headings]
    assert lines[1:] == [",".join(cell.text for cell in row) for row in panel.rows]
    assert client.get(f"{page.context['file_url']}no-such").status_code == 404


def test_what_became_confidential_is_counted_and_not_shown(march, signed_in, cast):
    client, query = signed_in(cast.mia), MARCH | {"indicator": "received"}
    client.get("/reports/list/", query)
    Ticket.objects.filter(pk=march.solved.pk).update(is_confidential=True)
    page = client.get("/reports/list/", query)
    assert (page.context["n"], page.context["seen"], page.context["hidden"]) == (3, 2, 1)
    assert "1 more that you may not see." in page.content.decode()


def test_a_list_is_searched_sorted_and_a_file(march, signed_in, cast):
    client, query = signed_in(cast.mia), MARCH | {"indicator": "received"}
    page = client.get("/reports/list/", query | {"sort": "number"})
    numbers = [line[0].text for line in page.context["lines"]]
    assert numbers == sorted(numbers)
    assert len(numbers) == 3
    found = client.get("/reports/list/", query | {"q": march.solved.number})
    assert [line[0].text for line in found.context["lines"]] == [march.solved.number]
    file = client.get("/reports/list/", query | {"format": "csv"})
    assert len(list(file.streaming_content)) == 4
    assert CountedRecord.objects.count() == 3


@pytest.mark.parametrize(
    "query",
    [
        {"indicator": "no_such"},
        {"indicator": "received", "team": "999"},
        {"indicator": "received", "at_team": "x"},
        {"indicator": "hours", "at_agent": "999999"},
        {"indicator": "received", "from": "2026-02-30"},
    ],
)
def test_a_list_of_nothing_that_may_be_seen_is_no_page(march, signed_in, cast, query):
    assert signed_in(cast.bo).get("/reports/list/", MARCH | query).status_code == 404


def test_another_team_is_beyond_the_reach_of_an_agent(march, signed_in, cast):
    client = signed_in(cast.bo)
    other = {"at_team": cast.network_team.pk, "indicator": "received"}
    assert client.get("/reports/list/", MARCH | other).status_code == 404
    page = client.get("/reports/backlog/", MARCH | {"team": cast.network_team.pk})
    assert page.status_code == 422
    own = client.get("/reports/backlog/", MARCH)
    assert own.context["facts"][0].value == "2"
    assert signed_in(cast.mia).get("/reports/backlog/", MARCH).context["facts"][0].value == "3"


def test_hours_by_person_are_for_the_person_and_the_lead(march, signed_in, cast):
    def people(who):
        page = signed_in(getattr(cast, who)).get("/reports/workload/", MARCH)
        panel = next(one for one in page.context["panels"] if one.key == "hours-agent")
        return [(row[0].text, row[1].text) for row in panel.rows]

    assert people("bo") == [("Bo", "1.5 h")]
    assert people("cleo") == [("Bo", "1.5 h")]
    assert people("ned") == people("mia") == []


@pytest.mark.parametrize(
    ("who", "boards"),
    [
        ("ann", set()),
        ("dov", set()),
        # The overview is about the whole desk.
        ("bo", {*BY_KEY} - {"overview"}),
        ("cleo", {*BY_KEY}),
        ("mia", {*BY_KEY}),
        ("root", {*BY_KEY}),
        ("bea", {"money"}),
    ],
)
def test_dashboards_by_role(signed_in, cast, settings, who, boards):
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
    client = signed_in(getattr(cast, who))
    for key in BY_KEY:
        expected = 200 if key in boards else 404
        assert client.get(reverse(f"reports:{key}"), MARCH).status_code == expected, key


@pytest.mark.parametrize("role", [Role.PROBLEM_MANAGER, Role.CHANGE_MANAGER])
def test_managers_of_problems_and_changes_see_the_whole_desk(march, signed_in, cast, role):
    Membership.objects.create(user=cast.dov, role=role)
    page = signed_in(cast.dov).get("/reports/backlog/", MARCH)
    assert page.context["facts"][0].value == "3"
    assert signed_in(cast.dov).get("/reports/", MARCH).status_code == 200


def test_a_catalog_manager_without_a_team_sees_no_dashboard(march, signed_in, cast):
    Membership.objects.create(user=cast.dov, role=Role.CATALOG_MANAGER)
    assert signed_in(cast.dov).get("/reports/backlog/", MARCH).status_code == 404


def test_what_a_ticket_costs_is_for_managers_and_amounts_for_who_bills(march, signed_in, cast):
    def told(who):
        client = signed_in(getattr(cast, who))
        listed = client.get("/reports/list/", MARCH | {"indicator": "cost_per_ticket"})
        page = client.get("/reports/money/", MARCH)
        shown = {one.key for one in page.context["panels"]}
        asked = ("cost-per-ticket-step", "invoiced-step-currency")
        return *(key in shown for key in asked), listed.status_code

    assert told("mia") == (True, True, 200)
    assert told("bea") == (False, True, 404)
    assert told("bo") == (False, False, 404)


def test_the_billing_contact_of_a_customer_sees_the_own_organization_only(march, signed_in, cast):
    type(cast.dov).objects.filter(pk=cast.dov.pk).update(billing_contact=True)
    cast.dov.refresh_from_db()
    client = signed_in(cast.dov)
    query = MARCH | {"organization": cast.acme.pk}
    page = client.get("/reports/response/", query)
    assert page.status_code == 200
    assert page.context["scope"].organization == cast.globex.pk
    assert not any("team" in panel.key for panel in page.context["panels"])
    assert client.get("/reports/backlog/", MARCH).status_code == 404
    assert client.get("/reports/list/", query | {"indicator": "backlog"}).status_code == 404
    found = client.get("/reports/list/", query | {"indicator": "unanswered"})
    assert (found.context["n"], found.context["seen"]) == (1, 1)


def test_a_customer_who_counts_up_keys_reads_no_name_that_is_not_in_the_own_figures(
    march, signed_in, cast
):
    type(cast.dov).objects.filter(pk=cast.dov.pk).update(billing_contact=True)
    cast.dov.refresh_from_db()
    theirs = Agreement.objects.create(name="Gold for Acme", calendar=cast.agreement.calendar)
    layoffs = Category.objects.create(name="Layoffs at Acme")

    def named(who, indicator, dimension, key):
        asked = MARCH | {"indicator": indicator, f"at_{dimension}": key}
        page = signed_in(getattr(cast, who)).get("/reports/list/", asked)
        return dict(page.context["conditions"])[dimension.capitalize()], page.context["records"]

    assert named("dov", "compliance", "agreement", cast.agreement.pk) == ("Standard", "3")
    assert named("dov", "compliance", "agreement", theirs.pk) == (str(theirs.pk), "0")
    assert named("dov", "unanswered", "category", layoffs.pk) == (str(layoffs.pk), "0")
    assert named("mia", "compliance", "agreement", theirs.pk) == ("Gold for Acme", "0")


def test_teams_stand_by_their_hours_and_not_by_how_often_they_wrote_some_down(
    march, signed_in, cast
):
    with time_machine.travel(MONDAY + timedelta(days=1), tick=False):
        for _number in range(3):
            desk.log_time(
                march.answered, by=cast.ned, minutes=6, activity=cast.activity,
                work_date=MONDAY.date(),
            )  # fmt: skip
    page = signed_in(cast.mia).get("/reports/workload/", MARCH)
    panel = next(one for one in page.context["panels"] if one.key == "hours-team")
    assert [[cell.text for cell in row] for row in panel.rows] == [
        [cast.desk_team.name, "1.5 h", "1"],
        [cast.network_team.name, "0.3 h", "3"],
    ]


def test_the_name_of_a_list_comes_with_the_list(march, signed_in, cast, settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
    url = "/reports/list/?indicator=received&from=2026-03-01&to=2026-03-31"
    html = signed_in(cast.mia).get(url).content.decode()
    # What asks for itself again is replaced together with the heading.
    assert 'hx-select="#records"' in html
    assert html.index('id="records"') < html.index("<h1>")


def test_a_single_step_is_no_line(march, signed_in, cast):
    month = signed_in(cast.mia).get("/reports/backlog/", MARCH | {"step": "month"})
    panels = {one.key: one for one in month.context["panels"]}
    line, bars = panels["backlog-backlog-on-hold-step"], panels["came-in-solved-step"]
    assert (line.figure, len(line.rows)) == (None, 1)
    assert bars.figure is not None


def test_a_few_ratings_are_not_told(march, signed_in, cast):
    rate(march.solved, by=cast.ann, score=5, at=MONDAY + timedelta(days=1))
    client = signed_in(cast.mia)
    page = client.get("/reports/voices/", MARCH)
    fact = page.context["facts"][0]
    assert (fact.value, fact.unit, fact.url) == (
        "n/a", "fewer than 5 people, who are not told apart", "",
    )  # fmt: skip
    found = client.get("/reports/list/", MARCH | {"indicator": "csat"})
    assert found.context["few"] is True
    assert len(found.context["rows"]) == 0
    file = client.get("/reports/list/", MARCH | {"indicator": "csat", "format": "csv"})
    assert len(list(file.streaming_content)) == 1


def headings_of(client, indicator):
    """The list behind the total of an indicator, and behind its file."""
    query = MARCH | {"indicator": indicator}
    page = client.get("/reports/list/", query)
    assert len(page.context["rows"]) == 5
    file = client.get("/reports/list/", query | {"format": "csv"})
    first = b"".join(file.streaming_content).decode("utf-8-sig").splitlines()[0]
    return first, [str(cell.label) for cell in page.context["columns"]]


def test_only_the_list_of_recommendations_tells_them(signed_in, cast):
    """Behind the share of satisfied people they would be told of however few answered."""
    with time_machine.travel(END, tick=False):
        for day in range(5):
            at = MONDAY + timedelta(days=day)
            rate(make.resolved_incident(cast, at=at), by=cast.ann, score=5, recommendation=9, at=at)
        client = signed_in(cast.mia)
        for indicator, is_told in (("csat", False), ("rating_mean", False), ("nps", True)):
            file, page = headings_of(client, indicator)
            assert ("Recommends us, 0 to 10" in page) == is_told
            assert ("Recommends us" in file) == is_told


def test_a_period_yet_to_come_is_not_zero(march, signed_in, cast):
    coming = {"from": "2027-01-01", "to": "2027-01-31"}
    page = signed_in(cast.mia).get("/reports/backlog/", coming)
    assert {(fact.value, fact.unit) for fact in page.context["facts"]} == {
        ("n/a", "the period is yet to come")
    }


def test_a_dashboard_and_a_list_take_few_queries(
    march, signed_in, cast, django_assert_max_num_queries
):
    client = signed_in(cast.mia)
    client.get("/reports/response/", MARCH)
    client.get("/reports/list/", MARCH | {"indicator": "received"})
    with django_assert_max_num_queries(10):
        page = client.get("/reports/response/", MARCH)
    with django_assert_max_num_queries(14):
        client.get("/reports/list/", MARCH | {"indicator": "received"})
    assert len(page.content) < 200_000


def test_while_nothing_is_computed_the_page_asks_itself_again(march, signed_in, cast, settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
    client = signed_in(cast.mia)
    page = client.get("/reports/backlog/", MARCH)
    assert 'hx-get="/reports/backlog/?from=2026-03-01' in page.content.decode()
    again = client.get(
        "/reports/backlog/", MARCH, headers={"HX-Request": "true", "HX-Target": "report-status"}
    )
    assert again.context["is_waiting"] is True
    waiting = client.get("/reports/list/", MARCH | {"indicator": "received"})
    assert "The list is being prepared" in waiting.content.decode()
