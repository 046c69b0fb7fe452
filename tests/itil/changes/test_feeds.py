"""The personal address under which other calendars read the changes."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from itil.changes.actions.feeds import read_feed, renew_feed, revoke_feed
from itil.changes.models import CalendarFeed, Change
from itil.tickets.errors import NotAllowed
from portal.people.models import Membership

from .plans import change_manager, freeze, planned


def address(token):
    return reverse("changes:feed_file", args=[token])


def events(response):
    return list(Calendar.from_ical(response.content).walk("VEVENT"))


@pytest.fixture
def soon():
    return timezone.now().replace(minute=0, second=0, microsecond=0) + timedelta(days=3)


def test_it_shows_what_the_owner_may_see(cast, client, soon):
    seen = planned(cast, "Patch", start=soon, at=soon - timedelta(days=9), risk="low")
    hidden = planned(cast, "Secret", start=soon, at=soon - timedelta(days=9))
    Change.objects.filter(pk=hidden.pk).update(
        team=cast.network_team, is_confidential=True, requester=cast.ned
    )
    response = client.get(address(renew_feed(cast.bo)))
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    [event] = events(response)
    assert str(event["uid"]).startswith(str(seen.uuid))
    assert event["summary"] == f"{seen.number} Patch"
    assert (event.decoded("dtstart"), event.decoded("dtend")) == (
        seen.planned_start,
        seen.planned_end,
    )
    assert event["status"] == "CONFIRMED"
    assert b"Secret" not in response.content


def test_freezes_are_in_it_and_filters_narrow_it(cast, client, soon):
    planned(cast, start=soon, at=soon - timedelta(days=9), status="authorization")
    day = soon.date()
    freeze(change_manager(cast), begins_on=day, ends_on=day + timedelta(days=1))
    token = renew_feed(cast.bo)
    names = {str(event["summary"]).split(" ")[0] for event in events(client.get(address(token)))}
    assert "Freeze:" in names
    assert len(names) == 2
    narrowed = events(client.get(address(token), {"type": "standard"}))
    assert [str(event["summary"]) for event in narrowed] == ["Freeze: Month-end close"]


def test_it_is_sent_again_only_after_a_change(cast, client, soon):
    change = planned(cast, start=soon, at=soon - timedelta(days=9))
    url = address(renew_feed(cast.bo))
    first = client.get(url)
    again = client.get(url, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    Change.objects.filter(pk=change.pk).update(conflict_status="blocked")
    changed = client.get(url, headers={"If-None-Match": first["ETag"]})
    assert changed.status_code == 200
    assert b"CONFLICT" in changed.content


def test_a_new_address_ends_the_former_one_and_only_its_digest_is_kept(cast, client):
    former = renew_feed(cast.bo)
    token = renew_feed(cast.bo)
    assert client.get(address(former)).status_code == 404
    assert client.get(address(token)).status_code == 200
    assert token not in str(CalendarFeed.objects.values())
    assert revoke_feed(cast.bo)
    assert client.get(address(token)).status_code == 404
    assert not revoke_feed(cast.bo)


def test_it_ends_with_the_account_and_with_the_duty(cast, client):
    token, other = renew_feed(cast.bo), renew_feed(cast.ned)
    cast.bo.is_active = False
    cast.bo.save()
    Membership.objects.filter(user=cast.ned).delete()
    for one in (token, other):
        assert client.get(address(one)).status_code == 404
    assert read_feed("something", at=timezone.now()) is None


def test_the_page_shows_the_address_once(cast, signed_in):
    client = signed_in(cast.bo)
    url = reverse("changes:feed")
    assert b"Get an address" in client.get(url).content
    made = client.post(url, {"do": "renew"})
    shown = made.context["address"]
    assert made["Cache-Control"] == "no-store"
    assert client.get(shown).status_code == 200
    assert shown.encode() not in client.get(url).content
    assert client.post(url, {"do": "revoke"}).status_code == 303
    assert client.get(shown).status_code == 404


def test_nobody_else_gets_one(cast, signed_in):
    assert signed_in(cast.ann).get(reverse("changes:feed")).status_code == 404
    with pytest.raises(NotAllowed):
        renew_feed(cast.ann)
    assert CalendarFeed.objects.count() == 0
