"""Whom an escalation step warns, and in which words (`SLA-23`, `SLA-24`)."""

import pytest

from itil.desk import actions as desk
from itil.sla import actions as sla
from itil.sla.models import EscalationStep
from itil.tickets.models import Ticket
from portal.notifications.reactions import react
from portal.outbox.models import OutgoingMail
from portal.people.models import Membership, Role
from portal.worker.dispatch import dispatch_events
from tests.cast import person
from tests.itil.calendars.calendars import at
from tests.itil.sla.stored import opened, promise

from .post import dispatched

NINE = at(3, 2, 9)
ALMOST_DUE = at(3, 2, 16, 12)


@pytest.fixture
def open_with(cast):
    """A function that opens a ticket with these steps; 8 hours to resolve, due at 17:00."""

    def opening(*steps, **changes):
        promise(cast.agreement, resolution=8)
        EscalationStep.objects.bulk_create(
            EscalationStep(agreement=cast.agreement, percent=percent, action=action)
            for percent, action in steps
        )
        ticket = opened(cast, NINE, **changes)
        dispatch_events()
        return ticket

    return opening


def warned(now) -> list[str]:
    """Who is mailed because of what the worker notices at `now`."""
    sla.tick(now)
    return [mail.to.partition("@")[0] for mail in dispatched()]


@pytest.mark.parametrize(
    ("action", "people"),
    [("notify_assignee", ["bo"]), ("notify_lead", ["cleo"]), ("notify_manager", ["mia"])],
)
def test_each_step_warns_those_it_names(cast, open_with, action, people):
    ticket = open_with((90, action))
    desk.take(ticket, by=cast.bo, at=NINE)

    assert warned(at(3, 2, 16, 11)) == []
    assert warned(ALMOST_DUE) == people


def test_without_an_assignee_the_leads_are_warned(open_with):
    open_with((90, "notify_assignee"))
    assert warned(ALMOST_DUE) == ["cleo"]


def test_while_no_team_holds_it_every_lead_is_warned(cast, open_with):
    lena = person("Lena", cast.halden)
    Membership.objects.create(user=lena, role=Role.LEAD, team=cast.network_team)

    open_with((90, "notify_lead"), team=None)

    assert warned(ALMOST_DUE) == ["cleo", "lena"]


def test_the_leads_of_other_teams_are_not_warned(cast, open_with):
    lena = person("Lena", cast.halden)
    Membership.objects.create(user=lena, role=Role.LEAD, team=cast.network_team)

    open_with((90, "notify_lead"))

    assert warned(ALMOST_DUE) == ["cleo"]


def test_a_manager_of_a_customer_is_not_warned(cast, open_with):
    Membership.objects.create(user=cast.dov, role=Role.MANAGER)
    open_with((90, "notify_manager"))
    assert warned(ALMOST_DUE) == ["mia"]


@pytest.mark.parametrize("change", [{"is_active": False}, {"mail_undeliverable_at": NINE}])
def test_who_cannot_be_reached_is_left_out(cast, open_with, change):
    for name, value in change.items():
        setattr(cast.cleo, name, value)
    cast.cleo.save()
    open_with((90, "notify_lead"))
    assert warned(ALMOST_DUE) == []


def test_each_is_warned_once_though_worker_and_reaction_run_twice(open_with):
    ticket = open_with((90, "notify_lead"))
    assert warned(ALMOST_DUE) == ["cleo"]

    sla.tick(ALMOST_DUE)
    react(ticket.events.get(data__what="escalated"))

    assert OutgoingMail.objects.filter(key__contains=":escalated:").count() == 1


def test_a_person_with_two_duties_gets_one_mail_for_each_step(cast, open_with):
    Membership.objects.create(user=cast.cleo, role=Role.LEAD, team=cast.network_team)
    Membership.objects.create(user=cast.cleo, role=Role.MANAGER)
    open_with((90, "notify_lead"), team=None)
    assert warned(ALMOST_DUE) == ["cleo"]


def test_a_missed_target_makes_one_mail_by_the_step_and_none_beside_it(open_with):
    open_with((100, "notify_lead"))
    assert warned(at(3, 2, 17, 1)) == ["cleo"]


def test_no_step_no_mail(open_with):
    open_with()
    assert warned(at(3, 5, 9)) == []


def test_nobody_is_warned_of_what_was_resolved_meanwhile(cast, open_with):
    ticket = open_with((90, "notify_lead"))
    sla.tick(ALMOST_DUE)
    Ticket.objects.update(phase="done", status="resolved")

    dispatch_events()

    assert ticket.events.filter(data__what="escalated").exists()
    assert not OutgoingMail.objects.filter(key__contains=":escalated:").exists()


def test_the_mail_names_what_when_and_where_to_go_in_the_readers_zone(cast, open_with):
    cast.cleo.time_zone = "America/New_York"
    cast.cleo.save()
    ticket = open_with((90, "notify_lead"))
    sla.tick(ALMOST_DUE)

    (mail,) = dispatched()

    assert mail.subject == f"[#{ticket.number}] Mail does not arrive"
    assert mail.headers["Auto-Submitted"] == "auto-generated"
    for text in (mail.text, mail.html):
        assert f"90% of the time for “Resolution” of {ticket.number} is used up." in text
        assert "Due: 2 Mar 2026, 11:00 EST" in text
        assert "Agreement: Standard" in text
        assert f"/desk/tickets/{ticket.number}/" in text
        assert "late" not in text


def test_at_the_end_of_the_target_it_does_not_speak_of_a_share(open_with):
    ticket = open_with((100, "notify_lead"))
    sla.tick(at(3, 2, 17))

    (mail,) = dispatched()

    assert f"The time for “Resolution” of {ticket.number} is used up." in mail.text


def test_a_late_warning_says_so_with_the_true_time(open_with):
    open_with((50, "notify_lead"), (90, "notify_lead"))
    sla.tick(at(3, 2, 16, 40))

    (mail,) = dispatched()

    assert "90% of the time" in mail.text
    assert "This warning is late: it was due 2 Mar 2026, 16:12 CET." in mail.text


def test_a_confidential_ticket_warns_those_who_may_see_it_without_a_word(cast, open_with):
    open_with((90, "notify_manager"), is_confidential=True, title="Secret matter")
    assert warned(ALMOST_DUE) == []


def test_the_warning_of_a_confidential_ticket_tells_nothing(cast, open_with):
    open_with((90, "notify_lead"), is_confidential=True, title="Secret matter")
    sla.tick(ALMOST_DUE)

    (mail,) = dispatched()

    assert mail.to == cast.cleo.email
    assert "Secret" not in mail.subject + mail.text + mail.html
    assert "sign in" in mail.text
