"""Deciding from a mail (`APP-8`): looking changes nothing, and a link decides once."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from itil.approvals import actions
from itil.approvals.links import LINKS_LAST, invitation_of, token_for
from itil.approvals.models import ApprovalProcess, Vote
from itil.tickets.errors import Refused
from itil.tickets.models import TicketEvent

from .people import DAY, HOUR, begun, manager_policy, matter, stand_in, state_of, vote_of

APPROVE, DECLINE = {"decision": "approved"}, {"decision": "rejected"}


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def process(house, now):
    return begun(house, manager_policy(), at=now - HOUR)


def address(process, person, now, vote=None):
    vote = vote or Vote.objects.live().get(step__process=process)
    return reverse("approvals:mail", args=[token_for(vote, person, now)])


def refusal(response):
    assert response.status_code == 410
    return response.context["text"]


def stored():
    return (
        list(Vote.objects.values_list("state", "round").order_by("pk")),
        TicketEvent.objects.count(),
    )


def test_opening_the_link_twenty_times_changes_nothing(house, process, client, now):
    before = stored()
    url = address(process, house.max, now)
    for _time in range(20):
        response = client.get(url)
        assert response.status_code == 200
    assert client.head(url).status_code == 200
    assert stored() == before
    assert b"Laptop for Ann" in response.content
    assert "no-store" in response.headers["Cache-Control"]


def test_sending_it_twice_decides_once(house, process, client, now):
    url = address(process, house.max, now)
    assert client.post(url, APPROVE).status_code == 200
    assert state_of(process) == "approved"
    before = stored()
    kept = "You decided on “Laptop for Ann” already: Approved. That is kept."
    assert refusal(client.post(url, DECLINE | {"reason": "No."})) == kept
    assert refusal(client.get(url)) == kept
    assert stored() == before
    event = TicketEvent.objects.get(data__what="voted")
    assert (event.actor, event.channel) == (house.max, "mail")


def test_declining_needs_a_reason_and_keeps_what_was_typed(house, process, client, now):
    url = address(process, house.max, now)
    response = client.post(url, DECLINE | {"note": "Ask me again in May."})
    assert response.status_code == 422
    assert b"Say why; the requester reads it." in response.content
    assert b"Ask me again in May." in response.content
    assert state_of(process) == "running"
    assert client.post(url, DECLINE | {"reason": "Too dear."}).status_code == 200
    assert state_of(process) == "rejected"


def test_the_link_is_dead_after_an_edit_of_the_object(house, process, client, now):
    url = address(process, house.max, now)
    actions.restart(house.ticket, matter(house, title="Two laptops"), at=now)
    text = refusal(client.post(url, APPROVE))
    assert text == "It was changed after this mail was sent. A newer mail counts."
    assert set(Vote.objects.values_list("state", flat=True)) == {"void", "waiting"}


def test_the_link_is_dead_after_a_vote_was_taken_back(house, process, client, now):
    other = house.rita
    step = process.steps.get()
    Vote.objects.create(step=step, voter=other, asked_at=now, due_at=now + DAY)
    url = address(process, house.max, now, vote_of(house.max, process))
    client.post(url, APPROVE)
    actions.withdraw_vote(vote_of(house.max, process), by=house.max, at=now)
    assert refusal(client.post(url, APPROVE)).startswith("This link was used")
    assert vote_of(house.max, process).state == "waiting"


def test_an_expired_link_says_so(house, process, now):
    token = token_for(vote_of(house.max, process), house.max, now)
    last = now + LINKS_LAST
    assert invitation_of(token, last - timedelta(seconds=1)).person == house.max
    with pytest.raises(Refused, match="expired"):
        invitation_of(token, last)


def test_the_link_of_somebody_who_left_says_so(house, process, client, now):
    url = address(process, house.max, now)
    house.max.is_active = False
    house.max.save()
    assert "account it was sent to is closed" in refusal(client.post(url, APPROVE))
    assert state_of(process) == "running"


def test_the_link_after_the_decision_of_another_says_so(house, process, client, now):
    url = address(process, house.max, now)
    actions.cancel(house.ticket, at=now)
    assert "withdrawn" in refusal(client.get(url))


def test_a_timed_out_approver_is_told_that_another_was_asked(house, client, now):
    process = begun(house, manager_policy(name="Old"), at=now - 5 * DAY)
    url = address(process, house.max, now)
    actions.remind_and_time_out(now)
    assert "somebody else was asked" in refusal(client.get(url))


def test_the_wrong_person_signed_in_is_refused(house, process, signed_in, now):
    url = address(process, house.max, now)
    text = refusal(signed_in(house.rita).post(url, APPROVE))
    assert text == "This link was sent to Max, and you are signed in as Rita."
    assert state_of(process) == "running"


def test_the_right_person_signed_in_may_use_it(house, process, signed_in, now):
    assert signed_in(house.max).post(address(process, house.max, now), APPROVE).status_code == 200
    assert state_of(process) == "approved"


@pytest.mark.parametrize("token", ["x", "x:y:z", "W10:1abc:def"])
def test_a_made_up_link_shows_nothing(process, client, token):
    response = client.get(reverse("approvals:mail", args=[token]))
    assert refusal(response) == "This link is not complete. Copy it from the mail as a whole."
    assert b"Laptop" not in response.content


def test_a_changed_link_is_no_link(house, process, client, now):
    url = address(process, house.max, now)
    swapped = url[:-2] + ("a" if url[-2] != "a" else "b") + "/"
    assert "not complete" in refusal(client.get(swapped))


def test_the_requester_cannot_use_a_link_made_for_them(house, process, client, now):
    url = address(process, house.ann, now)
    assert "own matter" in refusal(client.post(url, APPROVE))
    assert state_of(process) == "running"


def test_a_stand_in_has_a_link_of_their_own_for_as_long_as_they_stand_in(
    house, process, client, now
):
    delegation = stand_in(house.max, house.rita, at=now - DAY)
    url = address(process, house.rita, now)
    delegation.ends_at = now
    delegation.save()
    assert "do not stand in" in refusal(client.post(url, APPROVE))
    delegation.ends_at = now + DAY
    delegation.save()
    assert client.post(url, APPROVE).status_code == 200
    vote = Vote.objects.get()
    assert (vote.voter, vote.acted_by) == (house.max, house.rita)


def test_what_became_confidential_is_not_shown_without_signing_in(house, process, client, now):
    url = address(process, house.max, now)
    house.ticket.is_confidential = True
    house.ticket.save()
    response = client.get(url)
    assert refusal(response) == "This has become confidential. Sign in to decide."
    assert b"Laptop" not in response.content


def test_a_foreign_site_cannot_send_the_form(house, process, now):
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(address(process, house.max, now), APPROVE).status_code == 403
    assert ApprovalProcess.objects.get().state == "running"
