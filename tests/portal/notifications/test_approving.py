"""Who gets mail about an approval, and what is in it."""

import re

import pytest
from django.utils import timezone

from itil.approvals import actions
from itil.approvals.models import Vote
from tests.itil.approvals.people import (
    DAY,
    HOUR,
    begun,
    furnish,
    give,
    manager_policy,
    policy,
    stand_in,
    state_of,
    vote_of,
)

from .post import dispatched


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def house(cast):
    made = furnish(cast)
    dispatched()
    return made


def readers(mails):
    return [mail.to for mail in mails]


def link_in(mail):
    return re.search(r"http\S+(/approvals/mail/\S+)", mail.text)[1]


def test_each_approver_is_asked_when_it_is_their_turn(house, now):
    rules = policy({"source": "manager"}, {"source": "managers_manager"})
    process = begun(house, rules, at=now - HOUR)
    (mail,) = dispatched()
    assert mail.to == house.max.email
    assert mail.headers["Auto-Submitted"] == "auto-generated"
    for said in ("Ann asks for your approval", "Laptop for Ann", "Creator 14", "1,890.00"):
        assert said in mail.text
        assert said in mail.html
    give(process, house.max, "approved", at=now - HOUR)
    assert readers(dispatched()) == [house.rita.email]
    give(process, house.rita, "approved", at=now - HOUR)
    (told,) = dispatched()
    assert (told.to, "approved" in told.text) == (house.ann.email, True)


def test_the_link_in_the_mail_decides(house, now, client):
    process = begun(house, manager_policy(), at=now - HOUR)
    (mail,) = dispatched()
    assert client.get(link_in(mail)).status_code == 200
    assert client.post(link_in(mail), {"decision": "approved"}).status_code == 200
    assert state_of(process) == "approved"


def test_a_declined_request_is_told_with_the_public_reason_only(house, now):
    process = begun(house, manager_policy(), at=now - HOUR)
    dispatched()
    actions.vote(
        vote_of(house.max, process),
        "rejected",
        by=house.max,
        reason="Not this year.",
        note="She has two already.",
        at=now,
    )
    (told,) = dispatched()
    assert told.to == house.ann.email
    assert "declined" in told.text
    assert "Not this year." in told.text
    assert "two already" not in told.text + told.html


def test_an_approver_is_reminded_and_the_manager_asked_after_that(house, now):
    begun(house, manager_policy(), at=now - 10 * DAY)
    dispatched()
    vote = Vote.objects.get()
    vote.due_at, vote.next_at = now + DAY, now - HOUR
    vote.save()
    actions.remind_and_time_out(now)
    (mail,) = dispatched()
    assert (mail.to, "still waits" in mail.text) == (house.max.email, True)
    actions.remind_and_time_out(now + 10 * DAY)
    assert readers(dispatched()) == [house.rita.email]


def test_who_stands_in_is_asked_too_and_told_for_whom(house, now):
    stand_in(house.max, house.rita, at=now - DAY)
    begun(house, manager_policy(), at=now - HOUR)
    mails = dispatched()
    assert readers(mails) == [house.max.email, house.rita.email]
    assert "You stand in for Max" in mails[1].text
    assert link_in(mails[0]) != link_in(mails[1])


def test_the_requester_as_a_stand_in_is_not_asked(house, now):
    stand_in(house.max, house.ann, at=now - DAY)
    begun(house, manager_policy(), at=now - HOUR)
    assert readers(dispatched()) == [house.max.email]


def test_questions_and_answers_are_told(house, now):
    process = begun(house, manager_policy(), at=now - HOUR)
    dispatched()
    question = actions.ask(vote_of(house.max, process), by=house.max, text="Which color?", at=now)
    (asked,) = dispatched()
    assert (asked.to, "Which color?" in asked.text) == (house.ann.email, True)
    actions.answer(question, by=house.ann, text="Gray.", at=now)
    (answered,) = dispatched()
    assert (answered.to, "Gray." in answered.text) == (house.max.email, True)


def test_a_confidential_matter_is_not_told_by_mail(house, now):
    house.ticket.is_confidential = True
    house.ticket.save()
    begun(house, manager_policy(), at=now - HOUR)
    (mail,) = dispatched()
    assert mail.to == house.max.email
    assert "Laptop" not in mail.subject + mail.text + mail.html
    assert "/approvals/mail/" not in mail.text + mail.html
    assert f"/approvals/{Vote.objects.get().uuid}/" in mail.text


def test_what_was_decided_before_the_mail_was_written_asks_nobody(house, now):
    process = begun(house, manager_policy(), at=now - HOUR)
    give(process, house.max, "approved", at=now - HOUR)
    assert readers(dispatched()) == [house.ann.email]
