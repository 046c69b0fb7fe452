"""No mail takes a step of a problem, a change or a release: their tables have no such actor."""

from datetime import timedelta

import pytest

from itil.changes import actions as changes
from itil.releases.lifecycle import Status as ReleaseStatus
from itil.tickets.models import Ticket
from portal.outbox.threading import reply_address
from tests.cast import MONDAY
from tests.itil.changes import world as change_world
from tests.itil.problems import world as problem_world
from tests.itil.releases.world import World as ReleaseWorld

from .letters import letter
from .test_actions_senders import GENUINE

LATER = MONDAY + timedelta(days=3)
STEPS = ("status", "phase", "hold_reason", "reopen_count", "resolved_at", "closed_at")
STRANGER = "somebody@elsewhere.example"


def problems(cast):
    for status in problem_world.PATHS:
        yield problem_world.problem_in(cast, status)


def changes_of_all_statuses(cast):
    world = change_world.build(cast)
    yield change_world.draft(world)
    yield change_world.assessed(world)
    yield change_world.asked(world)
    yield change_world.scheduled(world)
    yield change_world.started(world)
    yield change_world.finished(world)
    cancelled = change_world.draft(world)
    changes.move(cancelled, "cancel", by=world.chas, values={"reason": "No."}, at=MONDAY)
    yield cancelled


def releases(cast):
    world = ReleaseWorld(cast)
    for status in ReleaseStatus.values:
        yield world.put(status)


def steps_of(ticket):
    return Ticket.objects.filter(pk=ticket.pk).values(*STEPS).get()


@pytest.mark.parametrize("records", [problems, changes_of_all_statuses, releases])
def test_no_mail_takes_a_step_in_any_status(arrive, cast, records):
    said, kept = [], 0
    for record in records(cast):
        senders = {person.email for person in (cast.ann, cast.bo, cast.cleo, record.requester)}
        for place, sender in enumerate(sorted(senders | {STRANGER})):
            for words in ("It works, please close it.", "Please reopen.", "approve"):
                before = steps_of(record)
                mail = letter(
                    words,
                    sender=sender,
                    to=reply_address(record.uuid),
                    subject=f"Re: [#{record.number}]",
                    mail_id=f"{record.number}-{place}-{words[:3]}@acme.example",
                    Authentication_Results=GENUINE,
                )
                kept += arrive(mail, at=LATER).ticket_id == record.pk
                after = steps_of(record)
                if after != before:
                    said.append(f"{sender} to {record.number} in {before['status']}: {after}")

    assert said == []
    assert kept > 0, "no mail reached its record"
