"""The faces in a real browser: a link keeps nothing, a person does (`surveys/rate.js`)."""

import pytest
from django.utils import timezone

from itil.surveys.models import Rating, Survey
from knowledgebase.models import Consultation
from portal.worker.dispatch import dispatch_events
from tests import make
from tests.knowledgebase import shelf

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def kept() -> list[tuple]:
    return list(Rating.objects.values_list("score", "comment"))


def test_a_link_of_the_mail_counts_once_a_person_is_seen(company, chromium, live_server):
    make.resolved_incident(company, at=timezone.now())
    dispatch_events()
    page = chromium.new_page(base_url=live_server.url)
    page.goto(f"/rate/{Survey.objects.get().token}/?r=4")
    page.wait_for_load_state("networkidle")
    assert kept() == []
    page.mouse.move(40, 40)
    page.get_by_text("Saved. You can change it or add to it.").wait_for()
    assert kept() == [(4, "")]
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.get_by_label("Very bad").check()
    assert kept() == [(1, "")]
    assert not page.get_by_text("What went well?").is_visible()
    page.get_by_label("Anything to add?").fill("It came back.")
    # Words are kept when one leaves the field; threads share one connection in tests on SQLite.
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.keyboard.press("Tab")
    page.get_by_role("button", name="Send rating").click()
    page.get_by_text("Is it still not solved?").wait_for()
    assert kept() == [(1, "It came back.")]
    page.context.close()


def test_an_answer_that_is_opened_beside_a_report_is_noted(company, visit):
    shelf.article("Mail does not arrive")
    page = visit(company.ann, width=390)
    page.goto("/requests/new/")
    page.get_by_label("What is wrong?").type("mail does not arrive")
    answer = page.locator("details.offer summary")
    answer.wait_for()
    with page.expect_response(lambda answer: answer.status == 204):
        answer.click()
    found = Consultation.objects.get()
    assert (found.query, found.solved_at) == ("mail does not arrive", None)
    page.get_by_role("button", name="This solved it").click()
    page.get_by_text("Good. Nothing was sent.").wait_for()
    found.refresh_from_db()
    assert found.solved_at is not None
