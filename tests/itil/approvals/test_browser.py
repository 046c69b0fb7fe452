"""A decision in a real browser, by the keyboard alone; every page of approvals looked at by axe."""

import pytest
from django.utils import timezone

from itil.approvals import actions
from itil.approvals.models import Vote
from portal.outbox.models import OutgoingMail
from portal.worker.dispatch import dispatch_events
from tests.axe import complaints
from tests.portal.notifications.test_approving import link_in

from .people import DAY, HOUR, begun, furnish, manager_policy, policy, stand_in, state_of, vote_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_request_is_declined_by_the_keyboard_alone(company, visit):
    house = furnish(company)
    process = begun(house, manager_policy(), at=timezone.now() - HOUR)
    page = visit(house.max)
    page.goto("/approvals/")

    page.get_by_role("link", name="Decline…").press("Enter")
    page.get_by_role("button", name="Decline").press("Enter")
    page.get_by_role("alert").get_by_role("link", name="Say why").press("Enter")
    page.keyboard.type("Not this year.")
    page.keyboard.press("Tab")
    page.get_by_role("button", name="Decline").press("Enter")
    page.get_by_text("Declined: Laptop for Ann").wait_for()

    assert state_of(process) == "rejected"
    assert Vote.objects.get().reason == "Not this year."


def test_no_page_of_approvals_keeps_anybody_out(company, visit):
    house, now = furnish(company), timezone.now()
    process = begun(
        house, policy({"source": "manager"}, {"source": "managers_manager"}), at=now - 2 * HOUR
    )
    vote = vote_of(house.max, process)
    actions.vote(vote, "approved", by=house.max, reason="She needs it.", note="Ours.", at=now)
    second = vote_of(house.rita, process)
    actions.ask(second, by=house.rita, text="Which model?", at=now)
    stand_in(house.rita, house.max, at=now - DAY)
    dispatch_events()
    mailed = link_in(OutgoingMail.objects.get(to=house.rita.email))

    page = visit(house.max)
    said = []
    for path in (
        "/approvals/",
        "/approvals/?show=decided",
        f"/approvals/{vote.uuid}/",
        f"/approvals/{second.uuid}/?ask",
        "/me/",
        mailed,
    ):
        said += complaints(page, path)
    page = visit(house.rita)
    said += complaints(page, mailed)

    assert said == []
