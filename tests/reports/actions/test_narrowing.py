"""What of a scheduled report a person may see."""

import pytest

from itil.tickets.errors import MissingValue
from portal.people.models import Membership, User
from reports.actions.delivering import plan_due
from reports.actions.narrowing import share_of
from reports.models import ReportDelivery
from tests.reports.mailing_given import DUE, deliver_due, march, report_of, scheduled

__all__ = ["march"]


def test_everybody_gets_the_own_figures_and_who_lost_the_rights_nothing(march, cast):
    subscription = scheduled(cast, cast.mia, cast.bo, cast.ned)
    # Ned leaves the desk.
    Membership.objects.filter(user=cast.ned).delete()
    plan_due(DUE)
    deliver_due(DUE)
    gone = ReportDelivery.objects.get(recipient=cast.ned)
    assert (gone.state, gone.reason, gone.files.count()) == ("withheld", "rights", 0)
    of_mia, of_bo = (report_of(subscription, one) for one in (cast.mia, cast.bo))
    assert dict(of_mia.facts)["Team"] == "All teams"
    assert dict(of_bo.facts)["Team"] == cast.desk_team.name
    assert share_of(subscription, User.objects.get(pk=cast.ned.pk)) is None


def test_the_overview_goes_to_those_who_see_the_whole_desk(march, cast):
    with pytest.raises(MissingValue) as refused:
        scheduled(cast, cast.mia, cast.bo, board="overview")
    assert refused.value.field == "recipients"
    subscription = scheduled(cast, cast.mia, cast.cleo, board="overview")
    assert [share_of(subscription, one) is None for one in (cast.mia, cast.cleo, cast.bo)] == [
        False, False, True,
    ]  # fmt: skip
    assert share_of(subscription, cast.bea) is None


def test_the_overview_of_a_team_is_that_of_the_page(march, cast):
    subscription = scheduled(cast, cast.mia, board="overview", team=cast.network_team)
    report = report_of(subscription, cast.mia)
    assert [one.shown for one in report.figures] == ["n/a", "n/a", "n/a", "n/a", "0", "0.0 h"]
    assert dict(report.facts)["Team"] == cast.network_team.name
