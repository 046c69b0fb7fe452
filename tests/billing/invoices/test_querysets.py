"""Who sees which invoices, and what is in dispute."""

from decimal import Decimal

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction

from billing.invoices.models import (
    BilledTime,
    Dispute,
    Invoice,
    InvoiceLine,
    disputed_amount,
)
from portal.people.models import User

from . import bills

pytestmark = pytest.mark.django_db


@pytest.fixture
def invoice(cast):
    return bills.issued(cast)


def seen(user):
    """How many invoices, lines, hours and disputes this person sees."""
    return tuple(
        model.objects.visible_to(user).count()
        for model in (Invoice, InvoiceLine, BilledTime, Dispute)
    )


@pytest.mark.parametrize("who", ["bea", "mia"])
def test_clerks_and_managers_see_all_invoices(cast, invoice, who):
    bills.disputed(invoice)
    bills.draft(cast, cast.globex)

    assert seen(getattr(cast, who)) == (2, 4, 4, 1)


@pytest.mark.parametrize("who", ["ann", "bo", "ned", "cleo", "dov", "root"])
def test_all_others_see_none(cast, invoice, who):
    bills.disputed(invoice)

    assert seen(getattr(cast, who)) == (0, 0, 0, 0)


def test_a_visitor_sees_none(invoice):
    assert seen(AnonymousUser()) == (0, 0, 0, 0)


def test_a_billing_contact_sees_what_was_issued_to_the_own_organization(cast, invoice):
    bills.disputed(invoice)
    theirs, others = bills.contact(cast.acme), bills.contact(cast.globex, "Gus")
    bills.draft(cast, cast.globex)

    assert seen(theirs) == (1, 2, 2, 1)
    # Theirs is a draft yet.
    assert seen(others) == (0, 0, 0, 0)


@pytest.mark.parametrize("change", [{"billing_contact": False}, {"is_active": False}])
def test_who_is_no_longer_billing_contact_sees_nothing_at_the_next_request(cast, invoice, change):
    fay = bills.contact(cast.acme)
    User.objects.filter(pk=fay.pk).update(**change)

    assert seen(User.objects.get(pk=fay.pk)) == (0, 0, 0, 0)


def test_a_billing_contact_without_organization_sees_nothing(cast, invoice):
    fay = bills.contact(cast.acme)
    fay.organization = None
    fay.save()

    assert seen(User.objects.get(pk=fay.pk)) == (0, 0, 0, 0)


def test_whoever_sees_the_organization_does_not_see_its_invoices(cast, invoice):
    cast.ann.sees_organization = True
    cast.ann.save()

    assert seen(cast.ann) == (0, 0, 0, 0)


def test_a_disputed_line_counts_with_its_vat(invoice):
    assert (disputed_amount(invoice), Invoice.objects.disputed().count()) == (Decimal(0), 0)
    bills.disputed(invoice)

    assert list(Invoice.objects.disputed()) == [invoice]
    assert disputed_amount(invoice) == Decimal("214.20")


def test_vat_of_several_disputed_lines_is_rounded_once(invoice):
    bills.disputed(invoice, 1)
    bills.disputed(invoice, 2)

    assert disputed_amount(invoice) == invoice.payable_total == Decimal("285.60")
    assert list(Invoice.objects.disputed()) == [invoice]


def test_a_question_about_the_whole_holds_no_amount_back(invoice):
    bills.disputed(invoice, None)

    assert disputed_amount(invoice) == 0
    assert not Invoice.objects.disputed().exists()


def test_what_is_decided_is_in_dispute_no_longer(invoice):
    dispute = bills.disputed(invoice)
    Dispute.objects.filter(pk=dispute.pk).update(
        ended_at=bills.ISSUED_AT, outcome="rejected", answer="It was an hour and a half."
    )

    assert disputed_amount(invoice) == 0
    assert not Invoice.objects.disputed().exists()


def test_a_line_is_in_one_open_dispute_only(invoice):
    first = bills.disputed(invoice)
    with pytest.raises(IntegrityError), transaction.atomic():
        bills.disputed(invoice)
    Dispute.objects.filter(pk=first.pk).update(ended_at=bills.ISSUED_AT, answer="No.")

    assert bills.disputed(invoice).pk != first.pk
