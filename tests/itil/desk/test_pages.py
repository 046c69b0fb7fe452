"""The pages of the desk in the browser: who gets them, what they say, what they cost."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from itil.conversation.models import Attachment, Message
from itil.desk import actions as desk
from itil.incidents.models import Incident
from itil.tickets import actions as tickets
from itil.tickets.models import Ticket, TicketEvent
from itil.timesheets.models import TimeEntry, Timer
from tests import make
from tests.cast import MONDAY

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
    *("priority/lift/", "time/", "timer/start/", "timer/stop/", "move/resolve/", "move/hold/"),
)


@pytest.mark.parametrize("step", STEPS)
def test_every_step_on_a_ticket_out_of_sight_is_absent(signed_in, cast, step):
    hidden = make.incident(cast, team=cast.network_team)
    client = signed_in(cast.bo)

    assert client.post(address(hidden, step)).status_code == 404
    assert client.post(f"{QUEUE}INC-999999/{step}").status_code == 404
    assert TicketEvent.objects.count() == 1


@pytest.mark.parametrize("path", ["", "INC-000001/", "take/", "filter/", "INC-000001/say/"])
def test_visitors_are_asked_to_sign_in(client, cast, path):
    response = client.post(QUEUE + path) if path.endswith("say/") else client.get(QUEUE + path)

    assert (response.status_code, "/login" in response.url) == (302, True)


@pytest.mark.parametrize(("name", "status"), [("bo", 200), ("mia", 404), ("ann", 404)])
def test_own_time_and_new_tickets_are_for_agents(signed_in, cast, name, status):
    client = signed_in(getattr(cast, name))

    assert client.get("/desk/time/").status_code == status
    assert client.get(f"{QUEUE}new/").status_code == status


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


# --- One ticket -----------------------------------------------------------------------------


def test_the_page_takes_as_many_statements_for_a_long_story_as_for_a_short_one(
    signed_in, cast, django_assert_max_num_queries
):
    ticket, other = make.taken_incident(cast), make.incident(cast)
    client = signed_in(cast.bo)
    day = MONDAY.date()

    def happen():
        desk.reply(ticket, by=cast.bo, text="Hello")
        desk.log_time(ticket, by=cast.bo, minutes=5, activity=cast.activity, work_date=day)
        tickets.record(ticket, "clock", by=None, at=timezone.now(), data={"what": "breached"})

    happen()
    tickets.link(ticket, other, "related", by=cast.bo)
    with django_assert_max_num_queries(15) as short:
        client.get(address(ticket))
    for _number in range(29):
        happen()
    with django_assert_max_num_queries(15) as long:
        response = client.get(address(ticket))

    assert len([entry for entry in response.context["story"] if entry.message]) == 31
    assert len(short) == len(long)


def test_notes_and_links_show_only_to_those_who_may_see_them(signed_in, cast):
    ticket, hidden = make.incident(cast), make.incident(cast, team=cast.network_team, title="Vault")
    desk.note(ticket, by=cast.bo, text="The relay is at fault.")
    tickets.link(ticket, hidden, "related", by=cast.cleo)

    pages = {n: page_of(signed_in(getattr(cast, n)).get(address(ticket))) for n in ("bo", "mia")}

    assert ("relay" in pages["bo"], "relay" in pages["mia"]) == (True, False)
    assert ("Vault" in pages["bo"], "Vault" in pages["mia"]) == (False, True)
    assert "no mail arrives" not in pages["mia"]


def test_a_reply_goes_out_and_a_note_stays_inside(signed_in, cast):
    ticket = make.taken_incident(cast)
    client = signed_in(cast.bo)

    for kind in ("reply", "note"):
        response = client.post(address(ticket, "say/"), {"as": kind, "text": kind})
        assert (response.status_code, response.url) == (303, address(ticket))

    assert list(Message.objects.values_list("text", "visibility"))[1:] == [
        ("reply", "public"),
        ("note", "internal"),
    ]


def test_a_question_with_a_file_waits_for_the_requester_and_keeps_the_file(signed_in, cast):
    ticket = make.taken_incident(cast)
    upload = SimpleUploadedFile("form.txt", b"Please fill in.")
    values = {"as": "ask", "text": "Which address?", "attachments": upload}

    signed_in(cast.bo).post(address(ticket, "say/"), values)

    stored = Incident.objects.get()
    assert (stored.status, stored.hold_reason) == ("on_hold", "awaiting_requester")
    assert Attachment.objects.get().message.text == "Which address?"
    assert "attachments" not in TicketEvent.objects.get(data__verb="hold").data


def test_an_empty_reply_is_refused_on_the_page(signed_in, cast):
    response = signed_in(cast.bo).post(
        address(make.taken_incident(cast), "say/"), {"as": "reply", "text": "  "}
    )

    assert response.status_code == 409
    assert "Write a message first." in page_of(response)


def test_a_file_too_large_is_refused_and_the_text_stays(signed_in, cast, settings):
    settings.ATTACHMENT_MAX_BYTES = 10
    ticket = make.taken_incident(cast)
    upload = SimpleUploadedFile("big.txt", b"1" * 11)
    values = {"as": "reply", "text": "A long explanation", "attachments": upload}

    response = signed_in(cast.bo).post(address(ticket, "say/"), values)

    assert response.status_code == 422
    assert "“big.txt” is larger than" in page_of(response)
    assert "A long explanation</textarea>" in page_of(response)
    assert Message.objects.count() == 1


def test_a_program_is_kept_but_not_handed_out(signed_in, cast):
    ticket = make.taken_incident(cast)
    upload = SimpleUploadedFile("invoice.pdf", b"MZ\x90\x00" + b"\0" * 60)
    client = signed_in(cast.bo)

    client.post(address(ticket, "say/"), {"as": "reply", "text": "x", "attachments": upload})

    assert Attachment.objects.get().is_quarantined
    page = page_of(client.get(address(ticket)))
    assert "held back: it can run programs" in page
    assert "/attachments/" not in page


def test_resolving_twice_gives_one_move_and_one_clear_message(signed_in, cast):
    ticket = make.taken_incident(cast)
    client = signed_in(cast.bo)

    first = client.post(address(ticket, "move/resolve/"), RESOLUTION)
    second = client.post(address(ticket, "move/resolve/"), RESOLUTION)

    assert (first.status_code, second.status_code) == (303, 409)
    assert page_of(second).count("is “Resolved” already") == 1
    assert "It runs again.</textarea>" in page_of(second)
    assert TicketEvent.objects.filter(data__verb="resolve").count() == 1


@pytest.mark.parametrize(
    ("step", "values", "missing"),
    [
        ("move/resolve/", {"note": "Typed words"}, "resolution_code"),
        ("move/resolve/", {"resolution_code": "fixed"}, "note"),
        ("move/resolve/", RESOLUTION | {"resolution_code": "magic"}, "resolution_code"),
        ("move/hold/", {"note": "Typed words"}, "hold_reason"),
        ("move/hold/", {"hold_reason": "scheduled", "resume_at": "soon"}, "resume_at"),
        ("move/cancel/", {"cancel_reason": "duplicate", "merged_into": "INC-9"}, "merged_into"),
        ("hand-over/", {"team": "999"}, "team"),
        ("assign/", {"person": "999"}, "person"),
        ("edit/", {"title": "", "impact": "1", "urgency": "9", "version": "1"}, "title"),
        ("priority/", {"priority": "7", "reason": "Because"}, "priority"),
        ("time/", {"minutes": "a while", "work_date": "2026-03-02"}, "minutes"),
        ("time/", {"minutes": "5", "work_date": "yesterday"}, "work_date"),
    ],
)
def test_a_form_with_something_missing_comes_back_as_it_was(signed_in, cast, step, values, missing):
    ticket = make.taken_incident(cast)
    events = TicketEvent.objects.count()

    response = signed_in(cast.bo).post(address(ticket, step), values)

    assert response.status_code == 422
    assert missing in response.context["form"].errors
    for typed in values.values():
        if typed.startswith("Typed"):
            assert typed in page_of(response)
    assert TicketEvent.objects.count() == events


@pytest.mark.parametrize("minutes", ["0", "1441", "99:99"])
def test_minutes_no_day_has_are_refused_at_their_field(signed_in, cast, minutes):
    ticket = make.taken_incident(cast)
    values = {"minutes": minutes, "activity": cast.activity.pk, "work_date": "2026-03-02"}

    response = signed_in(cast.bo).post(address(ticket, "time/"), values)

    assert response.status_code == 409
    assert response.context["form"].errors == {"minutes": ["Enter between 1 minute and 24 hours."]}
    assert not TimeEntry.objects.exists()


@pytest.mark.parametrize(
    ("typed", "minutes"), [("90", 90), ("1:30", 90), ("1h 30m", 90), ("2h", 120)]
)
def test_time_is_typed_as_people_write_it(signed_in, cast, typed, minutes):
    ticket = make.taken_incident(cast)
    values = {"minutes": typed, "activity": cast.activity.pk, "work_date": "2026-03-02"}

    assert signed_in(cast.bo).post(address(ticket, "time/"), values).status_code == 303
    assert TimeEntry.objects.get().minutes == minutes


def test_saving_over_a_colleagues_change_is_refused_once_with_the_text_kept(signed_in, cast):
    ticket = make.taken_incident(cast)
    seen = ticket.version
    desk.edit(ticket, by=cast.bo, version=seen, changes={"impact": 1})
    values = {"title": "Typed words", "impact": "2", "urgency": "2", "version": seen}
    client = signed_in(cast.bo)

    stale = client.post(address(ticket, "edit/"), values)
    fresh = values | {"version": stale.context["form"]["version"].value()}
    again = client.post(address(ticket, "edit/"), fresh)

    assert (stale.status_code, again.status_code) == (409, 303)
    assert "was changed while you were looking at it" in page_of(stale)
    assert 'value="Typed words"' in page_of(stale)
    assert Incident.objects.get().title == "Typed words"


def test_what_is_handed_over_out_of_sight_leads_back_to_the_list(signed_in, cast):
    ticket = make.incident(cast)

    response = signed_in(cast.bo).post(
        address(ticket, "hand-over/"), {"team": cast.network_team.pk}, follow=True
    )

    assert response.redirect_chain == [(QUEUE, 303)]
    assert said(response) == [f"{ticket.number} is with Network now."]


# --- Time -----------------------------------------------------------------------------------


def test_a_forgotten_timer_asks_for_the_minutes_and_then_stops(signed_in, cast):
    ticket = make.taken_incident(cast)
    long_ago = timezone.now() - timedelta(hours=11)
    desk.start_timer(ticket, by=cast.bo, activity=cast.activity, at=long_ago)
    client = signed_in(cast.bo)

    asked = client.post(address(ticket, "timer/stop/"))
    stopped = client.post(address(ticket, "timer/stop/"), {"minutes": "0:45"}, follow=True)

    assert asked.status_code == 409
    assert "more than ten hours" in page_of(asked)
    assert said(stopped) == ["The timer is stopped; 45 minutes are booked."]
    assert not Timer.objects.exists()


def test_stopping_a_timer_that_does_not_run_says_so(signed_in, cast):
    ticket = make.taken_incident(cast)

    response = signed_in(cast.bo).post(address(ticket, "timer/stop/"), follow=True)

    assert said(response) == ["No timer was running."]


@pytest.mark.parametrize(
    ("week", "monday"), [("2026-W10", "2026-03-02"), ("2027-W01", "2027-01-04")]
)
def test_the_time_page_shows_the_week_that_is_asked_for(signed_in, cast, week, monday):
    context = signed_in(cast.bo).get("/desk/time/", {"week": week}).context

    assert context["monday"].isoformat() == monday


@pytest.mark.parametrize("week", ["", "x", "2026-W54", "0001-W01", "9999-W52", "2026-W-1", "²-W1"])
def test_a_week_that_is_none_shows_this_one(signed_in, cast, week):
    response = signed_in(cast.bo).get("/desk/time/", {"week": week})
    today = timezone.localdate()

    assert response.status_code == 200
    assert abs(response.context["monday"] - today) <= timedelta(days=7)


# --- A new ticket ---------------------------------------------------------------------------


def call(**changes) -> dict:
    return {
        "requester": "ann@acme.example",
        "title": "Printer jams",
        "text": "It jams since noon.",
        "channel": "phone",
        "impact": "3",
        "urgency": "2",
    } | changes


@pytest.mark.parametrize("typed", ["ann@acme.example", "ANN@Acme.Example", "ann"])
def test_a_call_becomes_a_ticket_of_the_caller(signed_in, cast, typed):
    response = signed_in(cast.bo).post(f"{QUEUE}new/", call(requester=typed))

    incident = Incident.objects.get()
    assert (response.status_code, response.url) == (302, address(incident))
    assert (incident.requester, incident.organization) == (cast.ann, cast.acme)
    assert incident.first_response_at == incident.received_at


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"requester": "nobody@nowhere.example"}, "requester"),
        ({"title": ""}, "title"),
        ({"channel": "pigeon"}, "channel"),
        ({"impact": "0"}, "impact"),
        ({"team": "999"}, "team"),
    ],
)
def test_a_call_that_cannot_be_written_down_comes_back_as_typed(signed_in, cast, changes, field):
    response = signed_in(cast.bo).post(f"{QUEUE}new/", call(**changes))

    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert "It jams since noon.</textarea>" in page_of(response)
    assert not Ticket.objects.exists()
