"""Pages that show agreements: as they are, as they were, and which one a ticket gets."""

import re

import pytest
import time_machine
from django.urls import reverse

from itil.sla.models import Agreement
from portal.people.models import Organization
from tests import make
from tests.cast import HOUR
from tests.itil.sla import entered

MONDAY_ELEVEN = "2026-03-02T10:00:00Z"


@pytest.fixture(autouse=True)
def monday_eleven():
    with time_machine.travel(MONDAY_ELEVEN, tick=False):
        yield


@pytest.fixture
def administrator(cast, signed_in):
    return signed_in(cast.root)


def said(response) -> str:
    """The words of a page, without its tags and with single spaces."""
    assert response.status_code == 200
    main = response.content.decode().partition("<main")[2]
    return " ".join(re.sub(r"<[^>]*>", " ", main).split())


# --- One agreement -------------------------------------------------------------------------------


def test_an_agreement_is_read_as_a_table(administrator, cast):
    cast.agreement.steps.create(percent=90, action="notify_lead", metric="resolution")
    cast.agreement.organization = cast.acme
    cast.agreement.save()
    page = said(administrator.get(reverse("agreements:inspect", args=[cast.agreement.pk])))
    assert "For tickets with: Organization Acme" in page
    assert "Resolution 4h 8h 16h 24h 40h" in page
    assert "90 %: Tell the team&#x27;s leads (Resolution)" in page


def test_every_form_has_its_words(administrator, cast):
    rows = cast.agreement.targets.filter(metric="resolution")
    rows.filter(priority=1).update(form="business_days", days=1, snap="same_time")
    rows.filter(priority=2).update(form="cutoff", cutoff=12 * 60)
    rows.filter(priority=3).update(form="fixed_instant")
    rows.filter(priority=4).update(seconds=450)
    rows.filter(priority=5).delete()
    page = said(administrator.get(reverse("agreements:inspect", args=[cast.agreement.pk])))
    assert (
        "Resolution 1 business day, at the same time of day"
        " same day if before 12:00, else next day 12:00 the agreed date 7m 30s –"
    ) in page


# --- Versions ------------------------------------------------------------------------------------


def versions(administrator, agreement) -> str:
    return said(administrator.get(reverse("agreements:versions", args=[agreement.pk])))


def test_a_version_that_no_page_saved_is_shown_as_such(administrator, cast):
    page = versions(administrator, cast.agreement)
    assert "The present version 1 was not saved on these pages" in page
    assert "Version 1, in force" in page


def test_each_version_tells_what_it_changed_and_who_saved_it(administrator, cast):
    def change(rows):
        rows[-1]["seconds"] = "20:00"
        return rows

    edit = reverse("agreements:edit", args=[cast.agreement.pk])
    posted = entered.as_opened(
        cast.agreement, targets=change, organization=cast.acme.pk, is_default=None
    )
    assert administrator.post(edit, posted).status_code == 302
    page = versions(administrator, cast.agreement)
    assert "Version 2 Saved Mon 2 Mar 2026 11:00 by Root." in page
    assert "Default: yes → no" in page
    assert "Organization: – → Acme" in page
    assert "Resolution, P5 Planning: 40h → 20h" in page
    assert "Version 1 Made by a command; kept Mon 2 Mar 2026 11:00" in page
    history = administrator.get(reverse("agreements:history", args=[cast.agreement.pk]))
    assert "Version 2 saved" in said(history)


def test_a_version_names_what_was_later_renamed_or_removed(administrator, cast):
    posted = entered.agreement(
        cast.calendar,
        steps=[entered.step(100, "hand_over", team=cast.network_team.pk)],
        organization=cast.acme.pk,
    )
    administrator.post(reverse("agreements:add"), posted)
    gold = Agreement.objects.get(name="Gold")
    cast.acme.name = "Acme International"
    cast.acme.save()
    gold.steps.all().delete()
    gold.save()
    page = versions(administrator, gold)
    assert "For tickets with: Organization Acme Nothing" in page
    assert "100 %: Hand over to a team Network" in page
    assert "The present version 2 was not saved on these pages" in page


# --- The test bench ------------------------------------------------------------------------------


@pytest.fixture
def ask(administrator):
    """A function that asks the bench."""

    def of(**question):
        return said(administrator.get(reverse("agreements:bench"), question))

    return of


@pytest.fixture
def imagined(cast):
    return {
        "organization": cast.acme.pk,
        "ticket_kind": "incident",
        "channel": "portal",
        "priority": 3,
        "received_at": "2026-03-02 10:00",
    }


def test_a_past_ticket_shows_what_it_gets_and_what_it_has(ask, cast):
    ticket = make.taken_incident(cast)
    gold = Agreement.objects.create(
        name="Gold", calendar=cast.calendar, organization=cast.acme, rank=7
    )
    gold.targets.create(metric="resolution", priority=4, seconds=2 * HOUR)
    gold.save()
    page = ask(ticket=ticket.number.lower())
    assert "Gold organization Acme" in page
    assert "Resolution 2h Office hours Mon 2 Mar, 12:00" in page
    assert "Standard : rank 100 goes after rank 7" in page
    assert "What the ticket has in fact Standard , version 1: default agreement" in page


def test_a_ticket_that_is_not_there_is_told(ask, cast):
    assert "There is no ticket with this number." in ask(ticket="INC-999999")


def test_a_ticket_that_may_not_be_seen_is_not_there(ask, cast):
    ticket = make.taken_incident(cast, is_confidential=True)
    page = ask(ticket=ticket.number)
    assert "There is no ticket with this number." in page
    assert "Mail does not arrive" not in page


def test_an_imagined_ticket_gets_an_agreement(ask, imagined):
    page = ask(**imagined)
    assert "Standard default agreement" in page
    assert "Resolution 16h Office hours Wed 4 Mar, 10:00" in page


def test_a_team_and_a_supplier_bring_their_own_agreements(ask, imagined, cast):
    telco = Organization.objects.create(name="Telco")
    Agreement.objects.create(name="Desk", kind="ola", calendar=cast.calendar)
    Agreement.objects.create(name="Lines", kind="uc", calendar=cast.calendar, supplier=telco)
    page = ask(**imagined)
    assert "Desk" not in page.partition("A ticket that might be")[0]
    page = ask(**imagined, team=cast.desk_team.pk, supplier=telco.pk)
    assert "Desk applies to every ticket" in page
    assert "Lines supplier Telco" in page


def test_an_incomplete_question_is_refused(ask, imagined):
    page = ask(**imagined | {"priority": ""})
    assert "This field is required." in page
    assert "default agreement" not in page


def test_no_agreement_at_all_is_told(ask, imagined):
    Agreement.objects.update(is_default=False, active=False)
    page = ask(**imagined)
    assert "None: the ticket has no clocks and is counted as unmeasured." in page
    assert "Standard : not active" in page


def test_a_priority_without_a_target_is_told(ask, imagined, cast):
    cast.agreement.targets.all().delete()
    assert "It has no target for this priority: no clock" in ask(**imagined)
