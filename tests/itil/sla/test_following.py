"""What following its events costs a ticket: statements for clocks, and no more than these."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from itil.sla.models import Agreement
from tests.cast import MONDAY

from .stored import MINUTE, Verbs, agree, opened, promise


@pytest.fixture
def ticket(cast):
    """A ticket with six clocks: five for the customer, one for the team."""
    promise(
        cast.agreement, acknowledge=1, first_response=2, next_response=2, update=4, resolution=16
    )
    agree(cast, "Desk", kind=Agreement.Kind.OLA, team=cast.desk_team)
    agree(cast, "Network", kind=Agreement.Kind.OLA, team=cast.network_team)
    return opened(cast, MONDAY)


@pytest.fixture
def desk(cast, ticket) -> Verbs:
    """The ticket, taken and answered."""
    desk = Verbs(cast, ticket)
    desk.take(MONDAY + MINUTE)
    desk.reply(MONDAY + 2 * MINUTE)
    return desk


def about_clocks(run) -> list[str]:
    """The first words of the statements of `run` that read or write clocks and agreements."""
    with CaptureQueriesContext(connection) as captured:
        run()
    statements = [query["sql"].replace('"', "") for query in captured.captured_queries]
    tables = ("sla_agreement", "sla_escalationstep", "sla_servicetarget", "sla_slaclock")
    found = []
    for sql in statements:
        verb = sql.split()[0]
        table = {
            "SELECT": sql.split(" FROM ")[-1] if " FROM " in sql else "",
            "INSERT": sql.removeprefix("INSERT INTO "),
            "UPDATE": sql.removeprefix("UPDATE "),
        }.get(verb, "")
        if table.startswith(tables):
            found.append(f"{verb} {table.split()[0]}")
    return found


READ, MADE, CHANGED = "SELECT sla_slaclock", "INSERT sla_slaclock", "UPDATE sla_slaclock"
CHOICE = ["SELECT sla_agreement", "SELECT sla_escalationstep"]


def test_opening_reads_the_agreements_and_stores_all_clocks_at_once(cast, ticket):
    assert about_clocks(lambda: opened(cast, MONDAY)) == [*CHOICE, MADE]


def test_an_answer_writes_the_clocks_it_stops_and_begins(cast, ticket):
    # Acknowledge, first response and update.
    assert about_clocks(lambda: Verbs(cast, ticket).reply(MONDAY)) == [READ, *3 * [CHANGED]]


def test_a_further_answer_ends_an_update_and_begins_the_next(desk):
    assert about_clocks(lambda: desk.reply(MONDAY + 5 * MINUTE)) == [READ, MADE, CHANGED]


def test_a_message_writes_the_clock_it_begins(desk):
    assert about_clocks(lambda: desk.comment(MONDAY + 5 * MINUTE)) == [READ, CHANGED]


def test_a_second_message_writes_nothing(desk):
    desk.comment(MONDAY + 5 * MINUTE)
    assert about_clocks(lambda: desk.comment(MONDAY + 6 * MINUTE)) == [READ]


def test_a_note_does_not_even_look(desk):
    assert about_clocks(lambda: desk.note(MONDAY + 5 * MINUTE)) == []


def test_a_wait_writes_the_clocks_it_pauses(desk):
    # Update, resolution and the team's.
    hold = about_clocks(lambda: desk.hold(MONDAY + 5 * MINUTE, "scheduled", note=""))
    assert hold == [READ, *3 * [CHANGED]]
    assert about_clocks(lambda: desk.resume(MONDAY + 6 * MINUTE)) == [READ, *3 * [CHANGED]]


def test_another_team_reads_its_agreement_once(cast, desk):
    over = about_clocks(lambda: desk.hand_over(MONDAY + 5 * MINUTE, cast.network_team))
    assert over == [*CHOICE, READ, MADE, CHANGED]


def test_resolving_writes_what_runs(desk):
    assert about_clocks(lambda: desk.resolve(MONDAY + 5 * MINUTE)) == [READ, *3 * [CHANGED]]


def test_an_edit_that_decides_nothing_does_not_even_look(desk):
    assert about_clocks(lambda: desk.edit(MONDAY + 5 * MINUTE, title="Mail is slow")) == []


@pytest.mark.parametrize(("verb", "most"), [("reply", 13), ("comment", 11), ("hold", 15)])
def test_a_verb_costs_so_many_statements_in_all(desk, verb, most, django_assert_max_num_queries):
    with django_assert_max_num_queries(most):
        getattr(desk, verb)(MONDAY + 5 * MINUTE)


def test_opening_costs_ten_statements_at_most(cast, ticket, django_assert_max_num_queries):
    with django_assert_max_num_queries(10):
        opened(cast, MONDAY)
