"""Who may see which ticket, message and file (domain section 8, `VIS-1`, `VIS-3`)."""

from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser

from itil.conversation.files import NewFile
from itil.conversation.models import Attachment, Message
from itil.desk import actions as desk
from itil.tickets import actions as tickets
from itil.tickets.models import Ticket
from portal.people.models import Membership, Role, Team
from tests import make
from tests.cast import MONDAY, person

# Every ticket of the world, by name. All but `globex` were asked for by Ann of Acme.
WORLD = ("desk", "billed", "network", "unteamed", "secret", "globex")

# What each person may open; the names are those of `people`.
TICKETS = {
    "ann": {"desk", "billed", "network", "unteamed", "secret"},
    "colleague": set(),
    "overseer": {"desk", "billed", "network", "unteamed"},
    "watcher": {"network", "secret"},
    "bo": {"desk", "billed", "unteamed", "globex"},
    "ned": {"network", "unteamed"},
    "hana": {"secret", "unteamed"},
    "cleo": {"desk", "billed", "network", "unteamed", "globex"},
    "mia": {"desk", "billed", "network", "unteamed", "globex"},
    "bea": {"billed"},
    "dov": {"globex"},
    "root": {"desk", "billed", "network", "unteamed", "globex"},
    "nobody": set(),
}
# Whose messages are read in full, notes included; of the others only the public part, if any.
WHOLE = {
    "bo": {"desk", "billed", "unteamed", "globex"},
    "ned": {"network", "unteamed"},
    "hana": {"secret", "unteamed"},
    "cleo": {"desk", "billed", "network", "unteamed", "globex"},
    "root": {"desk", "billed", "network", "unteamed", "globex"},
}
PUBLIC_PART = {
    name: TICKETS[name] for name in ("ann", "colleague", "overseer", "watcher", "dov", "nobody")
}


@pytest.fixture
def people(cast):
    """The cast, and those whom only this table needs."""
    secrets = Team.objects.create(name="Personnel", slug="personnel", restricted=True)
    hana = person("Hana", cast.halden)
    Membership.objects.create(user=hana, role=Role.AGENT, team=secrets)
    named = {name: getattr(cast, name) for name in TICKETS if hasattr(cast, name)}
    return named | {
        "colleague": person("Carl", cast.acme),
        "overseer": person("Olga", cast.acme, sees_organization=True),
        "watcher": person("Wim", cast.globex),
        "hana": hana,
        "nobody": AnonymousUser(),
        "secrets": secrets,
    }


@pytest.fixture
def world(cast, people):
    """The tickets by name; each holds a public message and an internal note, both with a file."""
    told = {"attachments": [NewFile("report.txt", b"public")]}
    found = {
        "desk": make.incident(cast, **told),
        "billed": make.incident(cast, **told),
        "network": make.incident(cast, team=cast.network_team, **told),
        "unteamed": make.incident(cast, team=None, **told),
        "secret": make.incident(cast, team=people["secrets"], **told),
        "globex": make.incident(cast, by=cast.dov, requester=cast.dov, **told),
    }
    for ticket in found.values():
        desk.note(ticket, by=None, text="Inside", attachments=[NewFile("note.txt", b"inside")])
    for name in ("network", "secret"):
        tickets.watch(found[name], people["watcher"])
    day = date(2026, 3, 2)
    booking = {"minutes": 30, "activity": cast.activity, "work_date": day, "at": MONDAY}
    desk.log_time(found["billed"], by=cast.bo, **booking)
    desk.log_time(found["billed"], by=cast.bo, **booking)
    desk.log_time(found["desk"], by=cast.bo, billing_kind="non_billable", **booking)
    return found


@pytest.mark.parametrize("name", TICKETS)
def test_each_person_sees_these_tickets_once_and_no_others(people, world, name):
    names = {ticket.pk: called for called, ticket in world.items()}

    seen = [names[ticket.pk] for ticket in Ticket.objects.visible_to(people[name])]

    assert sorted(seen) == sorted(TICKETS[name])


@pytest.mark.parametrize("name", TICKETS)
def test_each_person_reads_these_messages_and_files_and_no_others(people, world, name):
    names = {ticket.pk: called for called, ticket in world.items()}
    whole = WHOLE.get(name, set())
    public = PUBLIC_PART.get(name, set())
    expected = {(ticket, "public") for ticket in whole | public}
    expected |= {(ticket, "internal") for ticket in whole}

    messages = Message.objects.visible_to(people[name])
    files = Attachment.objects.visible_to(people[name])

    assert {(names[m.ticket_id], m.visibility) for m in messages} == expected
    assert len(messages) == len(files) == len(expected)
    assert {file.message_id for file in files} == {message.pk for message in messages}


def test_a_manager_who_asks_reads_the_own_public_messages(cast):
    ticket = make.incident(cast, by=cast.mia, requester=cast.mia)
    desk.note(ticket, by=cast.bo, text="Inside")

    assert [m.visibility for m in Message.objects.visible_to(cast.mia)] == ["public"]


def test_the_assignee_sees_the_ticket_whichever_team_holds_it(cast, people):
    ticket = make.incident(cast, team=people["secrets"])
    Ticket.objects.filter(pk=ticket.pk).update(assignee=cast.ned)

    assert Ticket.objects.visible_to(cast.ned).get().pk == ticket.pk
    assert Message.objects.visible_to(cast.ned).count() == 1


def test_whom_it_was_requested_for_sees_it_as_the_requester_does(cast):
    make.incident(cast, requested_for=cast.dov)

    assert Ticket.objects.visible_to(cast.dov).count() == 1
    assert Ticket.objects.of_requester(cast.dov).count() == 1


def test_a_role_taken_away_counts_from_the_next_reading_of_the_person(cast):
    make.incident(cast)
    Membership.objects.filter(user=cast.bo).delete()
    bo = type(cast.bo).objects.get(pk=cast.bo.pk)

    assert not Ticket.objects.visible_to(bo).exists()


def test_open_at_tells_the_state_of_then_and_not_of_now(cast):
    resolved = make.resolved_incident(cast, at=MONDAY.replace(hour=12))
    make.incident(cast, at=MONDAY.replace(hour=15))

    at_eleven = Ticket.objects.open_at(MONDAY.replace(hour=11))
    at_twelve = Ticket.objects.open_at(MONDAY.replace(hour=12))
    after_twelve = Ticket.objects.open_at(MONDAY.replace(hour=12, minute=1))

    assert [ticket.pk for ticket in at_eleven] == [resolved.pk]
    # What happens at the very instant is after it (`GEN-3`).
    assert [ticket.pk for ticket in at_twelve] == [resolved.pk]
    assert not after_twelve.exists()


def test_late_and_at_risk_are_apart_and_leave_out_what_is_done(cast):
    running, done = make.incident(cast), make.resolved_incident(cast)
    Ticket.objects.update(
        at_risk_at=MONDAY.replace(hour=10), due_at=MONDAY.replace(hour=11), is_breached=False
    )

    def found(queryset):
        return [ticket.pk for ticket in queryset]

    assert found(Ticket.objects.at_risk(MONDAY.replace(hour=9, minute=59))) == []
    assert found(Ticket.objects.at_risk(MONDAY.replace(hour=10))) == [running.pk]
    assert found(Ticket.objects.at_risk(MONDAY.replace(hour=11))) == [running.pk]
    assert found(Ticket.objects.late(MONDAY.replace(hour=11))) == []
    assert found(Ticket.objects.late(MONDAY.replace(hour=11, second=1))) == [running.pk]
    assert done.pk not in found(Ticket.objects.open())
