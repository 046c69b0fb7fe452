"""Approving time prices it for good (`BIL-4`, `BIL-5`, `VIS-7`)."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from billing.contracts.actions import approve_time, price_missing
from billing.contracts.matching import explain_price
from billing.contracts.models import BillingRole, ContractRate, PersonRole, TimePrice
from itil.tickets.errors import Refused
from tests import make
from tests.billing import make as billing

FIFTH = date(2026, 3, 5)
LATER = datetime(2026, 4, 2, 9, tzinfo=UTC)


def submitted(cast, minutes=80, day=FIFTH, **changes):
    return billing.hours(cast, minutes, day, **{"state": "submitted"} | changes)


def test_b8_a_rate_that_rose_since_does_not_reach_the_work_of_before(cast):
    contract = billing.contract(cast.acme, rates={cast.activity: "95"})
    ContractRate.objects.create(
        contract=contract, activity=cast.activity, hourly_rate=99, valid_from=date(2026, 4, 1)
    )
    entry = submitted(cast, day=date(2026, 3, 31))
    assert approve_time([entry], by=cast.cleo, at=LATER) == [entry]
    entry.refresh_from_db()
    assert entry.state == "approved"
    assert entry.price.base_rate == 95
    assert entry.price.priced_at == LATER


def test_b4_the_segments_are_kept_with_base_rate_and_multiplier(cast):
    billing.contract(cast.acme, hours=cast.calendar)
    entry = submitted(
        cast,
        minutes=105,
        started_at=datetime(2026, 3, 5, 15, 30, tzinfo=UTC),
        ended_at=datetime(2026, 3, 5, 17, 15, tzinfo=UTC),
    )
    approve_time([entry], by=cast.cleo)
    parts = [
        (part.minutes, part.base_rate, part.multiplier, part.unit_price, part.reason)
        for part in entry.price.segments.all()
    ]
    assert parts == [
        (30, 100, 1, 100, "normal"),
        (75, 100, Decimal("1.50"), 150, "out_of_hours"),
    ]
    assert "75 min times 1.5" in explain_price(entry.price)


def test_later_edits_of_rates_and_repeated_approval_change_nothing(cast):
    contract = billing.contract(cast.acme, hours=cast.calendar)
    entry = submitted(cast)
    approve_time([entry], by=cast.cleo)
    contract.default_hourly_rate = 500
    contract.save()
    assert approve_time([entry], by=cast.cleo) == []
    assert price_missing([entry]) == []
    price = TimePrice.objects.get()
    assert (price.base_rate, price.segments.get().unit_price) == (100, 100)


def test_editing_the_note_of_an_approved_entry_twice_leaves_its_amount(cast):
    billing.contract(cast.acme, hours=cast.calendar)
    entry = submitted(
        cast,
        minutes=60,
        started_at=datetime(2026, 3, 5, 19, tzinfo=UTC),
        ended_at=datetime(2026, 3, 5, 20, tzinfo=UTC),
    )
    approve_time([entry], by=cast.cleo)
    for note in ("first", "second"):
        entry.note = note
        entry.save()
        price_missing([entry])
    assert [part.unit_price for part in entry.price.segments.all()] == [150]


def test_a_reopened_entry_gets_a_new_price(cast):
    contract = billing.contract(cast.acme)
    entry = submitted(cast)
    approve_time([entry], by=cast.cleo)
    contract.default_hourly_rate = 110
    contract.save()
    entry.state = "submitted"
    entry.save()
    approve_time([entry], by=cast.cleo)
    assert TimePrice.objects.get().base_rate == 110


def test_without_a_rate_nothing_is_approved(cast):
    billing.contract(cast.acme, default_hourly_rate=None, rates={cast.activity: "95"})
    good = submitted(cast)
    globex = make.incident(cast, by=cast.dov, requester=cast.dov)
    bad = submitted(cast, ticket=globex)
    with pytest.raises(Refused, match="No contract of Globex covers this work on 2026-03-05"):
        approve_time([good, bad], by=cast.cleo)
    good.refresh_from_db()
    assert good.state == "submitted"
    assert not TimePrice.objects.exists()


def test_nobody_approves_the_own_time_or_that_of_other_teams(cast):
    billing.contract(cast.acme)
    own = submitted(cast, agent=cast.cleo)
    for person, entry in (
        (cast.cleo, own),
        (cast.bo, own),
        (cast.mia, submitted(cast)),
        (cast.bea, own),
        (cast.root, own),
        (cast.ned, submitted(cast)),
    ):
        with pytest.raises(Refused, match="not your own"):
            approve_time([entry], by=person)
    assert not TimePrice.objects.exists()
    # Nobody else leads the team of the only lead, so that time is the manager's to approve.
    [approved] = approve_time([own], by=cast.mia)
    assert approved.approved_by == cast.mia


def test_a_lead_approves_the_team_wherever_it_worked(cast):
    billing.contract(cast.acme)
    network = make.incident(cast, team=cast.network_team)
    assert approve_time([submitted(cast, ticket=network)], by=cast.cleo)
    with pytest.raises(Refused):
        approve_time([submitted(cast, ticket=network, agent=cast.ned)], by=cast.cleo)


def test_what_was_approved_by_rule_is_priced_when_it_is_missing(cast):
    billing.contract(cast.acme)
    entry = billing.hours(cast, 30, FIFTH)
    lost = billing.hours(
        cast, 30, FIFTH, ticket=make.incident(cast, by=cast.dov, requester=cast.dov)
    )
    [missing] = price_missing([entry, lost, submitted(cast)])
    assert missing.worked.entry == lost.pk
    assert TimePrice.objects.get().entry == entry


def test_the_role_of_the_person_counts_by_date(cast):
    senior = BillingRole.objects.create(name="Senior")
    PersonRole.objects.create(person=cast.bo, role=senior, valid_from=FIFTH)
    contract = billing.contract(cast.acme)
    ContractRate.objects.create(contract=contract, role=senior, hourly_rate=150)
    before, after = submitted(cast, day=date(2026, 3, 4)), submitted(cast)
    approve_time([before, after], by=cast.cleo)
    assert [before.price.base_rate, after.price.base_rate] == [100, 150]
    assert "the rate for Senior of contract C-Acme" in explain_price(after.price)


def test_many_entries_cost_as_many_queries_as_one(cast, django_assert_max_num_queries):
    billing.contract(cast.acme, hours=cast.calendar)
    ticket = make.incident(cast)
    few = [submitted(cast, ticket=ticket) for _ in range(2)]
    many = [submitted(cast, ticket=ticket) for _ in range(40)]
    with django_assert_max_num_queries(30) as first:
        approve_time(few, by=cast.cleo)
    with django_assert_max_num_queries(len(first.captured_queries)):
        approve_time(many, by=cast.cleo)
