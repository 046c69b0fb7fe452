"""The page of flow."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from itil.desk import actions as desk
from reports.charts.maps import Move, Place, picture
from tests import make
from tests.cast import MONDAY

PAGE = "/reports/flow/"
MARCH = {"from": "2026-03-01", "to": "2026-03-31"}


@pytest.fixture
def ask(cast, signed_in):
    """The page as Mia sees it at the end of April, after one incident was solved in 3 hours."""
    make.resolved_incident(cast, at=MONDAY + timedelta(hours=3))

    def look(**query):
        with time_machine.travel(datetime(2026, 4, 30, tzinfo=UTC), tick=False):
            return signed_in(cast.mia).get(PAGE, MARCH | query)

    return look


def test_the_map_is_drawn_without_a_script_and_the_tables_say_the_same(ask):
    page = ask()
    states = page.context["maps"][0].picture
    assert [box.label for box in states.boxes] == ["New", "In progress", "Resolved"]
    assert [arrow.text for arrow in states.arrows] == ["1", "1"]
    panels = {panel.key: panel for panel in page.context["panels"]}
    moves = [[cell.text for cell in row] for row in panels["moves-states"].rows]
    assert moves[0][:3] == ["In progress → Resolved", "1", "1"]
    assert all("Formula" in panel.how for panel in panels.values())
    assert '<svg role="group"' in page.content.decode()


def test_every_place_move_and_wait_opens_the_tickets_it_counts(ask, cast, signed_in):
    held = make.taken_incident(cast)
    values = {"hold_reason": "awaiting_requester", "note": "Which office is it?"}
    desk.move(held, "hold", by=cast.bo, values=values, at=MONDAY + timedelta(hours=1))
    desk.move(held, "resume", by=cast.bo, at=MONDAY + timedelta(hours=5))
    for minutes, team in ((310, cast.network_team), (330, cast.desk_team)):
        with time_machine.travel(MONDAY + timedelta(minutes=minutes), tick=False):
            desk.hand_over(held, team, by=cast.cleo)
    solve = {"resolution_code": "fixed", "note": "Replaced."}
    desk.move(held, "resolve", by=cast.bo, values=solve, at=MONDAY + timedelta(hours=6))
    page = ask()
    links = [(fact.label, None, fact.url) for fact in page.context["facts"]]
    for shown in page.context["maps"]:
        links += [(box.label, None, box.url) for box in shown.picture.boxes]
        links += [(arrow.label, arrow.text, arrow.url) for arrow in shown.picture.arrows]
    for panel in page.context["panels"]:
        links += [
            (panel.key, cell.text, cell.url) for row in panel.rows for cell in row if cell.url
        ]
    client = signed_in(cast.mia)
    told = {"pairs": 0, "waits": 0, "moves-teams": 0}
    for url in {url for _name, _text, url in links}:
        with time_machine.travel(datetime(2026, 4, 30, tzinfo=UTC), tick=False):
            found = client.get(url)
        often, rows = str(found.context["n"]), str(found.context["page"].paginator.count)
        for name, text, _url in (one for one in links if one[2] == url):
            assert text in (None, often, rows), (url, name, text, often, rows)
            told[name] = told.get(name, 0) + 1
    assert min(told.values()) > 0
    assert found.context["hidden"] == 0


@pytest.mark.parametrize(
    "query",
    [
        {"what": "nothing"},
        {"what": "half", "place": "yesterday"},
        {"what": "all", "from": "2026-02-30"},
    ],
)
def test_what_cannot_be_on_the_page_has_no_list(cast, signed_in, query):
    assert signed_in(cast.mia).get("/reports/flow/tickets/", MARCH | query).status_code == 404


def test_the_cost_of_waiting_stands_there_only_when_a_rate_was_typed(ask):
    def labels(page):
        return [fact.label for fact in page.context["facts"]]

    assert "What if: cost of waiting" not in labels(ask())
    assert "What if: cost of waiting" in labels(ask(rate="60"))


def test_a_day_outside_the_period_cannot_part_it(ask):
    page = ask(split="2026-05-01")
    assert page.status_code == 422
    assert page.context["form"].errors == {
        "split": ["Choose a day within the period, after its first one."]
    }


def test_places_stand_behind_those_they_are_reached_from_and_ways_back_run_below():
    places = [Place("a", "A", "", 0, 9), Place("b", "B", "", 1, 9), Place("c", "C", "", 2, 3)]
    moves = [Move("a", "b", 9, "9"), Move("b", "c", 1, "1"), Move("c", "b", 1, "1")]
    drawn = picture(places, moves)
    assert [box.label for box in drawn.boxes] == ["A", "B", "C"]
    assert len({box.x for box in drawn.boxes}) == 3
    back = drawn.arrows[-1] if drawn.arrows[-1].y > drawn.arrows[0].y else drawn.arrows[0]
    assert back.y > drawn.boxes[0].y + drawn.box_height
    assert max(arrow.y for arrow in drawn.arrows) < drawn.height


def test_nothing_that_moves_makes_no_picture():
    assert picture([Place("a", "A", "", 0, 9)], []) is None
