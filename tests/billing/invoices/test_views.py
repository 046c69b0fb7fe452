"""Pages of invoices."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.urls import reverse

from billing.invoices import actions
from billing.invoices.models import Invoice, Seller
from billing.invoices.parse import month
from itil.tickets.models import Ticket
from itil.timesheets.models import TimeEntry
from tests import make
from tests.billing import make as billing

MARCH = month("2026-03")
MAY_2 = datetime(2026, 5, 2, 9, 0, tzinfo=UTC)
DAY = date(2026, 3, 5)
OUTSIDERS = ["ann", "bo", "cleo", "dov", "root"]
LIST_QUERIES, NARROWED_QUERIES, MONTH_QUERIES = 6, 8, 17
DETAIL_QUERIES, LINE_QUERIES = 7, 7

pytestmark = pytest.mark.usefixtures("_in_may")


@pytest.fixture
def _in_may():
    with time_machine.travel(MAY_2):
        yield


@pytest.fixture
def draft(cast):
    billing.seller()
    billing.contract(cast.acme, rates={cast.activity: "120.00"})
    billing.hours(cast, 80, DAY, note="Looked at the queue")
    return actions.run_month(MARCH, by=cast.bea).drafted[0]


def url(name, invoice, *more):
    return reverse(f"invoices:{name}", args=[invoice.uuid, *more])


def every_url(invoice):
    names = ("detail", "issue", "progress", "pdf", "hours")
    return [
        reverse("invoices:list"),
        reverse("invoices:run"),
        reverse("invoices:this-month"),
        url("line", invoice, 1),
        *(url(name, invoice) for name in names),
    ]


@pytest.mark.parametrize("who", OUTSIDERS)
def test_for_everyone_without_the_duty_there_is_no_such_page(signed_in, cast, draft, who):
    client = signed_in(getattr(cast, who))
    assert [client.get(page).status_code for page in every_url(draft)] == [404] * 9
    assert client.post(url("issue", draft)).status_code == 404
    assert client.post(reverse("invoices:run"), {"month": "2026-03"}).status_code == 404
    assert Invoice.objects.get().state == "draft"


def test_without_signing_in_the_pages_lead_to_the_sign_in(client, draft):
    for page in every_url(draft):
        assert client.get(page).status_code == 302


def test_a_manager_reads_but_neither_runs_nor_issues(signed_in, cast, draft):
    client = signed_in(cast.mia)
    assert client.get(url("detail", draft)).status_code == 200
    assert "Draft invoices for" not in client.get(reverse("invoices:list")).text
    assert client.get(reverse("invoices:run")).status_code == 404
    assert client.post(url("issue", draft)).status_code == 404
    assert Invoice.objects.get().state == "draft"


def test_the_list_shows_figures_and_invoices(signed_in, cast, draft):
    page = signed_in(cast.bea).get(reverse("invoices:list"))
    assert page.status_code == 200
    for text in (
        "Acme",
        "March 2026",
        "1.5 h",
        "€214.20",
        "Draft invoices for April 2026",
    ):
        assert text in page.text


def test_what_is_not_billed_yet_follows_the_list(signed_in, cast, draft):
    client, page = signed_in(cast.bea), reverse("invoices:this-month")
    assert f'hx-get="{page}"' in client.get(reverse("invoices:list")).text
    part = client.get(page, headers={"HX-Request": "true"}).text
    for text in ('id="unbilled" hx-swap-oob="true"', "€180.00", "1.5 h", "May 2026 closes in 29"):
        assert text in part
    assert "<html" not in part


def test_without_javascript_the_month_is_a_page(signed_in, cast, draft):
    page = signed_in(cast.mia).get(reverse("invoices:this-month")).text
    for text in ("<html", "<h1>This month</h1>", "€180.00"):
        assert text in page
    assert "hx-swap-oob" not in page
    assert "Review the month" not in page


def test_without_our_own_details_the_month_says_what_to_enter(signed_in, cast):
    page = signed_in(cast.bea).get(reverse("invoices:this-month")).text
    assert "Enter our own legal details under Settings, Sellers, first." in page


def test_an_unpaid_invoice_is_late_the_day_after_it_was_due(signed_in, cast, draft):
    actions.issue(draft, by=cast.bea)
    with time_machine.travel("2026-06-01T09:00:00Z"):
        assert "Late, " not in signed_in(cast.bea).get(reverse("invoices:list")).text
    with time_machine.travel("2026-06-02T09:00:00Z"):
        page = signed_in(cast.bea).get(reverse("invoices:list"), {"view": "late"})
    assert "Late, 1 day" in page.text
    assert "HAL-2026-000001" in page.text


def test_the_list_narrows_by_month_customer_and_state(signed_in, cast, draft):
    client, page = signed_in(cast.bea), reverse("invoices:list")

    def shown(**query):
        return url("detail", draft) in client.get(page, query).text

    assert shown(month="2026-03", organization=cast.acme.pk, view="draft")
    assert not shown(month="2026-04")
    assert not shown(view="open")
    assert not shown(view="paid")


def test_the_list_costs_the_same_for_one_invoice_and_for_three(
    signed_in, cast, draft, django_assert_num_queries
):
    client, page = signed_in(cast.bea), reverse("invoices:list")
    narrowed = {"month": "2026-03", "organization": cast.acme.pk, "view": "draft"}

    def costs():
        with django_assert_num_queries(LIST_QUERIES):
            client.get(page)
        with django_assert_num_queries(NARROWED_QUERIES):
            client.get(page, narrowed)
        with django_assert_num_queries(MONTH_QUERIES):
            client.get(reverse("invoices:this-month"))

    costs()
    for number in ("2026-01", "2026-02"):
        billing.hours(cast, 30, month(number).first)
        actions.run_month(month(number), by=cast.bea)
    assert Invoice.objects.count() == 3
    costs()


def test_the_invoice_and_its_line_cost_the_same_for_more_hours(
    signed_in, cast, draft, django_assert_num_queries
):
    client = signed_in(cast.bea)
    with django_assert_num_queries(DETAIL_QUERIES):
        client.get(url("detail", draft))
    with django_assert_num_queries(LINE_QUERIES):
        client.get(url("line", draft, 1))
    for _ in range(3):
        billing.hours(cast, 30, DAY)
    actions.run_month(MARCH, by=cast.bea)
    with django_assert_num_queries(DETAIL_QUERIES):
        client.get(url("detail", draft))
    with django_assert_num_queries(LINE_QUERIES):
        client.get(url("line", draft, 1))


def test_each_line_leads_to_its_tickets_and_entries(signed_in, cast, draft):
    client, ticket = signed_in(cast.bea), Ticket.objects.get()
    assert url("line", draft, 1) in client.get(url("detail", draft)).text
    page = client.get(url("line", draft, 1)).text
    for text in (ticket.get_absolute_url(), ticket.title, "Bo", "Looked at the queue", "1h 20m"):
        assert text in page


def test_a_confidential_ticket_is_named_by_its_number_only(signed_in, cast, draft):
    Ticket.objects.update(is_confidential=True)
    page = signed_in(cast.bea).get(url("line", draft, 1)).text
    assert Ticket.objects.get().number in page
    assert "Confidential" in page
    for hidden in ("Mail does not arrive", "Looked at the queue"):
        assert hidden not in page
    for file in (f"{url('line', draft, 1)}?format=csv", url("hours", draft)):
        text = signed_in(cast.bea).get(file).getvalue().decode()
        assert "Mail does not arrive" not in text
        assert "Looked at the queue" not in text


def test_the_run_page_warns_and_the_button_drafts(signed_in, cast, draft):
    client, page = signed_in(cast.bea), reverse("invoices:run")
    billing.hours(cast, 30, date(2026, 4, 7))
    billing.hours(cast, 40, date(2026, 4, 7), state="submitted")
    shown = client.get(page).text
    assert "To be drafted for April 2026" in shown
    assert "1 time entry not approved yet." in shown
    done = client.post(page, {"month": "2026-04"}, follow=True)
    assert "Drafting the invoices of April 2026" in done.text
    assert "1 time entry not approved yet." in done.text
    assert Invoice.objects.for_month(month("2026-04")).count() == 1


@pytest.mark.parametrize(("text", "status"), [("2026-13", 422), ("", 422), ("2026-07", 409)])
def test_a_wrong_month_comes_back_with_the_reason(signed_in, cast, draft, text, status):
    page = signed_in(cast.bea).post(reverse("invoices:run"), {"month": text})
    assert page.status_code == status
    assert "There is a problem" in page.text


def test_issuing_from_the_page_gives_the_number(signed_in, cast, draft):
    client = signed_in(cast.bea)
    assert "gets the next number" in client.get(url("issue", draft)).text
    done = client.post(url("issue", draft), follow=True)
    assert "HAL-2026-000001" in done.text
    stored = Invoice.objects.get()
    file = client.get(url("pdf", draft))
    assert file.content == stored.read_pdf()
    assert file["Content-Type"] == "application/pdf"
    assert file["Content-Disposition"] == 'inline; filename="HAL-2026-000001.pdf"'
    assert file["Cache-Control"] == "private, no-store"


def test_pressing_issue_twice_gives_one_number(signed_in, cast, draft):
    client = signed_in(cast.bea)
    client.post(url("issue", draft))
    again = client.post(url("issue", draft))
    assert again.status_code == 409
    assert "has been issued already" in again.text
    assert Invoice.objects.get().number == "HAL-2026-000001"


def test_an_incomplete_invoice_is_refused_with_what_is_missing(signed_in, cast, draft):
    Seller.objects.update(vat_id="")
    page = signed_in(cast.bea).post(url("issue", draft))
    assert page.status_code == 409
    assert "Our VAT number or tax number" in page.text


def test_a_refusal_by_the_worker_is_shown_on_the_invoice(signed_in, cast, draft):
    TimeEntry.objects.update(minutes=100)
    page = signed_in(cast.bea).post(url("issue", draft), follow=True)
    assert "Hours on this draft have changed" in page.text
    assert Invoice.objects.get().issue_requested_at is None


def test_while_it_is_being_issued_the_page_says_so_and_looks_again(signed_in, cast, draft):
    client = signed_in(cast.bea)
    actions.request_issue(draft, by=cast.bea)
    assert url("progress", draft) in client.get(url("detail", draft)).text
    assert "is being issued" in client.get(url("progress", draft)).text
    actions.issue(draft, by=cast.bea)
    assert client.get(url("progress", draft))["HX-Refresh"] == "true"


def test_the_preview_of_a_draft_is_a_pdf(signed_in, cast, draft):
    file = signed_in(cast.bea).get(url("pdf", draft))
    assert file.status_code == 200
    assert file.content.startswith(b"%PDF")
    assert "draft-acme-2026-03.pdf" in file["Content-Disposition"]


def test_until_a_worker_has_printed_the_preview_a_page_waits(signed_in, cast, draft):
    actions.request_draft_pdf(draft)
    page = signed_in(cast.bea).get(url("pdf", draft))
    assert (page.status_code, page["Refresh"]) == (202, "2")
    assert "<h1>Preview</h1>" in page.text


def test_hours_come_as_csv(signed_in, cast, draft):
    billing.hours(cast, 30, DAY, ticket=make.incident(cast, title="=HYPERLINK(1)"))
    actions.run_month(MARCH, by=cast.bea)
    lines = signed_in(cast.bea).get(url("hours", draft)).getvalue().decode().splitlines()
    assert len(lines) == 3
    assert lines[1].endswith(",Mail does not arrive,Bo,80,90")
    assert "'=HYPERLINK(1)" in lines[2]
