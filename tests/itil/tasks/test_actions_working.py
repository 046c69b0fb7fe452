"""Working on a task: starting, ticking, blocking, finishing, failing, skipping."""

from datetime import timedelta

import pytest

from itil.conversation.files import NewFile
from itil.tasks import actions
from itil.tasks.models import Evidence, Task
from itil.tickets.errors import MissingValue, NotAllowed, Refused
from itil.tickets.models import TicketEvent
from tests.cast import MONDAY

from .plans import begun, one_task, plan, task_in, told

LATER = MONDAY + timedelta(hours=2)


def stored(task) -> Task:
    return Task.objects.get(pk=task.pk)


def last_event(task) -> TicketEvent:
    return TicketEvent.objects.filter(ticket_id=task.ticket_id, kind="task").latest("pk")


def test_whoever_starts_a_task_has_it_from_then_on(cast):
    task = one_task(cast)
    actions.assign(task, cast.cleo, by=cast.bo, at=MONDAY)

    actions.start(task, by=cast.bo, at=LATER)

    assert (stored(task).assignee, stored(task).started_at) == (cast.bo, LATER)
    event = last_event(task)
    assert (event.actor, event.at, event.data["assignee_name"]) == (cast.bo, LATER, "Bo")


def test_a_finished_task_keeps_its_text_of_evidence(cast):
    task = one_task(cast, evidence_kind="text")
    actions.start(task, by=cast.bo, at=MONDAY)

    actions.finish(task, by=cast.bo, at=LATER, evidence="  Serial number 4711 ")

    assert (stored(task).evidence, stored(task).ended_at) == ("Serial number 4711", LATER)
    assert last_event(task).data["evidence"] == "Serial number 4711"


def test_a_finished_task_keeps_its_files(cast, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    task = one_task(cast, evidence_kind="file")
    actions.start(task, by=cast.bo, at=MONDAY)

    actions.finish(task, by=cast.bo, at=LATER, files=[NewFile("signed.txt", b"I have got it.")])

    file = Evidence.objects.get()
    assert (file.name, file.added_by, file.added_at, file.size) == (
        "signed.txt",
        cast.bo,
        LATER,
        14,
    )
    assert file.file.read() == b"I have got it."
    assert last_event(task).data["files"] == ["signed.txt"]


@pytest.mark.parametrize(("kind", "field"), [("text", "evidence"), ("file", "files")])
def test_without_what_shows_it_a_task_is_not_done(cast, kind, field):
    task = one_task(cast, evidence_kind=kind)
    actions.start(task, by=cast.bo, at=MONDAY)

    with pytest.raises(MissingValue) as refusal:
        actions.finish(task, by=cast.bo, at=LATER, evidence="  ")

    assert refusal.value.field == field
    assert stored(task).status == "in_progress"


def test_a_file_that_is_too_large_is_refused_and_nothing_is_kept(cast, settings):
    settings.ATTACHMENT_MAX_BYTES = 4
    task = one_task(cast, evidence_kind="file")
    actions.start(task, by=cast.bo, at=MONDAY)

    with pytest.raises(MissingValue, match="larger than"):
        actions.finish(task, by=cast.bo, at=LATER, files=[NewFile("signed.txt", b"12345")])

    assert stored(task).status == "in_progress"
    assert not Evidence.objects.exists()


def test_the_whole_checklist_is_ticked_before_it_is_done(cast):
    task = one_task(cast, checklist=["Serial number noted", "Label printed"])
    actions.start(task, by=cast.bo, at=MONDAY)
    actions.tick(task, 0, done=True, by=cast.bo, at=MONDAY)

    with pytest.raises(MissingValue, match="Open: Label printed."):
        actions.finish(task, by=cast.bo, at=LATER)
    actions.tick(task, 1, done=True, by=cast.cleo, at=MONDAY)
    actions.finish(task, by=cast.bo, at=LATER)

    assert stored(task).status == "done"


def test_a_tick_can_be_taken_off_and_a_second_one_changes_nothing(cast):
    task = one_task(cast, checklist=["Label printed"])
    actions.start(task, by=cast.bo, at=MONDAY)

    for done in (True, True, False):
        actions.tick(task, 0, done=done, by=cast.bo, at=MONDAY)

    assert stored(task).checklist == [{"text": "Label printed", "done": False}]
    assert [what for what, _task in told(task.ticket)][-2:] == ["ticked", "ticked"]


def test_a_task_that_is_not_in_progress_is_not_ticked(cast):
    task = one_task(cast, checklist=["Label printed"])

    with pytest.raises(Refused, match="ticked while it is in progress"):
        actions.tick(task, 0, done=True, by=cast.bo, at=MONDAY)

    assert stored(task).open_items == ["Label printed"]


def test_strangers_tick_nothing(cast):
    task = one_task(cast, checklist=["Label printed"])
    actions.start(task, by=cast.bo, at=MONDAY)

    with pytest.raises(NotAllowed):
        actions.tick(task, 0, done=True, by=cast.ned, at=MONDAY)

    assert stored(task).open_items == ["Label printed"]


def test_a_blocked_task_says_why_until_it_goes_on(cast):
    task = task_in(cast, "in_progress")

    actions.block(task, by=cast.bo, at=MONDAY, note=" The shop is closed. ")
    assert (stored(task).status, stored(task).note) == ("blocked", "The shop is closed.")
    actions.unblock(task, by=cast.bo, at=LATER)

    assert (stored(task).status, stored(task).note) == ("in_progress", "")


@pytest.mark.parametrize("verb", [actions.block, actions.fail])
@pytest.mark.parametrize("note", ["", "   "])
def test_blocking_and_failing_need_a_note(cast, verb, note):
    task = task_in(cast, "in_progress")

    with pytest.raises(MissingValue) as refusal:
        verb(task, by=cast.bo, at=MONDAY, note=note)

    assert refusal.value.field == "note"
    assert stored(task).status == "in_progress"


def test_what_comes_after_begins_only_when_all_before_it_ended_well(cast):
    _ticket, (order, install, label, deliver) = begun(cast)

    for task, who in ((order, cast.bo), (install, cast.ned)):
        actions.start(task, by=who, at=MONDAY)
        actions.finish(task, by=who, at=MONDAY)
    assert stored(deliver).status == "pending"
    actions.skip(label, by=cast.bo, at=LATER)

    assert (stored(deliver).status, stored(deliver).opened_at) == ("open", LATER)


def test_each_opened_task_is_an_event_of_its_own(cast):
    ticket, (order, install, label, _deliver) = begun(cast)
    actions.start(order, by=cast.bo, at=MONDAY)

    actions.finish(order, by=cast.bo, at=LATER)

    assert told(ticket) == [
        ("planned", order.number),
        ("opened", order.number),
        ("started", order.number),
        ("done", order.number),
        ("opened", install.number),
        ("opened", label.number),
    ]
    event = last_event(label)
    assert (event.actor, event.data["team_name"], event.data["is_optional"]) == (
        None,
        "Service desk",
        True,
    )


def test_what_comes_after_a_failed_task_stays_where_it_is(cast):
    _ticket, (order, install, label, _deliver) = begun(cast)
    actions.start(order, by=cast.bo, at=MONDAY)

    actions.fail(order, by=cast.bo, at=LATER, note="None to be had.")

    assert (stored(order).status, stored(order).note) == ("failed", "None to be had.")
    assert [stored(task).status for task in (install, label)] == ["pending", "pending"]


def test_whoever_works_on_it_skips_an_optional_task_without_a_reason(cast):
    task = one_task(cast, is_optional=True)

    actions.skip(task, by=cast.bo, at=MONDAY)

    assert stored(task).status == "skipped"


def test_only_a_lead_skips_a_mandatory_task(cast):
    task = one_task(cast)

    with pytest.raises(NotAllowed, match="is mandatory: only a lead may skip it"):
        actions.skip(task, by=cast.bo, at=MONDAY, reason="There is one.")
    assert stored(task).status == "open"
    actions.skip(task, by=cast.cleo, at=MONDAY, reason="There is one.")

    assert (stored(task).status, stored(task).note) == ("skipped", "There is one.")


def test_a_lead_says_why_a_mandatory_task_is_skipped(cast):
    task = one_task(cast)

    with pytest.raises(MissingValue) as refusal:
        actions.skip(task, by=cast.cleo, at=MONDAY, reason=" ")

    assert refusal.value.field == "reason"
    assert stored(task).status == "open"


def test_the_lead_of_the_ticket_decides_about_tasks_of_other_teams(cast):
    ticket, _tasks = begun(cast, plan(cast, {"title": "Install", "team": cast.network_team}))
    task = Task.objects.of(ticket).get()

    actions.skip(task, by=cast.cleo, at=MONDAY, reason="It came installed.")

    assert stored(task).status == "skipped"
