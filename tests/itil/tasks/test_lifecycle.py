"""The table of the task's life (domain 2.3), cell by cell."""

import pytest

from itil.tasks import actions
from itil.tasks.lifecycle import LIFECYCLE, Status
from itil.tasks.models import Task
from itil.tickets.errors import MoveNotAllowed, Refused, StaleRecord
from itil.tickets.lifecycle import Phase
from itil.tickets.models import TicketEvent

from .plans import ENDED, LIVE, MONDAY, task_in

ROWS = {
    ("pending", "open", "open"),
    ("open", "start", "in_progress"),
    ("in_progress", "finish", "done"),
    ("in_progress", "fail", "failed"),
    ("in_progress", "block", "blocked"),
    ("blocked", "unblock", "in_progress"),
    ("open", "skip", "skipped"),
    ("pending", "skip", "skipped"),
    ("pending", "cancel", "cancelled"),
    ("open", "cancel", "cancelled"),
    ("in_progress", "cancel", "cancelled"),
    ("blocked", "cancel", "cancelled"),
}
ACTORS = {
    "open": {"system"},
    "start": {"agent"},
    "finish": {"agent"},
    "fail": {"agent"},
    "block": {"agent", "system"},
    "unblock": {"agent", "system"},
    "skip": {"agent", "lead"},
    "cancel": {"system"},
}
# The verbs that a person takes a task along with; `open` and `cancel` come with other records.
BY_HAND = {
    "start": lambda task, by: actions.start(task, by=by, at=MONDAY),
    "finish": lambda task, by: actions.finish(task, by=by, at=MONDAY),
    "fail": lambda task, by: actions.fail(task, by=by, at=MONDAY, note="None to be had."),
    "block": lambda task, by: actions.block(task, by=by, at=MONDAY, note="The shop is closed."),
    "unblock": lambda task, by: actions.unblock(task, by=by, at=MONDAY),
    "skip": lambda task, by: actions.skip(task, by=by, at=MONDAY, reason="There is one."),
}
CELLS = [(str(status), verb) for status in Status for verb in BY_HAND]
TARGETS = {(source, verb): target for source, verb, target in ROWS}


def test_the_table_holds_exactly_the_steps_of_the_domain():
    rows = {
        (str(source), move.verb, str(move.target))
        for move in LIFECYCLE.moves
        for source in move.sources
    }
    assert rows == ROWS


def test_each_step_is_open_to_exactly_these_actors():
    assert {move.verb: {str(actor) for actor in move.by} for move in LIFECYCLE.moves} == ACTORS


def test_every_status_can_be_reached_from_the_first():
    reached, frontier = set(), {LIFECYCLE.start}
    while frontier:
        reached |= frontier
        frontier = {m.target for s in frontier for m in LIFECYCLE.moves_from(s)} - reached

    assert reached == set(Status.values)


@pytest.mark.parametrize("status", ENDED)
def test_the_ends_have_no_way_out(status):
    assert LIFECYCLE.moves_from(status) == ()


def test_each_status_has_its_phase():
    assert {str(status): phase for status, phase in LIFECYCLE.phases.items()} == {
        "pending": Phase.WAITING,
        "open": Phase.OPEN,
        "in_progress": Phase.OPEN,
        "blocked": Phase.WAITING,
        "done": Phase.DONE,
        "skipped": Phase.DONE,
        "failed": Phase.DONE,
        "cancelled": Phase.DONE,
    }


def test_the_requester_reads_words_of_daily_life():
    labels = [Task(status=status).public_status_label for status in Status.values]

    assert labels == [
        "Later",
        "Next",
        "Being worked on",
        "On hold",
        "Done",
        "Not needed",
        "Being looked into",
        "Cancelled",
    ]


def test_staff_read_the_name_of_every_status():
    labels = [Task(status=status).status_label for status in Status.values]

    assert labels == [
        "Waiting for others",
        "Ready",
        "In progress",
        "Blocked",
        "Done",
        "Skipped",
        "Failed",
        "Cancelled",
    ]


def test_every_guard_of_the_table_is_a_method_of_the_record():
    guards = {guard for move in LIFECYCLE.moves for guard in move.guards}

    assert {name for name in guards if not hasattr(Task, f"guard_{name}")} == set()


@pytest.mark.parametrize(("status", "verb"), [cell for cell in CELLS if cell in TARGETS])
def test_an_allowed_cell_leads_where_the_table_says(cast, status, verb):
    task = task_in(cast, status)
    version, events = task.version, TicketEvent.objects.filter(kind="task").count()

    BY_HAND[verb](task, cast.cleo)

    stored = Task.objects.get(pk=task.pk)
    target = TARGETS[status, verb]
    assert (stored.status, stored.phase) == (target, LIFECYCLE.phases[Status(target)])
    assert (task.status, stored.version) == (target, version + 1)
    assert TicketEvent.objects.filter(kind="task").count() == events + 1


@pytest.mark.parametrize(("status", "verb"), [cell for cell in CELLS if cell not in TARGETS])
def test_any_other_cell_is_refused_and_changes_nothing(cast, status, verb):
    task = task_in(cast, status)
    before = Task.objects.filter(pk=task.pk).values().get()
    events = TicketEvent.objects.count()

    with pytest.raises(Refused) as refusal:
        BY_HAND[verb](task, cast.cleo)

    is_target = any(move.verb == verb and move.target == status for move in LIFECYCLE.moves)
    assert type(refusal.value) is (StaleRecord if is_target else MoveNotAllowed)
    assert Task.objects.filter(pk=task.pk).values().get() == before
    assert TicketEvent.objects.count() == events


@pytest.mark.parametrize("status", LIVE)
def test_a_live_task_is_cancelled_with_its_ticket(cast, status):
    task = task_in(cast, status)

    actions.cancel_all(task.ticket, at=MONDAY)

    stored = Task.objects.get(pk=task.pk)
    assert (stored.status, stored.ended_at) == ("cancelled", MONDAY)


@pytest.mark.parametrize("status", ENDED)
def test_a_task_that_has_ended_stays_as_it_ended(cast, status):
    task = task_in(cast, status)

    assert actions.cancel_all(task.ticket, at=MONDAY) == []

    assert Task.objects.get(pk=task.pk).status == status


@pytest.mark.parametrize("status", [one for one in Status.values if one != Status.PENDING])
def test_only_a_pending_task_is_opened(cast, status):
    task = task_in(cast, status)

    assert task.pk not in Task.objects.ready().values_list("pk", flat=True)
