"""Warnings at 80 and 100 percent, once each (`BIL-7`)."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from billing.contracts import actions
from billing.contracts.documents.phrases import PHRASES
from portal.outbox.models import OutgoingMail
from tests.billing import make as billing
from tests.billing.invoices.test_customers_language import CODES, words

AT = datetime(2026, 3, 20, 12, tzinfo=UTC)


def prepaid(cast, **changes):
    contract = billing.contract(cast.acme, rounding_mode="none", **changes)
    actions.sell_block(
        contract,
        by=cast.bea,
        name="Ten hours",
        minutes=600,
        price=Decimal(950),
        valid_from=date(2026, 1, 1),
        valid_to=date(2026, 6, 30),
    )
    return contract


def worked(cast, minutes):
    actions.price_missing([billing.hours(cast, minutes, date(2026, 3, 5))])


def told():
    return sorted(OutgoingMail.objects.values_list("to", "subject"))


def test_lead_and_customer_hear_of_each_share_once(cast):
    prepaid(cast, manager=cast.cleo, contact=cast.ann)
    worked(cast, 479)
    assert actions.warn_about_blocks(at=AT) == 0
    worked(cast, 1)
    assert actions.warn_about_blocks(at=AT) == 1
    assert actions.warn_about_blocks(at=AT) == 0
    subject = "80% of “Ten hours” is used up"
    assert told() == [("ann@acme.example", subject), ("cleo@halden.example", subject)]
    worked(cast, 120)
    assert actions.warn_about_blocks(at=AT) == 1
    assert ("ann@acme.example", "100% of “Ten hours” is used up") in told()
    assert len(told()) == 4
    mail = OutgoingMail.objects.filter(to="ann@acme.example").order_by("-pk").first()
    assert "Left: 0.0 h" in mail.text
    assert "/billing/" not in mail.text


def test_without_named_people_the_clerks_and_the_address_for_invoices_are_told(cast):
    prepaid(cast)
    cast.acme.billing_email = "invoices@acme.example"
    cast.acme.save()
    worked(cast, 600)
    actions.warn_about_blocks(at=AT)
    assert [address for address, _subject in told()] == [
        "bea@halden.example",
        "invoices@acme.example",
    ]


def test_an_expired_block_is_not_talked_about(cast):
    prepaid(cast)
    worked(cast, 600)
    assert actions.warn_about_blocks(at=datetime(2026, 7, 2, tzinfo=UTC)) == 0


def lines_of(mail):
    """What it says, without names and addresses."""
    found = words({mail.subject, *mail.text.splitlines()})
    return {line for line in found if not line.startswith("http")} - {"Balie"}


def warned(cast, minutes=600, **changes):
    """The mails to Acme's Ann and to our Cleo, after so many of ten prepaid hours."""
    prepaid(cast, manager=cast.cleo, contact=cast.ann, **changes)
    worked(cast, minutes)
    assert actions.warn_about_blocks(at=AT) == 1
    return [OutgoingMail.objects.get(to=person.email) for person in (cast.ann, cast.cleo)]


@pytest.mark.parametrize("minutes", [480, 600])
@pytest.mark.parametrize("language", CODES)
def test_the_customer_reads_the_language_of_the_contract_without_an_english_word(
    cast, language, minutes
):
    cast.ann.language = "en-gb"
    cast.ann.save()
    mail, ours = warned(cast, minutes, language=language)
    phrases = PHRASES[language[:2]]
    assert phrases["block_left"].partition("{")[0] in mail.text
    assert (phrases["block_beyond"] in mail.text) == (minutes == 600)
    assert lines_of(mail) & lines_of(ours) == set()
    assert "Used, work that is not settled yet included:" in ours.text


def test_days_and_amounts_are_written_as_that_language_writes_them(cast):
    mail, _ours = warned(cast, 480, language="de")
    assert mail.subject == "80% von „Ten hours“ sind verbraucht"
    for line in ("Gekauft: 10,0 Std.", "Übrig: 2,0 Std.", "Für Arbeit bis: 30. Juni 2026"):
        assert line in mail.text.splitlines()


def test_money_bought_in_advance_has_the_sign_of_its_currency_where_it_belongs(cast):
    contract = billing.contract(cast.acme, contact=cast.ann, language="nl")
    actions.sell_block(
        contract,
        by=cast.bea,
        name="Credit",
        amount=Decimal(1000),
        price=Decimal(1000),
        valid_from=date(2026, 1, 1),
        valid_to=date(2026, 6, 30),
    )
    worked(cast, 480)
    actions.warn_about_blocks(at=AT)
    text = OutgoingMail.objects.get(to=cast.ann.email).text.replace("\xa0", " ")
    assert "Gekocht: € 1.000,00" in text
    assert "Over: € 200,00" in text


@pytest.mark.parametrize("language", ["fr", "ko"])
def test_a_language_that_our_phrases_do_not_know_is_english_throughout(cast, language):
    mail, ours = warned(cast, 480, language=language)
    assert lines_of(mail) == lines_of(ours)
    assert "For work until: 30 June 2026" in mail.text


def test_we_ourselves_read_the_own_language_or_that_of_the_desk(cast):
    cast.acme.language = "ja"
    cast.acme.save()
    _mail, ours = warned(cast, 480, language="de")
    assert ours.subject == "80% of “Ten hours” is used up"


def test_a_colleague_who_has_chosen_a_language_reads_that_one(cast):
    cast.cleo.language = "nl"
    cast.cleo.save()
    _mail, ours = warned(cast, 480, language="de")
    assert ours.subject == "80% van “Ten hours” is verbruikt"


def test_a_contract_without_a_language_is_warned_of_in_that_of_the_customer(cast):
    cast.acme.language = "de"
    cast.acme.save()
    mail, _ours = warned(cast, 480)
    assert "Vertrag" in mail.text
