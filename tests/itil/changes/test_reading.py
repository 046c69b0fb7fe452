"""Who reads what of changes, their boards and windows: nothing is told of what one may not open."""

import io
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from itil.changes import actions
from itil.changes.actions.conflicts import check_conflicts
from itil.changes.models import CausedIncident, Change, ChangeTemplate, FreezeWindow
from itil.cmdb.models import ConfigurationItem, ItemClass
from itil.desk.actions import attach_item
from itil.desk.timeline import story
from itil.tickets.models import Ticket
from portal.people.models import Membership, Role, Team
from tests import make
from tests.cast import MONDAY, person

from . import plans
from . import world as worlds
from .world import HOUR

CHANGED = {"role": "changed", "at": MONDAY}


@pytest.fixture
def world(cast):
    return worlds.build(cast)


@pytest.fixture
def item(cast):
    kind = ItemClass.objects.create(name="Switch", slug="switch")
    return ConfigurationItem.objects.create(
        name="sw-1", item_class=kind, organization=cast.halden, status="in_use"
    )


def on(item, change: Change, by) -> Change:
    """The change touches the item."""
    attach_item(change, item, by=by, **CHANGED)
    return change


def page(client, user, name, *args):
    client.force_login(user)
    return client.get(reverse(f"changes:{name}", args=args))


def text_of(client, user, name, *args) -> str:
    return page(client, user, name, *args).content.decode()


def secret(world, item) -> Change:
    """Hal of the restricted people desk has a change of the item at the same time."""
    cast = world.cast
    people = Team.objects.create(name="People", slug="people", restricted=True)
    hal = person("Hal", cast.halden)
    Membership.objects.create(user=hal, role=Role.AGENT, team=people)
    change = worlds.draft(world, by=hal, team=people, title="Vault", implementers=[])
    assert change.is_confidential
    return on(item, change, hal)


def test_who_reads_no_texts_has_no_sheet_and_no_forms(world, client):
    """`c4`, `c5`: a clerk opens no change, a manager its header."""
    change = worlds.asked(world)
    for reader in (world.cast.mia, world.cast.bea):
        for name in ("sheet", "plan", "review", "announce", "retype"):
            assert page(client, reader, name, change.number).status_code == 404
        move = page(client, reader, "move", change.number, "cancel")
        assert move.status_code == 404
    assert page(client, world.cast.bo, "sheet", change.number).status_code == 200


def test_the_header_tells_a_manager_no_plan_no_vote_and_no_reason(world, client):
    change = worlds.asked(world)
    worlds.vote(change, world.pia, at=MONDAY, reason="Not before noon.")
    reason = {"reason": "The part is late."}
    actions.move(change, "hold", by=world.cast.bo, values=reason, at=MONDAY)
    for reader, tells in ((world.cast.mia, False), (world.cast.cleo, True)):
        client.force_login(reader)
        shown = client.get(change.get_absolute_url()).content.decode()
        assert ("Not before noon." in shown) is tells
        assert ("The part is late." in shown) is tells
        assert (change.sheet_url in shown) is tells


def test_an_agenda_holds_what_its_reader_may_read(world, client):
    change = worlds.asked(world)
    now = timezone.now()
    meeting = actions.plan_meeting(
        world.cab, by=world.ruth, at=now, starts_at=now + HOUR, votes_until=now + 2 * HOUR
    )
    key = (world.cab.pk, meeting.pk)
    dan = person("Dan", world.cast.halden)
    Membership.objects.create(user=dan, role=Role.AGENT, team=world.cast.desk_team)
    for reader, tells in ((world.ruth, True), (dan, False)):
        assert (change.number in text_of(client, reader, "meeting", *key)) is tells
        minutes = PdfReader(io.BytesIO(page(client, reader, "minutes", *key).content))
        assert (change.number in minutes.pages[0].extract_text()) is tells


def test_only_who_leads_a_board_gets_the_forms_of_its_meetings(world, client):
    now = timezone.now()
    meeting = actions.plan_meeting(
        world.cab, by=world.ruth, at=now, starts_at=now + HOUR, votes_until=now + 2 * HOUR
    )
    key = (world.cab.pk, meeting.pk)
    for reader, status in ((world.ruth, 200), (world.chas, 200), (world.pia, 404)):
        assert page(client, reader, "call_meeting", world.cab.pk).status_code == status
        for name in ("postpone", "add_item", "take_minutes"):
            assert page(client, reader, name, *key).status_code == status


def test_a_template_tells_of_its_uses_to_those_who_may_read_them(world, client):
    template = ChangeTemplate.objects.create(
        name="Patch",
        state="approved",
        proposed_by=world.pia,
        team=world.cast.network_team,
        reason="Patches",
        plan="Patch",
        test_plan="Look",
        back_out_plan="Roll back",
        review_on=timezone.localdate(MONDAY) + timedelta(days=300),
        board=world.cab,
    )
    use = actions.open_standard(template, by=world.pia, title="Patch sw-1", at=MONDAY)
    assert use.title in text_of(client, world.quinn, "template", template.pk)
    assert use.title not in text_of(client, world.ruth, "template", template.pk)


def test_the_list_of_changes_offers_the_templates_that_one_may_read(world, client):
    patch = ChangeTemplate.objects.create(
        name="Patch all servers",
        proposed_by=world.pia,
        team=world.cast.network_team,
        review_on=timezone.localdate(MONDAY) + timedelta(days=300),
        board=world.cab,
    )
    readers = {"bo": True, "cleo": True, "root": True, "mia": False, "bea": False}
    for name, tells in readers.items():
        user = getattr(world.cast, name)
        assert (patch.name in text_of(client, user, "list")) is tells, name
        assert (patch in ChangeTemplate.objects.visible_to(user)) is tells, name


def test_the_note_of_a_template_names_no_secret(world):
    template = ChangeTemplate.objects.create(
        name="Vaulting",
        state="approved",
        proposed_by=world.pia,
        team=Team.objects.create(name="People", slug="people", restricted=True),
        reason="Vaults",
        plan="Vault",
        test_plan="Look",
        back_out_plan="Roll back",
        review_on=timezone.localdate(MONDAY) + timedelta(days=300),
        board=world.cab,
    )
    window = {"planned_start": MONDAY, "planned_end": MONDAY + HOUR}
    columns = {"service": world.cast.mail_service, **window}
    use = actions.open_standard(template, by=world.pia, at=MONDAY, **columns)
    for verb, values in (
        ("book", {}),
        ("start", {}),
        ("finish", {"outcome": "failed", "note": "It broke."}),
    ):
        actions.move(use, verb, by=world.pia, values=values, at=MONDAY)
    template.refresh_from_db()
    assert (template.state, template.state_note) == ("suspended", "Confidential: Failed")


def test_a_conflict_with_a_hidden_change_does_not_name_it(world, item, client):
    cast = world.cast
    planned = on(item, worlds.scheduled(world), cast.ned)
    vault = secret(world, item)
    Change.objects.filter(pk=vault.pk).update(status="scheduled")
    check_conflicts(Change.objects.get(pk=vault.pk), MONDAY)
    assert planned.conflicts.present().get(kind="same_ci").other_id == vault.pk

    for reader in (cast.bo, world.chas, world.ruth):
        shown = text_of(client, reader, "sheet", planned.number)
        assert vault.number not in shown
        assert "Same item as another change" in shown
    lines = [line.text for entry in story(planned, cast.ned) for line in entry.happenings]
    assert "Found a conflict: another ticket" in lines
    client.force_login(world.chas)
    calendar = client.get(reverse("changes:calendar"), {"change": planned.number})
    assert vault.number not in calendar.content.decode()


def test_a_conflict_names_the_change_that_one_may_read(world, item, client):
    first = on(item, worlds.scheduled(world), world.cast.ned)
    second = on(item, worlds.draft(world, title="Move it"), world.cast.bo)
    check_conflicts(second, MONDAY)
    shown = text_of(client, world.chas, "sheet", second.number)
    assert f"Same item as {first.number}" in shown


def test_windows_are_read_by_who_plans_changes_and_by_boards(cast, client):
    """'Assess, schedule, freeze windows': `A`, `R` of boards and administrators; `-` of others."""
    world = worlds.build(cast)
    freeze = plans.freeze(world.chas)
    readers = (cast.bo, cast.cleo, world.chas, world.ruth, world.eve, cast.root)
    for reader in readers:
        assert page(client, reader, "windows").status_code == 200
        assert page(client, reader, "window", "freeze", freeze.pk).status_code == 200
        assert FreezeWindow.objects.visible_to(reader).count() == 1
    for other in (cast.mia, cast.bea, cast.ann, cast.dov):
        assert page(client, other, "windows").status_code == 404
        assert page(client, other, "window", "freeze", freeze.pk).status_code == 404
        assert FreezeWindow.objects.visible_to(other).count() == 0


def test_a_window_tells_of_the_changes_that_its_reader_may_read(world, client):
    freeze = plans.freeze(world.chas, types=["emergency"])
    evening = {"planned_start": plans.SATURDAY, "planned_end": plans.SATURDAY + HOUR}
    change = worlds.emergency(world, columns=evening)
    check_conflicts(change, MONDAY)
    key = ("freeze", freeze.pk)
    assert change.number in text_of(client, world.chas, "window", *key)
    assert change.number not in text_of(client, world.ruth, "window", *key)


def test_a_hidden_ticket_is_answered_by_no_change(world, client):
    cast = world.cast
    incident = make.incident(cast, team=cast.network_team, by=cast.dov, requester=cast.dov)
    dan = person("Dan", cast.halden)
    Membership.objects.create(user=dan, role=Role.AGENT, team=cast.desk_team)
    assert page(client, dan, "answer", incident.number).status_code == 404
    assert page(client, cast.ned, "answer", incident.number).status_code == 200


def test_what_a_change_may_have_caused_is_decided_by_who_may_see_it(world, client):
    finished = worlds.finished(world)
    hidden = make.incident(world.cast, is_confidential=True)
    suspect = CausedIncident.objects.create(
        change=finished, incident_id=hidden.pk, why="Afterwards", found_at=MONDAY
    )
    client.force_login(world.chas)
    address = reverse("changes:cause", args=[finished.number, suspect.pk])
    assert client.post(address, {"do": "accept"}).status_code == 404
    suspect.refresh_from_db()
    assert suspect.state == "proposed"
    assert not Ticket.objects.get(pk=hidden.pk).links_out.exists()


def test_who_carries_a_change_out_opens_and_starts_it_whatever_the_team(world, client):
    """2.5: the implementer starts and finishes it."""
    cast = world.cast
    change = worlds.draft(world, team=cast.desk_team)
    assert change.team != cast.network_team
    client.force_login(cast.ned)
    assert client.get(change.get_absolute_url()).status_code == 200
    assert "Swap it." in text_of(client, cast.ned, "sheet", change.number)
    assert page(client, cast.ned, "move", change.number, "start").status_code == 200

    dan = person("Dan", cast.halden)
    Membership.objects.create(user=dan, role=Role.AGENT, team=cast.network_team)
    assert page(client, dan, "sheet", change.number).status_code == 404
    actions.plan(change, by=cast.bo, version=change.version, changes={}, implementers=[dan])
    assert page(client, dan, "sheet", change.number).status_code == 200


def test_a_board_reads_the_review_of_what_it_decided_and_finds_the_windows(world, client):
    """'PIR' and 'freeze windows' are `R` of boards."""
    change = worlds.finished(world, "failed")
    texts = {"lessons": "Ping it twice.", "went_wrong": "No answer."}
    actions.write_review(change, by=world.chas, at=MONDAY, outcome="failed", **texts)
    assert "Ping it twice." in text_of(client, world.ruth, "sheet", change.number)
    assert page(client, world.cast.mia, "sheet", change.number).status_code == 404
    shown = client.get(change.get_absolute_url()).content.decode()
    assert "needed before it is closed" not in shown
    assert reverse("changes:windows") in text_of(client, world.ruth, "boards")
