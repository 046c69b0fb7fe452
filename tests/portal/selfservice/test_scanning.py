"""A problem reported by the code on a thing, signed in or not (`FLD-2`)."""

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse

from itil.cmdb import actions as cmdb
from itil.incidents.models import Incident
from itil.tickets.errors import MissingValue, Refused
from itil.tickets.models import LabelReport, TicketItem
from portal.outbox.models import OutgoingMail
from portal.people.models import Location, User
from portal.selfservice import actions
from portal.selfservice.actions import MOST_OF_LABEL, Visitor
from tests.cast import MONDAY
from tests.itil.cmdb.things import item, kind, relate

VISITOR = Visitor("Vera", "vera@acme.example", "12345")


@pytest.fixture
def label(cast):
    """The label on a printer of Acme that provides the mail service."""
    printer = item(
        cast, "Printer 7", organization=cast.acme,
        item_class=kind("Printer", common_problems="Paper jam\n\nPoor print"),
    )  # fmt: skip
    relate(cast, printer, "provides", cast.mail_service)
    (made,) = cmdb.label_items([printer], by=cast.bo, at=MONDAY)
    return made


def report(label, *, by=None, visitor=VISITOR, at=MONDAY, **changes):
    values = {"key": uuid.uuid4(), "problem": "Paper jam", "text": "Tray 2."}
    return actions.report_by_label(label, by=by, visitor=visitor, at=at, **values | changes)


def test_who_is_signed_in_gets_a_ticket_with_the_item_and_its_service(cast, label):
    ticket = report(label, by=cast.ann, visitor=None).ticket
    assert (ticket.requester, ticket.organization, ticket.service) == (
        cast.ann, cast.acme, cast.mail_service,
    )  # fmt: skip
    assert ticket.title == "Printer 7: Paper jam"
    assert TicketItem.objects.get().item == label.item


def test_a_visitor_is_nobody_until_the_address_is_confirmed(cast, label):
    made = report(label, visitor=Visitor("Ann?", "Ann@acme.example"))
    ticket = made.ticket
    assert ticket.requester != cast.ann
    assert ticket.organization == cast.acme
    (mail,) = OutgoingMail.objects.all()
    assert mail.to == "Ann@acme.example"
    assert str(made.uuid) in mail.text

    actions.confirm_report(made, at=MONDAY)
    actions.confirm_report(made, at=MONDAY)
    assert Incident.objects.get().requester == cast.ann
    assert Incident.objects.get().events.filter(kind="edited").count() == 1


def test_an_unknown_visitor_becomes_a_contact_of_the_organization_of_the_address(cast, label):
    actions.confirm_report(report(label), at=MONDAY)
    vera = User.objects.get(email="vera@acme.example")
    assert (vera.organization, vera.has_usable_password()) == (cast.acme, False)


def test_the_same_form_opens_one_ticket(cast, label):
    key = uuid.uuid4()
    assert report(label, key=key) == report(label, key=key)
    assert Incident.objects.count() == 1


def test_too_many_visitors_within_the_hour_are_refused_and_people_are_not(cast, label):
    for _number in range(MOST_OF_LABEL):
        report(label, visitor=Visitor("V"))
    with pytest.raises(Refused):
        report(label)
    report(label, by=cast.ann, visitor=None)
    report(label, at=MONDAY + timedelta(minutes=61))
    assert Incident.objects.count() == MOST_OF_LABEL + 2
    assert OutgoingMail.objects.count() == 1


def test_nothing_is_opened_without_words_a_name_or_a_label_that_works(cast, label):
    with pytest.raises(MissingValue):
        report(label, problem="", text="  ")
    with pytest.raises(MissingValue):
        report(label, visitor=Visitor(" "))
    cmdb.revoke_label(label.item, by=cast.bo, at=MONDAY)
    with pytest.raises(Refused):
        report(label)
    assert not Incident.objects.exists()


def test_a_stranger_who_is_signed_in_reports_for_the_party_of_the_item(cast, label):
    ticket = report(label, by=cast.dov, visitor=None).ticket
    assert (ticket.requester, ticket.organization) == (cast.dov, cast.acme)


def test_a_visitor_reports_on_the_page_and_reads_nothing_else(
    cast, client, label, django_assert_max_num_queries
):
    url = reverse("selfservice:item-report", args=[label.code])
    report(label, by=cast.ann, visitor=None, text="My secret words")
    with django_assert_max_num_queries(6):
        page = client.get(url).text
    assert "Printer 7" in page
    assert "Already reported" in page
    assert "secret" not in page
    assert "Ann" not in page
    typed = {"key": uuid.uuid4(), "problem": "Paper jam", "text": "Tray 2"}
    wrong = client.post(url, typed)
    assert (wrong.status_code, "Tray 2" in wrong.text) == (422, True)
    assert client.post(url, typed | {"name": "Bot", "website": "x"}).status_code == 422
    sent = client.post(url, typed | {"name": "Vera", "email": "vera@acme.example"}, follow=True)
    made = LabelReport.objects.get(name="Vera")
    assert made.ticket.number in sent.text
    confirm = reverse("selfservice:confirm-report", args=[made.uuid])
    client.get(confirm)
    assert LabelReport.objects.get(name="Vera").confirmed_at is None
    client.post(confirm)
    assert LabelReport.objects.get(name="Vera").confirmed_at is not None
    cmdb.revoke_label(label.item, by=cast.bo, at=MONDAY)
    gone = client.get(url)
    assert (gone.status_code, "This label no longer works" in gone.text) == (404, True)
    assert "Printer 7" not in gone.text


def test_a_label_on_the_wall_reports_what_is_wrong_at_the_place(cast, client):
    place = Location.objects.create(organization=cast.acme, name="Dublin", address="Quay 1")
    (label,) = cmdb.label_places([place], by=cast.bo, at=MONDAY)
    url = reverse("selfservice:item-report", args=[label.code])
    page = client.get(url).text
    for words in ("Dublin", "Acme", "Quay 1"):
        assert words in page
    typed = {"key": uuid.uuid4(), "text": "The lift stands still.", "name": "Vera"}
    empty = client.post(url, typed | {"text": " "})
    assert (empty.status_code, "Say what is wrong" in empty.text) == (422, True)
    assert client.post(url, typed).status_code == 302

    ticket = Incident.objects.get()
    assert (ticket.title, ticket.organization) == ("Dublin: The lift stands still.", cast.acme)
    assert "Place: Dublin (Acme), Quay 1" in ticket.messages.get().text
    assert not TicketItem.objects.exists()
    assert "Already reported on" in client.get(url).text


def test_a_colleague_joins_what_was_reported_and_a_stranger_cannot(cast, signed_in, label):
    ticket = report(label).ticket
    url = reverse("selfservice:me-too", args=[label.code])
    signed_in(cast.dov).post(url)
    assert not ticket.watchers.exists()
    signed_in(cast.ann).post(url)
    assert ticket.watchers.get().user == cast.ann


def test_people_report_problems_with_the_devices_they_hold(cast, signed_in):
    laptop = item(cast, "Laptop 1", organization=cast.acme)
    other = item(cast, "Laptop 2", organization=cast.acme)
    cmdb.hand_over(laptop, cast.ann, by=cast.bo, at=MONDAY)
    client = signed_in(cast.ann)
    page = client.get(reverse("selfservice:devices")).text
    assert "Laptop 1" in page
    assert "Laptop 2" not in page
    answer = client.post(reverse("selfservice:report-device", args=[laptop.number]))
    assert answer.url == reverse("selfservice:item-report", args=[laptop.labels.get().code])
    for thing in (other.number, "x"):
        url = reverse("selfservice:report-device", args=[thing])
        assert client.post(url).status_code == 404
