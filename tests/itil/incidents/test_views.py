"""Writing down a call at the desk."""

import pytest

from itil.incidents.models import Incident
from itil.tickets.models import Ticket

NEW = "/desk/incidents/new/"


def page_of(response) -> str:
    return response.content.decode()


def call(**changes) -> dict:
    return {
        "requester": "ann@acme.example",
        "title": "Printer jams",
        "text": "It jams since noon.",
        "channel": "phone",
        "impact": "3",
        "urgency": "2",
    } | changes


@pytest.mark.parametrize("typed", ["ann@acme.example", "ANN@Acme.Example", "ann"])
def test_a_call_becomes_a_ticket_of_the_caller(signed_in, cast, typed):
    response = signed_in(cast.bo).post(NEW, call(requester=typed))

    incident = Incident.objects.get()
    assert (response.status_code, response.url) == (303, incident.get_absolute_url())
    assert (incident.requester, incident.organization) == (cast.ann, cast.acme)
    assert incident.first_response_at == incident.received_at


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"requester": "nobody@nowhere.example"}, "requester"),
        ({"title": ""}, "title"),
        ({"channel": "pigeon"}, "channel"),
        ({"impact": "0"}, "impact"),
        ({"team": "999"}, "team"),
    ],
)
def test_a_call_that_cannot_be_written_down_comes_back_as_typed(signed_in, cast, changes, field):
    response = signed_in(cast.bo).post(NEW, call(**changes))

    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert "It jams since noon.</textarea>" in page_of(response)
    assert not Ticket.objects.exists()


@pytest.mark.parametrize(
    ("name", "typed", "found"),
    [
        ("bo", "an", ["Ann"]),
        ("bo", "ANN@ac", ["Ann"]),
        ("bo", "a", []),
        ("bo", "zz", []),
    ],
)
def test_people_are_offered_while_their_name_is_typed(signed_in, cast, name, typed, found):
    response = signed_in(getattr(cast, name)).get(f"{NEW}people/", {"requester": typed})

    assert [person.name for person in response.context["people"]] == found


@pytest.mark.parametrize("name", ["ann", "mia", "bea", "root"])
def test_only_agents_may_look_people_up(signed_in, cast, name):
    client = signed_in(getattr(cast, name))

    assert client.get(f"{NEW}people/", {"requester": "bo"}).status_code == 404
    assert client.post(NEW, call()).status_code == 404


def test_a_name_that_two_people_have_asks_for_the_address(signed_in, cast):
    cast.dov.name = "Ann"
    cast.dov.save()

    response = signed_in(cast.bo).post(NEW, call(requester="Ann"))

    assert response.status_code == 422
    assert "There is more than one “Ann”." in page_of(response)


def test_a_call_for_another_team_leads_back_to_the_queue_and_says_who_has_it(signed_in, cast):
    sent = signed_in(cast.bo).post(NEW, call(team=cast.network_team.pk), follow=True)

    incident = Incident.objects.get()
    assert incident.team == cast.network_team
    assert sent.redirect_chain == [("/desk/tickets/", 303)]
    assert f"{incident.number} is open and with Network now." in page_of(sent)
