"""The promises of teams and suppliers against those to customers (`SLA-8`)."""

from datetime import timedelta

import pytest

from itil.desk import actions as desk
from itil.sla.actions.adding_up import excesses, usual_paths
from itil.sla.models import Agreement
from portal.people.models import Organization, Team
from tests import make
from tests.cast import HOUR, MONDAY

TUESDAY = MONDAY + timedelta(days=1)


@pytest.fixture
def promise(cast):
    """A function that makes an agreement with one target in hours for P1, or for other columns."""

    def make_one(name, kind, metric, hours, *, level=1, **fields):
        made = Agreement.objects.create(name=name, kind=kind, calendar=cast.calendar, **fields)
        made.targets.create(metric=metric, priority=level, seconds=int(hours * HOUR))
        made.save()
        return made

    return make_one


@pytest.fixture
def teams(cast, promise):
    """A function that gives the desk and the network so many hours for P1."""

    def have(desk_hours, network_hours):
        return [
            promise(team.name, "ola", "ola_resolution", hours, team=team)
            for team, hours in (
                (cast.desk_team, desk_hours),
                (cast.network_team, network_hours),
            )
        ]

    return have


def told(agreement, at=TUESDAY) -> list[str]:
    return [str(excess) for excess in excesses(agreement, at=at)]


def went_to_the_network(cast):
    """A ticket that the desk took and the network finished."""
    return desk.hand_over(make.taken_incident(cast), cast.network_team, by=cast.bo, at=MONDAY)


# --- Teams ---------------------------------------------------------------------------------------


def test_two_teams_that_may_take_longer_than_was_promised_are_told(cast, teams):
    teams(3, 2)
    assert told(cast.agreement) == [
        "P1: Standard promises Resolution within 4h, but Service desk 3h + Network 2h = 5h"
    ]


def test_teams_that_use_the_time_up_exactly_are_fine(cast, teams):
    teams(3, 1)
    assert told(cast.agreement) == []


def test_the_usual_path_counts_and_not_the_largest_times(cast, teams, promise):
    teams(3, 0.5)
    field = Team.objects.create(name="Field", slug="field")
    promise("Field", "ola", "ola_resolution", 40, team=field)
    assert told(cast.agreement) != []
    for _number in range(2):
        went_to_the_network(cast)
    make.taken_incident(cast)
    assert told(cast.agreement) == []


def test_the_path_is_that_of_most_tickets(cast):
    make.taken_incident(cast)
    for _number in range(2):
        went_to_the_network(cast)
    paths = usual_paths([cast.agreement.pk], at=TUESDAY)
    assert paths == {cast.agreement.pk: (cast.desk_team, cast.network_team)}


def test_tickets_of_long_ago_show_no_path(cast):
    went_to_the_network(cast)
    assert usual_paths([cast.agreement.pk], at=MONDAY + timedelta(days=91)) == {}


def test_editing_the_agreement_of_a_team_tells_what_it_breaks(cast, teams):
    _desk, network = teams(3, 1)
    row = network.targets.get()
    row.seconds = 2 * HOUR
    network.targets = [row]
    assert told(network) == [
        "P1: Standard promises Resolution within 4h, but Service desk 3h + Network 2h = 5h"
    ]


def test_an_agreement_of_a_team_is_not_blamed_for_the_sums_of_others(cast, teams, promise):
    teams(3, 2)
    small = promise(
        "Small", "ola", "ola_resolution", 0.5, team=cast.network_team, organization=cast.globex
    )
    assert told(small) == []


def test_other_forms_than_durations_are_not_compared(cast, promise):
    slow = promise("Slow", "ola", "ola_resolution", 1, team=cast.desk_team)
    slow.targets.update(form="business_days", days=10, seconds=None)
    assert told(cast.agreement) == []


def test_severities_are_not_compared_with_priorities(cast, promise):
    promise("Slow", "ola", "ola_resolution", 90, team=cast.desk_team, target_key="severity")
    assert told(cast.agreement) == []


def test_severities_are_named_as_such(promise):
    promise("Slow", "ola", "ola_resolution", 9, target_key="severity")
    sla = promise("Gold", "sla", "resolution", 4, target_key="severity", level=1)
    assert told(sla) == ["sev1: Gold promises Resolution within 4h, but Slow 9h"]


# --- Suppliers -----------------------------------------------------------------------------------


@pytest.fixture
def telco(cast):
    return Organization.objects.create(name="Telco")


def test_a_supplier_that_may_take_longer_than_the_customer_was_promised(cast, promise, telco):
    contract = promise("Lines", "uc", "uc_resolution", 6, supplier=telco)
    expected = ["P1: Standard promises Resolution within 4h, but Telco 6h"]
    assert told(cast.agreement) == expected
    assert told(contract) == expected


def test_a_supplier_that_may_take_longer_than_the_team(cast, promise, telco):
    ola = promise("Network", "ola", "ola_resolution", 1, team=cast.network_team)
    promise("Lines", "uc", "uc_resolution", 2, supplier=telco)
    assert told(ola) == ["P1: Network promises Time with the team within 1h, but Telco 2h"]


def test_another_priority_does_not_matter(cast, promise, telco):
    promise("Lines", "uc", "uc_resolution", 6, level=2, supplier=telco)
    assert told(cast.agreement) == []


def test_a_contract_for_another_organization_does_not_matter(cast, promise, telco):
    sla = promise("Gold", "sla", "resolution", 1, organization=cast.acme)
    promise("Lines", "uc", "uc_resolution", 6, supplier=telco, organization=cast.globex)
    assert told(sla) == []


def test_a_contract_for_the_whole_group_matters_to_its_parts(cast, promise, telco):
    group = Organization.objects.create(name="Acme Group")
    cast.acme.parent = group
    cast.acme.save()
    sla = promise("Gold", "sla", "resolution", 1, organization=cast.acme)
    promise("Lines", "uc", "uc_resolution", 6, supplier=telco, organization=group)
    assert told(sla) == ["P1: Gold promises Resolution within 1h, but Telco 6h"]


def test_nothing_is_compared_with_what_is_not_active(cast, promise, telco):
    contract = promise("Lines", "uc", "uc_resolution", 6, supplier=telco, active=False)
    assert told(cast.agreement) == []
    assert told(contract) == []
