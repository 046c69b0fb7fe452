"""The task inbox: what it holds, in which order, and what it costs."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from itil.tasks import actions
from itil.tasks.models import Task
from itil.tickets.models import Ticket
from tests import make

from .plans import MONDAY, begun, laptop, one_task, plan

INBOX = "/desk/tasks/"


def shown(response) -> list[str]:
    return [task.title for task in response.context["rows"]]


def test_the_inbox_holds_ones_own_tasks_and_those_of_ones_teams(cast, signed_in):
    _ticket, (order, install, label, deliver) = begun(cast)
    actions.take(order, by=cast.bo, at=MONDAY)
    client = signed_in(cast.bo)

    views = {view: shown(client.get(INBOX, {"view": view})) for view in ("mine", "teams", "later")}

    assert views == {
        "mine": ["Order the laptop"],
        "teams": ["Order the laptop"],
        "later": ["Put a label on it", "Hand it over"],
    }
    assert shown(signed_in(cast.ned).get(INBOX, {"view": "later"})) == ["Install the laptop"]


def test_agents_begin_with_their_own_and_managers_with_all(cast, signed_in):
    begun(cast)

    assert signed_in(cast.bo).get(INBOX).context["view_key"] == "mine"
    response = signed_in(cast.mia).get(INBOX)
    assert response.context["view_key"] == "open"
    assert len(shown(response)) == 4


def test_late_tasks_have_a_view_of_their_own(cast, signed_in):
    one_task(cast, title="Long over", due_at=MONDAY - timedelta(days=1))
    one_task(cast, title="Far ahead", due_at=MONDAY + timedelta(days=9999))

    response = signed_in(cast.bo).get(INBOX, {"view": "late"})

    assert shown(response) == ["Long over"]
    assert [tab.count for tab in response.context["tabs"] if tab.is_hot] == [1]


def test_the_soonest_due_comes_first_and_the_head_turns_the_order(cast, signed_in):
    ticket = Ticket.objects.get(pk=make.incident(cast).pk)
    for title, days in (("Second", 2), ("First", 1)):
        one_task(cast, ticket, title=title, due_at=MONDAY + timedelta(days=days))
    one_task(cast, ticket, title="Whenever")
    client = signed_in(cast.bo)

    assert shown(client.get(INBOX, {"view": "teams"})) == ["First", "Second", "Whenever"]
    turned = client.get(INBOX, {"view": "teams", "sort": "-due"})
    assert shown(turned) == ["Second", "First", "Whenever"]


@pytest.mark.parametrize(
    ("narrowed", "titles"),
    [
        ({"q": "label"}, ["Put a label on it"]),
        ({"status": ["open"]}, ["Order the laptop"]),
        ({"team": "network"}, ["Install the laptop"]),
        ({"q": "TICKET"}, ["Order the laptop", "Install the laptop", "Put a label on it"]),
        ({"q": "no such thing"}, []),
    ],
)
def test_the_inbox_is_narrowed(cast, signed_in, narrowed, titles):
    ticket, _tasks = begun(cast)
    if narrowed.get("team"):
        narrowed = {"team": cast.network_team.pk}
    if narrowed.get("q") == "TICKET":
        narrowed, titles = {"q": ticket.number.lower()}, [*titles, "Hand it over"]

    response = signed_in(cast.bo).get(INBOX, {"view": "open"} | narrowed)

    assert shown(response) == titles


def test_nobody_finds_a_task_by_the_number_of_a_ticket_that_is_hidden(cast, signed_in):
    ticket, _tasks = begun(cast)

    assert shown(signed_in(cast.ned).get(INBOX, {"view": "all", "q": ticket.number})) == []


def test_the_inbox_takes_eight_statements_however_long_it_is(cast, signed_in):
    begun(cast)
    client = signed_in(cast.bo)

    def statements():
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert client.get(INBOX, {"view": "open"}).status_code == 200
        return len(captured)

    few = statements()
    version = laptop_again(cast)
    for _ in range(3):
        ticket = Ticket.objects.get(pk=make.incident(cast).pk)
        actions.begin(ticket, version, answers={}, at=MONDAY)

    assert (statements(), few) == (few, few)
    assert few <= 8


def laptop_again(cast):
    return plan(cast, {"title": "Order another"}, {"title": "Hand it over"}, name="Another laptop")


def test_the_inbox_comes_as_a_file(cast, signed_in):
    begun(cast, laptop(cast))

    response = signed_in(cast.bo).get(INBOX, {"view": "open", "format": "csv"})

    lines = b"".join(response.streaming_content).decode().splitlines()
    assert len(lines) == 5
    assert lines[1].split(",")[1] == "Order the laptop"


def test_the_menu_offers_the_inbox_to_those_who_work(cast, signed_in):
    assert f'href="{INBOX}"' in signed_in(cast.bo).get(INBOX).content.decode()
    assert signed_in(cast.ann).get(INBOX).status_code == 404
    assert signed_in(cast.bea).get(INBOX).status_code == 404


def test_a_task_is_late_once_its_due_time_has_passed(cast):
    late = one_task(cast, due_at=MONDAY - timedelta(seconds=1))
    one_task(cast, due_at=MONDAY)

    assert list(Task.objects.late(MONDAY)) == [late]
