"""One's own recorded time, and what it says of tickets that were handed on."""

import time_machine

from itil.desk import actions as desk
from portal.people.models import Team
from tests import make
from tests.cast import MONDAY


def test_time_on_a_ticket_that_went_to_a_restricted_desk_tells_its_number_and_no_more(
    signed_in, cast
):
    ticket = make.taken_incident(cast, title="Salary of Ann")
    booked = {"minutes": 15, "activity": cast.activity, "work_date": MONDAY.date(), "at": MONDAY}
    desk.log_time(ticket, by=cast.bo, **booked)
    desk.start_timer(ticket, by=cast.bo, at=MONDAY)
    people = Team.objects.create(name="People", slug="people", restricted=True)

    with time_machine.travel(MONDAY):
        before = signed_in(cast.bo).get("/desk/time/").content.decode()
        desk.hand_over(ticket, people, by=cast.bo, at=MONDAY)
        after = signed_in(cast.bo).get("/desk/time/").content.decode()

    assert "Salary of Ann" in before
    assert ticket.number in after
    assert "Salary of Ann" not in after
    assert f'href="/desk/tickets/{ticket.number}/"' not in after
