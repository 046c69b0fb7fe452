"""Configuration is edited in the admin, by administrators only."""

import pytest

from itil.services.models import Service
from itil.tickets.models import Category
from itil.timesheets.models import Activity

SCREENS = ("service", "serviceoffering", "itemclass", "category", "activity")


@pytest.mark.parametrize("screen", SCREENS)
def test_an_administrator_sees_the_list(cast, signed_in, screen):
    assert signed_in(cast.root).get(f"/admin/{screen}/").status_code == 200


@pytest.mark.parametrize("screen", SCREENS)
def test_an_agent_is_sent_away(cast, signed_in, screen):
    assert signed_in(cast.bo).get(f"/admin/{screen}/").status_code == 302


def test_what_is_entered_is_stored(cast, signed_in):
    client = signed_in(cast.root)

    client.post("/admin/category/new/", {"name": "Network", "active": "on"})
    client.post(
        "/admin/activity/new/",
        {"name": "Travel", "kind": "travel", "billable": "on", "active": "on"},
    )
    client.post(
        "/admin/service/new/",
        {
            "name": "Wi-Fi",
            "team": cast.network_team.pk,
            "criticality": 2,
            "status": "live",
            "active": "on",
        },
    )

    assert Category.objects.get().name == "Network"
    assert Activity.objects.filter(name="Travel", billable=True).count() == 1
    assert Service.objects.get(name="Wi-Fi").team == cast.network_team
