"""Time of leads, which managers decide about, and the one place of time in the menu."""

from django.urls import reverse

from tests.billing import make as billing

from .test_views import submitted


def test_the_time_of_the_only_lead_waits_for_the_manager(signed_in, cast):
    billing.contract(cast.acme)
    own = submitted(cast, agent=cast.cleo)
    submitted(cast)
    assert "Mia" in signed_in(cast.cleo).get(own.get_absolute_url()).content.decode()
    client = signed_in(cast.mia)
    page = client.get(reverse("contracts:time"))
    assert [row["entry"] for row in page.context["rows"]] == [own]
    assert [tab.count for tab in page.context["tabs"]] == [1, 2]
    client.post(reverse("contracts:decide_time"), {"entry": own.pk, "decision": "approve"})
    own.refresh_from_db()
    assert (own.state, own.approved_by) == ("approved", cast.mia)


def test_time_is_one_place_of_the_menu_and_says_how_much_waits(signed_in, cast):
    submitted(cast)
    page = signed_in(cast.cleo).get(reverse("desk:time")).content.decode()
    assert page.count("Time to approve") == 0
    assert 'To approve<span class="badge-n hot">1</span>' in page
    assert "To approve" not in signed_in(cast.bo).get(reverse("desk:time")).content.decode()
