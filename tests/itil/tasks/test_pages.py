"""The task inbox and the pages of a task, as people use them."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from itil.tasks import actions
from itil.tasks.lifecycle import LIFECYCLE, Status
from itil.tasks.models import Evidence, Task
from itil.tickets.models import Ticket, TicketEvent
from tests import make

from .plans import MONDAY, begun, one_task, task_in

INBOX = "/desk/tasks/"
VERBS = ("start", "block", "unblock", "fail", "skip")
GIVEN = {"note": "The shop is closed.", "reason": "There is one already."}
ALLOWED = {(s, m.verb) for m in LIFECYCLE.moves for s in m.sources}
CELLS = [(str(status), verb) for status in Status for verb in (*VERBS, "finish")]


def post(client, task, name, data=None, **kwargs):
    args = [task.number, kwargs.pop("verb")] if "verb" in kwargs else [task.number]
    return client.post(reverse(f"tasks:{name}", args=args), data or {}, **kwargs)


# --- Every cell of the table, through the page -------------------------------------------------


@pytest.mark.parametrize(("status", "verb"), CELLS)
def test_the_page_does_what_the_table_allows_and_refuses_all_else(cast, signed_in, status, verb):
    task = task_in(cast, status)
    before = Task.objects.filter(pk=task.pk).values().get()
    events = TicketEvent.objects.count()
    client = signed_in(cast.cleo)

    if verb == "finish":
        response = post(client, task, "finish")
    else:
        response = post(client, task, "move", GIVEN, verb=verb)

    if (status, verb) in ALLOWED:
        assert response.status_code == 303
        assert Task.objects.get(pk=task.pk).status != status
    else:
        assert response.status_code == 409
        assert Task.objects.filter(pk=task.pk).values().get() == before
        assert TicketEvent.objects.count() == events


@pytest.mark.parametrize("verb", ["open", "cancel", "finish", "invented"])
def test_nobody_opens_or_cancels_a_task_by_its_address(cast, signed_in, verb):
    task = task_in(cast, Status.OPEN)

    assert post(signed_in(cast.cleo), task, "move", verb=verb).status_code == 404
    assert Task.objects.get(pk=task.pk).status == "open"


def test_the_buttons_are_those_of_the_table(cast, signed_in):
    task = one_task(cast)

    response = signed_in(cast.bo).get(task.get_absolute_url())

    # Bo works on it but does not lead the team, so a mandatory task is not his to skip.
    assert [move.verb for move in response.context["moves"]] == ["start"]
    response = signed_in(cast.cleo).get(task.get_absolute_url())
    assert [move.verb for move in response.context["moves"]] == ["start", "skip"]


# --- Working on a task --------------------------------------------------------------------------


def test_an_agent_takes_starts_ticks_and_finishes_a_task(cast, signed_in):
    task = one_task(cast, checklist=["Serial number noted", "Label printed"])
    client = signed_in(cast.bo)

    assert post(client, task, "take").status_code == 303
    assert post(client, task, "move", verb="start").status_code == 303
    for item in ("0", "1"):
        response = post(client, task, "tick", {"item": item, "done": "1"})
        assert response.url == f"{task.get_absolute_url()}#checklist"
    assert post(client, task, "finish").status_code == 303

    stored = Task.objects.get(pk=task.pk)
    assert (stored.status, stored.assignee) == ("done", cast.bo)
    assert [item["done"] for item in stored.checklist] == [True, True]


def test_with_htmx_a_tick_brings_back_the_checklist_alone(cast, signed_in):
    task = one_task(cast, checklist=["Label printed"])
    actions.start(task, by=cast.bo, at=MONDAY)

    response = post(
        signed_in(cast.bo), task, "tick", {"item": "0", "done": "1"}, HTTP_HX_REQUEST="true"
    )

    assert response.status_code == 200
    html = response.content.decode()
    assert 'aria-checked="true"' in html
    assert "<html" not in html


@pytest.mark.parametrize("item", ["7", "-1", "x", ""])
def test_a_line_that_is_not_there_is_refused(cast, signed_in, item):
    task = one_task(cast, checklist=["Label printed"])
    actions.start(task, by=cast.bo, at=MONDAY)

    post(signed_in(cast.bo), task, "tick", {"item": item, "done": "1"})

    assert Task.objects.get(pk=task.pk).checklist == [{"text": "Label printed", "done": False}]


def test_an_unticked_checklist_is_told_and_what_was_typed_stays(cast, signed_in):
    task = one_task(cast, checklist=["Label printed"], evidence_kind="text")
    actions.start(task, by=cast.bo, at=MONDAY)

    response = post(signed_in(cast.bo), task, "finish", {"evidence": "Serial number 4711"})

    assert response.status_code == 409
    html = response.content.decode()
    assert "Tick the whole checklist first. Open: Label printed." in html
    assert "Serial number 4711" in html
    assert Task.objects.get(pk=task.pk).status == "in_progress"


def test_missing_evidence_is_told_at_its_field(cast, signed_in):
    task = one_task(cast, evidence_kind="text")
    actions.start(task, by=cast.bo, at=MONDAY)

    response = post(signed_in(cast.bo), task, "finish", {"evidence": "  "})

    assert response.status_code == 422
    assert "evidence" in response.context["finish_form"].errors
    assert Task.objects.get(pk=task.pk).status == "in_progress"


def test_a_file_shows_that_it_is_done_and_only_those_who_see_the_task_get_it(
    cast, signed_in, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    task = one_task(cast, evidence_kind="file")
    actions.start(task, by=cast.bo, at=MONDAY)
    signed = SimpleUploadedFile("signed.txt", b"I have got it. Ann")

    response = post(signed_in(cast.bo), task, "finish", {"files": signed})

    assert response.status_code == 303
    url = reverse("tasks:file", args=[Evidence.objects.get().uuid])
    assert url in signed_in(cast.bo).get(task.get_absolute_url()).content.decode()
    answer = signed_in(cast.bo).get(url)
    assert b"".join(answer.streaming_content) == b"I have got it. Ann"
    assert signed_in(cast.ned).get(url).status_code == 404
    assert signed_in(cast.ann).get(url).status_code == 404


def test_a_step_that_needs_a_reason_asks_for_it(cast, signed_in):
    task = task_in(cast, Status.IN_PROGRESS)
    client = signed_in(cast.bo)

    asked = client.get(reverse("tasks:move", args=[task.number, "fail"]))
    refused = post(client, task, "move", {"note": ""}, verb="fail")

    assert "Why could it not be done?" in asked.content.decode()
    assert refused.status_code == 422
    assert Task.objects.get(pk=task.pk).status == "in_progress"


def test_it_is_assigned_within_its_team_and_handed_over_to_another(cast, signed_in):
    task = one_task(cast)
    client = signed_in(cast.bo)

    people = client.get(reverse("tasks:assign", args=[task.number])).context["form"]["person"]
    assert set(people.field.queryset) == {cast.bo, cast.cleo}
    assert post(client, task, "assign", {"person": cast.cleo.pk}).status_code == 303
    assert Task.objects.get(pk=task.pk).assignee == cast.cleo
    response = post(client, task, "hand_over", {"team": cast.network_team.pk})
    # Bo still sees it, because his team holds the ticket.
    assert response.url == task.get_absolute_url()
    assert Task.objects.get(pk=task.pk).team == cast.network_team


def test_who_hands_a_task_out_of_sight_lands_in_the_inbox(cast, signed_in):
    ticket = Ticket.objects.get(pk=make.incident(cast, team=cast.network_team).pk)
    task = actions.add_task(ticket, by=None, at=MONDAY, title="Label it", team=cast.desk_team)

    response = post(signed_in(cast.bo), task, "hand_over", {"team": cast.network_team.pk})

    assert response.url == INBOX


def test_a_failed_task_is_tried_again_from_its_page(cast, signed_in):
    task = task_in(cast, Status.FAILED)

    response = post(signed_in(cast.bo), task, "again")

    new = Task.objects.get(replaces=task)
    assert response.url == new.get_absolute_url()
    html = signed_in(cast.bo).get(task.get_absolute_url()).content.decode()
    assert f"{new.number} takes its place." in html


def test_a_task_is_added_to_a_ticket(cast, signed_in):
    first = one_task(cast)
    url = reverse("tasks:add", args=[first.ticket.number])
    client = signed_in(cast.bo)
    values = {
        "title": "Collect the old one",
        "team": cast.network_team.pk,
        "after": [first.pk],
        "checklist": "Wipe it\n\nWeigh it",
        "evidence_kind": "none",
        "due_at": "2026-03-05T12:00",
    }

    refused = client.post(url, values | {"title": ""})
    assert (refused.status_code, Task.objects.count()) == (422, 1)
    assert "Weigh it" in refused.content.decode()
    response = client.post(url, values)

    assert response.status_code == 303
    task = Task.objects.get(title="Collect the old one")
    assert (task.status, task.team) == ("pending", cast.network_team)
    assert [item["text"] for item in task.checklist] == ["Wipe it", "Weigh it"]
    assert list(task.predecessors.all()) == [first]
    assert task.due_at.isoformat() == "2026-03-05T11:00:00+00:00"


def test_who_may_not_plan_is_told_so_before_and_after(cast, signed_in):
    ticket = make.incident(cast)
    client = signed_in(cast.mia)
    url = reverse("tasks:add", args=[ticket.number])

    assert "another team works on it" in client.get(url).content.decode()
    values = {"title": "X", "team": cast.desk_team.pk, "evidence_kind": "none"}
    assert client.post(url, values).status_code == 409
    assert not Task.objects.exists()


def test_a_pending_task_can_wait_for_one_more(cast, signed_in):
    task = task_in(cast, Status.PENDING)
    other = one_task(cast, task.ticket, title="Print the label")
    client = signed_in(cast.bo)

    response = post(client, task, "wait_for", {"predecessor": other.pk})

    assert response.status_code == 303
    assert other in task.predecessors.all()


# --- Who sees what ------------------------------------------------------------------------------


def test_whoever_sees_no_task_finds_no_page(cast, signed_in):
    task = one_task(cast)

    for person in (cast.ann, cast.ned, cast.bea, cast.dov):
        client = signed_in(person)
        assert client.get(task.get_absolute_url()).status_code == 404
        assert post(client, task, "move", verb="start").status_code == 404
        assert post(client, task, "take").status_code == 404
    assert Task.objects.get(pk=task.pk).status == "open"


def test_visitors_are_asked_to_sign_in(cast, client):
    assert client.get(INBOX).status_code == 302
    assert client.get(one_task(cast).get_absolute_url()).status_code == 302


def test_who_does_a_task_sees_what_it_needs_and_not_the_ticket(cast, signed_in):
    ticket, tasks = begun(cast, title="Ann needs a laptop for the lawsuit")
    install = next(task for task in tasks if task.key == "install")

    html = signed_in(cast.ned).get(install.get_absolute_url()).content.decode()

    assert ticket.number in html
    assert "Ann" in html
    assert "lawsuit" not in html
    assert ticket.get_absolute_url() not in html


def test_of_a_confidential_ticket_who_does_a_task_learns_neither_name_nor_subject(cast, signed_in):
    ticket, tasks = begun(cast, title="Ann is on leave", is_confidential=True)
    install = next(task for task in tasks if task.key == "install")
    client = signed_in(cast.ned)

    for url in (install.get_absolute_url(), f"{INBOX}?view=later"):
        html = client.get(url).content.decode()
        assert "onfidential" in html
        assert "Ann" not in html
        assert "on leave" not in html


def test_of_the_tasks_before_and_after_only_those_one_sees_have_a_title(cast, signed_in):
    _ticket, tasks = begun(cast)
    install = next(task for task in tasks if task.key == "install")

    theirs = signed_in(cast.ned).get(install.get_absolute_url()).content.decode()
    ours = signed_in(cast.bo).get(install.get_absolute_url()).content.decode()

    assert "Order the laptop" not in theirs
    assert "Hand it over" not in theirs
    assert f"{tasks[0].number}, of another team" in theirs
    assert "Order the laptop" in ours
    assert tasks[3].get_absolute_url() in ours
