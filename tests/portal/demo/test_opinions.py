"""The demo company has opinions, the same each time, that its verbs would have kept."""

from datetime import timedelta

from itil.surveys.models import Rating, Survey
from itil.tickets.models import Ticket
from knowledgebase.models import Consultation
from portal.demo.opinions import tell_opinions
from tests import make
from tests.cast import MONDAY
from tests.knowledgebase import shelf

WEEK = timedelta(days=7)


def test_solved_tickets_are_asked_about_and_some_are_rated(cast):
    shelf.article()
    for week in range(8):
        make.resolved_incident(cast, at=MONDAY + week * WEEK)
    tell_opinions(MONDAY + 20 * WEEK)
    assert Survey.objects.count() == 8
    assert 0 < Rating.objects.count() < 8
    assert Survey.objects.filter(answered_at__isnull=False).count() == Rating.objects.count()
    found = Consultation.objects.with_outcome(MONDAY + 20 * WEEK).values_list("outcome", flat=True)
    assert set(found) == {"sent", "solved", "read"}


def test_without_tickets_there_is_nothing_to_tell(cast):
    tell_opinions(MONDAY)
    assert (Rating.objects.count(), Ticket.objects.count()) == (0, 0)
