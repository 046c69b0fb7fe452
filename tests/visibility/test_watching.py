"""The watch sees whatever is written to tables of ours, on every database."""

import pytest
from django.contrib.sessions.models import Session
from django.db import connection, transaction

from itil.changes.models import Change
from itil.services.models import Service
from itil.tickets.models import Ticket
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def watch(sweep):
    """What each of these tests writes is taken back by the test runner, and forgotten here."""
    sweep.watch.accept()
    known = dict(sweep.watch.known)
    yield sweep.watch
    sweep.watch.known = known


def test_reading_and_what_is_not_ours_change_nothing(watch):
    list(Ticket.objects.all())
    Session.objects.create(session_key="1", session_data="", expire_date="2026-03-02T09:00:00Z")
    assert watch.changes() == []


def test_rows_that_come_change_and_go_are_seen_in_their_tables(sweep, watch):
    Service.objects.create(name="Phone")
    assert watch.accept() == ["services_service"]
    Service.objects.filter(name="Phone").update(name="Telephone")
    assert watch.accept() == ["services_service"]
    Service.objects.filter(name="Telephone").delete()
    assert watch.accept() == ["services_service"]
    patch = Change.objects.get(pk=sweep.world.tickets["patch"].pk)
    patch.affected_services.add(sweep.world.cast.mail_service)
    assert watch.accept() == ["changes_change_affected_services"]
    assert watch.changes() == []


def test_what_was_undone_is_no_change(sweep, watch):
    with transaction.atomic():
        make.incident(sweep.world.cast)
        assert "tickets_ticket" in watch.changes()
        transaction.set_rollback(True)
    assert Ticket.objects.filter(pk=0).update(title="") == 0
    assert watch.changes() == []


def test_a_statement_that_is_not_understood_means_every_table(watch):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE services_service SET name = 'Letters'")
    assert watch.changes() == ["services_service"]
