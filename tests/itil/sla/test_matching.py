"""Which agreement applies (`SLA-4` to `SLA-6`), and what it promises (`SLA-3`)."""

from datetime import timedelta
from itertools import permutations

import pytest

from itil.calendars.models import BusinessCalendar
from itil.incidents.models import Incident
from itil.sla.matching import Facts, ancestors, choose, find, reading_once
from itil.sla.models import Agreement, EscalationStep, Form, Metric, ServiceTarget
from itil.tickets.models import Channel
from portal.people.models import Location, Organization
from tests.cast import HOUR, MONDAY

from .stored import agree as agreed


def ticket(cast, **changes) -> Incident:
    """An unsaved P3 incident of Ann's."""
    return Incident(
        **{
            "kind": "incident",
            "requester": cast.ann,
            "organization": cast.acme,
            "service": cast.mail_service,
            "channel": Channel.PORTAL,
            "priority": 3,
            "received_at": MONDAY,
        }
        | changes
    )


@pytest.fixture
def agree(cast):
    """A function that makes an agreement."""

    def make(name, **fields):
        return agreed(cast, name, **fields)

    return make


@pytest.fixture
def chosen(cast):
    """A function that names the agreement of a ticket and why it was chosen."""

    def choice(**changes):
        (terms,) = find(ticket(cast, **changes), Agreement.Kind.SLA)
        return terms.name, terms.reason

    return choice


# --- Default ---------------------------------------------------------------------------------


def test_default_agreement_applies_when_nothing_else_does(cast):
    (terms,) = find(ticket(cast))
    assert (terms.agreement, terms.reason) == (cast.agreement.pk, "default agreement")
    assert {metric: cell.seconds for metric, cell in terms.targets.items()} == {
        "acknowledge": HOUR,
        "first_response": 2 * HOUR,
        "resolution": 16 * HOUR,
    }


def test_without_a_default_nothing_is_promised(cast):
    cast.agreement.delete()
    assert find(ticket(cast)) == []


def test_default_applies_even_when_its_own_conditions_do_not_hold(cast, chosen):
    cast.agreement.organization = cast.globex
    cast.agreement.save()
    assert chosen() == ("Standard", "default agreement")


# --- Precedence ------------------------------------------------------------------------------


def test_organization_and_service_beat_vip_alone(cast, agree, chosen):
    cast.ann.vip = True
    agree("VIP", requester_vip=True)
    agree("Acme mail", organization=cast.acme, service=cast.mail_service)
    assert chosen() == ("Acme mail", "organization Acme + service Mail")


def test_rank_ten_beats_everything(cast, agree, chosen):
    agree("Acme mail", organization=cast.acme, service=cast.mail_service)
    agree("Forced", rank=10, channel=Channel.PORTAL)
    assert chosen() == ("Forced", "channel Portal")


def test_conditions_count_in_the_order_of_sla_5(cast, agree, chosen):
    """Each of these is more specific than all that were made before it."""
    cast.ann.vip = True
    cast.ann.location = Location.objects.create(name="Hall 3", organization=cast.acme)
    everything = {}
    for name, condition in (
        ("channel", {"channel": Channel.PORTAL}),
        ("type", {"ticket_kind": "incident"}),
        ("VIP", {"requester_vip": True}),
        ("location", {"location": cast.ann.location}),
        ("service", {"service": cast.mail_service}),
        ("organization", {"organization": cast.acme}),
    ):
        agree(f"{name} with all below", **everything, **condition)
        agree(name, **condition)
        everything |= condition
        assert chosen()[0] == f"{name} with all below"


def test_parent_organization_applies_until_the_subsidiary_has_its_own(cast, agree, chosen):
    plant = Organization.objects.create(name="Acme Plant", parent=cast.acme)
    line = Organization.objects.create(name="Acme Plant Line 1", parent=plant)
    agree("Acme", organization=cast.acme, service=cast.mail_service)
    assert chosen(organization=line)[0] == "Acme"
    agree("Plant", organization=plant)
    assert chosen(organization=line)[0] == "Plant"
    assert chosen()[0] == "Acme"


def test_ancestors_are_found_however_deep_and_in_order(cast):
    chain = [cast.acme]
    for n in range(7):
        chain.append(Organization.objects.create(name=f"Part {n}", parent=chain[-1]))
    assert ancestors(chain[-1]) == tuple(part.pk for part in reversed(chain))


def test_organizations_that_contain_each_other_end_the_search(cast):
    plant = Organization.objects.create(name="Acme Plant", parent=cast.acme)
    cast.acme.parent = plant
    cast.acme.save()
    assert set(ancestors(plant)) == {plant.pk, cast.acme.pk}


def test_later_validity_then_lower_id_settle_a_tie(cast, agree, chosen):
    agree("Old", service=cast.mail_service)
    agree("Same", service=cast.mail_service)
    assert chosen()[0] == "Old"
    agree("New", service=cast.mail_service, valid_from=MONDAY)
    assert chosen()[0] == "New"


def test_order_of_the_candidates_does_not_matter(cast, agree):
    candidates = [
        cast.agreement,
        agree("One", service=cast.mail_service),
        agree("Two", service=cast.mail_service),
        agree("Three", organization=cast.acme),
        agree("Four", organization=cast.acme),
    ]
    facts = Facts(
        received_at=MONDAY,
        organizations=(cast.acme.pk,),
        service=cast.mail_service.pk,
        location=None,
        requester_is_vip=False,
        ticket_kind="incident",
        channel="portal",
        priority=3,
    )
    names = {choose(order, facts).name for order in permutations(candidates)}
    assert names == {"Three"}


# --- Conditions ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("condition", "reason"),
    [
        ({"requester_vip": True}, "VIP"),
        ({"ticket_kind": "incident"}, "type incident"),
        ({"channel": "portal"}, "channel Portal"),
        ({}, "applies to every ticket"),
    ],
)
def test_reason_names_the_conditions(cast, agree, chosen, condition, reason):
    cast.ann.vip = True
    cast.agreement.delete()
    agree("Special", **condition)
    assert chosen() == ("Special", reason)


@pytest.mark.parametrize(
    "condition", [{"requester_vip": True}, {"ticket_kind": "request"}, {"channel": "mail"}]
)
def test_agreement_whose_condition_fails_does_not_apply(agree, chosen, condition):
    agree("Special", **condition)
    assert chosen()[0] == "Standard"


def test_where_the_requester_works_is_a_condition(cast, agree, chosen):
    hall = Location.objects.create(name="Hall 3", organization=cast.acme)
    agree("Hall", location=hall)
    assert chosen()[0] == "Standard"
    cast.ann.location = hall
    assert chosen() == ("Hall", f"location {hall}")


def test_validity_includes_its_start_and_excludes_its_end(cast, agree, chosen):
    second = timedelta(seconds=1)
    end = MONDAY + timedelta(days=1)
    agree("March", service=cast.mail_service, valid_from=MONDAY, valid_to=end)
    assert chosen()[0] == "March"
    assert chosen(received_at=MONDAY - second)[0] == "Standard"
    assert chosen(received_at=end)[0] == "Standard"
    assert chosen(received_at=end - second)[0] == "March"


def test_inactive_and_internal_agreements_do_not_apply(cast, agree, chosen):
    agree("Gone", organization=cast.acme, active=False)
    agree("Teams", organization=cast.acme, kind=Agreement.Kind.OLA)
    assert chosen()[0] == "Standard"


def test_agreements_of_teams_and_suppliers_need_one(cast, agree):
    """An agreement with any team promises nothing while no team has the ticket (`SLA-1`)."""
    agree("Teams", kind=Agreement.Kind.OLA)
    agree("Suppliers", kind=Agreement.Kind.UC)
    assert [terms.name for terms in find(ticket(cast))] == ["Standard"]
    found = find(ticket(cast, team=cast.desk_team))
    assert [(terms.name, terms.team) for terms in found] == [
        ("Standard", None),
        ("Teams", cast.desk_team.pk),
    ]
    assert find(ticket(cast), Agreement.Kind.UC) == []
    (terms,) = find(ticket(cast), Agreement.Kind.UC, supplier=cast.globex)
    assert (terms.name, terms.supplier) == ("Suppliers", cast.globex.pk)


# --- Targets ---------------------------------------------------------------------------------


def test_priority_without_a_cell_has_no_target(cast, agree):
    agree("Only P3", organization=cast.acme, promises={"resolution": {3: 8}})
    (terms,) = find(ticket(cast, priority=1))
    assert (terms.name, dict(terms.targets)) == ("Only P3", {})


def test_contract_may_count_by_its_own_severity(cast, agree):
    agree(
        "Contract",
        organization=cast.acme,
        target_key=Agreement.TargetKey.SEVERITY,
        promises={"resolution": {1: 2, 3: 8}},
    )
    (terms,) = find(ticket(cast, priority=3, severity=1))
    assert (terms.priority, terms.targets["resolution"].seconds) == (1, 2 * HOUR)
    (terms,) = find(ticket(cast, priority=3))
    assert dict(terms.targets) == {}


def test_an_incident_is_resolved_and_not_fulfilled(cast, agree):
    agree("All", organization=cast.acme, promises={"resolution": 8, "fulfilment": 24})
    (terms,) = find(ticket(cast))
    assert list(terms.targets) == ["resolution"]


def test_target_may_run_on_a_calendar_of_its_own(cast, agree):
    always = BusinessCalendar.objects.create(name="Always", always_open=True)
    agree("Critical", organization=cast.acme).targets.update(calendar=always)
    (terms,) = find(ticket(cast))
    cell = terms.targets["resolution"]
    assert (cell.calendar, cell.edition) == (always.pk, str(always.edition))


def test_each_form_is_frozen_with_what_it_needs(cast, agree):
    forms = agree("Forms", organization=cast.acme)
    forms.targets.all().delete()
    ServiceTarget.objects.bulk_create(
        ServiceTarget(agreement=forms, priority=3, metric=metric, form=form, **fields)
        for metric, form, fields in (
            (Metric.ACKNOWLEDGE, Form.DURATION, {"seconds": HOUR}),
            (Metric.FIRST_RESPONSE, Form.CUTOFF, {"cutoff": 720}),
            (Metric.UPDATE, Form.BUSINESS_DAYS, {"days": 2, "snap": "same_time"}),
            (Metric.RESOLUTION, Form.FIXED_INSTANT, {}),
        )
    )
    agreed_at = MONDAY + timedelta(days=3)
    (terms,) = find(ticket(cast, agreed_at=agreed_at))
    assert terms.targets["acknowledge"].seconds == HOUR
    assert terms.targets["first_response"].cutoff == 720
    assert (terms.targets["update"].days, terms.targets["update"].snap) == (2, "same_time")
    assert terms.targets["resolution"].at == agreed_at.isoformat()
    (terms,) = find(ticket(cast))
    assert "resolution" not in terms.targets


def test_terms_bring_the_rules_and_steps_of_the_agreement(cast, agree):
    gold = agree("Gold", organization=cast.acme, vendor_pauses=True, reopen_policy="count_gap")
    night = BusinessCalendar.objects.create(name="Day", time_zone="UTC")
    EscalationStep.objects.create(
        agreement=gold, percent=75, action="notify_lead", calendar=night, metric="resolution"
    )
    (terms,) = find(ticket(cast))
    assert ("awaiting_vendor" in terms.pausing, terms.reopen) == (True, "count_gap")
    (step,) = terms.steps
    assert (step.percent, step.action, step.edition) == (75, "notify_lead", str(night.edition))


# --- Cost ------------------------------------------------------------------------------------


def test_two_queries_find_what_is_promised(cast, agree, django_assert_num_queries):
    agree("Acme", organization=cast.acme)
    agree("Teams", kind=Agreement.Kind.OLA)
    with django_assert_num_queries(2):
        find(ticket(cast, team=cast.desk_team))


def test_a_batch_reads_the_agreements_once(cast, agree, django_assert_num_queries):
    agree("Acme", organization=cast.acme)
    with reading_once():
        find(ticket(cast))
        with django_assert_num_queries(0):
            find(ticket(cast))


def test_an_edit_during_a_batch_counts_from_the_next_one(cast, agree, chosen):
    agreement = agree("Acme", organization=cast.acme)
    with reading_once():
        assert chosen()[0] == "Acme"
        Agreement.objects.filter(pk=agreement.pk).update(active=False)
        assert chosen()[0] == "Acme"
    assert chosen()[0] == "Standard"
