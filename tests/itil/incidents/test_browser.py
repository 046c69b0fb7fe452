"""A major incident with what stands below it, resolved in a real browser."""

from datetime import timedelta

import pytest
from django.utils import timezone

from itil.desk import actions as desk
from itil.incidents import actions
from itil.incidents.models import Incident
from portal.worker.dispatch import dispatch_events
from tests import make
from tests.axe import complaints

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_major_incident_ends_with_all_that_stands_below_it(company, visit):
    at = timezone.now() - timedelta(minutes=25)
    parent = make.taken_incident(company, service=company.mail_service, at=at)
    for requester in (company.ann, company.ann, company.dov):
        child = make.incident(company, by=requester, requester=requester, at=at)
        desk.set_parent(child, parent, by=company.bo, at=at)
    actions.propose_major(parent, by=company.bo, reason="The whole site.", at=at)
    page = visit(company.cleo)
    here = f"/desk/incidents/major/{parent.number}/"

    page.goto(f"{here}accept/")
    page.get_by_label("Notice on the portal").fill("Mail is slow for everybody.")
    page.get_by_role("button", name="Accept it").click()
    page.get_by_role("link", name="Send an update").click()
    page.get_by_text("2 mails will be sent").wait_for()
    page.get_by_label("What people should know").fill("We know the cause.")
    page.get_by_role("button", name="Send to 2 people").click()
    page.get_by_text("We know the cause.").wait_for()
    page.get_by_text("Next update due").first.wait_for()

    desk.take_over(Incident.objects.get(pk=parent.pk), by=company.cleo)
    page.goto(f"{parent.get_absolute_url()}move/resolve/")
    page.get_by_text("3 open tickets below").wait_for()
    page.get_by_label("How was it resolved?").select_option("fixed")
    page.get_by_label("What was done").fill("The queue runs again.")
    page.get_by_role("button", name=f"Resolve {parent.number} and 3 tickets").click()
    page.get_by_text("is now “Resolved”").wait_for()
    while dispatch_events():
        pass

    assert Incident.objects.filter(status="resolved").count() == 4
    assert Incident.objects.get(pk=parent.pk).major_state == "resolved"
    paths = (here, f"{here}review/", "/desk/incidents/major/?view=all")
    said = [complaints(page, path) for path in (*paths, f"{parent.get_absolute_url()}related/")]
    assert said == [[], [], [], []]
