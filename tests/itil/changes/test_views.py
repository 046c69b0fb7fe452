"""The pages of changes: what is shown, to whom, and what they refuse."""

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from itil.approvals import actions as approvals
from itil.approvals.models import Vote
from itil.changes import actions
from itil.changes.forms.planning import PlanForm
from itil.changes.models import BoardMeeting, Change, ChangeTemplate
from itil.conversation.files import NewFile
from itil.desk.actions import note
from itil.tickets.errors import MissingValue
from itil.tickets.models import Ticket
from tests.cast import MONDAY

from . import world as worlds
from .world import HOUR


@pytest.fixture
def world(cast):
    return worlds.build(cast)


def meeting_of(world) -> BoardMeeting:
    now = timezone.now()
    return actions.plan_meeting(
        world.cab, by=world.chas, at=now, starts_at=now + HOUR, votes_until=now + 2 * HOUR
    )


def test_every_page_opens_for_the_change_manager(world, client):
    change = worlds.asked(world)
    finished = worlds.finished(world, "failed")
    emergency = worlds.emergency(world)
    meeting = meeting_of(world)
    template = ChangeTemplate.objects.create(
        name="Patch",
        proposed_by=world.pia,
        team=world.cast.network_team,
        reason="Patches",
        plan="Patch",
        test_plan="Look",
        back_out_plan="Roll back",
        review_on=timezone.localdate() + 30 * HOUR * 24,
        board=world.cab,
    )
    client.force_login(world.chas)
    board, key = world.cab.pk, meeting.pk
    number = change.number
    pages = [
        reverse("changes:list"),
        reverse("changes:list") + "?view=irregular",
        reverse("changes:list") + "?q=switch&risk=low",
        reverse("changes:list") + "?format=csv",
        reverse("changes:new"),
        reverse("changes:new_standard"),
        reverse("changes:boards"),
        reverse("changes:board", args=[board]),
        reverse("changes:call_meeting", args=[board]),
        meeting.get_absolute_url(),
        reverse("changes:minutes", args=[board, key]),
        reverse("changes:postpone", args=[board, key]),
        reverse("changes:add_item", args=[board, key]),
        reverse("changes:take_minutes", args=[board, key]),
        reverse("changes:templates"),
        reverse("changes:propose"),
        template.get_absolute_url(),
        reverse("changes:edit_template", args=[template.pk]),
        change.get_absolute_url(),
        finished.get_absolute_url(),
        emergency.get_absolute_url(),
        change.sheet_url,
        f"{change.sheet_url}?meeting={key}",
        emergency.sheet_url,
        reverse("changes:plan", args=[number]),
        reverse("changes:retype", args=[number]),
        reverse("changes:review", args=[finished.number]),
        reverse("changes:announce", args=[number]),
        reverse("changes:move", args=[number, "send_back"]),
        reverse("changes:move", args=[emergency.number, "start_unapproved"]),
    ]
    for page in pages:
        answer = client.get(page)
        assert answer.status_code == 200, page


def test_a_member_who_is_no_agent_reads_only_what_is_before_the_own_board(world, client):
    change, other = worlds.asked(world), worlds.emergency(world)
    client.force_login(world.ruth)
    assert client.get(change.sheet_url).status_code == 200
    assert client.get(reverse("changes:board", args=[world.cab.pk])).status_code == 200
    assert client.get(other.sheet_url).status_code == 404
    assert client.get(reverse("changes:board", args=[world.ecab.pk])).status_code == 404
    for page in (reverse("changes:list"), change.get_absolute_url()):
        assert client.get(page).status_code == 404
    assert not Ticket.objects.visible_to(world.ruth).filter(pk=change.pk).exists()


def test_a_member_votes_on_the_sheet_and_the_change_is_scheduled(world, client):
    change = worlds.asked(world)
    worlds.vote(change, world.quinn, at=MONDAY + HOUR)
    client.force_login(world.ruth)
    page = reverse("changes:vote", args=[change.number])
    assert client.post(page, {"decision": "rejected", "reason": ""}).status_code == 409
    answer = client.post(page, {"decision": "approved", "reason": "After payroll."})
    assert answer.status_code == 303
    change.refresh_from_db()
    assert change.status == "scheduled"
    assert client.post(page, {"decision": "approved"}).status_code in (404, 409)


def test_a_member_reads_the_notes_of_a_change_and_adds_one(world, client):
    """`c3`; what was typed is kept when it cannot be saved."""
    change = worlds.asked(world)
    file = NewFile("survey.txt", b"Two racks.")
    said = note(change, by=world.cast.ned, text="The key is at the desk.", attachments=[file])
    client.force_login(world.ruth)
    sheet = client.get(change.sheet_url).text
    assert "The key is at the desk." in sheet
    address = reverse("changes:note_file", args=[change.number, said.attachments.get().uuid])
    assert address in sheet
    assert b"".join(client.get(address)) == b"Two racks."
    page = reverse("changes:note", args=[change.number])
    answer = client.post(page, {"text": " "})
    assert answer.status_code == 422
    assert "Write what you want to note." in answer.text
    answer = client.post(page, {"text": "After the payroll run."})
    assert (answer.status_code, answer["Location"]) == (303, f"{change.sheet_url}#notes")
    event = change.events.filter(kind="noted").latest("pk")
    assert event.actor == world.ruth
    assert "After the payroll run." in client.get(change.sheet_url).text


def test_an_implementer_of_another_team_has_the_sheet_without_its_notes(world, client):
    change = worlds.draft(world, team=world.cast.desk_team)
    said = note(
        change, by=world.cast.bo, text="Secret of Bo.", attachments=[NewFile("a.txt", b"a")]
    )
    client.force_login(world.cast.ned)
    sheet = client.get(change.sheet_url)
    assert sheet.status_code == 200
    assert "Secret of Bo." not in sheet.text
    assert 'id="notes"' not in sheet.text
    address = reverse("changes:note_file", args=[change.number, said.attachments.get().uuid])
    assert client.get(address).status_code == 404
    note_page = reverse("changes:note", args=[change.number])
    assert client.post(note_page, {"text": "Mine."}).status_code == 404
    assert change.messages.count() == 1


def test_an_outsider_and_a_requester_never_meet_a_change(world, client):
    change = worlds.asked(world)
    for person in (world.cast.ann, world.cast.dov):
        client.force_login(person)
        for page in (
            change.sheet_url,
            change.get_absolute_url(),
            reverse("changes:list"),
            reverse("changes:plan", args=[change.number]),
        ):
            assert client.get(page).status_code == 404, page


def test_a_change_is_opened_and_planned_by_pages(world, client):
    client.force_login(world.cast.bo)
    answer = client.post(
        reverse("changes:new"), {"title": "New core switch", "change_type": "normal"}
    )
    assert answer.status_code == 303
    change = Change.objects.get()
    assert (change.status, change.assignee) == ("draft", world.cast.bo)
    plan = reverse("changes:plan", args=[change.number])
    typed = {
        "version": change.version,
        "reason": "Old",
        "plan": "Swap",
        "planned_start": "2026-03-05T22:00",
        "planned_end": "2026-03-05T21:00",
    }
    answer = client.post(plan, typed)
    assert answer.status_code == 422
    assert "Swap" in answer.content.decode()
    answer = client.post(plan, typed | {"planned_end": "2026-03-05T23:00"})
    assert answer.status_code == 303
    change.refresh_from_db()
    assert change.plan == "Swap"


def test_of_a_standard_change_only_what_its_template_leaves_open_is_asked(world, client):
    template = ChangeTemplate.objects.create(
        name="Patch",
        state="approved",
        proposed_by=world.pia,
        team=world.cast.network_team,
        service=world.cast.mail_service,
        reason="Patches",
        plan="Patch",
        test_plan="Look",
        back_out_plan="Roll back",
        choosable=["reason"],
        review_on=timezone.localdate() + 30 * HOUR * 24,
        board=world.cab,
    )
    change = actions.open_standard(template, by=world.cast.ned)
    client.force_login(world.cast.ned)
    url = reverse("changes:plan", args=[change.number])
    form = client.get(url).context["form"]
    fixed = {name for name, field in form.fields.items() if field.disabled}
    assert fixed == {"plan", "test_plan", "back_out_plan", "communication_plan"}
    typed = {"version": change.version, "reason": "A hole.", "plan": "Something else"}
    assert client.post(url, typed).status_code == 303
    change.refresh_from_db()
    assert (change.reason, change.plan) == ("A hole.", "Patch")


def test_a_decided_step_says_how_it_was_decided_and_no_longer_what_it_needs(world, client):
    change = worlds.asked(world)
    client.force_login(world.ruth)
    before = client.get(change.sheet_url).content.decode()
    assert "0 of 3 voted" in before
    assert "Passes with 2 yes." in before
    for member in (world.quinn, world.ruth):
        worlds.vote(change, member, at=MONDAY)
    after = client.get(change.sheet_url).content.decode()
    assert "Approved" in after
    assert "voted" not in after
    assert "Passes with" not in after


def test_a_meeting_tells_what_its_board_voted_and_not_what_peers_said(world, client):
    """Pia has agreed as a peer already, and sits on the board as well."""
    worlds.asked(world)
    meeting = meeting_of(world)
    client.force_login(world.chas)
    (line,) = client.get(meeting.get_absolute_url()).context["agenda"]
    told = [(vote.voter, vote.state) for vote in line.said_votes]
    assert told == [(one, "waiting") for one in (world.pia, world.quinn, world.ruth)]
    assert "Next meeting:" in client.get(reverse("changes:boards")).content.decode()


def test_only_the_desk_is_led_from_a_conflict_to_the_other_change(world, client):
    change = worlds.asked(world)
    worlds.asked(world)
    for person, is_led in ((world.quinn, True), (world.ruth, False)):
        client.force_login(person)
        page = client.get(change.sheet_url).content.decode()
        assert "at the same time" in page
        assert ("Open CHG-" in page) is is_led


def test_a_refused_step_shows_the_conflicts_in_its_way_with_what_can_be_done(world, client):
    worlds.asked(world)
    change = worlds.assessed(world)
    client.force_login(world.chas)
    answer = client.post(reverse("changes:move", args=[change.number, "ask_authority"]))
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Accept the risk…" in page
    assert "Look for a free time" in page
    # A step that asks something else is refused without them.
    answer = client.post(reverse("changes:move", args=[change.number, "send_back"]), {"reason": ""})
    assert "Accept the risk…" not in answer.content.decode()


def test_the_list_takes_the_same_number_of_queries_for_one_row_and_for_many(
    world, client, django_assert_max_num_queries
):
    worlds.draft(world)
    client.force_login(world.chas)
    with django_assert_max_num_queries(12) as first:
        client.get(reverse("changes:list"))
    for _count in range(3):
        worlds.draft(world)
    with django_assert_max_num_queries(len(first)):
        client.get(reverse("changes:list"))


def test_a_vote_after_the_deadline_is_refused_with_what_was_typed(world, client):
    change = worlds.asked(world)
    meeting = meeting_of(world)
    client.force_login(world.ruth)
    page = reverse("changes:vote", args=[change.number])
    typed = {"decision": "approved", "reason": "After payroll."}
    with time_machine.travel(meeting.votes_until):
        sheet = client.get(change.sheet_url).text
        assert "The time to vote is over." in sheet
        assert "Send vote" not in sheet
        answer = client.post(page, typed)
        assert answer.status_code == 409
        assert "yours was not counted. The owner can ask again." in answer.text
        assert "After payroll." in answer.text
        approvals.remind_and_time_out(timezone.now())
        actions.decided(change, at=timezone.now())
        answer = client.post(page, typed)
    assert answer.status_code == 409
    assert "This vote is over; yours was not counted." in answer.text
    assert "After payroll." in answer.text
    assert not Vote.objects.given().filter(voter=world.ruth).exists()


def test_who_asks_a_board_without_members_is_told_who_decides_instead(world, client):
    change = worlds.assessed(world)
    world.cab.members.all().delete()
    client.force_login(world.chas)
    page = reverse("changes:move", args=[change.number, "ask_authority"])
    answer = client.post(page, {"version": change.version}, follow=True)
    assert "Nobody sits on “CAB”, so the change managers are asked in its place." in answer.text
    change.refresh_from_db()
    assert change.status == "authorization"
    assert Vote.objects.waiting().get().voter == world.chas


def test_a_board_that_nobody_sits_on_is_saved_with_a_warning(world, client):
    client.force_login(world.cast.root)
    page = reverse("change_boards:edit", args=[world.cab.pk])
    form = {
        "name": "CAB", "kind": "cab", "rule": "quorum", "number": 2, "rejects": "until_impossible",
        "active": "on", "rules-TOTAL_FORMS": 0, "rules-INITIAL_FORMS": 0,
    }  # fmt: skip
    members = list(world.cab.members.all())
    rows = {"members-TOTAL_FORMS": len(members), "members-INITIAL_FORMS": len(members)}
    for place, member in enumerate(members):
        row = {"id": member.pk, "user": member.user_id, "ORDER": place, "DELETE": "on"}
        rows |= {f"members-{place}-{name}": value for name, value in row.items()}
    answer = client.post(page, form | rows, follow=True)
    assert "Nobody who can sign in sits on “CAB”." in answer.text
    assert not world.cab.members.exists()


@pytest.mark.parametrize(
    ("kind", "needed", "free"),
    [
        ("normal", {"plan", "test_plan", "back_out_plan", "planned_end"}, {"environment"}),
        ("emergency", {"plan", "urgency_reason", "planned_end"}, {"test_plan", "security_reason"}),
    ],
)
def test_the_plan_says_what_is_needed_before_it_is_submitted(world, kind, needed, free):
    make = worlds.draft if kind == "normal" else worlds.emergency
    fields = PlanForm(change=make(world)).fields
    marks = {name: str(getattr(field, "when_needed", "")) for name, field in fields.items()}
    assert {name for name in needed | free if "before it is submitted" in marks[name]} == needed
    assert (marks["communication_plan"] == "needed at high risk") is (kind == "normal")


def test_what_the_plan_calls_needed_is_what_the_first_step_asks_for(world, client):
    change = worlds.draft(world, columns=dict.fromkeys(("reason", "plan", "test_plan"), ""))
    client.force_login(world.cast.bo)
    page = client.get(reverse("changes:plan", args=[change.number])).text
    assert "(needed before it is submitted)" in page
    assert "(needed at high risk)" in page
    assert "(optional)" in page
    with pytest.raises(MissingValue) as refusal:
        actions.move(change, "submit", by=world.cast.bo, at=MONDAY)
    field = PlanForm(change=change).fields[refusal.value.field]
    assert "before it is submitted" in str(field.when_needed)
