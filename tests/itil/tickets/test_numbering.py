"""Numbers that count up and never come back (`GEN-5`)."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from itil.tickets.models import Ticket
from itil.tickets.numbering import next_number, reserve_numbers
from tests import make


class UndoneError(Exception):
    """Ends a transaction without keeping anything."""


def last_of(prefix: str) -> int:
    return int(next_number(prefix).removeprefix(f"{prefix}-"))


def test_each_prefix_counts_for_itself(db):
    first = last_of("INC")
    last_of("REQ")

    assert last_of("INC") == first + 1


def test_the_number_of_a_deleted_ticket_is_not_given_again(cast):
    incident = make.incident(cast)
    number = incident.number
    Ticket.objects.all().delete()

    assert make.incident(cast).number > number


@transaction.atomic
def open_and_fail(cast):
    make.incident(cast)
    raise UndoneError


def open_and_undo(cast) -> None:
    with transaction.atomic():
        make.incident(cast)
        raise UndoneError


def test_after_a_rollback_no_two_tickets_share_a_number(cast):
    before = make.incident(cast).number
    with pytest.raises(UndoneError):
        open_and_undo(cast)
    after = make.incident(cast).number

    assert after > before
    assert sorted(Ticket.objects.values_list("number", flat=True)) == [before, after]


def test_reserved_numbers_stand_in_a_row_and_the_next_one_follows(db):
    start = last_of("INC")

    reserved = reserve_numbers("INC", 3)

    assert reserved == [f"INC-{start + step:06d}" for step in (1, 2, 3)]
    assert last_of("INC") == start + 4


@pytest.mark.django_db(transaction=True)
def test_an_opener_does_not_wait_for_another_who_has_not_committed(shared_database):
    """PostgreSQL only: SQLite has one writer at a time, so its openers queue up by design."""
    if connection.vendor != "postgresql":
        # The promise there is smaller: after the wait, every number is given once.
        assert len({next_number("INC") for _ in range(4)}) == 4
        return
    has_drawn, may_end = threading.Event(), threading.Event()

    def slow():
        try:
            with transaction.atomic():
                number = next_number("INC")
                has_drawn.set()
                may_end.wait(10)
                return number
        finally:
            connection.close()

    def quick():
        try:
            has_drawn.wait(10)
            with transaction.atomic():
                return next_number("INC")
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.submit(slow), pool.submit(quick)
        # Comes back while the first transaction is still open.
        drawn = second.result(timeout=5)
        assert not first.done()
        may_end.set()
        assert first.result(timeout=5) < drawn


@pytest.mark.django_db(transaction=True)
def test_eight_openers_at_once_get_eight_numbers(shared_database):
    def draw(_attempt):
        try:
            with transaction.atomic():
                return next_number("INC")
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        numbers = list(pool.map(draw, range(24)))

    assert len(set(numbers)) == 24
