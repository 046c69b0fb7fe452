"""What approvals say in the story of a ticket."""

import pytest

from itil.approvals import actions
from itil.approvals.timeline import in_words
from itil.desk.timeline import story
from itil.tickets.models import TicketEvent

from .people import (
    DAY,
    HOUR,
    MONDAY,
    begun,
    furnish,
    give,
    manager_policy,
    matter,
    policy,
    stand_in,
    vote_of,
)


@pytest.fixture
def house(cast):
    return furnish(cast)


def told(house) -> list[str]:
    """What the desk reads of it, with who did it in front."""
    return [
        f"{line.actor} {line.text}" if line.actor else line.text
        for entry in story(house.ticket, house.cast.bo)
        for line in entry.happenings
    ]


def test_the_desk_reads_who_was_asked_and_how_it_was_decided(house):
    rules = policy({"source": "manager", "label": "Manager"}, {"source": "managers_manager"})
    process = begun(house, rules)
    question = actions.ask(
        vote_of(house.max, process), by=house.max, text="Why so dear?", at=MONDAY + HOUR
    )
    actions.answer(question, by=house.ann, text="For video.", at=MONDAY + HOUR)
    stand_in(house.max, house.kim)
    vote = vote_of(house.max, process)
    actions.vote(vote, "approved", by=house.kim, note="Between us.", at=MONDAY + 2 * HOUR)
    give(process, house.rita, "rejected", at=MONDAY + 3 * HOUR)

    lines = told(house)
    assert lines == [
        "Approval began by the policy “Standard”",
        "Asked Max to approve: Manager",
        "Max asked the requester a question before deciding",
        "Ann answered the question of the approver",
        "Kim approved: Manager, in the place of Max",
        "Asked Rita to approve: Step 2",
        "Rita declined: Step 2 “Not now.”",
        "Declined",
    ]
    # What only approvers read is not for everybody at the desk.
    assert "Between us." not in " ".join(lines)


def test_what_time_and_changes_do_is_told_too(house):
    begun(house, manager_policy())
    actions.remind_and_time_out(MONDAY + DAY)
    actions.remind_and_time_out(MONDAY + 3 * DAY)
    actions.void(house.ticket, "Another model", at=MONDAY + 3 * DAY)
    actions.restart(house.ticket, matter(house), at=MONDAY + 3 * DAY)
    actions.cancel(house.ticket, at=MONDAY + 4 * DAY)

    assert told(house)[2:] == [
        "Reminded the approver: Manager",
        "Max did not decide in time: Rita is asked instead",
        "The approval counts no longer: something was changed",
        "Approval began anew: something was changed",
        "Asked Max to approve: Manager",
        "The approval is no longer needed",
    ]


def test_every_kind_of_happening_has_words(house):
    begun(house, manager_policy())
    event = TicketEvent.objects.filter(kind="approval").first()
    kinds = ("withdrawn", "replaced", "lapsed", "approved_by_silence", "not_counted")
    for what in kinds:
        event.data = {"what": what, "label": "Manager", "from_name": "Max", "to_name": "Kim"}
        assert in_words(event) not in ("", str(event.get_kind_display()))
