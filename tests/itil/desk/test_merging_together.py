"""Several people who merge and split at once (`GEN-7`): nothing is lost, nobody waits for ever."""

import pytest

from itil.desk import actions as desk
from itil.incidents.models import Incident
from itil.tickets.errors import Refused
from itil.tickets.models import TicketEvent
from tests import make
from tests.together import at_once

from .test_concurrency import copy_of

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("shared_database"),
]


def merging(source, target, by):
    source, target = copy_of(source), copy_of(target)
    return lambda: desk.merge(source, target, by=by)


def outcomes(results) -> list[bool]:
    return sorted(isinstance(result, Refused) for result in results)


def ends() -> dict[str, str | None]:
    return dict(Incident.objects.values_list("title", "merged_into__title"))


def every_merged_one_points_to_one_that_goes_on() -> bool:
    left = {title for title, end in ends().items() if end is None}
    return bool(left) and {end for end in ends().values() if end} <= left


def test_of_two_who_merge_each_into_the_other_one_does_it(cast):
    first, second = make.incident(cast, title="A"), make.incident(cast, title="B")

    results = at_once(merging(first, second, cast.bo), merging(second, first, cast.cleo))

    assert outcomes(results) == [False, True]
    assert ends() in ({"A": "B", "B": None}, {"A": None, "B": "A"})
    assert TicketEvent.objects.filter(kind="merged").count() == 2


def test_the_same_merge_twice_is_done_once(cast):
    first, second = make.incident(cast, title="A"), make.incident(cast, title="B")

    results = at_once(merging(first, second, cast.bo), merging(first, second, cast.bo))

    assert outcomes(results) == [False, True]
    refusal = next(result for result in results if isinstance(result, Refused))
    assert str(refusal) == f"{first.number} was merged into {second.number} already."
    assert TicketEvent.objects.filter(kind="merged").count() == 2


def test_two_into_the_same_target_both_arrive(cast):
    first, target, last = (make.incident(cast, title=title) for title in "ABC")

    results = at_once(merging(first, target, cast.bo), merging(last, target, cast.cleo))

    assert outcomes(results) == [False, False]
    assert ends() == {"A": "B", "B": None, "C": "B"}


def test_a_ring_of_three_leaves_no_circle(cast):
    a, b, c = (make.incident(cast, title=title) for title in "ABC")

    results = at_once(*(merging(*two, cast.bo) for two in ((a, b), (b, c), (c, a))))

    # Who would close the ring is refused; who waited for another may be told to look again.
    assert outcomes(results) in ([False, False, True], [False, True, True])
    assert every_merged_one_points_to_one_that_goes_on()


def test_a_chain_made_at_once_ends_in_one_ticket(cast):
    a, b, c = (make.incident(cast, title=title) for title in "ABC")

    results = at_once(merging(a, b, cast.bo), merging(b, c, cast.cleo))

    # Who comes second follows the other to the end, or is told to look again.
    assert outcomes(results) in ([False, False], [False, True])
    assert every_merged_one_points_to_one_that_goes_on()


def test_the_same_split_twice_opens_one_ticket(cast):
    ticket = make.incident(cast)
    message = ticket.messages.get()

    def split():
        return desk.split(copy_of(ticket), message, by=cast.bo, title="No ink")

    results = at_once(split, split)

    assert outcomes(results) == [False, True]
    assert Incident.objects.filter(title="No ink").count() == 1
