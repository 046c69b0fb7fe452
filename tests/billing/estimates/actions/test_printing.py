"""An estimate on paper, one for each version that was sent."""

import io
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django_tasks import default_task_backend
from pypdf import PdfReader

from billing.contracts.models import Contract
from billing.estimates import actions
from billing.estimates.documents import estimate_pdf
from billing.estimates.links import token_for
from billing.estimates.models import Estimate
from billing.invoices.actions.wanting import ASK_AGAIN_AFTER
from portal.outbox.models import OutgoingMail
from portal.people.models import Organization
from tests.billing.estimates.make import draft, sent
from tests.cast import MONDAY


@pytest.fixture
def paper(cast):
    return actions.make_pdf(sent(cast, introduction="With a test.", kind="cap"))


def text_of(content):
    return " ".join(PdfReader(io.BytesIO(content)).pages[0].extract_text().split())


def test_it_states_the_version_the_lines_and_what_accepting_binds_to(cast, paper):
    text = text_of(paper.read_pdf())
    for said in (paper.number, "Move the mailboxes", "8.0 h", "€800.00", "€952.00", "at most"):
        assert said in text


def test_made_again_it_is_the_same_whatever_was_changed_since(cast, paper):
    Organization.objects.filter(pk=cast.acme.pk).update(name="Acme Renamed")
    Contract.objects.update(vat_rate=7)
    stored = Estimate.objects.get()
    assert estimate_pdf(stored) == stored.read_pdf()
    assert actions.make_pdf(stored).pdf_sha256 == paper.pdf_sha256


def test_a_draft_has_no_paper(cast, signed_in):
    estimate = draft(cast)
    assert not actions.make_pdf(estimate).pdf
    assert (
        signed_in(cast.bea).get(reverse("estimates:pdf", args=[estimate.uuid])).status_code == 404
    )


# The link says when it was made: the one of the mail and the one made here are of one second.
@time_machine.travel(MONDAY, tick=False)
def test_staff_the_contact_and_whoever_has_the_link_read_the_same_file(cast, signed_in, client):
    estimate = sent(cast)
    token = token_for(estimate, cast.ann)
    by_link = reverse("estimates:answer-pdf", args=[token])
    answers = [
        signed_in(cast.bea).get(reverse("estimates:pdf", args=[estimate.uuid])),
        signed_in(cast.ann).get(reverse("estimates:reply-pdf", args=[estimate.uuid])),
        client.get(by_link),
    ]
    assert len({answer.content for answer in answers}) == 1
    assert answers[0].content == Estimate.objects.get().read_pdf()
    assert "no-store" in answers[2]["Cache-Control"]
    assert by_link in OutgoingMail.objects.get().text
    assert by_link in client.get(reverse("estimates:answer", args=[token])).text
    assert client.get(reverse("estimates:answer-pdf", args=[token + "x"])).status_code == 404
    assert estimate.sent_at == MONDAY


@pytest.fixture
def _no_worker(settings):
    """Tasks are taken, and nobody works on them."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
    default_task_backend.clear()


@pytest.mark.usefixtures("_no_worker")
def test_however_often_the_page_asks_the_paper_is_printed_once(cast, signed_in, client):
    estimate = sent(cast)
    by_link = reverse("estimates:answer-pdf", args=[token_for(estimate, cast.ann)])
    by_staff = reverse("estimates:pdf", args=[estimate.uuid])
    with time_machine.travel(MONDAY, tick=False):
        pages = [client.get(by_link), client.get(by_link), signed_in(cast.bea).get(by_staff)]
    assert [(page.status_code, page["Refresh"]) for page in pages] == [(202, "2")] * 3
    assert pages[0]["Referrer-Policy"] == "no-referrer"
    assert estimate.get_absolute_url() in pages[2].text
    assert f"<h1>Estimate {estimate}</h1>" in pages[2].text
    assert len(default_task_backend.results) == 1

    # A worker that was lost is not waited for.
    with time_machine.travel(MONDAY + ASK_AGAIN_AFTER + timedelta(seconds=1), tick=False):
        assert client.get(by_link).status_code == 202
    assert len(default_task_backend.results) == 2


def test_nobody_asks_for_the_paper_of_a_draft_or_for_one_that_is_there(cast, paper):
    assert not actions.request_pdf(paper, at=MONDAY)
    assert not actions.request_pdf(draft(cast), at=MONDAY)
