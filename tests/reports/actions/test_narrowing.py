"""What of a scheduled report a person may see."""

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
