"""The page of a ticket and its steps: what they say, refuse, keep and cost."""

from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from itil.conversation.models import Attachment, Message
from itil.desk import actions as desk
from itil.incidents.models import Incident
from itil.tickets import actions as tickets
from itil.tickets.models import Category, Ticket, TicketEvent
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
    with django_assert_max_num_queries(17) as short:
        client.get(address(ticket))
    for _number in range(29):
        happen()
    with django_assert_max_num_queries(17) as long:
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


def test_a_reopening_of_a_moment_ago_may_be_called_a_courtesy(signed_in, cast):
    """INC-3: Ann says thank you at 11:00; until 12:00 Bo may leave that out of the count."""
    ticket = make.resolved_incident(cast)
    desk.comment(ticket, by=cast.ann, text="Thank you!", at=MONDAY + timedelta(hours=1))
    client, step = signed_in(cast.bo), address(ticket, "move/resolve/")

    with time_machine.travel(MONDAY + timedelta(hours=2), tick=False):
        form = client.get(step).context["form"]
        answer = client.post(step, RESOLUTION | {"courtesy": "on"})

    assert "12:00" in form.fields["courtesy"].help_text
    stored = Ticket.objects.get()
    assert (answer.status_code, stored.status, stored.reopen_count) == (303, "resolved", 0)
    assert "the reopening was a courtesy" in page_of(client.get(address(ticket)))


def test_a_courtesy_that_comes_too_late_is_refused_and_keeps_what_was_typed(signed_in, cast):
    ticket = make.resolved_incident(cast)
    desk.comment(ticket, by=cast.ann, text="Thank you!", at=MONDAY + timedelta(hours=1))
    client, step = signed_in(cast.bo), address(ticket, "move/resolve/")

    with time_machine.travel(MONDAY + timedelta(hours=2, seconds=1), tick=False):
        offered = client.get(step).context["form"].fields
        answer = client.post(step, RESOLUTION | {"courtesy": "on"})

    assert "courtesy" not in offered
    assert answer.status_code == 409
    assert "within the last business hour" in page_of(answer)
    assert "It runs again.</textarea>" in page_of(answer)
    assert Ticket.objects.get().status == "in_progress"


def test_who_was_never_thanked_is_offered_no_courtesy(signed_in, cast):
    form = signed_in(cast.bo).get(address(make.taken_incident(cast), "move/resolve/"))
    assert "courtesy" not in form.context["form"].fields


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
    values["organization"] = cast.acme.pk
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


def test_what_is_no_longer_given_to_others_stays_on_the_ticket_that_has_it(signed_in, cast):
    old, new = Category.objects.create(name="Fax"), Category.objects.create(name="Mail")
    ticket = make.incident(cast, service=cast.mail_service, category=old)
    cast.mail_service.active, old.active = False, False
    cast.mail_service.save()
    old.save()
    client = signed_in(cast.bo)

    page = page_of(client.get(address(ticket, "edit/")))
    for kept in (cast.mail_service, old):
        assert f'<option value="{kept.pk}" selected>{kept}</option>' in page
    client.post(
        address(ticket, "edit/"),
        {
            "title": ticket.title,
            "impact": ticket.impact,
            "urgency": ticket.urgency,
            "service": cast.mail_service.pk,
            "category": new.pk,
            "organization": cast.acme.pk,
            "version": ticket.version,
        },
    )
    stored = Ticket.objects.get()
    assert (stored.service, stored.category) == (cast.mail_service, new)

    other = make.incident(cast)
    assert "Fax" not in page_of(client.get(address(other, "edit/")))


def test_the_ticket_that_carries_on_is_named_to_those_who_may_see_it(signed_in, cast):
    ticket, survivor = make.incident(cast), make.incident(cast)
    desk.merge(ticket, survivor, by=cast.bo)
    url = address(ticket, "")

    assert f'This repeats <a href="{survivor.get_absolute_url()}">' in page_of(
        signed_in(cast.bo).get(url)
    )
    desk.hand_over(survivor, cast.network_team, by=cast.cleo)
    page = page_of(signed_in(cast.bo).get(url))
    assert "This repeats another ticket." in page
    assert survivor.number not in page
