"""Capacity against work."""

from reports.metrics.staffing import Load, load_of


def test_spare_hours_work_off_the_backlog():
    assert load_of(agents=4, hours=30, work=100, backlog=60) == Load(120, 100 / 120, 3.0, 0.0)


def test_a_backlog_that_grows_is_never_gone():
    assert load_of(agents=3, hours=30, work=100, backlog=60) == Load(90, 100 / 90, None, 10)


def test_nobody_has_no_load_and_no_backlog_is_gone_at_once():
    assert load_of(agents=0, hours=30, work=0, backlog=0) == Load(0, None, 0.0, 0.0)
