"""Own dashboards and the pivot."""

from datetime import UTC, datetime

import pytest
import time_machine

from itil.desk import actions as desk
from itil.tickets.errors import Refused
from portal.people.models import Membership, Role, User
from reports.actions.own import MOST_DASHBOARDS, MOST_TILES, create_dashboard, save_tile
from reports.metrics.tile import ChartKind, Tile
from reports.models import Dashboard, DashboardTile, ReportSnapshot
from reports.tasks import refresh_report
from tests import make
from tests.cast import MONDAY, person

MARCH = {"from": "2026-03-01", "to": "2026-03-31", "compare": "none"}
NOW = datetime(2026, 4, 30, tzinfo=UTC)
RECEIVED = Tile("new", ("received",), by="team", chart=ChartKind.LYING)


@pytest.fixture(autouse=True)
def april():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def mine(cast):
    """Bo's dashboard with three tiles, for the eyes of the service desk as well."""
    made = create_dashboard(by=cast.bo, title="My Monday", team=cast.desk_team, at=NOW)
    for title in ("One", "Two", "Three"):
        save_tile(made, RECEIVED, by=cast.bo, title=title)
    return made


def titles(dashboard):
    return [row.title for row in DashboardTile.objects.filter(dashboard=dashboard)]


def test_a_dashboard_is_made_filled_and_looked_at_without_a_script(signed_in, cast):
    make.incident(cast)
    client = signed_in(cast.bo)
    client.post("/reports/own/new/", {"title": "My Monday", "team": ""})
    made = Dashboard.objects.get()
    tile = {"title": "", "indicator": "received", "second": "resolved", "by": "step", "split": "",
            "chart": "bar"}  # fmt: skip
    added = client.post(f"/reports/own/{made.pk}/tiles/new/", tile)
    assert added.status_code == 303
    page = client.get(f"/reports/own/{made.pk}/", MARCH)
    assert [panel.title for panel in page.context["panels"]] == [
        "Tickets received and tickets resolved, by day"
    ]
    row = made.tiles.get()
    client.post(f"/reports/own/{made.pk}/tiles/{row.pk}/", tile | {"title": "Flow", "second": ""})
    assert (made.tiles.get().title, made.tiles.get().indicators) == ("Flow", ["received"])


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"by": "agent"}, "by"),
        ({"split": "step", "by": ""}, "split"),
        ({"second": "resolution_median"}, "second"),
        ({"chart": "number"}, "chart"),
        ({"chart": "line", "by": "team"}, "chart"),
        ({"by": ""}, "by"),
    ],
)
def test_what_cannot_be_drawn_is_said_at_its_field(mine, signed_in, cast, wrong, field):
    tile = {"indicator": "received", "by": "team", "chart": "bar", "title": "", "second": "",
            "split": ""}  # fmt: skip
    page = signed_in(cast.bo).post(f"/reports/own/{mine.pk}/tiles/new/", tile | wrong)
    assert page.status_code == 422
    assert field in page.context["form"].errors
    assert mine.tiles.count() == 3


def test_tiles_are_moved_and_removed_by_buttons(mine, signed_in, cast):
    client = signed_in(cast.bo)
    two = mine.tiles.get(title="Two")
    client.post(f"/reports/own/{mine.pk}/tiles/{two.pk}/move/", {"to": "1"})
    assert titles(mine) == ["Two", "One", "Three"]
    client.post(f"/reports/own/{mine.pk}/tiles/{two.pk}/move/", {"to": "99"})
    assert titles(mine) == ["One", "Three", "Two"]
    client.post(f"/reports/own/{mine.pk}/tiles/{two.pk}/remove/")
    assert titles(mine) == ["One", "Three"]
    assert "horizontal bars" in client.get(f"/reports/own/{mine.pk}/edit/").content.decode()


def test_a_team_looks_and_copies_and_only_the_owner_changes(mine, signed_in, cast):
    client = signed_in(cast.cleo)
    assert client.get(f"/reports/own/{mine.pk}/", MARCH).status_code == 200
    for path in ("edit/", "delete/", "tiles/new/", f"tiles/{mine.tiles.first().pk}/remove/"):
        assert client.post(f"/reports/own/{mine.pk}/{path}", {}).status_code == 404
    client.post(f"/reports/own/{mine.pk}/copy/")
    copy = Dashboard.objects.get(owner=cast.cleo)
    assert (copy.title, copy.team, titles(copy)) == (
        "My Monday (copy)", None, ["One", "Two", "Three"],
    )  # fmt: skip
    signed_in(cast.bo).post(f"/reports/own/{mine.pk}/delete/")
    assert [one.pk for one in Dashboard.objects.all()] == [copy.pk]


@pytest.mark.parametrize("who", ["ned", "mia", "bea", "ann"])
def test_for_others_a_dashboard_is_not_there(mine, signed_in, cast, who):
    client = signed_in(getattr(cast, who))
    for path in ("", "edit/", "tiles/new/"):
        assert client.get(f"/reports/own/{mine.pk}/{path}").status_code == 404
    assert client.post(f"/reports/own/{mine.pk}/copy/").status_code == 404


def test_a_shared_dashboard_shows_each_reader_the_own_reach(mine, signed_in, cast):
    make.incident(cast)
    make.incident(cast, team=cast.network_team)
    Membership.objects.create(user=cast.mia, team=cast.desk_team, role=Role.AGENT)

    def total(who):
        page = signed_in(who).get(f"/reports/own/{mine.pk}/", MARCH)
        return [row[0].text for row in page.context["panels"][0].rows]

    assert total(cast.bo) == ["Service desk"]
    assert sorted(total(cast.mia)) == ["Network", "Service desk"]


def test_there_are_limits_that_say_so(mine, cast):
    for _number in range(MOST_TILES - 3):
        save_tile(mine, RECEIVED, by=cast.bo)
    with pytest.raises(Refused, match="at most 24 tiles"):
        save_tile(mine, RECEIVED, by=cast.bo)
    for _number in range(MOST_DASHBOARDS - 1):
        create_dashboard(by=cast.bo, title="Another", at=NOW)
    with pytest.raises(Refused, match="30 dashboards already"):
        create_dashboard(by=cast.bo, title="Another", at=NOW)
    with pytest.raises(Refused, match="a team that you are in"):
        create_dashboard(by=cast.ned, title="Theirs", team=cast.desk_team, at=NOW)


def test_a_pivot_shows_rows_columns_totals_lists_and_a_file(signed_in, cast):
    for number, team in enumerate((cast.desk_team, cast.desk_team, cast.network_team)):
        make.incident(cast, team=team, channel="phone" if number else "mail", by=cast.bo)
    client = signed_in(cast.mia)
    query = MARCH | {"indicator": "received", "by": "team", "split": "channel", "chart": "stacked"}
    page = client.get("/reports/pivot/", query)
    panel = page.context["panels"][0]
    assert [*panel.headings] == ["Team", "Telephone", "E-mail", "Total"]
    assert [[cell.text for cell in row] for row in panel.rows] == [
        ["Service desk", "1", "1", "2"],
        ["Network", "1", "–", "1"],
    ]
    assert client.get(panel.rows[0][1].url).context["n"] == 1
    file = b"".join(client.get("/reports/pivot/", query | {"format": "csv"})).decode()
    assert "Service desk,Telephone,1.0,1,number" in file
    wrong = client.get("/reports/pivot/", query | {"by": "agent"})
    assert "by" in wrong.context["pivot_form"].errors


def test_a_pivot_keeps_people_of_the_same_name_apart(signed_in, cast):
    """Two are called Bo; the lead of both sees two rows, whose totals add up."""
    other = person("Bo Two", cast.halden)
    User.objects.filter(pk=other.pk).update(name=cast.bo.name)
    other.refresh_from_db()
    Membership.objects.create(user=other, role=Role.AGENT, team=cast.desk_team)
    incident = make.incident(cast)
    for agent, minutes in ((cast.bo, 60), (other, 30), (other, 90)):
        desk.log_time(
            incident, by=agent, minutes=minutes, activity=cast.activity, work_date=MONDAY.date()
        )
    client = signed_in(cast.cleo)
    query = MARCH | {"indicator": "hours", "by": "agent", "split": "activity", "chart": "stacked"}
    panel = client.get("/reports/pivot/", query).context["panels"][0]
    assert [[cell.text for cell in row] for row in panel.rows] == [
        ["Bo", "1.0 h", "1.0 h"],
        ["Bo", "2.0 h", "2.0 h"],
    ]
    bar = panel.figure["data"][0]
    assert (bar["x"], bar["y"]) == (["Bo", "Bo (2)"], [1.0, 2.0])
    turned = query | {"by": "activity", "split": "agent"}
    panel = client.get("/reports/pivot/", turned).context["panels"][0]
    assert [cell.text for cell in panel.rows[0]] == ["Analysis", "1.0 h", "2.0 h", "3.0 h"]
    assert [bar["y"] for bar in panel.figure["data"]] == [[1.0], [2.0]]


def test_pages_that_wait_ask_again_themselves_and_are_reloaded_only_without_a_script(
    mine, signed_in, cast, settings
):
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
    client = signed_in(cast.bo)
    for page in (
        "/reports/pivot/",
        "/reports/backlog/",
        "/reports/list/?indicator=received",
        f"/reports/own/{mine.pk}/",
        f"/reports/own/{mine.pk}/tiles/new/",
    ):
        html = client.get(page).content.decode()
        assert "hx-get=" in html, page
        without_script = '<noscript><meta http-equiv="refresh" content="3"></noscript>'
        assert (html.count(without_script), html.count("http-equiv")) == (1, 1), page


def test_a_pivot_comes_as_soon_as_there_is_something_to_choose_from(signed_in, cast, settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
    client, polled = signed_in(cast.bo), {"HX-Request": "true", "HX-Target": "report-status"}
    client.get("/reports/pivot/", MARCH)
    assert client.get("/reports/pivot/", MARCH, headers=polled).context["is_waiting"] is True
    for _turn in ("the catalog", "the figures"):
        for snapshot in ReportSnapshot.objects.filter(computed_at=None):
            refresh_report.call(snapshot.pk)
        last = client.get("/reports/pivot/", MARCH, headers=polled)
    assert last.headers["HX-Refresh"] == "true"
    assert client.get("/reports/pivot/", MARCH).context["panels"]
