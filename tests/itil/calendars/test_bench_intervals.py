"""manage.py bench_intervals says what counting costs."""

import io

from django.core.management import call_command

from itil.calendars.management.commands import bench_intervals


def printed(monkeypatch, **found) -> str:
    monkeypatch.setattr(bench_intervals, "ONE_BY_ONE", 20)
    monkeypatch.setattr(bench_intervals, "installed", found.get)
    out = io.StringIO()
    call_command("bench_intervals", intervals=200, stdout=out)
    return out.getvalue()


def test_both_of_our_ways_are_timed(monkeypatch):
    text = printed(monkeypatch)
    assert "arrays" in text
    assert "one by one" in text
    assert "businesstimedelta is not installed: bin/setup --bench" in text
