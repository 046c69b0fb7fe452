"""Pages of bank statements: taking files, naming columns, booking lines."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from billing.invoices.models import Allocation, Payment, Seller, Statement, StatementEntry
from tests.billing import make as billing
from tests.billing.bank import camt, entry

pytestmark = pytest.mark.usefixtures("_in_may")


@pytest.fixture
def _in_may():
    with time_machine.travel(datetime(2026, 5, 11, 9, 0, tzinfo=UTC)):
        yield


@pytest.fixture
def invoice(cast):
    """HAL-2026-000001 over 1 190.00."""
    return billing.issued(cast)


@pytest.fixture
def second(cast, invoice):
    """HAL-2026-000002 over 595.00."""
    return billing.issued(cast, "500.00", month="2026-04")


@pytest.fixture
def clerk(signed_in, cast):
    return signed_in(cast.bea)


def url(name, *args):
    return reverse(f"invoices:{name}", args=args)


def upload(clerk, content, name="may.xml"):
    file = SimpleUploadedFile(name, content)
    return clerk.post(
        url("upload-statement"), {"seller": Seller.objects.get().pk, "file": file}, follow=True
    )


EXACT = entry("1190.00", reference="RF42 2026 0000 01", payer="Acme GmbH", bank_reference="B1")


def test_a_statement_is_taken_and_its_lines_are_booked_with_one_button(clerk, cast, invoice):
    assert "1 new line." in upload(clerk, camt(EXACT)).text
    assert "nothing is imported twice" in upload(clerk, camt(EXACT)).text
    page = clerk.get(url("entries")).text
    assert "The payment reference is RF422026000001 and the amount is the same" in page
    line = StatementEntry.objects.get()
    done = clerk.post(url("accept-entries"), {"entry": [line.uuid]}, follow=True)
    assert "1 payment booked." in done.text
    invoice.refresh_from_db()
    assert invoice.state == "paid"


def test_a_proposal_can_be_changed_before_it_is_booked(clerk, cast, invoice, second):
    upload(clerk, camt(EXACT))
    line = StatementEntry.objects.get()
    page = clerk.get(line.get_absolute_url()).text
    assert 'value="1190.00"' in page
    clerk.post(
        line.get_absolute_url(),
        {f"share_{invoice.pk}": "595.00", f"share_{second.pk}": "595.00"},
    )
    assert Allocation.objects.count() == 2
    again = clerk.post(line.get_absolute_url(), {f"share_{invoice.pk}": "1.00"})
    assert again.status_code == 409
    assert "booked already" in again.text


def test_a_line_without_a_proposal_gets_its_customer_by_hand(clerk, cast, invoice):
    upload(clerk, camt(entry("50.00", payer="Somebody")))
    line = StatementEntry.objects.get()
    assert "Nothing fits" in clerk.get(url("entries")).text
    assert clerk.post(line.get_absolute_url(), {}).status_code == 409
    address = f"{line.get_absolute_url()}?customer={cast.acme.uuid}"
    clerk.post(address, {f"share_{invoice.pk}": "50.00"})
    assert Payment.objects.get().organization == cast.acme


def test_lines_are_ignored_with_a_reason_and_booked_after_all(clerk, cast, invoice):
    upload(clerk, camt(EXACT))
    line = StatementEntry.objects.get()
    clerk.post(url("ignore-entry", line.uuid), {"reason": "Taxes"})
    assert "Taxes" in clerk.get(f"{url('entries')}?view=ignored").text
    clerk.post(url("restore-entry", line.uuid))
    assert StatementEntry.objects.open().count() == 1


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"<Document>", "This is not readable XML"),
        (b"hello", "This file has no columns"),
        (b"", "The file is empty"),
        (b"\x89PNG\x00\x00", "This is no text file"),
    ],
)
def test_a_bad_file_says_what_is_wrong_and_leaves_nothing(clerk, invoice, content, reason):
    page = upload(clerk, content)
    assert page.status_code == 409
    assert reason in page.text
    assert not Statement.objects.exists()


SHEET = b"Date;Amount;Name;Text\n10.05.2026;1.190,00;Acme;HAL-2026-000001\n11.05.2026;-5,00;X;Y\n"


def test_csv_is_mapped_previewed_and_imported(clerk, cast, invoice):
    page = upload(clerk, SHEET, "may.csv")
    statement = Statement.objects.get()
    assert page.request["PATH_INFO"] == url("statement-columns", statement.uuid)
    values = {
        "has_head": "on", "delimiter": ";", "booked_on": "0", "date_order": "dmy",
        "amount": "1", "separator": ",", "currency": "eur", "payer": "2", "text": "3",
    }  # fmt: skip
    preview = clerk.post(page.request["PATH_INFO"], values | {"preview": "yes"})
    assert "1 payment would be imported" in preview.text
    assert "€1,190.00" in preview.text
    assert not StatementEntry.objects.exists()
    wrong = clerk.post(page.request["PATH_INFO"], values | {"separator": "."})
    assert wrong.status_code == 409
    assert "Line 2: “1.190,00” is no amount" in wrong.text
    done = clerk.post(page.request["PATH_INFO"], values, follow=True)
    assert "1 new line." in done.text
    file = clerk.get(url("statement-file", statement.uuid))
    assert b"".join(file.streaming_content) == SHEET
