"""Promises by priority and by the severities of a contract, in all reports (`PRI-4`).

Both are named by what was promised then, whatever the agreement counts by today.
"""

import csv
import io
import json
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.core.management import call_command

from itil.desk import actions as desk
from itil.sla.models import Agreement, Metric
from reports.actions.questions import Question
from reports.actions.what_if import answer
from reports.charts.lines import keys_in_order, lines_of
from reports.charts.promised import level_name
from reports.frames.codes import PRIORITIES, SEVERITIES, level_code, level_of
from reports.frames.source import Frames
from reports.metrics.period import Period
from reports.metrics.tile import Tile
from tests import make
from tests.cast import HOUR, MONDAY

PAGE = "/reports/sla/"
MARCH = {"from": "2026-03-01", "to": "2026-03-31"}
PERIOD = Period(date(2026, 3, 1), date(2026, 3, 31), "UTC")
APRIL_30 = datetime(2026, 4, 30, tzinfo=UTC)
SOLVED = {"resolution_code": "fixed", "note": "The queue was stuck; it runs again."}
P4, SEV2 = 4, 12


@pytest.fixture(autouse=True)
def _in_april():
    cache.clear()
    with time_machine.travel(APRIL_30, tick=False):
        yield


@pytest.fixture
def both(cast):
    """A P4, resolved on Wednesday; then the contract counted by severities, and a P4 that it calls
    a sev2 was resolved as late. By now it counts by priorities again.
    """
    first = make.resolved_incident(cast, at=MONDAY + timedelta(hours=6))
    cast.agreement.target_key = Agreement.TargetKey.SEVERITY
    cast.agreement.save()
    second = make.taken_incident(cast)
    desk.edit(second, by=cast.bo, version=second.version, changes={"severity": 2}, at=MONDAY)
    desk.move(second, "resolve", by=cast.bo, values=SOLVED, at=MONDAY + timedelta(hours=6))
    cast.agreement.target_key = Agreement.TargetKey.PRIORITY
    cast.agreement.save()
    assert {first.priority, second.priority} == {P4}
    return first, second


def test_a_level_is_one_number_that_says_its_scale():
    codes = [*PRIORITIES, *SEVERITIES]
    assert [level_code(*level_of(code)) for code in codes] == codes == sorted(set(codes))
    assert (level_code("severity", 2), level_of(SEV2)) == (SEV2, ("severity", 2))
    assert [level_name(code) for code in (P4, str(P4), SEV2)] == ["Low", "Low", "sev2"]
    # Whatever somebody types into an address.
    assert [level_name(text) for text in ("99", "soon", "")] == ["99", "soon", ""]


def listed_in(client, address):
    """A list as it is downloaded: tickets with what they were promised for."""
    page = client.get(f"{address}&format=csv")
    rows = csv.DictReader(b"".join(page.streaming_content).decode("utf-8-sig").splitlines())
    return {(row["Ticket"], row["Priority"]) for row in rows}


def test_lists_name_each_promise_by_its_own_scale(both, cast, signed_in):
    first, second = both
    client = signed_in(cast.mia)
    listed = f"{PAGE}promises/?from=2026-03-01&to=2026-03-31&kind=sla&counted=met"
    assert listed_in(client, listed) == {(first.number, "P4 Low"), (second.number, "sev2")}


def test_service_levels_count_the_scales_apart_and_lead_to_their_own_promises(
    both, cast, signed_in
):
    client = signed_in(cast.mia)
    panels = {panel.key: panel for panel in client.get(PAGE, MARCH).context["panels"]}
    rows = [row for row in panels["by_priority"].rows if row[1].text == "Resolution"]
    # What contracts count by stands behind the priorities.
    assert [(row[0].text, row[2].text) for row in rows] == [("Low", "1"), ("sev2", "1")]
    for row, ticket in zip(rows, both, strict=True):
        [clock] = client.get(row[2].url).context["rows"]
        assert clock.ticket.number == ticket.number


def test_frames_tell_of_what_was_promised_for_live_and_from_fact_files(both, settings, tmp_path):
    first, second = both
    settings.FACTS_DIR = tmp_path
    call_command("build_facts", stdout=io.StringIO())
    for make_frames in (Frames.live, Frames.stored):
        clocks = make_frames(now=APRIL_30).read("clocks", ["ticket", "metric", "target"])
        found = clocks[clocks["metric"] == "resolution"].set_index("ticket")["target"]
        assert found.to_dict() == {first.pk: P4, second.pk: SEV2}


def test_tiles_show_them_in_their_order_and_open_the_promises_of_each(both, cast, signed_in):
    client = signed_in(cast.mia)
    asked = MARCH | {"indicator": "compliance", "at_metric": "resolution"}
    for code, name, ticket in ((P4, "P4 Low", both[0]), (SEV2, "sev2", both[1])):
        address = "/reports/list/?" + "&".join(
            f"{key}={value}" for key, value in (asked | {"at_priority": code}).items()
        )
        page = client.get(address)
        assert level_name(code) in page.text
        assert listed_in(client, address) == {(ticket.number, name)}


def test_charts_and_papers_put_severities_behind_all_priorities():
    told = [{"points": [{"keys": [code], "names": [""], "n": 1} for code in (SEV2, 11, P4, 1)]}]
    lines = lines_of(Tile("t", ("compliance",), by="priority"), told, (), "month")
    assert [line.names for line in lines] == [("Critical",), ("Low",), ("sev1",), ("sev2",)]
    assert list(keys_in_order(lines, 0, "priority")) == [1, P4, 11, SEV2]


def test_the_command_tells_them_apart_and_so_do_other_programs(both):
    out = io.StringIO()
    call_command("kpis", "--from=2026-03-01", "--to=2026-03-31", "--format=json", stdout=out)
    found = json.loads(out.getvalue())
    for part in (found["sla_compliance"], found["policy"]):
        of_resolutions = part.get("resolution") or part["resolution_with_pause"]
        assert {name: row["yes"] for name, row in of_resolutions.items()} == {
            "4 - Low": 1, "sev2": 1,
        }  # fmt: skip


def test_what_if_tries_the_targets_of_priorities_on_those_alone(both):
    first, second = both
    tried = {(str(Metric.RESOLUTION), level): HOUR for level in (2, P4)}
    found = answer(Question(PERIOD, targets=tried), now=APRIL_30)
    assert {(side.ticket, side.priority) for side in found.sides} == {(first.pk, P4)}
    levels = {level for metric, level in found.by_priority if metric == Metric.RESOLUTION}
    assert levels == {P4, SEV2}
    narrowed = answer(Question(PERIOD, priorities=frozenset({P4})), now=APRIL_30)
    assert {level for _metric, level in narrowed.by_priority} == {P4}


def test_what_if_names_them_as_lists_do(both, cast, signed_in):
    page = signed_in(cast.mia).get("/reports/what-if/", MARCH | {"target-resolution-4": "1:00"})
    groups = {group.title: group for group in page.context["by_priority"]}
    assert [line.label for line in groups["Resolution"].lines] == ["Low", "sev2"]
    assert {row.priority for row in page.context["rows"]} == {"Low"}
