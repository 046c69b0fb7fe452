"""What the demo company does by the calendar."""

from datetime import UTC, datetime

from itil.changes.models import Change
from itil.incidents.models import Incident
from itil.problems.models import Problem
from itil.schedules.models import Schedule, ScheduleRun
from portal.demo.boards import make_authorities, make_templates, set_stage
from portal.demo.company import found
from portal.demo.estate import make_estate
from portal.demo.schedules import tell_schedules
from portal.selfservice.actions import ensure_home


def test_four_schedules_with_a_log_of_three_months(db):
    now = datetime(2026, 11, 22, 12, tzinfo=UTC)
    ensure_home()
    company = found()
    make_estate(company, now)
    make_authorities()
    make_templates(set_stage(company, now))

    told = tell_schedules(company, now)

    runs = ScheduleRun.objects.order_by("planned_at")
    assert told == runs.count() == 19
    assert Schedule.objects.filter(is_active=True, next_at__gt=now).count() == 4
    assert [run.schedule.title for run in runs.filter(outcome="failed")] == [
        "Monthly restore test of backups"
    ]
    assert [run.schedule.title for run in runs.filter(outcome="skipped")] == [
        "Weekly check of the server room"
    ]
    # What was opened some days ago is done.
    opened = Incident.objects.filter(schedule_runs__isnull=False)
    assert set(opened.values_list("status", flat=True)) == {"resolved"}
    assert Change.objects.filter(schedule_runs__isnull=False).count() == 3
    assert Problem.objects.filter(schedule_runs__isnull=False).count() == 1
