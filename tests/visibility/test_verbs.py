"""Whoever has no right to a verb is refused, and nothing has changed.

Every form is one that would do: for each address somebody with the right sends it, and something
does change.
"""

import pytest
from django.db import transaction
from django.urls import reverse

from .addresses import ADDRESSES
from .matrix import AGENTS

pytestmark = pytest.mark.django_db

VERBS = {view: address for view, address in ADDRESSES.items() if address.acts is not None}


def without_right(sweep, view, address, record):
    """Some of the people who may not, others for each page and record."""
    may, sees = address.acts[record], address.opens[record]
    watching = [name for name in sees if name not in may]
    blind = [name for name in sweep.others(sees) if name not in may]
    turn = view + record
    return sweep.some(watching, turn, 1) + sweep.some(blind, turn, 1)


def test_a_verb_without_the_right_changes_nothing(sweep):
    said, watch = [], sweep.watch
    watch.accept()
    for view, address in VERBS.items():
        for record in address.opens:
            url = address.url(sweep.world, view, record)
            values = address.values(sweep.world, record)
            for name in without_right(sweep, view, address, record):
                response = sweep.post(name, url, values)
                sent = f"{name} {url} ({record})"
                if response.status_code >= 500 or response.status_code == 403:
                    said.append(f"{sent}: {response.status_code}")
                if words := sweep.given_away(name, url, response):
                    said.append(f"{sent}: tells {sorted(words)}")
                if tables := watch.accept():
                    said.append(f"{sent}: changed {tables}")

    assert said == [], "\n".join(said)


def test_the_same_form_does_something_for_somebody_with_the_right(sweep):
    said, watch = [], sweep.watch
    watch.accept()
    for view, address in VERBS.items():
        if address.unproven:
            continue
        name, record = address.witness
        assert name in address.acts[record], view
        with transaction.atomic():
            url = address.url(sweep.world, view, record)
            response = sweep.post(name, url, address.values(sweep.world, record))
            if not watch.changes():
                said.append(f"{name} {url} ({view}): {response.status_code}, and nothing happened")
            transaction.set_rollback(True)

    assert said == [], "\n".join(said)


@pytest.mark.parametrize("view", ["desk:take_selected", "desk:time_ticked", "tasks:many"])
def test_choosing_all_numbers_of_a_list_reaches_only_what_one_works_on(sweep, view):
    tickets = [ticket.number for ticket in sweep.world.tickets.values()]
    tasks = [task.number for task in sweep.world.things["task"].values()]
    entries = [entry.pk for entry in sweep.world.things["entry"].values()]
    said, values = [], {"number": tickets, "task": tasks, "do": "take"}
    values |= {"entry": entries, "step": "approve"}
    sweep.watch.accept()
    for name in set(sweep.world.people) - set(AGENTS.split()):
        response = sweep.post(name, reverse(view), values)
        words = sweep.given_away(name, " ".join(tickets + tasks), response)
        if words or response.status_code >= 500:
            said.append(f"{name}: {response.status_code}, tells {sorted(words)}")
    assert said == []
    assert sweep.watch.changes() == []


@pytest.mark.parametrize("view", ["invoices:accept-entries", "invoices:send-reminders"])
def test_choosing_all_money_of_a_list_is_the_clerks_alone(sweep, view):
    things = sweep.world.things
    values = {
        "entry": [str(line.uuid) for line in things["line"].values()],
        "reminder": [reminder.pk for reminder in things["reminder"].values()],
    }
    sweep.watch.accept()
    answers = {
        name: sweep.post(name, reverse(view), values).status_code
        for name in sweep.world.people
        if name not in ("bea", "visitor")
    }
    assert set(answers.values()) == {404}
    assert sweep.watch.changes() == []
