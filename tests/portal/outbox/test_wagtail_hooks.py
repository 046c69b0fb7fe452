"""The administrator's list of outgoing mail: to read, not to write."""

import pytest
from django.urls import reverse

from portal.outbox.actions import post
from portal.outbox.models import OutgoingMail


@pytest.fixture
def mails(db):
    good = post(key="good", to="ann@acme.example", subject="Went well", text="x")
    bad = post(key="bad", to="dov@globex.example", subject="Was refused", text="x")
    OutgoingMail.objects.filter(pk=bad.pk).update(state="failed", error="550 No such person")
    return good, bad


def test_an_administrator_finds_what_was_given_up_and_why(cast, mails, signed_in):
    client = signed_in(cast.root)
    page = client.get(reverse("outgoingmail:index"), {"state": "failed"})
    assert page.status_code == 200
    text = page.content.decode()
    assert "Was refused" in text
    assert "550 No such person" in text
    assert "Went well" not in text
    one = client.get(reverse("outgoingmail:inspect", args=[mails[1].pk]))
    assert one.status_code == 200
    assert "550 No such person" in one.content.decode()


@pytest.mark.parametrize("name", ["add", "edit", "delete"])
def test_nobody_writes_mail_by_hand(cast, mails, signed_in, name):
    arguments = [] if name == "add" else [mails[1].pk]
    url = reverse(f"outgoingmail:{name}", args=arguments)
    signed_in(cast.root).post(url, {"state": "sent"})
    assert sorted(OutgoingMail.objects.values_list("state", flat=True)) == ["failed", "waiting"]


def test_agents_do_not_see_it(cast, mails, signed_in):
    page = signed_in(cast.bo).get(reverse("outgoingmail:index"))
    assert page.status_code in (302, 403, 404)
