"""The problems of the demo company."""

from datetime import UTC, datetime

from itil.problems.lifecycle import Status
from itil.problems.models import Problem
from portal.demo.company import found
from portal.demo.estate import make_estate
from portal.demo.problems import tell_problems
from portal.selfservice.actions import ensure_home


def test_there_are_problems_in_every_state_and_known_errors(db):
    now = datetime(2026, 11, 22, 12, tzinfo=UTC)
    ensure_home()
    make_estate(found(), now)

    assert tell_problems(now) == 15

    assert set(Problem.objects.values_list("status", flat=True)) == set(Status.values)
    assert Problem.objects.known_errors().filter(workarounds__isnull=False).count() == 3
