"""What is written into an estimate, and who may write it."""

from datetime import date
from decimal import Decimal

import pytest

from billing.estimates import actions
from billing.estimates.actions import NewLine
from billing.estimates.errors import FrozenEstimate
from billing.estimates.models import Estimate, LineKind
from itil.incidents.models import Incident
from itil.tickets.errors import MissingValue, NotAllowed, Refused, StaleRecord
from tests.billing.estimates import make
from tests.cast import MONDAY

pytestmark = pytest.mark.django_db


def test_lines_are_priced_and_taxed_as_on_an_invoice(cast):
    estimate = make.draft(
        cast,
        lines=[
            NewLine("Work", minutes=450, unit_price=Decimal("96.40")),
            NewLine("Switch", kind=LineKind.ITEM, quantity=Decimal(2), unit_price=Decimal("18.95")),
        ],
    )
    nets = list(estimate.lines.values_list("net", flat=True))
    assert nets == [Decimal("723.00"), Decimal("37.90")]
    # 760.90 at the contract's 19 %.
    assert (estimate.net_total, estimate.vat_total) == (Decimal("760.90"), Decimal("144.57"))
    assert estimate.total == Decimal("905.47")
    assert estimate.minutes == 450


def test_a_line_without_a_price_takes_the_rate_of_the_contract(cast):
    line = NewLine("Analysis", activity=cast.activity, minutes=90)
    assert make.draft(cast, lines=[line]).net_total == Decimal("150.00")


def test_without_a_contract_each_line_needs_a_price(cast):
    make.seller()
    line = NewLine("Analysis", activity=cast.activity, minutes=90)
    with pytest.raises(MissingValue, match="Line 1 has no price"):
        make.draft(cast, with_contract=False, lines=[line])
    assert not Estimate.objects.exists()


def for_one_service(cast, language, **changes):
    found = make.contract(cast.acme, language=language, **changes)
    found.services.add(cast.mail_service)
    found.save()


def test_it_speaks_the_language_of_the_contract_as_the_invoices_do(cast):
    cast.acme.language = "nl"
    cast.acme.save()
    make.seller()
    found = make.contract(cast.acme, language="de")
    estimate = make.draft(cast)
    assert (estimate.contract_id, estimate.language) == (found.pk, "de")


def test_without_a_contract_of_its_own_it_speaks_as_the_only_one_that_runs_does(cast):
    """A contract for other services prices nothing here, and tells what the customer reads."""
    cast.acme.language = "nl"
    cast.acme.save()
    make.seller()
    for_one_service(cast, "de")
    estimate = make.draft(cast)
    assert (estimate.contract_id, estimate.language) == (None, "de")
    for_one_service(cast, "ja", number="C-2")
    assert make.draft(cast, with_contract=False).language == "nl"


def test_a_draft_that_is_written_anew_speaks_as_its_contract_does_by_then(cast):
    estimate = make.draft(cast)
    assert estimate.language == "en-gb"
    cast.acme.contracts.update(language="de")
    actions.edit(
        estimate,
        by=cast.bea,
        at=MONDAY,
        title="Move the mailboxes",
        lines=make.EIGHT_HOURS,
        kind="cap",
    )
    assert Estimate.objects.get(pk=estimate.pk).language == "de"


def test_an_estimate_without_lines_is_refused(cast):
    with pytest.raises(MissingValue, match="at least one line"):
        make.draft(cast, lines=[])


def test_its_last_day_cannot_lie_in_the_past(cast):
    with pytest.raises(MissingValue, match="today or a later date"):
        make.draft(cast, valid_until=date(2026, 3, 1))


def test_a_ticket_has_one_estimate_at_a_time(cast):
    estimate = make.draft(cast)
    with pytest.raises(Refused, match="new version"):
        make.draft(cast, ticket=estimate.ticket)


@pytest.mark.parametrize("name", ["bo", "mia", "ann", "dov", "root", "ned"])
def test_others_than_clerks_and_the_lead_write_none(cast, name):
    with pytest.raises(NotAllowed):
        make.draft(cast, by=getattr(cast, name))


def test_the_lead_of_the_team_writes_one(cast):
    assert make.draft(cast, by=cast.cleo).created_by == cast.cleo


def test_a_draft_is_written_anew_whole(cast):
    estimate = make.draft(cast)
    actions.edit(
        estimate,
        by=cast.bea,
        at=MONDAY,
        title="Move half of them",
        kind="cap",
        lines=[NewLine("Half", minutes=240, unit_price=Decimal(100))],
        valid_until=date(2026, 5, 1),
    )
    estimate.refresh_from_db()
    assert [line.description for line in estimate.lines.all()] == ["Half"]
    assert (estimate.kind, estimate.net_total) == ("cap", Decimal("400.00"))


def test_what_was_sent_is_frozen_in_the_model_too(cast):
    estimate = make.sent(cast)
    with pytest.raises(StaleRecord):
        actions.edit(
            estimate, by=cast.bea, at=MONDAY, title="Other", kind="cap", lines=make.EIGHT_HOURS
        )
    estimate.title = "Other"
    with pytest.raises(FrozenEstimate):
        estimate.save()
    with pytest.raises(FrozenEstimate):
        estimate.delete()
    with pytest.raises(FrozenEstimate):
        Estimate.objects.filter(pk=estimate.pk).update(net_total=1)
    line = estimate.lines.get()
    line.net = Decimal(1)
    with pytest.raises(FrozenEstimate):
        line.save()


def test_asked_twice_for_a_new_version_there_is_one(cast):
    estimate = make.sent(cast)
    first = actions.new_version(estimate, by=cast.bea, at=MONDAY)
    second = actions.new_version(estimate, by=cast.bea, at=MONDAY)
    assert first == second
    assert [line.net for line in first.lines.all()] == [Decimal("800.00")]


def test_a_draft_can_be_thrown_away_and_the_ticket_estimated_again(cast):
    estimate = make.draft(cast)
    actions.throw_away(estimate, by=cast.bea)
    assert make.draft(cast, ticket=Incident.objects.get()).number != estimate.number
