"""The demo company's changes."""

from django.utils import timezone

from itil.changes.lifecycle import Status
from itil.changes.models import BoardMeeting, Change, ChangeTemplate
from portal.demo.changes import TOTAL, tell_changes
from portal.demo.company import found
from portal.demo.estate import make_estate


def test_the_company_has_changes_at_every_point_of_their_way(db):
    now = timezone.now().replace(minute=0, second=0, microsecond=0)
    company = found()
    make_estate(company, now)
    tell_changes(company, now)
    assert Change.objects.count() == TOTAL
    assert set(Change.objects.values_list("status", flat=True)) == set(Status.values)
    assert Change.objects.exclude(conflict_status="none").exists()
    assert Change.objects.filter(outcome="backed_out").exists()
    afterwards = Change.objects.filter(is_retrospective=True)
    assert sorted(afterwards.values_list("is_unauthorised", flat=True)) == [False, True]
    assert ChangeTemplate.objects.filter(state="suspended").count() == 1
    assert BoardMeeting.objects.get().agenda.exists()
