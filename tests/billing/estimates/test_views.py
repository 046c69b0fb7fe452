"""The pages of estimates, role by role and with bad input."""

from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from billing.estimates import actions
from billing.estimates.actions import NewLine
from billing.estimates.models import Estimate
from tests import make as tickets
from tests.billing.make import contract, hours, seller
from tests.cast import MONDAY

from . import make

pytestmark = pytest.mark.django_db
PEOPLE = ("ann", "bo", "ned", "cleo", "mia", "bea", "dov", "root")


@pytest.fixture(autouse=True)
def _on_monday():
    with time_machine.travel(MONDAY, tick=False):
        yield


def opens(signed_in, cast, url) -> set[str]:
    return {name for name in PEOPLE if signed_in(getattr(cast, name)).get(url).status_code == 200}


def test_the_page_of_an_estimate_is_for_clerks_managers_and_the_lead(cast, signed_in):
    estimate = make.draft(cast)
    assert opens(signed_in, cast, estimate.get_absolute_url()) == {"bea", "mia", "cleo"}


def test_one_is_begun_by_the_lead_from_the_ticket_which_clerks_do_not_read(cast, signed_in):
    url = reverse("estimates:new", args=[tickets.incident(cast).number])
    assert opens(signed_in, cast, url) == {"cleo"}


def test_clerks_and_the_lead_change_and_send_a_draft(cast, signed_in):
    estimate = make.draft(cast)
    for page in ("edit", "send", "delete"):
        url = reverse(f"estimates:{page}", args=[estimate.uuid])
        assert opens(signed_in, cast, url) == {"bea", "cleo"}


def test_agents_read_hours_but_no_amounts_on_the_ticket(cast, signed_in):
    estimate = make.accepted(cast)
    url = reverse("estimates:of-ticket", args=[estimate.ticket.number])
    seen = signed_in(cast.bo).get(url).content.decode()
    assert "0.0 h of 8.0 h used" in seen
    assert "800" not in seen
    assert "800" in signed_in(cast.cleo).get(url).content.decode()
    assert signed_in(cast.ann).get(url).status_code == 404


def test_contacts_see_what_was_sent_to_their_own_organization(cast, signed_in):
    estimate = make.draft(cast)
    reply = reverse("estimates:reply", args=[estimate.uuid])
    make.may_accept(cast)
    cast.dov.can_approve_cost = True
    cast.dov.save()
    assert signed_in(cast.ann).get(reply).status_code == 404
    actions.send(estimate, to=cast.ann, by=cast.bea, at=MONDAY)
    assert signed_in(cast.ann).get(reply).status_code == 200
    assert signed_in(cast.dov).get(reply).status_code == 404
    listed = signed_in(cast.ann).get(reverse("estimates:addressed")).content.decode()
    assert estimate.number in listed
    assert signed_in(cast.bo).get(reverse("estimates:addressed")).status_code == 404


def test_a_wrong_cell_is_named_and_nothing_typed_is_lost(cast, signed_in):
    seller()
    contract(cast.acme)
    url = reverse("estimates:new", args=[tickets.incident(cast).number])
    typed = {
        "title": "Move the mailboxes",
        "kind": "cap",
        "valid_until": "2026-04-01",
        "count": "2",
        "line_1_kind": "hours",
        "line_1_description": "Moving",
        "line_1_amount": "8 or 9",
        "line_1_price": "100",
        "line_2_kind": "item",
        "line_2_amount": "1",
    }
    answer = signed_in(cast.cleo).post(url, typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "without marks between thousands" in page
    assert "Say what this line is for." in page
    assert "Enter the price of one." in page
    assert 'value="8 or 9"' in page
    assert not Estimate.objects.exists()


def test_more_lines_keep_what_was_typed(cast, signed_in):
    seller()
    contract(cast.acme)
    url = reverse("estimates:new", args=[tickets.incident(cast).number])
    page = (
        signed_in(cast.cleo)
        .post(url, {"more": "1", "count": "3", "title": "Kept", "line_1_description": "This too"})
        .content.decode()
    )
    assert 'value="Kept"' in page
    assert 'value="This too"' in page
    assert 'name="line_6_price"' in page
    assert "There is a problem" not in page


def test_a_whole_estimate_is_written_on_the_page(cast, signed_in):
    seller()
    contract(cast.acme)
    url = reverse("estimates:new", args=[tickets.incident(cast).number])
    signed_in(cast.cleo).post(
        url,
        {
            "title": "Move the mailboxes",
            "kind": "fixed",
            "valid_until": "2026-04-01",
            "count": "3",
            "line_1_kind": "hours",
            "line_1_activity": str(cast.activity.pk),
            "line_1_amount": "7,5",
            "line_3_kind": "item",
            "line_3_description": "Licences",
            "line_3_amount": "12",
            "line_3_price": "4.50",
        },
    )
    estimate = Estimate.objects.get()
    assert [line.position for line in estimate.lines.all()] == [1, 2]
    assert estimate.net_total == Decimal("804.00")


@pytest.mark.parametrize("name", ["list", "accuracy"])
def test_lists_ask_the_same_for_one_row_and_for_many(cast, signed_in, name):
    client = signed_in(cast.bea)
    url = reverse(f"estimates:{name}") + "?view=all"

    def finished():
        estimate = make.accepted(cast)
        hours(cast, 540, MONDAY.date(), ticket=estimate.ticket)
        type(estimate.ticket).objects.filter(pk=estimate.ticket_id).update(resolved_at=MONDAY)

    finished()
    client.get(url)
    with CaptureQueriesContext(
        connection,
    ) as one:
        client.get(url)
    for _more in range(5):
        finished()
    with CaptureQueriesContext(connection) as many:
        page = client.get(url).content.decode()
    assert page.count("EST-") >= 6
    assert len(many) == len(one) <= 8


def test_the_quantity_of_a_line_has_all_its_decimals(cast, signed_in):
    line = NewLine("Cable", kind="item", quantity=Decimal("2.125"), unit_price=Decimal(8))
    estimate = make.sent(cast, lines=(line,))
    reply = reverse("estimates:reply", args=[estimate.uuid])
    assert "2.125" in signed_in(cast.ann).get(reply).text
    assert "2.125" in signed_in(cast.bea).get(estimate.get_absolute_url()).text


def test_accuracy_counts_finished_work_of_accepted_estimates(cast, signed_in):
    near, far, open_still = (make.accepted(cast) for _one in range(3))
    hours(cast, 9 * 60, MONDAY.date(), ticket=near.ticket)
    hours(cast, 12 * 60, MONDAY.date(), ticket=far.ticket)
    hours(cast, 60, MONDAY.date(), ticket=open_still.ticket)
    for estimate in (near, far):
        type(estimate.ticket).objects.filter(pk=estimate.ticket_id).update(resolved_at=MONDAY)
    page = signed_in(cast.bea).get(reverse("estimates:accuracy")).content.decode()
    # 21 of 16 hours; one of two within 20 percent.
    assert "21.0 h of 16.0 h (131 %)" in page
    assert "1 of 2 (50 %)" in page
