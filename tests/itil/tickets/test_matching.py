"""Which further fields a record has."""

import pytest

from itil.fields import actions as fields
from itil.fields.definition import Kind
from itil.tickets.matching import filled_of, form_at_report, form_of
from itil.tickets.models import Category, TicketFields
from tests.cast import MONDAY
from tests.itil.fields.forms import ask
from tests.itil.fields.forms import form_of as asking
from tests.make import incident


def published(cast, name: str):
    """A form of one question that is called as the form."""
    return fields.compose(name, asking(ask(name.lower())), by=cast.root, at=MONDAY)


def test_the_nearest_form_applies(cast):
    network = Category.objects.create(name="Network")
    wifi = Category.objects.create(name="Wi-Fi", parent=network)
    every, mail, net = (published(cast, name) for name in ("Every", "Mail", "Net"))
    ticket = incident(cast)
    assert form_of(ticket) is None
    TicketFields.objects.create(kind="incident", form=every.field_set)
    TicketFields.objects.create(kind="incident", form=mail.field_set, service=cast.mail_service)
    TicketFields.objects.create(kind="incident", form=net.field_set, category=network)
    TicketFields.objects.create(kind="problem", form=mail.field_set)

    ticket.service = ticket.category = None
    assert form_of(ticket) == every
    ticket.service = cast.mail_service
    assert form_of(ticket) == mail
    ticket.category = wifi
    assert form_of(ticket) == net
    assert filled_of(ticket) is None


def test_only_what_all_incidents_have_is_asked_at_the_report(cast):
    every = published(cast, "Every")
    row = TicketFields.objects.create(
        kind="incident", form=every.field_set, service=cast.mail_service, at_report=True
    )
    assert form_at_report("incident") is None
    row.service = None
    row.save()
    assert form_at_report("incident") == every


def test_a_form_with_files_is_refused(cast):
    form = fields.compose("Photos", asking(ask("photo", Kind.FILE)), by=cast.root, at=MONDAY)
    with pytest.raises(Exception, match="asks for no files"):
        TicketFields(kind="incident", form=form.field_set).full_clean()
