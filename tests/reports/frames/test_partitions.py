"""What is made month by month, on one machine and on several."""

from datetime import timedelta

import pytest
from distributed import LocalCluster
from pandas.testing import assert_frame_equal

from reports.actions.facts import build_facts
from reports.frames.source import Frames
from tests import make
from tests.cast import MONDAY

LATER = MONDAY + timedelta(days=90)


def solved_in(frames):
    """Rows as an indicator makes them."""
    tickets = frames.read("tickets", ["ticket", "kind", "team", "received_at", "resolved_at"])
    solved = tickets[tickets["resolved_at"].notna()]
    took = (solved["resolved_at"] - solved["received_at"]).dt.total_seconds()
    return solved.assign(value=took)


@pytest.fixture
def three_months(cast, settings, tmp_path, monkeypatch):
    settings.FACTS_DIR = tmp_path / "facts"
    # Processes of a cluster read it from their environment.
    monkeypatch.setenv("FACTS_DIR", str(settings.FACTS_DIR))
    for days in (0, 35, 36, 70):
        make.resolved_incident(cast, at=MONDAY + timedelta(days=days))
    build_facts(now=LATER)


def test_rows_made_month_by_month_are_those_made_at_once(three_months):
    frames = Frames.stored(now=LATER)
    found = frames.map_partitions(solved_in)
    assert len(found) == 4
    assert_frame_equal(found, solved_in(frames).reset_index(drop=True))


def test_live_frames_have_no_months(db):
    with pytest.raises(TypeError, match="Only fact files have months"):
        Frames.live(now=LATER).map_partitions(solved_in)


@pytest.mark.servers
def test_a_cluster_of_two_processes_gives_the_same(three_months, settings):
    alone = Frames.stored(now=LATER).map_partitions(solved_in)
    with LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
    ) as cluster:
        settings.DASK_SCHEDULER = cluster.scheduler_address
        assert_frame_equal(Frames.stored(now=LATER).map_partitions(solved_in), alone)
