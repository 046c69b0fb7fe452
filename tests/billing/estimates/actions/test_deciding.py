"""The customer's answer binds: who, when, from where, which version."""

from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse

from billing.estimates import actions
from billing.estimates.lifecycle import State
from billing.estimates.links import invitation_of, token_for
from itil.tickets.errors import MissingValue, MoveNotAllowed, NotAllowed, Refused
from tests.billing.estimates import make
from tests.cast import MONDAY, person

pytestmark = pytest.mark.django_db


def test_the_answer_is_kept_with_person_time_address_and_version(cast):
    estimate = make.accepted(cast)
    assert (estimate.decided_by, estimate.decided_name) == (cast.ann, "Ann")
    assert estimate.decided_at == MONDAY + timedelta(hours=1)
    assert estimate.decided_from == "192.0.2.7"
    assert estimate.events.get(kind="accepted").data["version"] == 1


def test_declining_needs_a_word(cast):
    with pytest.raises(MissingValue):
        actions.reject(make.sent(cast), by=cast.ann, at=MONDAY, note="  ")


def test_nobody_answers_for_another_customer_or_without_the_right(cast):
    estimate = make.sent(cast)
    cast.dov.can_approve_cost = True
    cast.dov.save()
    for stranger in (cast.dov, person("Eve", cast.acme), cast.bea):
        with pytest.raises(NotAllowed):
            actions.accept(estimate, by=stranger, at=MONDAY)


def test_nobody_accepts_what_he_wrote(cast):
    cast.bea.organization, cast.bea.can_approve_cost = cast.acme, True
    cast.bea.save()
    with pytest.raises(NotAllowed):
        actions.accept(make.sent(cast), by=cast.bea, at=MONDAY)


def test_a_second_contact_is_told_who_was_first(cast):
    estimate = make.accepted(cast)
    eve = person("Eve", cast.acme, can_approve_cost=True)
    with pytest.raises(MoveNotAllowed, match="Ann has answered it already"):
        actions.reject(estimate, by=eve, at=MONDAY, note="No")


def test_on_the_day_after_its_last_it_cannot_be_accepted(cast):
    estimate = make.sent(cast, valid_until=date(2026, 3, 10))
    # 23:30 of the last day in Amsterdam, then half past midnight.
    with pytest.raises(Refused, match="until its last day"):
        actions.accept(estimate, by=cast.ann, at=MONDAY.replace(day=10, hour=23, minute=30))
    late = MONDAY.replace(day=10, hour=22, minute=30)
    assert actions.accept(estimate, by=cast.ann, at=late).state == State.ACCEPTED


def test_a_link_ends_with_the_right_of_its_person(cast):
    estimate = make.sent(cast)
    token = token_for(estimate, cast.ann)
    assert invitation_of(token).person == cast.ann
    cast.ann.can_approve_cost = False
    cast.ann.save()
    assert invitation_of(token) is None
    assert invitation_of(token[:-1]) is None
    assert invitation_of("nonsense") is None


class TestByTheLink:
    @pytest.fixture
    def link(self, cast):
        with time_machine.travel(MONDAY, tick=False):
            self.estimate = make.sent(cast)
            yield reverse("estimates:answer", args=[token_for(self.estimate, cast.ann)])

    def state(self):
        self.estimate.refresh_from_db()
        return self.estimate.state

    def test_looking_decides_nothing_and_is_noted_once(self, client, link):
        assert client.get(link).status_code == 200
        client.get(link)
        client.head(link)
        assert self.state() == State.SENT
        assert self.estimate.events.filter(kind="seen").count() == 1

    def test_the_button_accepts(self, client, link):
        answer = client.post(link, {"answer": "accept", "note": "Go ahead"}, follow=True)
        assert self.state() == State.ACCEPTED
        assert "Accepted by Ann" in answer.content.decode()
        assert self.estimate.decided_from == "127.0.0.1"

    def test_a_browser_says_where_the_button_was_pressed(self, client, link):
        """Without a referrer it sends "Origin: null" with the form, which is refused as forged."""
        page = client.get(link)
        assert page["Referrer-Policy"] == "same-origin"
        assert "no-referrer" not in page.content.decode()

    def test_declining_without_a_word_keeps_the_page_and_says_what_to_do(self, client, link):
        answer = client.post(link, {"answer": "reject", "note": ""})
        assert answer.status_code == 409
        assert "what would have to be different" in answer.content.decode()
        assert self.state() == State.SENT

    def test_a_wrong_link_does_not_exist(self, client, link):
        assert client.get(link[:-2] + "x/").status_code == 404
