"""Rows made in parts, by one machine and by several."""

import pickle
from datetime import timedelta
from functools import partial

import pytest
from distributed import LocalCluster
from pandas.testing import assert_frame_equal

from itil.desk import actions as desk
from reports.actions.facts import build_facts
from reports.frames.partitions import BeyondTicketsError, in_groups, run, together
from reports.frames.selection import Selection
from reports.frames.source import Frames
from reports.metrics.indicator import Window
from reports.metrics.period import Period
from reports.metrics.registry import INDICATORS
from reports.metrics.tile import Tile
from reports.metrics.tiles import Desk, answer, rows_of
from tests import make
from tests.cast import MONDAY

LATER = MONDAY + timedelta(days=90)
SPRING = Period(MONDAY.date(), LATER.date(), "Europe/Berlin")


def solved_in(frames):
    """Rows as an indicator makes them."""
    tickets = frames.read("tickets", ["ticket", "kind", "team", "received_at", "resolved_at"])
    solved = tickets[tickets["resolved_at"].notna()]
    took = (solved["resolved_at"] - solved["received_at"]).dt.total_seconds()
    return solved.assign(value=took)


def linked_in(frames):
    return frames.read("links")


def answers_of(frames):
    """What a tile of each indicator says, in total and by what it can be told by."""
    one_desk = Desk(frames, Window(SPRING, LATER))
    by = {key: next(iter(one.dimensions), "") for key, one in INDICATORS.items()}
    return {key: answer(Tile(key, (key,), by=by[key]), one_desk) for key in INDICATORS}


@pytest.fixture
def three_months(cast, settings, tmp_path, monkeypatch):
    settings.FACTS_DIR = tmp_path / "facts"
    # Processes of a cluster read it from their environment.
    monkeypatch.setenv("FACTS_DIR", str(settings.FACTS_DIR))
    for days in (0, 35, 36, 70):
        make.resolved_incident(cast, at=MONDAY + timedelta(days=days))
    waiting = make.taken_incident(cast, at=MONDAY + timedelta(days=3))
    build_facts(now=LATER)
    return waiting


def in_parts(frames, function, count):
    """As a cluster makes them, here."""
    parts = frames._reader.parts(count)
    jobs = [pickle.dumps((function, part, frames.selection, frames.now)) for part in parts]
    return together(run(job) for job in jobs)


@pytest.mark.parametrize("count", [1, 2, 3, 8])
def test_rows_made_in_parts_are_those_made_at_once(three_months, count):
    frames = Frames.stored(now=LATER)
    found = in_parts(frames, solved_in, count)
    assert len(found) == 4
    assert_frame_equal(found, solved_in(frames).reset_index(drop=True))


def test_what_fact_files_do_not_hold_is_in_no_part(three_months):
    with pytest.raises(BeyondTicketsError):
        in_parts(Frames.stored(now=LATER), linked_in, 2)


@pytest.mark.parametrize(
    ("key", "is_spread"),
    [("received", True), ("backlog", True), ("compliance", True), ("hours", True),
     ("csat", True), ("availability", False), ("utilisation", False)],
)  # fmt: skip
def test_figures_of_tickets_are_made_in_parts_and_those_of_calendars_are_not(
    three_months, key, is_spread
):
    made = partial(rows_of, made=INDICATORS[key].rows, window=Window(SPRING, LATER))
    assert Frames.stored(now=LATER)._follows_from_tickets(made) is is_spread
    assert Frames.live(now=LATER)._follows_from_tickets(made) is False


def test_months_go_in_order_into_groups_of_about_the_same_size():
    months = ["01", "02", "03", "04", "05"]
    assert in_groups(months, 2) == [["01", "02", "03"], ["04", "05"]]
    assert in_groups(months, 8) == [[month] for month in months]
    assert in_groups([], 3) == []


def test_a_database_has_no_parts(db):
    assert Frames.live(now=LATER)._reader.parts(4) == []


def test_without_anybody_at_the_address_the_figures_are_made_here(three_months, settings, caplog):
    alone = Frames.stored(now=LATER).spread(solved_in)
    settings.DASK_SCHEDULER = "tcp://127.0.0.1:9"
    for _figure in range(3):
        assert_frame_equal(Frames.stored(now=LATER).spread(solved_in), alone)
    # Nobody is waited for anew with each figure.
    assert caplog.text.count("No cluster at DASK_SCHEDULER") == 1


@pytest.mark.servers
@pytest.mark.django_db(transaction=True)
def test_a_cluster_of_two_processes_gives_every_figure_the_same(
    shared_database, three_months, settings, monkeypatch
):
    monkeypatch.setenv("DATABASE_URL", shared_database)
    # One that changed since the files were built: from the database, on whatever machine.
    desk.reply(three_months, text="It works again.", by=three_months.assignee, at=LATER)
    selection = Selection(before=SPRING.end, since=SPRING.start)
    alone = answers_of(Frames.latest(selection, now=LATER))
    with LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
    ) as cluster:
        settings.DASK_SCHEDULER = cluster.scheduler_address
        frames = Frames.latest(selection, now=LATER)
        rows = frames.spread(solved_in)
        found = answers_of(frames)
    assert len(rows) == 4
    assert found == alone
    assert found["received"]["series"][0]["total"]["value"] == 5
