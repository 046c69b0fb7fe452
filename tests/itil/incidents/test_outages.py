"""When an incident kept people from using its service (`KPI-18`)."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from itil.desk import actions as desk
from itil.incidents import actions
from itil.incidents.models import Incident
from itil.tickets.errors import MissingValue, NotAllowed, StaleRecord
from itil.tickets.models import TicketEvent
from tests import make
from tests.cast import MONDAY

HOUR = timedelta(hours=1)
SOLVED = {"resolution_code": "fixed", "note": "The mail store was full; it has room again."}


def noted(incident, by, start, end=None, **changes):
    values = {"version": incident.version, "at": MONDAY + 9 * HOUR} | changes
    return actions.note_outage(incident, by=by, down_from=start, down_until=end, **values)


def test_an_agent_says_when_the_service_was_down_and_corrects_it_later(cast):
    incident = make.taken_incident(cast, service=cast.mail_service)

    noted(incident, cast.bo, MONDAY, MONDAY + HOUR)
    noted(incident, cast.bo, MONDAY, MONDAY + 2 * HOUR)

    stored = Incident.objects.get()
    assert (stored.down_from, stored.down_until) == (MONDAY, MONDAY + 2 * HOUR)
    first, second = (
        event.data["changes"]
        for event in TicketEvent.objects.filter(kind="edited", data__changes__has_key="down_until")
    )
    assert first["down_from"] == [None, MONDAY.isoformat()]
    assert second == {"down_until": [(MONDAY + HOUR).isoformat(), (MONDAY + 2 * HOUR).isoformat()]}


@pytest.mark.parametrize(
    ("start", "end", "field"),
    [
        (None, 1, "down_from"),
        (2, 1, "down_until"),
        (1, 1, "down_until"),
        (10, None, "down_from"),
        (1, 10, "down_until"),
    ],
)
def test_times_that_cannot_be_are_refused_by_name(cast, start, end, field):
    incident = make.taken_incident(cast, service=cast.mail_service)
    times = (None if hours is None else MONDAY + hours * HOUR for hours in (start, end))

    with pytest.raises(MissingValue) as refused:
        noted(incident, cast.bo, *times)

    assert refused.value.field == field
    assert Incident.objects.get().down_from is None


def test_only_who_may_correct_the_ticket_says_it_and_only_of_a_service(cast):
    incident = make.taken_incident(cast, service=cast.mail_service)
    with pytest.raises(NotAllowed):
        noted(incident, cast.ned, MONDAY)
    with pytest.raises(StaleRecord):
        noted(incident, cast.bo, MONDAY, version=incident.version - 1)
    nameless = make.taken_incident(cast)
    with pytest.raises(MissingValue):
        noted(nameless, cast.bo, MONDAY)


def test_the_page_asks_from_and_until_and_the_history_tells_it(cast, client):
    with time_machine.travel(MONDAY + 9 * HOUR, tick=False):
        incident = make.taken_incident(cast, service=cast.mail_service)
        client.force_login(cast.bo)
        url = reverse("incidents:outage", args=[incident.number])
        assert client.get(url).status_code == 200
        wrong = client.post(url, {"down_from": "soon", "version": incident.version})
        assert (wrong.status_code, b'value="soon"' in wrong.content) == (422, True)
        typed = {"down_from": "2026-03-02T10:00", "down_until": "2026-03-02T11:30"}
        saved = client.post(url, typed | {"version": incident.version})
        assert saved.url == incident.get_absolute_url()
        page = client.get(saved.url).content.decode()
    assert Incident.objects.get().down_until == MONDAY + 1.5 * HOUR
    assert "service down until from" in page


def test_a_service_that_worked_worse_than_agreed_is_degraded_and_the_history_tells_it(cast, client):
    with time_machine.travel(MONDAY + 9 * HOUR, tick=False):
        incident = make.taken_incident(cast, service=cast.mail_service)
        client.force_login(cast.bo)
        url = reverse("incidents:outage", args=[incident.number])
        typed = {"down_from": "2026-03-02T10:00", "is_degraded": "on", "version": incident.version}
        saved = client.post(url, typed)
        page = client.get(saved.url).content.decode()
        again = client.get(url).context["form"]
    assert Incident.objects.get().is_degraded
    assert "service degraded, not down from no to yes" in page
    assert again["is_degraded"].value() is True


def test_what_did_not_begin_is_not_degraded_either(cast):
    incident = make.taken_incident(cast, service=cast.mail_service)
    noted(incident, cast.bo, MONDAY, is_degraded=True)
    noted(incident, cast.bo, None, is_degraded=True)
    stored = Incident.objects.get()
    assert (stored.down_from, stored.is_degraded) == (None, False)


def thanked(cast, **noted_before):
    """Resolved on Monday at 11:00 in Berlin, the service being down from 10:00; Ann says thank you
    at 13:00, which opens it again."""
    incident = make.taken_incident(cast, service=cast.mail_service)
    noted(incident, cast.bo, **{"start": MONDAY, "at": MONDAY + HOUR} | noted_before)
    desk.move(incident, "resolve", by=cast.bo, values=SOLVED, at=MONDAY + HOUR)
    desk.comment(incident, by=cast.ann, text="Thank you!", channel="mail", at=MONDAY + 3 * HOUR)
    return incident


def resolved_again(incident, by, *, courtesy):
    values = SOLVED | {"courtesy": courtesy}
    desk.move(incident, "resolve", by=by, values=values, at=MONDAY + 3.5 * HOUR)
    return Incident.objects.get()


def test_inc_3_a_courtesy_leaves_the_service_up_since_the_resolution_before_it(cast):
    stored = resolved_again(thanked(cast), cast.bo, courtesy=True)

    assert (stored.down_from, stored.down_until) == (MONDAY, MONDAY + HOUR)
    told = TicketEvent.objects.filter(kind="edited").last()
    assert (told.actor, told.cause.data["verb"]) == (None, "resolve")
    assert told.data["changes"] == {"down_until": [None, (MONDAY + HOUR).isoformat()]}


def test_a_reopening_that_counts_leaves_the_service_down_until_the_last_resolution(cast):
    assert resolved_again(thanked(cast), cast.bo, courtesy=False).down_until is None


@pytest.mark.parametrize(
    "told",
    [
        {"start": None},
        {"start": MONDAY, "end": MONDAY + HOUR / 2},
        {"start": MONDAY + HOUR},
    ],
)
def test_a_courtesy_changes_nothing_of_what_was_not_down_was_up_or_fell_later(cast, told):
    incident = thanked(cast, **told)
    before = (incident.down_from, incident.down_until)
    stored = resolved_again(incident, cast.bo, courtesy=True)
    assert (stored.down_from, stored.down_until) == before
    assert not TicketEvent.objects.filter(kind="edited", cause__isnull=False).exists()


def test_an_outage_that_is_told_after_a_courtesy_ends_before_it(cast, signed_in):
    incident = thanked(cast, start=None)
    resolved_again(incident, cast.bo, courtesy=True)

    form = signed_in(cast.bo).get(reverse("incidents:outage", args=[incident.number]))
    assert form.context["form"].initial["down_until"] == MONDAY + HOUR
    incident.refresh_from_db()
    noted(incident, cast.bo, MONDAY)
    assert Incident.objects.get().down_until == MONDAY + HOUR


def test_an_outage_that_is_told_after_a_reopening_that_counts_ends_with_the_incident(cast):
    incident = thanked(cast, start=None)
    resolved_again(incident, cast.bo, courtesy=False)
    incident.refresh_from_db()
    noted(incident, cast.bo, MONDAY)
    assert Incident.objects.get().down_until is None


def test_an_outage_that_is_told_between_two_courtesies_ends_before_the_first(cast):
    incident = thanked(cast, start=None)
    resolved_again(incident, cast.bo, courtesy=True)
    desk.comment(incident, by=cast.ann, text="And again!", channel="mail", at=MONDAY + 4 * HOUR)
    incident.refresh_from_db()
    noted(incident, cast.bo, MONDAY, at=MONDAY + 4 * HOUR)
    values = SOLVED | {"courtesy": True}
    desk.move(incident, "resolve", by=cast.bo, values=values, at=MONDAY + 4.5 * HOUR)
    assert Incident.objects.get().down_until == MONDAY + HOUR


def test_what_is_closed_may_still_be_told(cast):
    incident = make.resolved_incident(cast, service=cast.mail_service)
    desk.move(incident, "close", by=cast.cleo, at=MONDAY + 3 * HOUR)
    noted(incident, cast.cleo, MONDAY)
    assert Incident.objects.get().down_from == MONDAY
