"""The major incidents of the demo company."""

from django.utils import timezone

from itil.incidents.models import MajorIncident, MajorReview
from itil.tickets.models import Ticket
from portal.demo.company import found
from portal.demo.majors import CHILDREN, tell_majors


def test_one_is_being_reviewed_and_one_goes_on(db):
    company = found()

    tell_majors(company, timezone.now())

    states = MajorIncident.objects.order_by("pk").values_list("incident__major_state", flat=True)
    assert list(states) == ["resolved", "accepted"]
    reviewed = MajorReview.objects.get()
    assert reviewed.is_complete
    assert reviewed.moments.exists()
    children = Ticket.objects.filter(parent=reviewed.pk)
    assert {child.status for child in children} == {"resolved"}
    assert children.count() == CHILDREN
