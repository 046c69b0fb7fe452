"""Who gets the pages of the desk, and the ticket list: what it holds, says and costs."""

from datetime import timedelta

import pytest
from django.utils import timezone

from itil.desk import actions as desk
from itil.desk.search import index_tickets
from itil.incidents.models import Incident
from itil.tickets.models import Ticket, TicketEvent
from tests import make

QUEUE = "/desk/tickets/"
RESOLUTION = {"resolution_code": "fixed", "note": "It runs again."}


def page_of(response) -> str:
    return response.content.decode()


def address(ticket, step="") -> str:
    return f"{QUEUE}{ticket.number}/{step}"


def said(response) -> list[str]:
    """The messages on the page to which the response leads."""
    return [str(message) for message in response.context["messages"]]


# --- Who gets in ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("ann", 404),
        ("dov", 404),
        ("bo", 200),
        ("ned", 200),
        ("cleo", 200),
        ("mia", 200),
        ("bea", 200),
        ("root", 200),
    ],
)
def test_the_list_is_for_those_with_a_duty(signed_in, cast, name, status):
    assert signed_in(getattr(cast, name)).get(QUEUE).status_code == status


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("ann", 404),
        ("dov", 404),
        ("bo", 200),
        ("ned", 404),
        ("cleo", 200),
        ("mia", 200),
        ("bea", 404),
        ("root", 200),
    ],
)
def test_a_ticket_is_for_those_who_may_see_it(signed_in, cast, name, status):
    ticket = make.incident(cast)

    assert signed_in(getattr(cast, name)).get(address(ticket)).status_code == status


STEPS = (
    *("say/", "take/", "take-over/", "assign/", "hand-over/", "edit/", "priority/"),
    *(
        "supplier-answered/",
        "exclude/",
        "priority/lift/",
        "time/",
        "timer/start/",
        "timer/stop/",
        "move/resolve/",
        "move/hold/",
    ),
)


@pytest.mark.parametrize("step", STEPS)
def test_every_step_on_a_ticket_out_of_sight_is_absent(signed_in, cast, step):
    hidden = make.incident(cast, team=cast.network_team)
    client = signed_in(cast.bo)

    assert client.post(address(hidden, step)).status_code == 404
    assert client.post(f"{QUEUE}INC-999999/{step}").status_code == 404
    assert TicketEvent.objects.count() == 1


@pytest.mark.parametrize("number", ["%00", "INC-%00", "x" * 300, "%F0%9F%96%A8", "'--"])
def test_an_impossible_number_is_an_absent_ticket(signed_in, cast, number):
    client = signed_in(cast.bo)

    assert client.get(f"{QUEUE}{number}/").status_code == 404
    assert client.post(f"{QUEUE}take/", {"number": ["\0"]}).status_code == 302


@pytest.mark.parametrize("path", ["", "INC-000001/", "take/", "filter/", "INC-000001/say/"])
def test_visitors_are_asked_to_sign_in(client, cast, path):
    response = client.post(QUEUE + path) if path.endswith("say/") else client.get(QUEUE + path)

    assert (response.status_code, "/login" in response.url) == (302, True)


@pytest.mark.parametrize(("name", "status"), [("bo", 200), ("mia", 404), ("ann", 404)])
def test_own_time_and_new_tickets_are_for_agents(signed_in, cast, name, status):
    client = signed_in(getattr(cast, name))

    assert client.get("/desk/time/").status_code == status
    assert client.get("/desk/incidents/new/").status_code == status


@pytest.mark.parametrize("name", ["mia", "root"])
def test_who_only_reads_is_refused_with_a_sentence(signed_in, cast, name):
    ticket = make.taken_incident(cast)
    client = signed_in(getattr(cast, name))

    response = client.post(address(ticket, "move/resolve/"), RESOLUTION)

    assert response.status_code == 409
    assert f"You cannot do this with {ticket.number}." in page_of(response)
    assert Incident.objects.get().status == "in_progress"


# --- The list -------------------------------------------------------------------------------


def test_each_view_holds_its_part(signed_in, cast):
    now = timezone.now()
    mine, unassigned = make.taken_incident(cast, title="Mine"), make.incident(cast, title="Free")
    waiting = make.taken_incident(cast, by=cast.cleo, title="Waits")
    question = {"hold_reason": "awaiting_requester", "note": "Which?"}
    desk.move(waiting, "hold", by=cast.cleo, values=question)
    make.resolved_incident(cast, title="Done")
    make.incident(cast, team=cast.network_team, title="Hidden")
    later, soon = now + timedelta(hours=2), now + timedelta(minutes=59)
    Ticket.objects.update(due_at=later)
    Ticket.objects.filter(pk=unassigned.pk).update(due_at=soon)
    client = signed_in(cast.bo)

    def titles(view):
        response = client.get(QUEUE, {"view": view} if view else {})
        return {ticket.title for ticket in response.context["rows"]}

    assert titles("") == titles("open") == titles("bogus") == {"Mine", "Free", "Waits"}
    assert titles("breaching") == {"Free"}
    assert titles("mine") == {"Mine"}
    assert titles("unassigned") == {"Free"}
    assert titles("waiting") == {"Waits"}
    assert titles("all") == {"Mine", "Free", "Waits", "Done"}
    counts = [tab.count for tab in client.get(QUEUE).context["tabs"]]
    assert counts == [3, 1, 1, 1, 1, None]
    assert mine.assignee == cast.bo


@pytest.mark.parametrize("sort", ["", "due", "-due", "priority", "-number", "updated", "--due"])
def test_every_order_gives_the_same_rows(signed_in, cast, sort):
    for _number in range(3):
        make.incident(cast)

    assert len(signed_in(cast.bo).get(QUEUE, {"sort": sort}).context["rows"]) == 3


def test_a_wrong_filter_says_so_and_keeps_the_list(signed_in, cast):
    make.incident(cast, title="Printer")

    page = page_of(signed_in(cast.bo).get(f"{QUEUE}?received_from=yesterday"))

    assert "Enter a date such as 2026-10-31." in page
    assert "Printer" in page


def test_the_list_takes_as_many_statements_for_60_tickets_as_for_one(
    signed_in, cast, django_assert_max_num_queries
):
    client = signed_in(cast.bo)
    make.taken_incident(cast)
    with django_assert_max_num_queries(8) as one:
        client.get(QUEUE)
    for number in range(59):
        make.taken_incident(cast, title=f"Ticket {number}")
    with django_assert_max_num_queries(8) as sixty:
        response = client.get(QUEUE)

    assert len(response.context["rows"]) > 20
    assert len(one) == len(sixty)


@pytest.mark.parametrize("name", ["bo", "mia"])
def test_a_search_takes_as_many_statements_for_20_finds_as_for_one(
    signed_in, cast, name, django_assert_max_num_queries
):
    client = signed_in(getattr(cast, name))
    index_tickets([make.incident(cast)])
    with django_assert_max_num_queries(8) as one:
        response = client.get(QUEUE, {"q": "mail"})
    assert len(response.context["rows"]) == 1
    index_tickets([make.incident(cast) for _number in range(19)])
    with django_assert_max_num_queries(8) as twenty:
        response = client.get(QUEUE, {"q": "mail"})
    assert len(response.context["rows"]) == 20
    assert len(one) == len(twenty)


def test_the_file_holds_every_row_of_the_filter_and_no_formula(signed_in, cast):
    make.incident(cast, title="=HYPERLINK(1)")
    make.incident(cast, title="Printer", team=cast.network_team)
    make.incident(cast, title="Scanner")

    response = signed_in(cast.bo).get(f"{QUEUE}?format=csv&sort=number")
    lines = b"".join(response.streaming_content).decode("utf-8-sig").splitlines()

    assert response["Content-Type"].startswith("text/csv")
    assert lines[0] == "Number,Subject,Requester,Assignee,Priority,Status,Due,Received,Updated"
    assert [line.split(",")[1] for line in lines[1:]] == ["'=HYPERLINK(1)", "Scanner"]


def test_taking_several_says_for_each_why_not(signed_in, cast):
    free, held = make.incident(cast), make.taken_incident(cast, by=cast.cleo, at=timezone.now())
    hidden = make.incident(cast, team=cast.network_team)
    numbers = [free.number, held.number, hidden.number, "INC-999999"]

    response = signed_in(cast.bo).post(f"{QUEUE}take/", {"number": numbers}, follow=True)

    assert said(response) == [
        f"Cleo is working on {held.number}. Take it over first, or write an internal note.",
        "You took 1 ticket.",
    ]
    assert Incident.objects.get(pk=free.pk).assignee == cast.bo
    assert Incident.objects.get(pk=hidden.pk).assignee is None


def test_taking_nothing_asks_for_a_tick_and_does_not_lead_elsewhere(signed_in, cast):
    response = signed_in(cast.bo).post(
        f"{QUEUE}take/", {"back": "https://evil.example/"}, follow=True
    )

    assert response.redirect_chain == [(QUEUE, 302)]
    assert said(response) == ["Tick the tickets first."]
