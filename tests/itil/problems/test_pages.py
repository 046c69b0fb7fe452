"""The pages of problems: who sees them, what they do, what they refuse."""

from datetime import timedelta

import pytest
from django.urls import reverse

from itil.desk import actions as desk
from itil.problems import actions
from itil.problems.models import Problem, ProblemCandidate
from itil.problems.reactions import react
from portal.outbox.models import OutgoingMail
from portal.worker.dispatch import dispatch_events
from tests import make
from tests.cast import MONDAY

from .world import manager, problem, problem_in, values_of

PAGES = ("problem", "analysis", "whys", "fishbone", "review", "workaround", "link", "solve")


@pytest.fixture
def linked(cast):
    found = problem_in(cast, "root_cause_analysis")
    incidents = [make.taken_incident(cast, title=f"Export stops {n}") for n in range(3)]
    actions.link_incidents(found, incidents, by=cast.bo, at=MONDAY)
    return found, incidents


def test_staff_of_the_team_and_managers_open_every_page(cast, client, linked):
    found, _incidents = linked
    for person in (cast.bo, manager(cast)):
        client.force_login(person)
        assert client.get(reverse("problems:list")).status_code == 200
        for name in PAGES:
            url = reverse(f"problems:{name}", args=[found.number])
            assert client.get(url).status_code == 200, name
        assert client.get(found.get_absolute_url()).status_code == 200


def test_to_customers_and_other_teams_a_problem_does_not_exist(cast, client, linked):
    found, _incidents = linked
    for person in (cast.ann, cast.dov, cast.ned):
        client.force_login(person)
        for name in PAGES:
            url = reverse(f"problems:{name}", args=[found.number])
            assert client.get(url).status_code == 404, (person, name)


def test_the_list_takes_a_constant_number_of_statements(
    cast, client, linked, django_assert_max_num_queries
):
    client.force_login(manager(cast))
    for _count in range(4):
        problem(cast)

    with django_assert_max_num_queries(8):
        page = client.get(reverse("problems:list"))

    assert len(page.context["rows"]) == 5
    assert sum(one.incident_count for one in page.context["rows"]) == 3


def test_a_problem_is_opened_from_an_incident(cast, client):
    incident = make.incident(cast)
    client.force_login(cast.bo)

    start = client.get(reverse("problems:from_incident", args=[incident.number]), follow=True)
    assert start.context["form"].initial["title"] == incident.title
    url = f"{reverse('problems:new')}?incident={incident.number}"
    client.post(url, {"title": "Mail servers stop", "urgency": "2"})

    found = Problem.objects.get()
    assert found.links_in.get().source_id == incident.pk
    assert client.post(url, {"title": ""}).status_code == 422


def test_a_step_keeps_what_was_typed_when_it_is_refused(cast, client):
    found = problem_in(cast, "root_cause_analysis")
    client.force_login(cast.bo)

    url = reverse("problems:move", args=[found.number, "fix"])
    answer = client.post(url, {"root_cause": "", "fix_plan": "Delete files."})

    assert answer.status_code == 409
    assert "Delete files." in answer.content.decode()
    found.refresh_from_db()
    assert found.status == "root_cause_analysis"


def test_whys_and_causes_are_kept_in_their_order(cast, client, linked):
    found, _incidents = linked
    client.force_login(cast.bo)
    rows = {"rows-TOTAL_FORMS": "3", "rows-INITIAL_FORMS": "0", "version": found.version}
    found.refresh_from_db()
    rows["version"] = found.version
    texts = {
        "rows-0-question": "Why did it stop?",
        "rows-0-answer": "The disk was full.",
        "rows-1-question": "Why was it full?",
    }

    client.post(reverse("problems:whys", args=[found.number]), rows | texts)

    assert [one.question for one in found.whys.all()] == ["Why did it stop?", "Why was it full?"]
    # Saved from a page that is older than the record.
    again = client.post(reverse("problems:whys", args=[found.number]), rows | texts)
    assert again.status_code == 409
    found.refresh_from_db()
    bones = {
        "rows-TOTAL_FORMS": "1",
        "rows-INITIAL_FORMS": "0",
        "version": found.version,
        "rows-0-branch": "technology",
        "rows-0-text": "Small disks",
        "rows-0-is_confirmed": "yes",
    }
    client.post(reverse("problems:fishbone", args=[found.number]), bones)
    cause = found.causes.get()
    assert (cause.branch, cause.text, cause.is_confirmed) == ("technology", "Small disks", True)


def test_five_whys_have_five_rows_and_what_is_found_says_whose_it_is(cast, client, linked):
    found, incidents = linked
    actions.unlink_incident(found, incidents[0], by=cast.bo)
    client.force_login(cast.bo)

    whys = client.get(reverse("problems:whys", args=[found.number])).content.decode()
    assert whys.count('-question" ') == 5
    url = reverse("problems:link", args=[found.number])
    shown = client.get(url, {"q": incidents[0].number}).content.decode()
    one = incidents[0]
    assert f"{one.number} · {one.title} · {one.requester} · {one.status_label} · " in shown


def test_who_works_on_a_problem_is_told_with_the_way_to_take_it_over(cast, client, linked):
    found, _incidents = linked
    desk.claim(found, by=cast.bo)
    petra = manager(cast)
    url = reverse("problems:problem", args=[found.number])
    over = reverse("desk:take_over", args=[found.number])

    client.force_login(cast.bo)
    assert over not in client.get(url).content.decode()
    client.force_login(petra)
    shown = client.get(url).content.decode()
    assert "is working on this" in shown
    assert over in shown


def test_open_incidents_stand_first_and_those_of_others_are_counted(cast, client, linked):
    found, incidents = linked
    desk.move(
        incidents[2],
        "resolve",
        by=cast.bo,
        values={"resolution_code": "fixed", "note": "Done."},
        at=MONDAY,
    )
    client.force_login(cast.bo)

    answer = client.get(reverse("problems:problem", args=[found.number]))

    shown = [one.number for one in answer.context["incidents"]]
    assert shown == [incidents[1].number, incidents[0].number, incidents[2].number]
    assert "you may not open" not in answer.content.decode()
    # The network team has one of them now; the number of all stays.
    desk.hand_over(incidents[0], cast.network_team, by=cast.bo, at=MONDAY)
    answer = client.get(reverse("problems:problem", args=[found.number]))
    assert len(answer.context["incidents"]) == 2
    assert "1 more that you may not open." in answer.content.decode()


def test_a_workaround_is_told_once_on_each_open_incident(cast, client, linked):
    found, incidents = linked
    desk.move(
        incidents[2],
        "resolve",
        by=cast.bo,
        values={"resolution_code": "fixed", "note": "Done."},
        at=MONDAY,
    )
    client.force_login(cast.bo)
    client.post(reverse("problems:workaround", args=[found.number]), {"text": "Empty /tmp."})
    # Agents write it, the manager publishes it.
    url = reverse("problems:publish", args=[found.number])
    assert client.get(url).status_code == 404
    client.force_login(manager(cast))
    page = client.get(url)
    assert [one.pk for one in page.context["incidents"]] == [one.pk for one in incidents[:2]]
    shown = page.context["form"].initial["shown"]

    client.post(url, {"audience": "public", "shown": shown})
    assert client.post(url, {"audience": "public", "shown": shown}).status_code == 409

    assert [actions.post_pending(MONDAY), actions.post_pending(MONDAY)] == [2, 0]
    told = [one.messages.filter(text="Empty /tmp.").count() for one in incidents]
    assert told == [1, 1, 0]
    # The mail says that it is no end: a lasting solution is still to come.
    while dispatch_events():
        pass
    mails = OutgoingMail.objects.filter(text__contains="Empty /tmp.")
    assert mails.count() == 2
    assert all("This is a workaround." in mail.text for mail in mails)
    assert all("This is a workaround." in mail.html for mail in mails)


def test_incidents_that_wait_go_on_and_are_offered_for_resolution(cast, client, linked):
    found, incidents = linked
    for one in incidents[:2]:
        values = {"hold_reason": "awaiting_problem", "reference": found.number}
        desk.move(one, "hold", by=cast.bo, values=values, at=MONDAY)
    for verb in ("fix", "resolve"):
        actions.move(found, verb, by=cast.bo, values=values_of(cast, verb), at=MONDAY)
    event = found.events.filter(kind="moved").last()
    react(event)
    react(event)
    client.force_login(cast.bo)

    url = reverse("problems:solve", args=[found.number])
    page = client.get(url)
    assert list(page.context["form"].fields["incidents"].queryset) == [
        one.ticket_ptr for one in incidents[:2]
    ]
    client.post(url, {"incidents": [incidents[0].pk], "note": "The fix is applied."})

    for one in incidents:
        one.refresh_from_db()
    assert [one.status for one in incidents] == ["resolved", "in_progress", "in_progress"]


def test_a_fix_leads_to_what_waited_for_it_or_back_to_the_problem(cast, client):
    alone, waited_for = (problem_in(cast, "fix_in_progress") for _n in range(2))
    one = make.taken_incident(cast)
    actions.link_incidents(waited_for, [one], by=cast.bo, at=MONDAY)
    values = {"hold_reason": "awaiting_problem", "reference": waited_for.number}
    desk.move(one, "hold", by=cast.bo, values=values, at=MONDAY)
    client.force_login(cast.bo)

    for found, name in ((alone, "problem"), (waited_for, "solve")):
        step = reverse("problems:move", args=[found.number, "resolve"])
        answer = client.post(step, {"note": "Files are kept for 7 days."})
        assert answer.url == reverse(f"problems:{name}", args=[found.number])


def test_similar_incidents_are_a_candidate_until_a_person_decides(cast, client):
    for _count in range(5):
        make.incident(cast, title="Payroll export stops with error 500")
    make.incident(cast, title="Printer prints blank pages")
    assert actions.find_candidates(MONDAY + timedelta(days=1)) == 1
    assert actions.find_candidates(MONDAY + timedelta(days=1)) == 1
    candidate = ProblemCandidate.objects.get()
    assert (candidate.size, candidate.why["week"]) == (5, 5)
    client.force_login(cast.bo)
    for name in ("candidates",):
        assert client.get(reverse(f"problems:{name}")).status_code == 200
    assert client.get(reverse("problems:candidate", args=[candidate.pk])).status_code == 200
    url = reverse("problems:open_from", args=[candidate.pk])
    shown = client.get(url).content.decode()
    assert f'value="{candidate.words}"' in shown
    client.post(url, {"title": "Payroll export"})

    found = Problem.objects.get()
    assert found.links_in.count() == 5
    # It was decided; a second time nothing is opened.
    assert client.post(url, {"title": "Payroll export"}).status_code == 409
    assert Problem.objects.count() == 1


def test_a_dismissed_candidate_is_not_proposed_again(cast, client):
    for _count in range(5):
        make.incident(cast, title="Payroll export stops with error 500")
    actions.find_candidates(MONDAY + timedelta(days=1))
    candidate = ProblemCandidate.objects.get()
    client.force_login(cast.bo)
    url = reverse("problems:dismiss", args=[candidate.pk])
    assert client.post(url, {"reason": ""}).status_code == 422
    client.post(url, {"reason": "A planned outage."})

    actions.find_candidates(MONDAY + timedelta(days=2))

    candidate.refresh_from_db()
    assert (candidate.state, candidate.reason) == ("dismissed", "A planned outage.")
    client.force_login(cast.ann)
    assert client.get(reverse("problems:candidates")).status_code == 404
