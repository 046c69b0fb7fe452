"""The admin screens: secrets stay secret, what happened stays as it was."""

import pytest
from django.urls import reverse

from itil.incidents.models import Incident
from portal.mailbox.models import RawMail

from .letters import letter, nested


@pytest.fixture
def admin(signed_in, cast):
    return signed_in(cast.root)


def test_the_stored_password_is_never_shown_and_kept_when_left_empty(admin, mailbox):
    mailbox.password = "geheim"
    mailbox.save()
    url = reverse("mailbox:edit", args=[mailbox.pk])
    page = admin.get(url)
    assert (page.status_code, b"geheim" in page.content) == (200, False)
    fields = {
        "name": "Renamed",
        "address": mailbox.address,
        "host": "imap.halden.example",
        "port": 993,
        "security": "ssl",
        "user_name": "desk",
        "password": "",
        "folder": "INBOX",
        "order": 0,
    }
    assert admin.post(url, fields).status_code == 302
    mailbox.refresh_from_db()
    assert (mailbox.name, mailbox.password) == ("Renamed", "geheim")


def test_incoming_mail_is_listed_and_inspected(admin, arrive):
    inbound = arrive(letter(subject="Broken printer"))
    listed = admin.get(reverse("inbound_mail:index") + "?state=created")
    inspected = admin.get(reverse("inbound_mail:inspect", args=[inbound.pk]))
    assert b"Broken printer" in listed.content
    assert b"ann@acme.example" in inspected.content
    none = admin.get(reverse("inbound_mail:index") + "?state=quarantined")
    assert b"Broken printer" not in none.content


@pytest.mark.parametrize("page", ["edit", "delete"])
def test_nobody_edits_or_deletes_what_came_in(admin, arrive, page):
    inbound = arrive(letter())
    url = reverse(f"inbound_mail:{page}", args=[inbound.pk])
    assert admin.post(url, {"state": "ignored"}).status_code in (302, 403, 405)
    inbound.refresh_from_db()
    assert inbound.state == "created"


def test_an_administrator_downloads_the_bytes(admin, arrive):
    answer = admin.get(reverse("inbound_mail:raw", args=[arrive(letter()).pk]))
    assert (answer.content, answer["Content-Type"]) == (letter(), "application/octet-stream")
    assert answer["Content-Disposition"].startswith("attachment;")


def test_a_quarantined_mail_is_processed_again_after_a_question(admin, arrive):
    inbound = arrive(nested(3000))
    RawMail.objects.filter(pk=inbound.pk).update(content=letter())
    url = reverse("inbound_mail:again", args=[inbound.pk])
    assert admin.get(url).status_code == 200
    assert Incident.objects.count() == 0
    assert admin.post(url).status_code == 302
    assert Incident.objects.count() == 1
    assert admin.post(url).status_code == 404


@pytest.mark.parametrize("name", ["raw", "again"])
def test_others_do_not_get_at_the_mail(signed_in, cast, arrive, name):
    inbound = arrive(nested(3000))
    answer = signed_in(cast.cleo).get(reverse(f"inbound_mail:{name}", args=[inbound.pk]))
    assert answer.status_code in (302, 403)
    assert b"deep" not in answer.content
