"""The life of an item: every step of the table, and every other one refused with nothing changed.

One world serves all cells; each is tried in a transaction that is taken back.
"""

from datetime import timedelta

import pytest
from django.db import transaction

from itil.cmdb import actions
from itil.cmdb.errors import MissingValue, MoveNotAllowed
from itil.cmdb.lifecycle import GONE, HANDED_FROM, STEPS, Status, find
from itil.cmdb.models import ConfigurationItem, ItemEvent
from tests.cast import MONDAY

from .things import item

LATER = MONDAY + timedelta(hours=1)
VERBS = [step.verb for step in STEPS]
# How an item comes to each status.
WAYS = {
    Status.PLANNED: ("planned", ()),
    Status.IN_STOCK: ("in_stock", ()),
    Status.IN_USE: ("in_use", ()),
    Status.IN_REPAIR: ("in_use", ("send_to_repair",)),
    Status.RETIRED: ("in_use", ("retire",)),
    Status.LOST: ("in_use", ("report_lost",)),
}


def in_status(cast, status):
    first, verbs = WAYS[status]
    thing = item(cast, f"thing {status}", status=first)
    for verb in verbs:
        actions.move_item(thing, verb, by=cast.bo, note="So it was.", at=MONDAY)
    assert thing.status == status
    return thing


def test_every_verb_leads_where_the_table_says_and_is_refused_everywhere_else(cast):
    things = {status: in_status(cast, status) for status in Status}
    for status, thing in things.items():
        for verb in VERBS:
            with transaction.atomic():
                before = ConfigurationItem.objects.filter(pk=thing.pk).values().get()
                told = ItemEvent.objects.count()
                step = find(verb, status)
                if step is None:
                    with pytest.raises(MoveNotAllowed):
                        actions.move_item(thing, verb, by=cast.bo, note="Why not", at=LATER)
                    assert ConfigurationItem.objects.filter(pk=thing.pk).values().get() == before
                    assert ItemEvent.objects.count() == told
                else:
                    moved = actions.move_item(thing, verb, by=cast.bo, note="Because", at=LATER)
                    assert moved.status == step.target
                    event = ItemEvent.objects.latest("pk")
                    assert event.data["changes"]["status"] == [str(status), str(step.target)]
                transaction.set_rollback(True)
            thing.refresh_from_db()


def test_items_are_handed_over_from_the_statuses_in_which_they_are_there(cast):
    for status in Status:
        thing = in_status(cast, status)
        if status in HANDED_FROM:
            actions.hand_over(thing, cast.ann, by=cast.bo, at=LATER)
            assert (thing.status, thing.held_by) == (Status.IN_USE, cast.ann)
        else:
            with pytest.raises(MoveNotAllowed):
                actions.hand_over(thing, cast.ann, by=cast.bo, at=LATER)
            thing.refresh_from_db()
            assert (thing.status, thing.held_by) == (status, None)


def test_a_step_that_needs_its_reason_is_refused_without(cast):
    thing = item(cast, "srv-01")
    with pytest.raises(MissingValue):
        actions.move_item(thing, "retire", by=cast.bo, note="  ", at=LATER)
    thing.refresh_from_db()
    assert (thing.status, thing.version) == (Status.IN_USE, 1)


def test_what_is_gone_is_held_by_nobody(cast):
    for verb in ("retire", "report_lost"):
        thing = item(cast, verb)
        actions.hand_over(thing, cast.ann, by=cast.bo, at=MONDAY)
        actions.move_item(thing, verb, by=cast.bo, note="Gone.", at=LATER)
        assert thing.status in GONE
        assert thing.held_by is None
