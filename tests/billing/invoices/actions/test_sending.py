"""Sending: once, in the customer's language, by a link that opens one invoice (`BIL-16`)."""

import hashlib
import re
from datetime import date, timedelta

import pytest

from billing.invoices import actions, tasks
from billing.invoices.errors import DamagedDocument
from billing.invoices.links import digest_of, link_of, new_token
from billing.invoices.models import Invoice, InvoiceLink, LinkVisit, Sending
from itil.tickets.errors import MissingValue, MoveNotAllowed, NotAllowed
from portal.outbox.models import OutgoingMail
from portal.people.models import Organization, User
from tests.billing.invoices import bills

AT = bills.ISSUED_AT + timedelta(hours=1)
TODAY = AT.date()
# Due on 2 May, and 90 days.
LAST_DAY = date(2026, 7, 31)

pytestmark = pytest.mark.django_db


@pytest.fixture
def invoice(cast):
    return bills.issued(cast)


def sent(invoice, cast, **changes):
    return actions.send(
        invoice,
        **{"to": "books@acme.example", "how": "link", "by": cast.bea, "at": AT, "key": "one"}
        | changes,
    )


def token_in(mail):
    return re.search(r"/link/([^/]+)/", mail.text)[1]


def test_the_mail_says_number_amount_and_day_and_holds_a_link(cast, invoice):
    sending = sent(invoice, cast)

    mail = OutgoingMail.objects.get()
    assert (mail.to, mail.subject) == (
        "books@acme.example",
        "Invoice HAL-2026-000001 from Halden IT Services GmbH",
    )
    for words in ("HAL-2026-000001", "€285.60", "2 May 2026", "RF422026000001"):
        assert words in mail.text
        assert words in mail.html or words.startswith("RF")
    assert mail.headers["Reply-To"] == "billing@halden.example"
    assert link_of(token_in(mail), TODAY) == sending.link
    assert Invoice.objects.get().state == "sent"
    assert [event.kind for event in invoice.events.all()] == ["drafted", "issued", "sent"]


def test_the_token_is_random_and_only_its_digest_is_stored(cast, invoice):
    sent(invoice, cast)

    token = token_in(OutgoingMail.objects.get())
    link = InvoiceLink.objects.get()
    assert link.digest == hashlib.sha256(token.encode()).hexdigest() == digest_of(token)
    # 43 characters of 64: more than 128 bits.
    assert len(token) == 43
    assert len({new_token() for _count in range(1000)}) == 1000


def test_with_the_files_the_stored_pdf_goes_along(cast, invoice):
    sending = sent(invoice, cast, how="attached")

    mail = OutgoingMail.objects.get()
    assert sending.link is None
    assert "/link/" not in mail.text
    [file] = [one for one in mail.attachments if one["content_type"] == "application/pdf"]
    assert file["name"] == "HAL-2026-000001.pdf"
    with invoice.pdf.storage.open(file["path"], "rb") as stored:
        assert hashlib.sha256(stored.read()).hexdigest() == invoice.pdf_sha256


def test_the_same_wish_twice_sends_one_mail(cast, invoice):
    first = sent(invoice, cast)

    assert sent(invoice, cast) == first
    assert OutgoingMail.objects.count() == InvoiceLink.objects.count() == 1


def test_sent_again_is_another_row_with_a_link_of_its_own(cast, invoice):
    sent(invoice, cast)
    sent(invoice, cast, key="two", to="boss@acme.example")

    assert [one.to for one in invoice.sendings.all()] == ["boss@acme.example", "books@acme.example"]
    assert OutgoingMail.objects.count() == InvoiceLink.objects.count() == 2


def test_a_paid_invoice_stays_paid_when_it_is_sent_again(cast, invoice):
    Invoice.objects.filter(pk=invoice.pk).update(state="paid")
    sent(invoice, cast)

    assert Invoice.objects.get().state == "paid"


@pytest.mark.parametrize("who", ["ann", "bo", "cleo", "mia", "root"])
def test_only_clerks_send(cast, invoice, who):
    by = getattr(cast, who)
    with pytest.raises(NotAllowed):
        sent(invoice, cast, by=by)
    with pytest.raises(NotAllowed):
        actions.make_link(invoice, by=by, at=AT)

    assert not OutgoingMail.objects.exists()
    assert Invoice.objects.get().state == "issued"


def test_a_draft_is_not_sent(cast):
    draft = bills.draft(cast)
    with pytest.raises(MoveNotAllowed):
        sent(draft, cast)

    assert not OutgoingMail.objects.exists()
    assert not Sending.objects.exists()


def test_without_an_address_nothing_is_sent(cast, invoice):
    with pytest.raises(MissingValue) as refusal:
        sent(invoice, cast, to=" ")

    assert refusal.value.field == "to"
    assert not Sending.objects.exists()


def test_a_damaged_file_does_not_leave_the_house(cast, invoice):
    with invoice.pdf.storage.open(invoice.pdf.name, "wb") as file:
        file.write(b"%PDF-1.7 something else")
    with pytest.raises(DamagedDocument):
        sent(invoice, cast, how="attached")

    assert not OutgoingMail.objects.exists()
    assert Invoice.objects.get().state == "issued"


def test_a_link_opens_until_ninety_days_after_the_due_date(cast, invoice):
    link, address = actions.make_link(invoice, by=cast.bea, at=AT)

    token = address.rstrip("/").rpartition("/")[2]
    assert link.expires_on == LAST_DAY
    assert link_of(token, LAST_DAY) == link
    assert link_of(token, LAST_DAY + timedelta(days=1)) is None


def test_a_link_made_after_the_due_date_opens_for_ninety_days(cast, invoice):
    later = AT + timedelta(days=60)
    link, _address = actions.make_link(invoice, by=cast.bea, at=later)

    assert link.expires_on == later.date() + timedelta(days=90)


def test_a_late_payment_lets_the_open_links_open_longer(cast, invoice):
    link, _address = actions.make_link(invoice, by=cast.bea, at=AT)
    paid_on = date(2026, 7, 1)

    assert actions.extend_links(invoice, paid_on=paid_on) == 1
    link.refresh_from_db()
    assert link.expires_on == paid_on + timedelta(days=90)
    # An early one shortens nothing.
    assert actions.extend_links(invoice, paid_on=date(2026, 4, 3)) == 0


def test_a_revoked_link_opens_nothing_and_is_not_revoked_twice(cast, invoice):
    link, address = actions.make_link(invoice, by=cast.bea, at=AT)
    actions.revoke_link(link, by=cast.bea, at=AT)
    actions.revoke_link(link, by=cast.bea, at=AT + timedelta(hours=1))

    assert link_of(address.rstrip("/").rpartition("/")[2], TODAY) is None
    assert InvoiceLink.objects.get().revoked_at == AT
    assert [event.kind for event in invoice.events.all()].count("revoked") == 1


def test_visits_that_follow_each_other_are_one(cast, invoice):
    link, _address = actions.make_link(invoice, by=cast.bea, at=AT)
    for minutes in (0, 5, 9, 25):
        actions.note_visit(link, LinkVisit.What.SEEN, at=AT + timedelta(minutes=minutes))
    actions.note_visit(link, LinkVisit.What.PDF, at=AT)

    assert [one.what for one in link.visits.order_by("pk")] == ["seen", "seen", "pdf"]


def test_all_of_a_month_are_sent_once_however_often_the_job_runs(cast, invoice):
    other = bills.issued(cast, cast.globex)
    Organization.objects.filter(pk=cast.acme.pk).update(billing_email="books@acme.example")
    gus = bills.contact(cast.globex, "Gus")
    pks = [invoice.pk, other.pk]
    for _count in range(2):
        tasks.send_issued.func(pks, "link", cast.bea.pk)

    mails = OutgoingMail.objects.order_by("pk")
    assert [mail.to for mail in mails] == ["books@acme.example", gus.email]
    assert set(Invoice.objects.values_list("state", flat=True)) == {"sent"}


def test_who_has_no_address_is_left_out_and_the_others_are_sent(cast, invoice):
    bills.issued(cast, cast.globex)
    Organization.objects.filter(pk=cast.acme.pk).update(billing_email="books@acme.example")
    gus = bills.contact(cast.globex, "Gus")
    User.objects.filter(pk=gus.pk).update(mail_undeliverable_at=AT)

    assert (
        actions.send_all(
            Invoice.objects.select_related("organization"), how="link", by=cast.bea, at=AT
        )
        == 1
    )
    assert [mail.to for mail in OutgoingMail.objects.all()] == ["books@acme.example"]
