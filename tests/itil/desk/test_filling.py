"""The further fields of a ticket: filled in, frozen, told in the history."""

import pytest

from itil.desk import actions as desk
from itil.fields import actions as fields
from itil.fields.definition import Kind
from itil.incidents.models import Incident
from itil.tickets.errors import NotAllowed, Refused, StaleRecord
from itil.tickets.models import TicketFields
from tests.cast import MONDAY
from tests.itil.fields.forms import ask, form_of, options, when
from tests.make import incident


def questions(**changes):
    """Which floor; and on the second one which room."""
    floor = ask("floor", Kind.CHOICE, label="Floor", options=options("first", "second"))
    room = ask("room", label="Room", required=True, conditions=when("floor", "second"))
    definition = form_of(floor, room)
    for key, values in changes.items():
        definition = definition.with_question(key, **values)
    return definition


def published(cast, **changes):
    return fields.compose("Place", questions(**changes), by=cast.root, at=MONDAY)


@pytest.fixture
def form(cast):
    made = published(cast)
    TicketFields.objects.create(kind="incident", form=made.field_set, at_report=True)
    return made


def fill(ticket, form, by, answers, version=None):
    return desk.fill_in(
        ticket,
        by=by,
        version=ticket.version if version is None else version,
        form_version=form,
        answers=answers,
        at=MONDAY,
    )


def test_answers_are_kept_with_their_version_and_told_in_words(cast, form):
    ticket = incident(cast)
    fill(ticket, form, cast.bo, {"floor": "second", "room": "2.14"})

    ticket.refresh_from_db()
    assert ticket.custom == {"form": form.pk, "answers": {"floor": "second", "room": "2.14"}}
    fill(ticket, form, cast.bo, {"floor": "first"})
    event = ticket.events.filter(kind="edited").last()
    assert event.data["answers"] == [["Floor", "Second", "First"], ["Room", "2.14", "–"]]
    count = ticket.events.count()
    fill(ticket, form, cast.bo, {"floor": "first"})
    assert ticket.events.count() == count


def test_a_form_published_later_leaves_what_was_filled_in(cast, form):
    ticket, other = incident(cast), incident(cast)
    fill(ticket, form, cast.bo, {"floor": "first"})
    later = published(cast, room={"label": "Room or hall"})

    fill(ticket, form, cast.bo, {"floor": "second", "room": "2.14"})
    fill(other, later, cast.bo, {"floor": "first"})
    with pytest.raises(StaleRecord):
        fill(ticket, later, cast.bo, {"floor": "first"})
    ticket.refresh_from_db()
    assert ticket.custom["form"] == form.pk


def test_refusals_change_nothing(cast, form):
    ticket = incident(cast)
    before = ticket.version
    for who in (cast.ann, cast.ned, cast.bea, cast.dov):
        with pytest.raises(NotAllowed):
            fill(ticket, form, who, {"floor": "first"})
    with pytest.raises(StaleRecord):
        fill(ticket, form, cast.bo, {"floor": "first"}, version=before - 1)
    desk.move(ticket, "cancel", by=cast.bo, values={"cancel_reason": "withdrawn", "note": "x"})
    with pytest.raises(Refused, match="closed"):
        fill(ticket, form, cast.bo, {"floor": "first"})
    ticket.refresh_from_db()
    assert "answers" not in ticket.custom


def test_the_page_shows_them_and_keeps_what_was_typed_when_something_is_missing(
    cast, form, signed_in
):
    ticket = incident(cast)
    client = signed_in(cast.bo)
    url = f"/desk/tickets/{ticket.number}/fields/"
    assert "Further details" in client.get(ticket.get_absolute_url()).content.decode()
    sent = {"version": ticket.version, "form": form.pk, "q-floor": "second"}
    answer = client.post(url, sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Fill in “Room”" in page
    assert 'value="second" checked' in page

    assert client.post(url, sent | {"q-room": "2.14"}).status_code == 303
    page = client.get(ticket.get_absolute_url()).content.decode()
    assert "2.14" in page
    assert "“Room” from – to 2.14" in page
    # A stale page comes back with what was typed.
    answer = client.post(url, sent | {"q-room": "9.99"})
    assert answer.status_code == 409
    assert "9.99" in answer.content.decode()
    for who in (cast.ann, cast.dov, cast.ned):
        assert signed_in(who).get(url).status_code == 404


def test_a_ticket_without_a_form_has_no_page(cast, signed_in):
    ticket = incident(cast)
    client = signed_in(cast.bo)
    assert client.get(f"/desk/tickets/{ticket.number}/fields/").status_code == 404
    assert "Further details" not in client.get(ticket.get_absolute_url()).content.decode()


def test_who_reports_a_problem_is_asked_what_all_incidents_ask(cast, form, signed_in):
    client = signed_in(cast.ann)
    assert "Floor" in client.get("/requests/new/").content.decode()
    sent = {"title": "No light", "text": "Since today.", "urgency": "2", "own-q-floor": "second"}
    answer = client.post("/requests/new/", sent)
    assert answer.status_code == 422
    assert "Fill in “Room”" in answer.content.decode()
    client.post("/requests/new/", sent | {"own-q-room": "2.14"})
    ticket = Incident.objects.get()
    assert ticket.custom == {"form": form.pk, "answers": {"floor": "second", "room": "2.14"}}
