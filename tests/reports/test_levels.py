"""The page of service levels, and the lists behind its numbers."""

import csv
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from itil.desk import actions as desk
from itil.sla import actions as sla
from itil.sla.models import Agreement, Exclusion, Metric, ServiceTarget, SlaClock
from itil.tickets.models import Ticket
from reports.actions.levels import levels
from reports.actions.reading import Scope
from reports.metrics.period import Period
from reports.models import ClosedPeriod
from reports.tasks import close_last_month
from tests import make
from tests.cast import HOUR, MONDAY

PAGE = "/reports/sla/"
MARCH = {"from": "2026-03-01", "to": "2026-03-31"}
PERIOD = Period(date(2026, 3, 1), date(2026, 3, 31), "Europe/Amsterdam")
APRIL_30 = datetime(2026, 4, 30, tzinfo=UTC)
MID_MARCH = datetime(2026, 3, 15, tzinfo=UTC)
RESOLVE = {"resolution_code": "fixed", "note": "The queue was stuck; it runs again."}


@pytest.fixture
def desk_agreement(cast):
    """The service desk promises the other teams 4 hours for a stay."""
    agreement = Agreement.objects.create(
        name="Desk stay", kind="ola", calendar=cast.calendar, team=cast.desk_team
    )
    for priority in range(1, 6):
        ServiceTarget.objects.create(
            agreement=agreement, metric=Metric.OLA_RESOLUTION, priority=priority, seconds=4 * HOUR
        )
    return agreement


@pytest.fixture
def march(cast, desk_agreement):
    """Four incidents of 2 March: resolved in time, resolved late, left out, and cancelled."""
    in_time = make.resolved_incident(cast, at=MONDAY + timedelta(hours=1))
    late = make.resolved_incident(cast, at=MONDAY + timedelta(days=10))
    flooded = make.resolved_incident(cast, at=MONDAY + timedelta(days=10))
    sla.exclude(
        flooded, reason=Exclusion.FORCE_MAJEURE, note="Flood.", by=cast.cleo,
        at=MONDAY + timedelta(days=10),
    )  # fmt: skip
    withdrawn = make.taken_incident(cast)
    desk.move(
        withdrawn, "cancel", by=cast.bo, values={"cancel_reason": "withdrawn"},
        at=MONDAY + timedelta(hours=1),
    )  # fmt: skip
    return in_time, late, flooded, withdrawn


@pytest.fixture
def page(march, signed_in, cast):
    with time_machine.travel(APRIL_30, tick=False):
        yield signed_in(cast.mia).get(PAGE, MARCH)


def rows(page, key):
    panel = next(panel for panel in page.context["panels"] if panel.key == key)
    return [[cell.text for cell in row] for row in panel.rows]


def test_kept_and_missed_are_counted_by_measure_with_the_rest_beside(page):
    assert rows(page, "measures") == [
        ["Acknowledge", "2", "0", "0", "2", "100.0%"],
        ["First response", "1", "1", "0", "2", "50.0%"],
        ["Resolution", "1", "1", "0", "2", "50.0%"],
    ]


def test_the_same_is_told_by_priority_team_service_and_agreement(page):
    resolution = ["Resolution", "1", "1", "0", "2", "50.0%"]
    assert ["Service desk", *resolution] in rows(page, "by_team")
    assert ["none", *resolution] in rows(page, "by_service")
    assert ["Standard", *resolution] in rows(page, "by_agreement")
    assert ["Low", *resolution] in rows(page, "by_priority")


def test_promises_between_teams_are_kept_apart(page):
    assert rows(page, "stays") == [
        ["Service desk", "Time with the team", "1", "1", "0", "2", "50.0%"]
    ]
    assert "Time with the team" not in str(rows(page, "measures"))


def test_all_targets_pending_left_out_and_unmeasured_stand_at_the_top(page):
    facts = [(fact.label, fact.value, fact.about) for fact in page.context["facts"]]
    assert facts == [
        ("All targets met", "50.0%", "of 2 tickets"),
        ("Pending", "0", "at the end of the period"),
        ("Left out", "6", "of 2 tickets"),
        ("Unmeasured", "0", "tickets received without a promise"),
    ]


def test_what_is_left_out_is_listed_by_ticket_with_reason_and_note(page, march):
    _in_time, _late, flooded, withdrawn = march
    listed = [(row.number, row.reason, row.note, row.by) for row in page.context["left_out"]]
    assert listed == [
        (flooded.number, "Force majeure", "Flood.", "Cleo"),
        (withdrawn.number, "The ticket was cancelled", "", ""),
    ]


def test_every_number_with_a_link_equals_the_length_of_its_list(page, client):
    links = [
        (panel.key, cell.text, cell.url)
        for panel in page.context["panels"]
        for row in panel.rows
        for cell in row
        if cell.url
    ]
    links += [(fact.label, fact.value, fact.url) for fact in page.context["facts"] if fact.url]
    assert len(links) > 50
    found = [(key, client.get(url).context["page"].paginator.count) for key, _, url in links]
    assert found == [(key, int(text)) for key, text, _ in links]


def test_a_list_can_be_taken_as_a_file(page, client, march):
    missed = next(row for row in page.context["panels"][0].rows if row[0].text == "Resolution")[2]
    lines = b"".join(client.get(missed.url + "&format=csv").streaming_content).decode().splitlines()
    assert len(lines) == 2
    assert lines[1].startswith(march[1].number)


def test_tickets_nothing_was_promised_on_are_unmeasured(cast, signed_in):
    Agreement.objects.all().delete()
    lonely = make.incident(cast)
    cancelled = make.taken_incident(cast)
    desk.move(cancelled, "cancel", by=cast.bo, values={"cancel_reason": "withdrawn"}, at=MONDAY)
    with time_machine.travel(APRIL_30, tick=False):
        page = signed_in(cast.mia).get(PAGE, MARCH)
        fact = page.context["facts"][-1]
        listed = page.client.get(fact.url).context["rows"]
    assert (fact.value, [ticket.number for ticket in listed]) == ("1", [lonely.number])


def test_the_team_is_the_one_that_resolved_the_ticket(march, cast):
    in_time, *_others = march
    # As an importer leaves it: another team got it after it was resolved.
    Ticket.objects.filter(pk=in_time.pk).update(team=cast.network_team, reassignment_count=1)
    in_time.events.create(
        kind="assigned",
        at=MONDAY + timedelta(hours=5),
        data={"what": "team", "from": cast.desk_team.pk, "to": cast.network_team.pk},
    )

    def resolved(team):
        found = levels(Scope(PERIOD, team_id=team.pk), now=MID_MARCH)["measures"]
        return {row["metric"]: row["met"] for row in found}.get("resolution", 0)

    assert (resolved(cast.desk_team), resolved(cast.network_team)) == (1, 0)
    (row,) = [
        row
        for row in levels(Scope(PERIOD), now=MID_MARCH)["by_team"]
        if row["metric"] == "resolution"
    ]
    assert row["team_name"] == "Service desk"


# --- Closed months ------------------------------------------------------------------------------


def test_a_running_month_is_not_closed(march):
    assert levels(Scope(PERIOD), now=MID_MARCH)["closed_at"] is None
    assert ClosedPeriod.objects.count() == 0


def test_a_month_that_is_over_keeps_its_figures_and_says_what_is_restated(march, cast):
    in_time, *_others = march
    first = levels(Scope(PERIOD), now=APRIL_30)
    assert first["restated"] == []
    desk.move(in_time, "reopen", by=cast.ann, values={"reason": "Again."}, at=APRIL_30)
    again = levels(Scope(PERIOD), now=APRIL_30 + timedelta(days=5))
    assert again["measures"] == first["measures"]
    (restated,) = [row for row in again["restated"] if row["metric"] == "resolution"]
    assert (restated["was"]["met"], restated["now"]["met"]) == (1, 0)


def test_the_page_shows_old_and_new(march, cast, signed_in):
    levels(Scope(PERIOD), now=APRIL_30)
    desk.move(march[0], "reopen", by=cast.ann, values={"reason": "Again."}, at=APRIL_30)
    with time_machine.travel(APRIL_30 + timedelta(days=5), tick=False):
        page = signed_in(cast.mia).get(PAGE, MARCH)
    assert page.context["restated"] == [
        "Resolution: 50.0% of 2 then, 0.0% of 1 by what is known now."
    ]


def test_every_scope_is_closed_by_itself(march, cast):
    levels(Scope(PERIOD), now=APRIL_30)
    levels(Scope(PERIOD, organization_id=cast.globex.pk), now=APRIL_30)
    assert ClosedPeriod.objects.count() == 2


def test_the_task_closes_the_month_before(march):
    with time_machine.travel(datetime(2026, 4, 1, 3, tzinfo=UTC), tick=False):
        close_last_month.enqueue()
    (closed,) = ClosedPeriod.objects.all()
    assert (closed.filters["from"], closed.filters["to"]) == ("2026-03-01", "2026-03-31")


# --- Who may look -------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [PAGE, f"{PAGE}promises/", f"{PAGE}unmeasured/"])
@pytest.mark.parametrize(("who", "status"), [("ann", 404), ("bo", 404), ("cleo", 200)])
def test_only_those_who_see_reports_see_it(signed_in, cast, path, who, status):
    assert signed_in(getattr(cast, who)).get(path).status_code == status


def test_confidential_tickets_are_in_no_figure_and_in_no_list(cast, signed_in):
    make.resolved_incident(cast, is_confidential=True, at=MONDAY + timedelta(hours=1))
    with time_machine.travel(APRIL_30, tick=False):
        page = signed_in(cast.mia).get(PAGE, MARCH)
        query = MARCH | {"kind": "sla", "counted": "met"}
        listed = page.client.get(f"{PAGE}promises/", query)
    assert rows(page, "measures") == []
    assert list(listed.context["rows"]) == []


def test_a_broken_link_lists_nothing(signed_in, cast):
    page = signed_in(cast.mia).get(f"{PAGE}promises/", {"from": "yesterday", "counted": "met"})
    assert (page.status_code, list(page.context["rows"])) == (200, [])


def test_a_promise_of_a_level_that_its_scale_does_not_have_is_listed_by_its_number(cast, signed_in):
    """There is a P5, and no sev5."""
    ticket = make.resolved_incident(cast, at=MONDAY + timedelta(hours=1))
    SlaClock.objects.update(priority=5, target_key=Agreement.TargetKey.SEVERITY)
    query = MARCH | {"kind": "sla", "counted": "met"}
    with time_machine.travel(APRIL_30, tick=False):
        client = signed_in(cast.mia)
        listed = client.get(f"{PAGE}promises/", query)
        file = client.get(f"{PAGE}promises/", query | {"format": "csv"})
    assert listed.status_code == 200
    assert '<td class="nowrap">5</td>' in listed.content.decode()
    lines = b"".join(file.streaming_content).decode("utf-8-sig").splitlines()
    told = {(row["Ticket"], row["Priority"]) for row in csv.DictReader(lines)}
    assert told == {(ticket.number, "5")}
