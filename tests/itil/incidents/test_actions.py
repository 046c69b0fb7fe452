"""What the system does with incidents as time passes, and what follows the end."""

from datetime import UTC, datetime, timedelta

import pytest

from itil.conversation.models import Message
from itil.desk import actions as desk
from itil.incidents import actions
from itil.incidents.models import Incident, MajorState
from itil.sla.models import SlaClock
from itil.tickets.models import Category, TicketEvent, TicketLink
from tests import make
from tests.cast import MONDAY

HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)
WEEK = timedelta(hours=7 * 24)
REOPEN = {"reason": "It stopped again."}
RESOLUTION = {"resolution_code": "fixed", "note": "It runs again."}


def waiting(cast, reason, at=MONDAY, **values):
    """Ann's incident, put on hold by Bo."""
    incident = make.taken_incident(cast, at=at)
    values = {"hold_reason": reason, "note": "Which address?"} | values
    return desk.move(incident, "hold", by=cast.bo, values=values, at=at)


# --- Closing by itself (`INC-1`) ------------------------------------------------------------


def test_an_incident_closes_exactly_seven_days_after_it_was_resolved(cast):
    make.resolved_incident(cast)

    assert actions.close_resolved(MONDAY + WEEK - SECOND) == 0
    assert actions.close_resolved(MONDAY + WEEK) == 1
    assert actions.close_resolved(MONDAY + WEEK) == 0

    stored = Incident.objects.get()
    assert (stored.status, stored.closed_at) == ("closed", MONDAY + WEEK)
    event = TicketEvent.objects.get(data__verb="close")
    assert (event.actor, event.channel) == (None, "system")


def test_the_week_is_counted_in_hours_also_when_the_clocks_change(cast):
    # Europe turns its clocks on Sunday 29 March 2026.
    friday = datetime(2026, 3, 27, 9, 0, tzinfo=UTC)
    make.resolved_incident(cast, at=friday)

    assert actions.close_resolved(friday + WEEK - SECOND) == 0
    assert actions.close_resolved(friday + WEEK) == 1


def test_only_a_new_resolution_starts_the_week_again(cast):
    incident = make.resolved_incident(cast)
    desk.note(incident, by=cast.bo, text="All quiet.", at=MONDAY + HOUR)
    desk.comment(incident, by=cast.ann, text="I am away.", is_automatic=True, at=MONDAY + 2 * HOUR)
    other = make.resolved_incident(cast)
    desk.move(other, "reopen", by=cast.bo, values=REOPEN, at=MONDAY + HOUR)
    desk.move(other, "resolve", by=cast.bo, values=RESOLUTION, at=MONDAY + 3 * HOUR)

    first = actions.close_resolved(MONDAY + WEEK)
    status_of_other = Incident.objects.get(pk=other.pk).status
    second = actions.close_resolved(MONDAY + WEEK + 3 * HOUR)

    assert (first, status_of_other, second) == (1, "resolved", 1)


@pytest.mark.parametrize("state", [MajorState.ACCEPTED, MajorState.RESOLVED])
def test_a_major_incident_never_closes_by_itself(cast, state):
    make.resolved_incident(cast)
    Incident.objects.update(major_state=state)

    assert actions.close_resolved(MONDAY + 10 * WEEK) == 0
    assert Incident.objects.get().status == "resolved"


# --- Waiting --------------------------------------------------------------------------------


def test_a_scheduled_wait_ends_at_the_agreed_time(cast):
    waiting(cast, "scheduled", resume_at=MONDAY + 3 * HOUR)

    assert desk.resume_scheduled(MONDAY + 3 * HOUR - SECOND) == 0
    assert desk.resume_scheduled(MONDAY + 3 * HOUR) == 1
    assert desk.resume_scheduled(MONDAY + 3 * HOUR) == 0

    stored = Incident.objects.get()
    assert (stored.status, stored.hold_reason, stored.resume_at) == ("in_progress", "", None)
    assert TicketEvent.objects.get(data__verb="resume").actor is None


def test_a_wait_for_somebody_does_not_end_by_time(cast):
    waiting(cast, "awaiting_vendor", reference="Vendor 7")

    assert desk.resume_scheduled(MONDAY + 10 * WEEK) == 0
    assert actions.resolve_unanswered(MONDAY + 10 * WEEK) == 0


@pytest.mark.parametrize(
    ("asked", "resolved"),
    [
        # Seven Mondays to Fridays after a Monday is the Wednesday of the next week.
        (MONDAY, MONDAY + timedelta(days=9)),
        # After a Thursday, the Monday after next.
        (MONDAY + timedelta(days=3), MONDAY + timedelta(days=14)),
    ],
)
def test_a_question_nobody_answers_resolves_after_seven_weekdays(cast, asked, resolved):
    waiting(cast, "awaiting_requester", at=asked)

    assert actions.resolve_unanswered(resolved - SECOND) == 0
    assert actions.resolve_unanswered(resolved) == 1
    assert actions.resolve_unanswered(resolved) == 0

    stored = Incident.objects.get()
    assert (stored.status, stored.resolution_code) == ("resolved", "no_response")
    assert (stored.resolved_at, stored.hold_reason) == (resolved, "")
    told = Message.objects.latest("pk")
    assert (told.author, told.visibility, told.is_automatic) == (None, "public", True)


def test_the_answer_to_a_late_resolution_reopens(cast):
    incident = waiting(cast, "awaiting_requester")
    actions.resolve_unanswered(MONDAY + 2 * WEEK)
    incident = Incident.objects.get()

    desk.comment(incident, by=cast.ann, text="Mine.", at=MONDAY + 2 * WEEK + HOUR)

    assert (incident.status, incident.reopen_count) == ("in_progress", 1)


# --- After the end (`INC-2`) ----------------------------------------------------------------


def test_a_follow_up_begins_anew_where_the_old_one_ended(cast):
    category = Category.objects.create(name="Mail")
    original = make.resolved_incident(cast, service=cast.mail_service, category=category)
    desk.move(original, "close", by=cast.ann, at=MONDAY)

    later = MONDAY + WEEK
    incident = actions.follow_up(
        original,
        by=cast.ann,
        title="",
        text="Again no mail.",
        requester=cast.ann,
        channel="portal",
        at=later,
    )

    stored = Incident.objects.get(pk=incident.pk)
    assert (stored.title, stored.status) == (original.title, "new")
    assert (stored.organization, stored.service, stored.category, stored.team) == (
        cast.acme,
        cast.mail_service,
        category,
        cast.desk_team,
    )
    assert (stored.assignee, stored.resolved_at, stored.reopen_count) == (None, None, 0)
    assert (stored.received_at, stored.first_response_at) == (later, None)
    clocks = SlaClock.objects.filter(ticket=incident)
    assert {clock.started_at for clock in clocks} == {later}
    assert len(clocks) == 3
    link = TicketLink.objects.get()
    assert (link.source_id, link.target_id, link.type) == (
        incident.pk,
        original.pk,
        "follow_up_of",
    )
    assert Incident.objects.get(pk=original.pk).status == "closed"


def test_a_follow_up_of_a_confidential_incident_is_confidential(cast):
    original = make.resolved_incident(cast, is_confidential=True)
    desk.move(original, "close", by=cast.ann)

    incident = actions.follow_up(
        original, by=cast.ann, title="Again", text="", requester=cast.ann, channel="portal"
    )

    assert (incident.title, incident.is_confidential) == ("Again", True)
