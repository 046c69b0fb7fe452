"""What problem and change managers see of tickets (domain section 8)."""

from itil.desk import actions as desk
from portal.people.models import Membership, Role
from tests import make
from tests.cast import MONDAY, person


def test_problem_and_change_managers_see_every_ticket_with_its_notes(signed_in, cast):
    ticket = make.taken_incident(cast)
    desk.note(ticket, by=cast.bo, text="Looks like the relay.", at=MONDAY)
    for name, role in (("Pam", Role.PROBLEM_MANAGER), ("Chad", Role.CHANGE_MANAGER)):
        manager = person(name, cast.halden)
        Membership.objects.create(user=manager, role=role)
        client = signed_in(manager)

        assert ticket.number in client.get("/desk/tickets/").content.decode()
        page = client.get(ticket.get_absolute_url()).content.decode()
        assert "Looks like the relay." in page
        assert client.get("/desk/tasks/?view=open").status_code == 200
