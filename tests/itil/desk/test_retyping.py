"""What may become of another type, and by whom (`VOC-1`)."""

import pytest
from django.db import transaction

from itil.desk.actions.retyping import retypable
from itil.incidents.models import Incident
from itil.tickets.errors import NotAllowed, Refused
from itil.tickets.models import Ticket
from tests import make
from tests.cast import MONDAY


def test_what_is_worked_on_is_given_as_it_is_stored(cast):
    incident = make.taken_incident(cast)
    copy = Ticket.objects.get(pk=incident.pk)

    with transaction.atomic():
        present = retypable(copy, Incident, by=cast.bo, at=MONDAY)
    assert (type(present), present.pk, present.version) == (Incident, incident.pk, copy.version)


def test_others_and_what_is_done_are_refused(cast):
    incident = make.taken_incident(cast)
    with transaction.atomic(), pytest.raises(NotAllowed):
        retypable(incident, Incident, by=cast.ned, at=MONDAY)
    done = make.resolved_incident(cast)
    with transaction.atomic(), pytest.raises(Refused, match="Reopen it first"):
        retypable(done, Incident, by=cast.bo, at=MONDAY)
