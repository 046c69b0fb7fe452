"""One ticket about two matters becomes two (`SLA-21`)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from itil.conversation.files import NewFile
from itil.conversation.models import Attachment
from itil.desk import actions as desk
from itil.desk.timeline import story
from itil.incidents.models import Incident
from itil.sla import actions as sla
from itil.tickets import actions as tickets
from itil.tickets.errors import MissingValue, NotAllowed, Refused, StaleRecord
from itil.tickets.models import LinkType, Ticket, TicketEvent, TicketLink
from tests import make
from tests.cast import MONDAY, person

HOUR = timedelta(hours=1)


def lines(ticket, user) -> list[str]:
    """What happened, as the ticket's page tells it."""
    return [line.text for entry in story(ticket, user) for line in entry.happenings]


@pytest.fixture
def long_story(cast):
    """Ann asks, Bo answers, Ann has another problem and says more about it."""
    ticket = make.taken_incident(cast, service=cast.mail_service)
    desk.reply(ticket, by=cast.bo, text="We are on it.", at=MONDAY + HOUR)
    printer = desk.comment(
        ticket,
        by=cast.ann,
        text="And the printer is out of ink.",
        html="<p>And the printer is out of ink.</p>",
        full_text="And the printer is out of ink.\n\n> We are on it.",
        mail_id="7@acme.example",
        attachments=[NewFile("printer.txt", b"no ink")],
        channel="mail",
        at=MONDAY + 2 * HOUR,
    )
    more = desk.comment(ticket, by=cast.ann, text="The blue one.", at=MONDAY + 3 * HOUR)
    return ticket, printer, more


def test_the_new_ticket_was_received_when_the_message_was(cast, long_story):
    ticket, printer, _more = long_story

    opened = desk.split(ticket, printer, by=cast.bo, title="No ink", at=MONDAY + 5 * HOUR)

    stored = Incident.objects.get(pk=opened.pk)
    assert (stored.title, stored.requester, stored.organization, stored.service) == (
        "No ink",
        cast.ann,
        cast.acme,
        cast.mail_service,
    )
    assert (stored.received_at, stored.opened_at, stored.status, stored.team) == (
        MONDAY + 2 * HOUR,
        MONDAY + 5 * HOUR,
        "new",
        cast.desk_team,
    )
    starts = set(stored.clocks.values_list("started_at", flat=True))
    assert starts == {MONDAY + 2 * HOUR}


def test_text_and_files_are_copied_and_stay_where_they_were(cast, long_story):
    ticket, printer, _more = long_story

    opened = desk.split(ticket, printer, by=cast.bo, title="No ink")

    copy = opened.messages.get()
    assert (copy.text, copy.html, copy.full_text, copy.author, copy.at, copy.channel) == (
        printer.text,
        printer.html,
        printer.full_text,
        cast.ann,
        printer.at,
        "mail",
    )
    files = Attachment.objects.filter(name="printer.txt").order_by("pk")
    assert [file.message_id for file in files] == [printer.pk, copy.pk]
    assert [file.file.read() for file in files] == [b"no ink", b"no ink"]
    assert files[0].file.name != files[1].file.name
    # An answer to that mail still belongs to the first ticket.
    assert (printer.mail_id, copy.mail_id) == ("7@acme.example", "")


def test_later_messages_come_along_when_they_are_chosen(cast, long_story):
    ticket, printer, more = long_story

    opened = desk.split(ticket, printer, by=cast.bo, title="No ink", later=[more])

    replayed = sla.differences(Ticket.objects.all(), now=timezone.now())
    assert [found for _ticket, found in replayed if found] == []

    assert [(m.text, m.at) for m in opened.messages.order_by("at")] == [
        (printer.text, printer.at),
        (more.text, more.at),
    ]
    assert ticket.messages.count() == 4


def test_both_histories_name_the_other_ticket_of_a_split(cast, long_story):
    ticket, printer, _more = long_story

    opened = desk.split(ticket, printer, by=cast.bo, title="No ink")

    link = TicketLink.objects.get()
    assert (link.source_id, link.target_id, link.type) == (opened.pk, ticket.pk, LinkType.RELATED)
    assert f"split out {opened.number}" in lines(ticket, cast.bo)
    assert f"split this off {ticket.number}" in lines(opened, cast.bo)


def test_it_belongs_to_whoever_wrote_it(cast):
    ticket, eve = make.taken_incident(cast), person("Eve", cast.acme)
    tickets.watch(ticket, eve)
    message = desk.comment(ticket, by=eve, text="My screen flickers.")

    opened = desk.split(ticket, message, by=cast.bo, title="Screen")

    assert (opened.requester, opened.organization) == (eve, cast.acme)


def test_what_came_with_a_merged_ticket_can_be_split_out_again(cast):
    eve = person("Eve", cast.acme)
    target, source = make.incident(cast), make.incident(cast, by=eve, requester=eve)
    message = source.messages.get()
    desk.merge(source, target, by=cast.bo)

    opened = desk.split(target, message, by=cast.bo, title="Another matter after all")

    assert (opened.requester, opened.received_at) == (eve, message.at)


def test_a_confidential_ticket_gives_a_confidential_one(cast, long_story):
    ticket, printer, _more = long_story
    Ticket.objects.filter(pk=ticket.pk).update(is_confidential=True)

    assert desk.split(ticket, printer, by=cast.bo, title="No ink").is_confidential


@pytest.mark.parametrize("name", ["ann", "dov", "ned", "mia", "bea", "root"])
def test_only_the_people_of_the_queue_split(cast, long_story, name):
    ticket, printer, _more = long_story
    events = TicketEvent.objects.count()

    with pytest.raises(NotAllowed, match="You cannot split"):
        desk.split(ticket, printer, by=getattr(cast, name), title="No ink")

    assert (TicketEvent.objects.count(), Incident.objects.count()) == (events, 1)


def test_only_what_the_requesters_side_wrote_here_is_split_out(cast, long_story):
    ticket, printer, _more = long_story
    elsewhere = make.incident(cast, title="Elsewhere").messages.get()
    answer = ticket.messages.get(text="We are on it.")
    note = desk.note(ticket, by=cast.bo, text="Internal.")

    for message in (answer, note, elsewhere):
        with pytest.raises(Refused, match="Only what the requester's side wrote"):
            desk.split(ticket, message, by=cast.bo, title="No ink")
        with pytest.raises(Refused, match="Only what the requester's side wrote"):
            desk.split(ticket, printer, by=cast.bo, title="No ink", later=[message])
    first = ticket.messages.order_by("pk")[0]
    with pytest.raises(Refused, match="came later than the first"):
        desk.split(ticket, printer, by=cast.bo, title="No ink", later=[first])
    with pytest.raises(MissingValue):
        desk.split(ticket, printer, by=cast.bo, title="  ")

    assert Incident.objects.count() == 2
    assert Attachment.objects.count() == 1


def test_a_double_click_opens_one_ticket_and_another_title_a_second(cast, long_story):
    ticket, printer, _more = long_story
    opened = desk.split(ticket, printer, by=cast.bo, title="No ink")

    with pytest.raises(StaleRecord, match=opened.number):
        desk.split(ticket, printer, by=cast.bo, title=" No  ink ")
    second = desk.split(ticket, printer, by=cast.bo, title="Printer too old")

    assert second.number != opened.number


def test_a_file_that_is_lost_does_not_stop_the_split(cast, long_story):
    ticket, printer, _more = long_story
    stored = printer.attachments.get()
    stored.file.storage.delete(stored.file.name)

    opened = desk.split(ticket, printer, by=cast.bo, title="No ink")

    assert opened.messages.get().attachments.count() == 0
