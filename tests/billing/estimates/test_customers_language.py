"""What a customer reads of an estimate is wholly in its language (`CRS-3`)."""

from decimal import Decimal

import pytest
import time_machine
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import translation
from django_tasks import default_task_backend
from lxml import html

from billing.contracts.documents.phrases import PHRASES
from billing.estimates import actions
from billing.estimates.actions import NewLine
from billing.estimates.links import token_for
from billing.estimates.models import Estimate
from billing.invoices.documents import spoken_to_customer
from itil.timesheets.models import TimeEntry
from portal.outbox.models import OutgoingMail
from tests.billing.estimates import make
from tests.billing.invoices.test_customers_language import CODES, said, words
from tests.cast import MONDAY, person

# The same in every language beside its number: names, figures and what people wrote.
ALIKE = {
    "–",
    "PDF",
    "Acme",
    "Move the mailboxes",
    "Moving",
    "Router",
    "Halden IT Services GmbH",
    "Halden IT Services GmbH · billing@halden.example",
}
TOO_LONG = "a" * 2001
LINES = (
    NewLine("Moving", minutes=480, unit_price=Decimal(100)),
    NewLine("Router", kind="item", quantity=Decimal("2.25"), unit_price=Decimal(100)),
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _on_monday():
    with time_machine.travel(MONDAY, tick=False):
        yield


@pytest.fixture
def estimate(cast):
    return make.sent(cast, lines=LINES)


def in_language(estimate, language):
    """The estimate as if it had been drafted in this language."""
    # What was sent does not change by our own rows of estimates.
    QuerySet(Estimate).filter(pk=estimate.pk).update(language=language)
    return Estimate.objects.get(pk=estimate.pk)


def link_of(estimate, cast, name="answer"):
    return reverse(f"estimates:{name}", args=[token_for(estimate, cast.ann)])


def accepted(estimate, cast):
    actions.accept(estimate, by=cast.ann, at=MONDAY)


def declined(estimate, cast):
    actions.reject(estimate, by=cast.ann, at=MONDAY, note="No")


def replaced(estimate, cast):
    new = actions.new_version(estimate, by=cast.bea, at=MONDAY)
    actions.send(new, to=cast.ann, by=cast.bea, at=MONDAY)


def past(estimate, _cast):
    QuerySet(Estimate).filter(pk=estimate.pk).update(valid_until="2026-02-01")


def ended(estimate, cast):
    past(estimate, cast)
    actions.expire_due(MONDAY)


def answered_by_another(estimate, cast):
    eve = person("Eve", cast.acme, can_approve_cost=True)
    actions.accept(estimate, by=eve, at=MONDAY)


def nothing(_estimate, _cast):
    pass


DECLINE, ACCEPT = {"answer": "reject", "note": "No"}, {"answer": "accept"}


@pytest.mark.parametrize(
    ("before", "posted", "status"),
    [
        (nothing, None, 200),
        (nothing, {"answer": "reject"}, 409),
        (nothing, {"answer": "reject", "note": TOO_LONG}, 422),
        (nothing, {}, 422),
        (nothing, {"answer": "perhaps"}, 422),
        (accepted, None, 200),
        (declined, None, 200),
        (replaced, None, 200),
        (replaced, ACCEPT, 409),
        (past, None, 200),
        (past, ACCEPT, 409),
        (ended, ACCEPT, 409),
        (answered_by_another, DECLINE, 409),
    ],
)
def test_the_link_is_read_in_the_language_of_the_estimate_without_an_english_word(
    client, cast, estimate, before, posted, status
):
    before(estimate, cast)

    def page_in(code):
        link = link_of(in_language(estimate, code), cast)
        page = client.get(link) if posted is None else client.post(link, posted)
        assert page.status_code == status
        assert page["Content-Language"] == html.fromstring(page.text).get("lang")
        return said(page)

    english, spoken = page_in("en-gb")
    assert spoken == "en-gb"
    # One world for all of them: looking changes nothing, nor does what is refused.
    for language in CODES:
        theirs, spoken = page_in(language)
        assert spoken == language
        assert words(theirs & english) - ALIKE - {estimate.number, TOO_LONG} == set()


@pytest.mark.parametrize("language", ["fr", "ko", "ar"])
def test_a_language_that_our_phrases_do_not_know_is_english_throughout(
    client, cast, estimate, language
):
    def pages(code):
        link = link_of(in_language(estimate, code), cast)
        return said(client.get(link)), said(client.post(link, {"answer": "reject"}))

    english = pages("en-gb")
    assert pages(language) == english
    assert {spoken for _texts, spoken in english} == {"en-gb"}


def test_paper_mail_and_page_speak_alike_whatever_the_reader_has_chosen_for_the_desk(client, cast):
    draft = in_language(make.draft(cast), "de")
    ann = make.may_accept(cast)
    ann.language = "nl"
    ann.save()
    estimate = actions.send(draft, to=ann, by=cast.bea, at=MONDAY)
    assert OutgoingMail.objects.get().subject.startswith(f"Kostenvoranschlag {estimate.number}")
    page = client.get(link_of(estimate, cast), headers={"accept-language": "nl"})
    assert said(page)[1] == "de"
    assert "Annehmen" in page.text


@pytest.mark.parametrize(
    ("posted", "thanks"),
    [(ACCEPT, "ありがとうございます。見積書は承認されました。"), (DECLINE, "ご回答を承りました。")],
)
def test_thanks_are_said_in_that_language_and_the_hours_that_waited_go_their_way(
    client, cast, estimate, posted, thanks
):
    make.worked(cast, estimate, 60, state="draft", state_reason="")
    with translation.override("nl"):
        answer = client.post(link_of(in_language(estimate, "ja"), cast), posted)
    assert answer.status_code == 303
    page = client.get(answer.url)
    assert thanks in page.text
    assert "閉じる" in page.text
    assert TimeEntry.objects.get().state == ("draft" if posted is DECLINE else "approved")


def test_hours_and_pieces_are_written_as_the_language_does(client, cast, estimate):
    page = client.get(link_of(in_language(estimate, "de"), cast)).text
    assert "8,0 Std." in page
    assert "2,25" in page


@pytest.mark.parametrize("language", CODES)
def test_who_waits_for_the_paper_reads_that_language(client, cast, estimate, settings, language):
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
    default_task_backend.clear()

    def page_in(code):
        page = client.get(link_of(in_language(estimate, code), cast, "answer-pdf"))
        assert (page.status_code, page["Content-Language"]) == (202, code)
        return said(page)[0]

    assert words(page_in(language) & page_in("en-gb")) - ALIKE - {estimate.number} == set()


def test_printing_does_not_end_the_language_of_the_page(cast, estimate):
    from_here = in_language(estimate, "de")
    with spoken_to_customer("ja"):
        actions.make_pdf(from_here)
        assert translation.gettext("Accept") == "承認する"


@pytest.mark.parametrize(
    ("accepts", "language", "text"),
    [
        ("nl", "nl", "vraag de afzender van de offerte"),
        ("en", "en-gb", "ask whoever sent the estimate"),
        ("ja", "en-gb", "ask whoever sent the estimate"),
    ],
)
def test_what_does_not_open_is_in_the_language_of_who_asks(client, accepts, language, text):
    for name in ("answer", "answer-pdf"):
        page = client.get(
            reverse(f"estimates:{name}", args=["wrong"]), headers={"accept-language": accepts}
        )
        assert (page.status_code, page["Content-Language"]) == (404, language)
        assert f'<html lang="{language}"' in page.text
        assert text in page.text


def lines_of(mail, estimate):
    """What the mail says, without addresses, names and the number of the estimate."""
    texts = [mail.subject, *mail.text.splitlines()]
    if mail.html:
        texts += html.fromstring(mail.html).xpath("//body//text()")
    told = {" ".join(text.split()).replace(estimate.number, "№") for text in texts}
    return {text for text in words(told) if not text.startswith("http")} - {"Balie", "№"}


@pytest.mark.parametrize("kind", ["indicative", "cap", "fixed"])
@pytest.mark.parametrize("language", CODES)
def test_the_mail_of_an_estimate_is_in_that_language(cast, language, kind):
    def mail(code):
        draft = in_language(make.draft(cast, lines=LINES, kind=kind), code)
        actions.send(draft, to=make.may_accept(cast), by=cast.bea, at=MONDAY)
        return draft, OutgoingMail.objects.latest("pk")

    english, in_english = mail("en-gb")
    theirs, in_theirs = mail(language)
    assert in_theirs.subject == PHRASES[language[:2]]["estimate_titled"].format(
        number=theirs, title="Move the mailboxes"
    )
    assert f'<html lang="{language}">' in in_theirs.html
    assert lines_of(in_english, english) & lines_of(in_theirs, theirs) == set()
    french, in_french = mail("fr")
    assert lines_of(in_french, french) == lines_of(in_english, english)
    assert '<html lang="en-gb">' in in_french.html


@pytest.mark.parametrize(("kind", "minutes"), [("indicative", 390), ("cap", 480), ("fixed", 480)])
@pytest.mark.parametrize("language", CODES)
def test_the_warning_is_in_that_language_and_that_of_the_lead_in_the_own(
    cast, language, minutes, kind
):
    def warned(code):
        estimate = in_language(make.accepted(cast, kind=kind), code)
        make.worked(cast, estimate, minutes)
        assert actions.watch(MONDAY) == 1
        mails = OutgoingMail.objects.filter(key__startswith=f"estimate:{estimate.pk}:warned:")
        return [lines_of(mails.get(to=one.email), estimate) for one in (cast.ann, cast.cleo)]

    customer, lead = warned("en-gb")
    theirs, lead_of_theirs = warned(language)
    assert theirs & customer == set()
    assert lead_of_theirs == lead
    type(cast.cleo).objects.filter(pk=cast.cleo.pk).update(language="nl")
    assert warned(language)[1] & lead == set()
