"""The pages on which staff look ahead, note a supplier's answer and leave clocks out."""

import pytest
import time_machine

from itil.desk import actions as desk
from itil.incidents.models import Incident
from itil.sla.models import Agreement, Outcome
from portal.worker.dispatch import dispatch_events
from tests import make
from tests.cast import person
from tests.itil.calendars.calendars import at
from tests.itil.desk.test_ticket_pages import address, page_of, said
from tests.itil.sla.stored import agree, clock_of, opened, promise

HALF_PAST_NINE = at(3, 2, 9, 30)
HTMX = {"headers": {"HX-Request": "true"}}


@pytest.fixture(autouse=True)
def half_past_eleven():
    """It is Monday, two hours after the ticket was received."""
    with time_machine.travel(at(3, 2, 11, 30), tick=False):
        yield


@pytest.fixture
def ticket(cast):
    """P3 with 16 hours to resolve, P1 with 4 (E41)."""
    promise(cast.agreement, resolution={1: 4, 3: 16})
    return opened(cast, HALF_PAST_NINE)


def typed(ticket, **changes):
    """The details form as a browser sends it."""
    return {
        "title": ticket.title,
        "impact": ticket.impact,
        "urgency": ticket.urgency,
        "organization": ticket.organization_id,
        "agreed_at": "",
        "version": ticket.version,
    } | changes


MOVED = "due Mon 2 Mar, 13:30 instead of Wed 4 Mar, 09:30"

# --- The effect before saving ---------------------------------------------------------------


def test_changing_a_field_shows_what_moves_and_saves_nothing(signed_in, cast, ticket):
    values = typed(ticket, impact=1, urgency=1, effect=1)

    response = signed_in(cast.bo).post(address(ticket, "edit/"), values, **HTMX)

    assert response.status_code == 200
    assert MOVED in page_of(response)
    assert "Times in CET" in page_of(response)
    assert "<html" not in page_of(response)
    stored = Incident.objects.get()
    assert (stored.impact, stored.version) == (2, ticket.version)


def test_without_script_a_button_shows_it_on_the_page_with_all_that_was_typed(
    signed_in, cast, ticket
):
    client = signed_in(cast.bo)
    assert 'name="effect"' in page_of(client.get(address(ticket, "edit/")))

    values = typed(ticket, impact=1, urgency=1, title="Half typed", effect=1)
    response = client.post(address(ticket, "edit/"), values)

    assert response.status_code == 200
    assert MOVED in page_of(response)
    assert 'value="Half typed"' in page_of(response)
    assert Incident.objects.get().title == ticket.title


def test_nothing_is_shown_when_nothing_moves(signed_in, cast, ticket):
    client = signed_in(cast.bo)
    values = typed(ticket, title="Another subject", effect=1)

    part = client.post(address(ticket, "edit/"), values, **HTMX)
    page = client.post(address(ticket, "edit/"), values)

    assert page_of(part).strip() == ""
    assert "No deadline moves." in page_of(page)


def test_a_field_not_filled_in_yet_is_no_mistake(signed_in, cast, ticket):
    client = signed_in(cast.cleo)

    edited = client.post(address(ticket, "edit/"), typed(ticket, title="", impact=1, effect=1))
    by_hand = client.post(address(ticket, "priority/"), {"priority": 1, "reason": "", "effect": 1})

    assert (edited.status_code, by_hand.status_code) == (200, 200)
    assert "There is a problem" not in page_of(edited) + page_of(by_hand)
    assert MOVED in page_of(by_hand)
    assert Incident.objects.get().priority == 3


def test_a_priority_that_comes_too_late_would_be_missed_at_once(signed_in, cast, ticket):
    client = signed_in(cast.cleo)
    with time_machine.travel(at(3, 2, 15, 30), tick=False):
        response = client.post(
            address(ticket, "priority/"), {"priority": 1, "reason": "", "effect": 1}, **HTMX
        )

    assert "would be missed at once (since Mon 2 Mar, 13:30)" in page_of(response)
    assert "callout bad" in page_of(response)


@pytest.mark.parametrize(("name", "step"), [("mia", "edit/"), ("bo", "priority/")])
def test_who_may_not_change_it_is_told_so_and_shown_nothing(signed_in, cast, ticket, name, step):
    values = typed(ticket, impact=1, urgency=1, priority=1, reason="x", effect=1)

    response = signed_in(getattr(cast, name)).post(address(ticket, step), values)

    assert response.status_code == 422
    assert "You cannot" in page_of(response) or "Only a lead" in page_of(response)
    assert "instead of" not in page_of(response)


def test_another_organization_is_shown_and_saved(signed_in, cast, ticket):
    agree(cast, "Gold", organization=cast.globex, promises={"resolution": 2})
    client = signed_in(cast.bo)
    values = typed(ticket, organization=cast.globex.pk)

    shown = client.post(address(ticket, "edit/"), values | {"effect": 1}, **HTMX)
    client.post(address(ticket, "edit/"), values)

    assert "would be missed at once" not in page_of(shown)
    assert "due Mon 2 Mar, 11:30" in page_of(shown)
    assert clock_of(ticket).agreement.name == "Gold"


# --- Severity and agreed date ---------------------------------------------------------------


def test_severity_is_asked_for_where_an_agreement_counts_by_it(signed_in, cast, ticket):
    client = signed_in(cast.bo)
    assert "Severity" not in page_of(client.get(address(ticket, "edit/")))

    agree(
        cast,
        "By severity",
        organization=cast.acme,
        target_key=Agreement.TargetKey.SEVERITY,
        promises={"resolution": {2: 3}},
    )
    assert "Severity" in page_of(client.get(address(ticket, "edit/")))
    client.post(address(ticket, "edit/"), typed(ticket, severity=2))

    assert clock_of(ticket).due_at == at(3, 2, 12, 30)
    page = page_of(client.get(address(ticket)))
    assert "severity from – to sev2" in page
    Agreement.objects.filter(name="By severity").update(active=False)
    assert "Severity" in page_of(client.get(address(ticket, "edit/")))


def test_the_agreed_date_is_typed_and_read_in_the_zone_of_the_agent(signed_in, cast, ticket):
    client = signed_in(cast.bo)

    client.post(address(ticket, "edit/"), typed(ticket, agreed_at="2026-03-06T12:00"))

    assert Incident.objects.get().agreed_at == at(3, 6, 12)
    page = page_of(client.get(address(ticket)))
    assert "agreed date from – to Fri 6 Mar, 12:00" in page
    assert 'value="2026-03-06T12:00"' in page_of(client.get(address(ticket, "edit/")))


def test_a_date_stored_to_the_second_is_not_changed_by_saving_something_else(
    signed_in, cast, ticket
):
    exact = at(3, 6, 12).replace(second=30)
    Incident.objects.update(agreed_at=exact)
    values = typed(ticket, title="New", agreed_at="2026-03-06T12:00")

    signed_in(cast.bo).post(address(ticket, "edit/"), values)

    stored = Incident.objects.get()
    assert (stored.title, stored.agreed_at) == ("New", exact)


# --- Suppliers --------------------------------------------------------------------------------


@pytest.fixture
def contract(cast):
    return agree(
        cast,
        "Globex delivers",
        kind=Agreement.Kind.UC,
        supplier=cast.globex,
        promises={"uc_response": 4, "uc_resolution": 16},
    )


HOLD = {"hold_reason": "awaiting_vendor", "note": "", "resume_at": "", "reference": ""}


def test_suppliers_with_a_contract_are_offered(signed_in, cast, ticket, contract):
    client = signed_in(cast.bo)
    form = client.get(address(ticket, "move/hold/")).context["form"]
    assert list(form.fields["supplier"].queryset) == [cast.globex]

    contract.active = False
    contract.save()
    form = client.get(address(ticket, "move/hold/")).context["form"]
    assert "supplier" not in form.fields


def test_a_ticket_is_handed_to_a_supplier_who_answers(signed_in, cast, ticket, contract):
    desk.take(ticket, by=cast.bo, at=HALF_PAST_NINE)
    client = signed_in(cast.bo)

    client.post(address(ticket, "move/hold/"), HOLD | {"supplier": cast.globex.pk})
    waiting = page_of(client.get(address(ticket)))
    answered = client.post(address(ticket, "supplier-answered/"), follow=True)
    again = client.post(address(ticket, "supplier-answered/"), follow=True)

    assert "Waiting for <strong>Globex</strong>" in waiting
    assert "The supplier has answered" in waiting
    assert said(answered) == ["The supplier's answer is noted."]
    assert "The supplier has answered" not in page_of(answered)
    assert "noted the answer of Globex" in page_of(answered)
    assert said(again) == ["The supplier's answer is noted already."]
    assert clock_of(ticket, "uc_response").outcome == Outcome.MET


def test_neither_supplier_nor_reference_is_refused_at_the_field(signed_in, cast, ticket, contract):
    desk.take(ticket, by=cast.bo, at=HALF_PAST_NINE)

    response = signed_in(cast.bo).post(address(ticket, "move/hold/"), HOLD)

    assert response.status_code == 409
    assert response.context["form"].errors == {"reference": ["Name the supplier or the contract."]}


def test_a_supplier_chosen_for_another_wait_is_left_out(signed_in, cast, ticket, contract):
    desk.take(ticket, by=cast.bo, at=HALF_PAST_NINE)
    values = HOLD | {
        "hold_reason": "awaiting_parts",
        "reference": "P-1",
        "supplier": cast.globex.pk,
    }

    signed_in(cast.bo).post(address(ticket, "move/hold/"), values)

    event = ticket.events.get(data__verb="hold")
    assert "supplier" not in event.data
    assert "None" not in event.data.values()
    assert not ticket.clocks.filter(metric__startswith="uc_").exists()


@pytest.mark.parametrize("name", ["ann", "olga"])
def test_the_requester_never_reads_the_name_of_the_supplier(
    signed_in, cast, ticket, contract, name
):
    desk.take(ticket, by=cast.bo, at=HALF_PAST_NINE)
    values = {"hold_reason": "awaiting_vendor", "supplier": cast.globex, "reference": "Globex-7"}
    desk.move(ticket, "hold", by=cast.bo, values=values, at=at(3, 2, 10))
    desk.supplier_answered(ticket, by=cast.bo, at=at(3, 2, 11))
    dispatch_events()
    olga = person("Olga", cast.acme, sees_organization=True)
    client = signed_in({"ann": cast.ann, "olga": olga}[name])

    pages = [
        page_of(client.get(f"/requests/{ticket.number}/")),
        page_of(client.get("/requests/")),
        page_of(client.get("/search/", {"q": "Globex"})),
    ]

    assert "We are waiting for a supplier." in pages[0]
    assert [page for page in pages[:2] if "Globex" in page] == []
    assert ticket.number not in pages[2]
    assert client.get(address(ticket)).status_code == 404


def test_a_cancelled_ticket_is_no_merged_one(signed_in, cast, ticket):
    values = {"cancel_reason": "not_a_fault", "merged_into": "", "note": ""}

    signed_in(cast.bo).post(address(ticket, "move/cancel/"), values)

    assert clock_of(ticket).exclusion == "cancelled"


# --- Leaving clocks out -----------------------------------------------------------------------


@pytest.mark.parametrize(("name", "is_offered"), [("bo", False), ("cleo", True), ("mia", False)])
def test_the_menu_of_the_ticket_offers_it_to_leads(signed_in, cast, ticket, name, is_offered):
    page = page_of(signed_in(getattr(cast, name)).get(address(ticket)))

    assert (f"{ticket.number}/exclude/" in page) is is_offered


def test_a_lead_leaves_one_clock_out_and_history_and_panel_say_so(signed_in, cast):
    ticket = make.incident(cast, at=HALF_PAST_NINE)
    clock = clock_of(ticket, "first_response")
    client = signed_in(cast.cleo)
    values = {"clock": clock.pk, "reason": "customer_caused", "note": "They were closed."}

    response = client.post(address(ticket, "exclude/"), values, follow=True)

    assert said(response) == ["It is left out of the figures."]
    page = page_of(response)
    assert "left first response out of the figures: Caused by the customer." in page
    assert "They were closed." in page
    assert "Not counted: Caused by the customer" in page
    assert clock_of(ticket, "resolution").outcome == Outcome.PENDING


def test_all_clocks_of_a_ticket_are_left_out(signed_in, cast):
    ticket = make.incident(cast, at=HALF_PAST_NINE)
    values = {"clock": "all", "reason": "test", "note": "A drill."}

    signed_in(cast.cleo).post(address(ticket, "exclude/"), values)

    assert set(ticket.clocks.values_list("outcome", flat=True)) == {Outcome.EXCLUDED}


@pytest.mark.parametrize(
    ("values", "missing"),
    [
        ({"reason": "", "note": "Typed words"}, "reason"),
        ({"reason": "test", "note": ""}, "note"),
        ({"reason": "merged", "note": "Typed words"}, "reason"),
        ({"reason": "test", "note": "Typed words", "clock": "999"}, "clock"),
    ],
)
def test_a_form_with_something_missing_comes_back(signed_in, cast, ticket, values, missing):
    values = {"clock": "all"} | values

    response = signed_in(cast.cleo).post(address(ticket, "exclude/"), values)

    assert response.status_code == 422
    assert list(response.context["form"].errors) == [missing]
    assert clock_of(ticket).outcome == Outcome.PENDING


def test_an_agent_is_refused_with_a_sentence(signed_in, cast, ticket):
    values = {"clock": "all", "reason": "test", "note": "A drill."}

    response = signed_in(cast.bo).post(address(ticket, "exclude/"), values)

    assert response.status_code == 409
    assert "Only a lead of the team can leave clocks out" in page_of(response)
