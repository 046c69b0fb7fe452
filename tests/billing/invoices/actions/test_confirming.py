"""Four eyes: above the limit a clerk proposes and a manager confirms (`VIS-7`, `c13`)."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from billing.invoices import actions
from billing.invoices.errors import SecondPersonNeeded
from billing.invoices.models import (
    ApprovalLimit,
    Confirmation,
    Difference,
    Invoice,
    InvoiceCounter,
    Seller,
)
from billing.invoices.parse import month
from itil.tickets.errors import MissingValue, NotAllowed, Refused, StaleRecord
from portal.people.models import Membership, Role
from tests.billing import make as billing

MAY_2 = datetime(2026, 5, 2, 9, 0, tzinfo=UTC)
MARCH = month("2026-03")


@pytest.fixture
def draft(cast):
    """1 190.00 with VAT."""
    billing.seller()
    billing.contract(cast.acme, default_hourly_rate=Decimal("1000.00"))
    billing.hours(cast, 60, date(2026, 3, 5))
    return actions.run_month(MARCH, by=cast.bea, at=MAY_2).drafted[0]


def limit(**amounts):
    return ApprovalLimit.objects.create(
        seller=Seller.objects.get(), **{key: Decimal(value) for key, value in amounts.items()}
    )


def test_below_the_limit_and_without_one_the_clerk_issues_alone(cast, draft):
    limit(issue_above="1190.00")
    assert actions.issue(draft, by=cast.bea, at=MAY_2).number == "HAL-2026-000001"


@pytest.mark.parametrize("by", ["bea", None])
def test_above_it_nobody_issues_alone(cast, draft, by):
    limit(issue_above="1189.99")
    for verb in (actions.issue, actions.request_issue) if by else (actions.issue,):
        with pytest.raises(SecondPersonNeeded):
            verb(draft, by=by and cast.bea, at=MAY_2)
    assert not InvoiceCounter.objects.filter(last_number__gt=0).exists()


def test_a_manager_confirms_and_it_is_issued(cast, draft):
    limit(issue_above="1000.00")
    asked = actions.propose_issue(draft, by=cast.bea, at=MAY_2)
    assert actions.propose_issue(draft, by=cast.bea, at=MAY_2) == asked
    actions.confirm(asked, by=cast.mia, at=MAY_2)
    issued = actions.issue(draft, by=cast.bea, at=MAY_2)
    assert issued.state == "issued"
    kinds = [event.kind for event in issued.events.all()]
    assert kinds == ["drafted", "proposed", "confirmed", "issued"]


def test_nobody_confirms_their_own_proposal(cast, draft):
    limit(issue_above="1000.00")
    Membership.objects.create(user=cast.bea, role=Role.MANAGER)
    bea = type(cast.bea).objects.get(pk=cast.bea.pk)
    asked = actions.propose_issue(draft, by=bea, at=MAY_2)
    with pytest.raises(NotAllowed, match="another manager"):
        actions.confirm(asked, by=bea, at=MAY_2)
    assert Confirmation.objects.get().state == "proposed"


@pytest.mark.parametrize("who", ["ann", "bo", "cleo", "bea", "dov", "root"])
def test_only_managers_confirm_and_decline(cast, draft, who):
    limit(issue_above="1000.00")
    asked = actions.propose_issue(draft, by=cast.bea, at=MAY_2)
    with pytest.raises(NotAllowed):
        actions.confirm(asked, by=getattr(cast, who), at=MAY_2)
    with pytest.raises(NotAllowed):
        actions.decline(asked, by=getattr(cast, who), answer="No", at=MAY_2)


def test_a_declined_one_is_not_issued_and_says_why(cast, draft):
    limit(issue_above="1000.00")
    asked = actions.propose_issue(draft, by=cast.bea, at=MAY_2)
    with pytest.raises(MissingValue):
        actions.decline(asked, by=cast.mia, answer=" ")
    actions.decline(asked, by=cast.mia, answer="Ask Acme first", at=MAY_2)
    with pytest.raises(Refused, match="decided this already"):
        actions.confirm(asked, by=cast.mia, at=MAY_2)
    with pytest.raises(SecondPersonNeeded):
        actions.issue(draft, by=cast.bea, at=MAY_2)
    assert Confirmation.objects.get().answer == "Ask Acme first"


def test_a_draft_that_changed_needs_a_new_confirmation(cast, draft):
    limit(issue_above="1000.00")
    asked = actions.propose_issue(draft, by=cast.bea, at=MAY_2)
    actions.confirm(asked, by=cast.mia, at=MAY_2)
    again = actions.propose_issue(draft, by=cast.bea, at=MAY_2)
    billing.hours(cast, 60, date(2026, 3, 6))
    actions.run_month(MARCH, by=cast.bea, at=MAY_2)
    with pytest.raises(SecondPersonNeeded):
        actions.issue(Invoice.objects.get(), by=cast.bea, at=MAY_2)
    with pytest.raises(StaleRecord):
        actions.confirm(again, by=cast.mia, at=MAY_2)


def test_a_credit_note_above_the_limit_needs_somebody_beside_who_sets_the_rates(cast, draft):
    invoice = actions.issue(draft, by=cast.bea, at=MAY_2)
    limit(credit_above="100.00")
    note = actions.credit(invoice, by=cast.bea, reason="Wrong rate", at=MAY_2)
    with pytest.raises(SecondPersonNeeded):
        actions.issue(note, by=cast.bea, at=MAY_2)
    asked = actions.propose_issue(note, by=cast.bea, at=MAY_2)
    assert (asked.purpose, asked.reason) == ("credit", "Wrong rate")
    actions.confirm(asked, by=cast.mia, at=MAY_2)
    assert actions.issue(note, by=cast.bea, at=MAY_2).number == "HAL-CN-2026-000001"


def test_a_write_off_above_the_limit_is_booked_when_it_is_confirmed(cast, draft):
    invoice = actions.issue(draft, by=cast.bea, at=MAY_2)
    limit(write_off_above="50.00")
    values = {"kind": "write_off", "reason": "Bankrupt", "at": MAY_2}
    with pytest.raises(SecondPersonNeeded):
        actions.book_difference(invoice, amount=Decimal("1190.00"), by=cast.bea, **values)
    asked = actions.propose_write_off(
        invoice, amount=Decimal("1190.00"), reason="Bankrupt", by=cast.bea, at=MAY_2
    )
    actions.confirm_write_off(asked, by=cast.mia, at=MAY_2)
    made = Difference.objects.get()
    assert (made.by, made.confirmed_by, made.reason) == (cast.bea, cast.mia, "Bankrupt")
    invoice.refresh_from_db()
    assert invoice.state == "written_off"


def test_a_write_off_that_no_longer_fits_is_not_confirmed(cast, draft):
    invoice = actions.issue(draft, by=cast.bea, at=MAY_2)
    limit(write_off_above="50.00")
    asked = actions.propose_write_off(
        invoice, amount=Decimal("1190.00"), reason="Bankrupt", by=cast.bea, at=MAY_2
    )
    billing.paid_in(cast, "1.00", shares=[(invoice, "1.00")])
    with pytest.raises(Refused, match="Only 1189.00 EUR is open"):
        actions.confirm_write_off(asked, by=cast.mia, at=MAY_2)
    assert Confirmation.objects.get().state == "proposed"


def test_a_currency_without_a_limit_of_its_own_always_asks(cast, draft):
    ApprovalLimit.objects.create(
        seller=Seller.objects.get(), currency="USD", issue_above=Decimal("9999.00")
    )
    with pytest.raises(SecondPersonNeeded):
        actions.issue(draft, by=cast.bea, at=MAY_2)
