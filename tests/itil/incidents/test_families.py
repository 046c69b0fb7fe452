"""Several tickets end, begin again and hear of it together (`INC-4`, `INC-7`)."""

import time
from datetime import timedelta

import pytest

from itil.conversation.models import Message
from itil.desk import actions as desk
from itil.desk.recipients import recipients_of
from itil.incidents import actions
from itil.incidents.models import Incident, MajorIncident, MajorRole
from itil.tickets.errors import MissingValue, NotAllowed, Refused
from itil.tickets.models import Ticket, TicketEvent
from portal.notifications.actions import letters
from portal.notifications.permissions import AUTOMATIC_PER_HOUR
from portal.outbox.actions import post
from portal.outbox.models import OutgoingMail
from portal.worker.dispatch import dispatch_events
from tests import make
from tests.cast import MONDAY, person

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
RESOLUTION = {"resolution_code": "fixed", "note": "The relay was replaced."}


def react():
    while dispatch_events():
        pass


@pytest.fixture
def family(cast):
    """Ann has the parent and a child, Eve two children, Dov of another company one."""
    eve = person("Eve", cast.acme)
    parent = make.taken_incident(cast)
    children = [
        make.incident(cast),
        *(make.incident(cast, requester=eve, by=eve) for _count in range(2)),
        make.incident(cast, requester=cast.dov, by=cast.dov),
    ]
    for child in children:
        desk.set_parent(child, parent, by=cast.bo, at=MONDAY)
    react()
    OutgoingMail.objects.all().delete()
    return parent, children, eve


def test_each_person_gets_one_mail_that_names_all_tickets_of_theirs(cast, family):
    parent, children, eve = family

    desk.move(parent, "resolve", by=cast.bo, values=RESOLUTION, at=MONDAY + HOUR)
    react()

    mails = {mail.to: mail for mail in OutgoingMail.objects.all()}
    assert sorted(mails) == sorted([cast.ann.email, eve.email, cast.dov.email])
    assert OutgoingMail.objects.count() == 3
    to_eve = mails[eve.email]
    assert to_eve.subject.startswith(f"[#{children[1].number}]")
    assert "The relay was replaced." in to_eve.text
    assert children[2].number in to_eve.text
    assert parent.number not in to_eve.text
    assert children[0].number in mails[cast.ann.email].text
    assert eve.email not in mails[cast.dov.email].text
    assert {child.status for child in Incident.objects.filter(parent=parent)} == {"resolved"}


def test_the_page_shows_exactly_these_mails_before(cast, family, signed_in):
    parent, _children, eve = family
    page = signed_in(cast.bo).get(f"/desk/tickets/{parent.number}/move/resolve/")

    shown = [(mail.person, len(mail.tickets)) for mail in page.context["mails"]]
    assert sorted(shown, key=lambda one: one[0].name) == [(cast.ann, 2), (cast.dov, 1), (eve, 2)]
    text = page.content.decode()
    assert "3 mails will be sent" in text
    assert f"Resolve {parent.number} and 4 tickets" in text


def test_a_confidential_child_is_named_in_no_other_mail(cast, family):
    parent, children, eve = family
    Ticket.objects.filter(pk=children[1].pk).update(is_confidential=True)

    mails, _unreached = recipients_of(Ticket.objects.filter(parent=parent), without=cast.bo)

    assert [len(mail.tickets) for mail in mails if mail.person == eve] == [1, 1]


def test_what_was_resolved_with_its_parent_is_opened_with_it_by_an_agent(cast, family):
    parent, children, _eve = family
    desk.take(children[3], by=cast.bo)
    desk.move(children[3], "resolve", by=cast.bo, values=RESOLUTION)
    desk.move(parent, "resolve", by=cast.bo, values=RESOLUTION)
    react()

    desk.move(parent, "reopen", by=cast.bo, values={"reason": "It broke again."})
    react()

    statuses = [Ticket.objects.get(pk=child.pk).status for child in children]
    assert statuses == ["in_progress", "in_progress", "in_progress", "resolved"]


def test_a_requesters_reopening_concerns_one_ticket(cast, family):
    parent, children, _eve = family
    desk.move(parent, "resolve", by=cast.bo, values=RESOLUTION)
    react()

    desk.comment(children[3], by=cast.dov, text="Not here.")
    desk.move(parent, "reopen", by=cast.ann, values={"reason": "Not for me."})
    react()

    statuses = [Ticket.objects.get(pk=child.pk).status for child in children]
    assert statuses == ["resolved", "resolved", "resolved", "in_progress"]


def test_a_parent_is_not_closed_over_what_was_opened_again(cast, family):
    parent, children, _eve = family
    desk.move(parent, "resolve", by=cast.bo, values=RESOLUTION)
    react()
    desk.comment(children[3], by=cast.dov, text="Not here.")

    with pytest.raises(Refused, match="cannot be closed yet: we still work on other tickets"):
        desk.move(parent, "close", by=cast.ann)
    with pytest.raises(Refused, match=f"has open tickets below it: {children[3].number}"):
        desk.move(parent, "close", by=cast.cleo)
    assert actions.close_resolved(MONDAY + timedelta(days=900)) == 3
    assert Ticket.objects.get(pk=parent.pk).status == "resolved"


def test_very_many_children_are_resolved_at_once_and_once(cast):
    """Two hundred take four times as long: the work grows with their number and no faster."""
    parent = make.taken_incident(cast)
    people = [person(f"P{number}", cast.acme) for number in range(25)]
    for number in range(50):
        who = people[number % 25]
        make.incident(cast, requester=who, by=who)
    Ticket.objects.exclude(pk=parent.pk).update(parent=parent)
    TicketEvent.objects.update(handled_at=MONDAY)

    desk.move(parent, "resolve", by=cast.bo, values=RESOLUTION, at=MONDAY + HOUR)
    began = time.process_time()
    react()
    took = time.process_time() - began
    react()

    assert Incident.objects.filter(status="resolved").count() == 51
    assert OutgoingMail.objects.count() == 26
    assert Message.objects.filter(text="The relay was replaced.").count() == 51
    assert took < 5, took


def test_killed_half_way_nothing_is_done_and_then_all_of_it_once(cast, family, monkeypatch):
    parent, children, _eve = family
    desk.move(parent, "resolve", by=cast.bo, values=RESOLUTION, at=MONDAY + HOUR)
    post, written = letters.post, []

    def dies(**mail):
        written.append(mail["to"])
        if len(written) == 2:
            raise KeyboardInterrupt
        return post(**mail)

    monkeypatch.setattr(letters, "post", dies)
    with pytest.raises(KeyboardInterrupt):
        react()
    assert not OutgoingMail.objects.exists()
    assert Ticket.objects.get(pk=children[0].pk).status == "new"

    react()
    react()
    assert OutgoingMail.objects.count() == 3
    assert Ticket.objects.filter(status="resolved").count() == 5


# --- Updates ----------------------------------------------------------------------------------


@pytest.fixture
def major(cast, family):
    parent, _children, _eve = family
    actions.propose_major(parent, by=cast.bo, reason="The whole site.", at=MONDAY)
    major = actions.accept(parent, by=cast.cleo, owner=cast.cleo, at=MONDAY)
    react()
    OutgoingMail.objects.all().delete()
    return major


def test_an_update_reaches_each_person_once_and_stands_on_every_ticket(cast, family, major):
    parent, children, eve = family

    actions.send_update(major, by=cast.cleo, text="We are on it.", at=MONDAY + 10 * MINUTE)
    react()
    react()

    mails = list(OutgoingMail.objects.order_by("to").values_list("to", flat=True))
    assert mails == sorted([cast.ann.email, eve.email, cast.dov.email])
    for mail in OutgoingMail.objects.all():
        assert "Next news: 2 Mar 2026, 10:40 CET" in mail.text
        assert "Next news: 2 Mar 2026, 10:40 CET" in mail.html
    said = Message.objects.filter(text="We are on it.", visibility="public")
    tickets = {message.ticket_id for message in said}
    assert tickets == {parent.pk, *(child.pk for child in children)}
    assert said.count() == 5
    assert MajorIncident.objects.get().update_due_at == MONDAY + 40 * MINUTE
    first = Ticket.objects.get(pk=children[3].pk).first_response_at
    assert first == MONDAY + 10 * MINUTE


def test_who_may_send_updates(cast, major):
    for name in ("ann", "ned", "mia", "bea", "dov", "root"):
        with pytest.raises(NotAllowed):
            actions.send_update(major, by=getattr(cast, name), text="We are on it.")
    actions.appoint(major, MajorRole.COMMUNICATIONS, cast.ned, by=cast.cleo)
    for name in ("bo", "cleo", "ned"):
        actions.send_update(major, by=getattr(cast, name), text="We are on it.")
    with pytest.raises(MissingValue):
        actions.send_update(major, by=cast.cleo, text=" ")


def test_nobody_hears_updates_of_what_is_over(cast, major):
    actions.demote(major.incident, by=cast.cleo, reason="Smaller than it looked.")
    with pytest.raises(Refused, match="nobody waits for updates"):
        actions.send_update(major, by=cast.cleo, text="We are on it.")
    assert not Message.objects.filter(text="We are on it.").exists()


def test_the_owner_is_reminded_once_for_each_instant(cast, major):
    assert actions.remind_of_updates(MONDAY + 29 * MINUTE) == 0
    assert actions.remind_of_updates(MONDAY + 31 * MINUTE) == 1
    assert actions.remind_of_updates(MONDAY + 32 * MINUTE) == 0
    react()
    assert [mail.to for mail in OutgoingMail.objects.all()] == [cast.cleo.email]

    actions.send_update(major, by=cast.cleo, text="We are on it.", at=MONDAY + 33 * MINUTE)
    assert actions.remind_of_updates(MONDAY + 62 * MINUTE) == 0
    assert actions.remind_of_updates(MONDAY + 63 * MINUTE) == 1


def test_a_shorter_interval_moves_the_next_update(cast, major):
    assert actions.set_interval(major, 10, by=cast.cleo)
    assert not actions.set_interval(major, 10, by=cast.cleo)
    assert MajorIncident.objects.get().update_due_at == MONDAY + 10 * MINUTE
    with pytest.raises(NotAllowed):
        actions.set_interval(major, 20, by=cast.bo)


def test_a_notice_reaches_only_whom_it_concerns(cast, major):
    assert actions.announce(major, "Mail is slow.", by=cast.cleo)
    shown = {
        name: MajorIncident.objects.announced_to(getattr(cast, name)).count()
        for name in ("ann", "dov", "bo")
    }
    assert shown == {"ann": 1, "dov": 1, "bo": 0}
    Ticket.objects.filter(requester=cast.dov).update(parent=None)
    assert not MajorIncident.objects.announced_to(cast.dov).exists()
    Ticket.objects.filter(pk=major.pk).update(organization=cast.halden)
    assert MajorIncident.objects.announced_to(cast.dov).exists()
    Ticket.objects.filter(pk=major.pk).update(is_confidential=True)
    assert not MajorIncident.objects.announced_to(cast.ann).exists()


def test_a_person_who_resolves_many_reaches_even_who_was_sent_many_mails(cast, family):
    """What was shown before holds: only what machines say among themselves is kept back."""
    parent, _children, eve = family
    for number in range(AUTOMATIC_PER_HOUR):
        post(key=f"told-{number}", to=eve.email, subject="News", text="News",
             headers={"Auto-Submitted": "auto-generated"})  # fmt: skip

    desk.move(parent, "resolve", by=cast.bo, values=RESOLUTION, at=MONDAY + HOUR)
    react()

    assert OutgoingMail.objects.filter(to=eve.email).latest("pk").text.count("replaced") == 1


def test_who_cancels_a_parent_is_told_what_stays_open_below_it(cast, family, signed_in):
    parent, children, _eve = family
    client = signed_in(cast.bo)
    page = client.get(f"/desk/tickets/{parent.number}/move/cancel/").content.decode()
    assert f"4 tickets below {parent.number} stay open" in page
    assert children[0].number in page
    alone = client.get(f"/desk/tickets/{children[0].number}/move/cancel/").content.decode()
    assert "stay open" not in alone
