"""Mail about a ticket finds it after its type was changed (`VOC-1`)."""

from datetime import timedelta

from catalog.requests import actions
from itil.desk import actions as desk
from portal.outbox.threading import reply_address
from tests import make
from tests.cast import MONDAY
from tests.catalog.requests import orders

from .letters import answer, letter

LATER = MONDAY + timedelta(minutes=30)


def test_every_sign_of_the_report_leads_to_the_order(arrive, cast):
    shelf = orders.counter(cast)
    incident = make.taken_incident(cast)
    answered = desk.reply(incident, by=cast.bo, text="Which door?", at=MONDAY)
    request = actions.to_request(incident, shelf.key, by=cast.bo, answers={}, at=MONDAY)
    mails = [
        letter(to=reply_address(incident.uuid), mail_id="a@acme.example"),
        answer(answered.mail_id, mail_id="b@acme.example"),
        letter(subject=f"Re: [#{incident.number}]", mail_id="c@acme.example"),
    ]

    found = [arrive(raw, at=LATER) for raw in mails]

    assert [(one.state, one.ticket_id) for one in found] == [("appended", request.pk)] * 3
    request.refresh_from_db()
    assert (request.number, request.status) == (incident.number, "in_fulfilment")
