"""Opening, replying, commenting, noting; assigning, claiming and editing."""

from datetime import date, timedelta

import pytest

from itil.conversation.files import NewFile
from itil.conversation.models import Attachment, Message
from itil.desk import actions as desk
from itil.incidents.models import Incident
from itil.sla.models import SlaClock
from itil.tickets.errors import MissingValue, NotAllowed, Refused, StaleRecord
from itil.tickets.models import Ticket, TicketEvent, Watcher
from itil.timesheets.models import TimeEntry
from tests import make
from tests.cast import MONDAY

HOUR = timedelta(hours=1)


def test_numbers_count_up_and_are_unique(cast):
    numbers = [make.incident(cast).number for _ in range(3)]

    start = int(numbers[0].removeprefix("INC-"))
    assert numbers == [f"INC-{start + step:06d}" for step in range(3)]


def test_opening_gives_ticket_message_event_and_clocks(cast):
    incident = make.incident(cast)

    message, event = Message.objects.get(), TicketEvent.objects.get()
    assert (message.author, message.visibility) == (cast.ann, "public")
    assert (event.kind, event.actor, event.at) == ("opened", cast.ann, MONDAY)
    metrics = set(SlaClock.objects.filter(ticket=incident).values_list("metric", flat=True))
    assert metrics == {"acknowledge", "first_response", "resolution"}


def test_the_organization_and_the_team_come_from_requester_and_service(cast):
    incident = make.incident(cast, team=None, service=cast.mail_service)

    assert incident.organization == cast.acme
    assert incident.team == cast.desk_team


def test_priority_follows_impact_and_urgency(cast):
    incident = make.incident(cast, impact=1, urgency=2)

    assert incident.priority == 2


def test_nobody_but_an_agent_opens_for_someone_else(cast):
    with pytest.raises(NotAllowed):
        make.incident(cast, by=cast.dov)

    assert not Ticket.objects.exists()


def test_a_subject_is_needed(cast):
    with pytest.raises(MissingValue) as refusal:
        make.incident(cast, title="  ")

    assert refusal.value.field == "title"
    assert not Ticket.objects.exists()


def test_a_call_taken_by_an_agent_is_answered_at_once(cast):
    incident = make.incident(cast, by=cast.bo, channel="phone")

    stored = Incident.objects.get(pk=incident.pk)
    assert stored.first_response_at == stored.received_at == MONDAY
    outcomes = dict(SlaClock.objects.values_list("metric", "outcome"))
    assert outcomes["first_response"] == "met"
    assert outcomes["resolution"] == "pending"


def test_the_first_public_reply_is_the_first_response(cast):
    incident = make.taken_incident(cast)

    desk.note(incident, by=cast.bo, text="Looks like the relay.", at=MONDAY)
    before = Incident.objects.get().first_response_at
    desk.reply(incident, by=cast.bo, text="We are on it.", at=MONDAY + HOUR)
    desk.reply(incident, by=cast.bo, text="Nearly there.", at=MONDAY + 2 * HOUR)

    assert before is None
    assert Incident.objects.get().first_response_at == MONDAY + HOUR


def test_an_empty_message_is_refused(cast):
    incident = make.taken_incident(cast)

    with pytest.raises(MissingValue, match="Write a message first"):
        desk.reply(incident, by=cast.bo, text=" \n ")

    assert Message.objects.count() == 1


def test_a_reply_carries_an_id_by_which_its_answers_find_back(cast):
    message = desk.reply(make.taken_incident(cast), by=cast.bo, text="Hello")

    assert message.mail_id == f"m.{message.uuid.hex}@127.0.0.1"


def test_files_are_known_by_content_and_programs_are_held_back(cast):
    picture = NewFile("../../photo.txt", b"\x89PNG\r\n\x1a\n" + b"\0" * 20)
    program = NewFile("invoice.pdf", b"MZ\x90\x00" + b"\0" * 60)

    make.incident(cast, attachments=[picture, program])

    photo, invoice = Attachment.objects.order_by("pk")
    assert (photo.name, photo.content_type, photo.is_quarantined) == (
        "photo.txt",
        "image/png",
        False,
    )
    assert invoice.is_quarantined


def test_a_file_over_the_limit_is_left_out_and_named(cast, settings):
    settings.ATTACHMENT_MAX_BYTES = 10

    make.incident(cast, attachments=[NewFile("small.txt", b"12345"), NewFile("big.txt", b"1" * 11)])

    assert [file.name for file in Attachment.objects.all()] == ["small.txt"]
    assert "“big.txt” is larger than" in Message.objects.get().text


def test_only_participants_comment(cast):
    incident = make.incident(cast)

    with pytest.raises(NotAllowed):
        desk.comment(incident, by=cast.dov, text="Me too")
    Watcher.objects.create(ticket=incident, user=cast.dov)
    desk.comment(incident, by=cast.dov, text="Me too")

    assert Message.objects.filter(author=cast.dov).count() == 1


def test_a_ticket_is_assigned_within_its_team(cast):
    incident = make.incident(cast)

    with pytest.raises(Refused, match="Ned is not in Service desk"):
        desk.assign(incident, cast.ned, by=cast.bo)
    with pytest.raises(Refused, match="Ann is in no team"):
        desk.assign(incident, cast.ann, by=cast.bo)
    desk.assign(incident, cast.cleo, by=cast.bo)

    assert Incident.objects.get().assignee == cast.cleo


def test_handing_over_leaves_the_assignee_behind_and_counts(cast):
    incident = make.taken_incident(cast)

    desk.hand_over(incident, cast.network_team, by=cast.bo)

    stored = Incident.objects.get()
    assert (stored.team, stored.assignee, stored.reassignment_count) == (
        cast.network_team,
        None,
        1,
    )


def test_the_first_team_is_no_reassignment(cast):
    incident = make.incident(cast, team=None)

    desk.hand_over(incident, cast.network_team, by=cast.bo)

    assert Incident.objects.get().reassignment_count == 0


def test_while_one_works_on_it_a_colleague_can_only_note_until_taking_over(cast):
    incident = make.taken_incident(cast)
    moment = MONDAY + timedelta(minutes=10)

    with pytest.raises(Refused, match="Bo is working on"):
        desk.reply(incident, by=cast.cleo, text="Hello", at=moment)
    desk.note(incident, by=cast.cleo, text="Try the relay", at=moment)
    desk.take_over(incident, by=cast.cleo, at=moment)
    desk.reply(incident, by=cast.cleo, text="Hello", at=moment)

    assert TicketEvent.objects.filter(kind="claimed").count() == 1
    assert Message.objects.filter(author=cast.cleo).count() == 2


def test_a_claim_lapses_after_half_an_hour(cast):
    incident = make.taken_incident(cast)

    desk.reply(incident, by=cast.cleo, text="Hello", at=MONDAY + timedelta(minutes=30))

    assert Message.objects.filter(author=cast.cleo).count() == 1


def test_editing_recomputes_priority_and_moves_the_clocks(cast):
    incident = make.incident(cast, impact=3, urgency=3)
    before = SlaClock.objects.get(metric="resolution").due_at

    desk.edit(
        incident,
        by=cast.bo,
        version=incident.version,
        changes={"impact": 1, "urgency": 1},
        at=MONDAY,
    )

    clock = SlaClock.objects.get(metric="resolution")
    assert Incident.objects.get().priority == 1
    assert (clock.target_seconds, clock.priority) == (4 * 3600, 1)
    assert clock.due_at < before


def test_saving_what_someone_else_changed_meanwhile_is_refused(cast):
    incident = make.incident(cast)
    seen = incident.version
    desk.edit(incident, by=cast.cleo, version=seen, changes={"title": "Mail is slow"})

    with pytest.raises(StaleRecord):
        desk.edit(incident, by=cast.bo, version=seen, changes={"title": "Mail is late"})

    assert Incident.objects.get().title == "Mail is slow"


def test_an_override_by_a_lead_stands_until_it_is_lifted(cast):
    incident = make.incident(cast, impact=3, urgency=3)

    with pytest.raises(NotAllowed):
        desk.override_priority(incident, 1, by=cast.bo, reason="The director")
    desk.override_priority(incident, 1, by=cast.cleo, reason="The director")
    desk.edit(incident, by=cast.bo, version=incident.version, changes={"urgency": 2})
    overridden = Incident.objects.get().priority
    desk.lift_override(incident, by=cast.cleo)

    assert overridden == 1
    assert Incident.objects.get().priority == 4


def test_time_is_booked_by_agents_of_the_queue(cast):
    incident = make.taken_incident(cast)
    booking = {"minutes": 90, "activity": cast.activity, "work_date": date(2026, 3, 2)}

    with pytest.raises(NotAllowed):
        desk.log_time(incident, by=cast.ned, **booking, at=MONDAY)
    entry = desk.log_time(incident, by=cast.bo, **booking, at=MONDAY)

    assert (entry.minutes, entry.billing_kind, entry.state) == (90, "billable", "approved")
    assert TicketEvent.objects.filter(kind="time_logged").count() == 1


@pytest.mark.parametrize("minutes", [0, -5, 1441])
def test_impossible_minutes_are_refused(cast, minutes):
    incident = make.taken_incident(cast)

    with pytest.raises(MissingValue, match="between 1 minute and 24 hours"):
        desk.log_time(
            incident,
            by=cast.bo,
            minutes=minutes,
            activity=cast.activity,
            work_date=date(2026, 3, 2),
            at=MONDAY,
        )


def test_work_in_the_future_is_refused(cast):
    incident = make.taken_incident(cast)

    with pytest.raises(MissingValue, match="today or an earlier date"):
        desk.log_time(
            incident,
            by=cast.bo,
            minutes=30,
            activity=cast.activity,
            work_date=date(2026, 3, 3),
            at=MONDAY,
        )

    assert not TimeEntry.objects.exists()


def test_starting_a_second_timer_books_the_first(cast):
    first, second = make.taken_incident(cast), make.taken_incident(cast)

    desk.start_timer(first, by=cast.bo, activity=cast.activity, at=MONDAY)
    desk.start_timer(second, by=cast.bo, activity=cast.activity, at=MONDAY + timedelta(minutes=25))

    entry = TimeEntry.objects.get()
    assert (entry.ticket_id, entry.minutes) == (first.pk, 25)
    assert cast.bo.timers.get().ticket_id == second.pk


def test_a_timer_over_midnight_books_two_days(cast):
    incident = make.taken_incident(cast)
    # Midnight of the business zone (Amsterdam) is 23:00 UTC in winter.
    start = MONDAY.replace(hour=22, minute=30)

    desk.start_timer(incident, by=cast.bo, activity=cast.activity, at=start)
    booked = desk.stop_timer(by=cast.bo, at=start + HOUR)

    assert [(entry.work_date, entry.minutes) for entry in booked] == [
        (date(2026, 3, 2), 30),
        (date(2026, 3, 3), 30),
    ]


def test_a_forgotten_timer_asks_for_the_minutes(cast):
    incident = make.taken_incident(cast)
    desk.start_timer(incident, by=cast.bo, activity=cast.activity, at=MONDAY)

    with pytest.raises(MissingValue, match="more than ten hours"):
        desk.stop_timer(by=cast.bo, at=MONDAY + 11 * HOUR)
    booked = desk.stop_timer(by=cast.bo, minutes=45, at=MONDAY + 11 * HOUR)

    assert [entry.minutes for entry in booked] == [45]
