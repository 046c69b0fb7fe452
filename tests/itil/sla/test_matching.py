"""Which agreement applies: `SLA-4` to `SLA-6`."""

from datetime import timedelta
from itertools import permutations

import pytest

from itil.calendars.models import BusinessCalendar
from itil.incidents.models import Incident
from itil.sla.matching import Facts, ancestors, choose, find, reading_once
from itil.sla.models import Agreement, Metric, ServiceTarget
from itil.tickets.models import Channel
from portal.people.models import Organization
from tests.cast import HOUR, MONDAY


def ticket(cast, **changes) -> Incident:
    """An unsaved incident of Ann's."""
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
    """A function that makes an agreement with one target."""

    def make(name, **fields):
        made = Agreement.objects.create(name=name, calendar=cast.calendar, **fields)
        ServiceTarget.objects.create(
            agreement=made, metric=Metric.RESOLUTION, priority=3, seconds=8 * HOUR
        )
        return made

    return make


def test_default_agreement_applies_when_nothing_else_does(cast):
    match = find(ticket(cast))
    assert match.agreement == cast.agreement
    assert match.reason == "default agreement"
    assert {metric: seconds for metric, (seconds, _c) in match.targets.items()} == {
        "acknowledge": HOUR,
        "first_response": 2 * HOUR,
        "resolution": 16 * HOUR,
    }


def test_without_a_default_nothing_is_measured(cast):
    cast.agreement.delete()
    assert find(ticket(cast)) is None


def test_default_applies_even_when_its_own_conditions_do_not_hold(cast):
    cast.agreement.organization = cast.globex
    cast.agreement.save()
    match = find(ticket(cast))
    assert (match.agreement, match.reason) == (cast.agreement, "default agreement")


def test_organization_and_service_beat_vip_alone(cast, agree):
    cast.ann.vip = True
    agree("VIP", requester_vip=True)
    both = agree("Acme mail", organization=cast.acme, service=cast.mail_service)
    match = find(ticket(cast))
    assert match.agreement == both
    assert match.reason == "organization Acme + service Mail"


def test_rank_ten_beats_everything(cast, agree):
    agree("Acme mail", organization=cast.acme, service=cast.mail_service)
    forced = agree("Forced", rank=10, channel=Channel.PORTAL)
    match = find(ticket(cast))
    assert (match.agreement, match.reason) == (forced, "channel Portal")


@pytest.mark.parametrize(
    ("condition", "reason"),
    [
        ({"requester_vip": True}, "VIP"),
        ({"ticket_kind": "incident"}, "type incident"),
        ({"channel": "portal"}, "channel Portal"),
        ({}, "applies to every ticket"),
    ],
)
def test_reason_names_the_conditions(cast, agree, condition, reason):
    cast.ann.vip = True
    cast.agreement.delete()
    agree("Special", **condition)
    assert find(ticket(cast)).reason == reason


@pytest.mark.parametrize(
    "condition", [{"requester_vip": True}, {"ticket_kind": "request"}, {"channel": "mail"}]
)
def test_agreement_whose_condition_fails_does_not_apply(cast, agree, condition):
    agree("Special", **condition)
    assert find(ticket(cast)).agreement == cast.agreement


def test_parent_organization_applies_until_the_subsidiary_has_its_own(cast, agree):
    plant = Organization.objects.create(name="Acme Plant", parent=cast.acme)
    line = Organization.objects.create(name="Acme Plant Line 1", parent=plant)
    above = agree("Acme", organization=cast.acme)
    assert find(ticket(cast, organization=line)).agreement == above
    nearer = agree("Plant", organization=plant)
    assert find(ticket(cast, organization=line)).agreement == nearer
    assert find(ticket(cast)).agreement == above


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


def test_validity_includes_its_start_and_excludes_its_end(cast, agree):
    special = agree(
        "March", service=cast.mail_service, valid_from=MONDAY, valid_to=MONDAY + timedelta(days=1)
    )
    second = timedelta(seconds=1)
    assert find(ticket(cast)).agreement == special
    assert find(ticket(cast, received_at=MONDAY - second)).agreement == cast.agreement
    assert find(ticket(cast, received_at=special.valid_to)).agreement == cast.agreement
    assert find(ticket(cast, received_at=special.valid_to - second)).agreement == special


def test_later_validity_then_lower_id_settle_a_tie(cast, agree):
    older = agree("Old", service=cast.mail_service)
    assert find(ticket(cast)).agreement == older
    agree("Same", service=cast.mail_service)
    assert find(ticket(cast)).agreement == older
    newer = agree("New", service=cast.mail_service, valid_from=MONDAY)
    assert find(ticket(cast)).agreement == newer


def test_order_of_the_candidates_does_not_matter(cast, agree):
    candidates = [
        cast.agreement,
        agree("One", service=cast.mail_service),
        agree("Two", service=cast.mail_service),
        agree("Three", organization=cast.acme),
    ]
    facts = Facts(
        received_at=MONDAY,
        organizations=(cast.acme.pk,),
        service=cast.mail_service.pk,
        requester_is_vip=False,
        ticket_kind="incident",
        channel="portal",
        priority=3,
    )
    chosen = {choose(order, facts).name for order in permutations(candidates)}
    assert chosen == {"Three"}


def test_inactive_and_internal_agreements_do_not_apply(cast, agree):
    agree("Gone", organization=cast.acme, active=False)
    agree("Teams", organization=cast.acme, kind=Agreement.Kind.OLA)
    assert find(ticket(cast)).agreement == cast.agreement


def test_priority_without_a_cell_has_no_target(cast, agree):
    special = agree("Only P3", organization=cast.acme)
    match = find(ticket(cast, priority=1))
    assert (match.agreement, match.targets) == (special, {})


def test_target_may_run_on_a_calendar_of_its_own(cast, agree):
    always = BusinessCalendar.objects.create(name="Always", always_open=True)
    agree("Critical", organization=cast.acme).targets.update(calendar=always)
    assert find(ticket(cast)).targets == {"resolution": (8 * HOUR, always)}


def test_one_query_finds_the_agreement(cast, agree, django_assert_num_queries):
    agree("Acme", organization=cast.acme)
    with django_assert_num_queries(1):
        find(ticket(cast))


def test_a_batch_reads_the_agreements_once(cast, agree, django_assert_num_queries):
    agree("Acme", organization=cast.acme)
    with reading_once():
        find(ticket(cast))
        with django_assert_num_queries(0):
            find(ticket(cast))


def test_an_edit_during_a_batch_counts_from_the_next_one(cast, agree):
    agreement = agree("Acme", organization=cast.acme)
    with reading_once():
        find(ticket(cast))
        Agreement.objects.filter(pk=agreement.pk).update(active=False)
        assert find(ticket(cast)).agreement == agreement

    assert find(ticket(cast)).agreement == cast.agreement
