"""The pages of approvals: what waits, what was decided, and what an outsider never sees."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from itil.approvals import actions
from itil.approvals.matter import MatterFile
from itil.approvals.models import ApprovalProcess, ApprovalQuestion, Vote
from itil.conversation.models import Message
from itil.tickets.models import TicketEvent
from tests import make

from .people import (
    DAY,
    HOUR,
    begun,
    colleagues,
    give,
    manager_policy,
    matter,
    policy,
    stand_in,
    state_of,
    team_of,
    vote_of,
)

LIST = "/approvals/"


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def process(house, now):
    return begun(house, manager_policy(), at=now - HOUR)


def page(name, vote):
    return reverse(f"approvals:{name}", args=[vote.uuid])


def test_the_list_shows_what_waits_with_all_that_a_decision_needs(house, process, signed_in):
    response = signed_in(house.max).get(LIST)
    text = response.content.decode()
    for said in (
        "Laptop for Ann",
        "Asked by Ann",
        "The old one is broken.",
        "1,890.00",
        "Creator 14",
        house.ticket.number,
    ):
        assert said in text
    assert response.context["counts"] == {"waiting": 1, "decided": 0}


def test_others_see_nothing_of_it(house, process, signed_in):
    vote = Vote.objects.get()
    for person in (house.ann, house.rita, house.cast.bo, house.cast.root, house.cast.dov):
        client = signed_in(person)
        response = client.get(LIST)
        assert response.context["counts"] == {"waiting": 0, "decided": 0}
        assert b"Laptop" not in response.content
        assert client.get(page("vote", vote)).status_code == 404
        for verb in ("decide", "ask", "withdraw"):
            assert client.post(page(verb, vote), {"decision": "approved"}).status_code == 404
    assert state_of(process) == "running"


def test_without_signing_in_the_pages_ask_for_it(process, client):
    vote = Vote.objects.get()
    for url in (LIST, page("vote", vote)):
        assert client.get(url).status_code == 302
    assert client.post(page("decide", vote), {"decision": "approved"}).status_code == 302
    assert state_of(process) == "running"


def test_the_requester_does_not_get_in_as_a_stand_in(house, process, signed_in, now):
    stand_in(house.max, house.ann, at=now - DAY)
    client = signed_in(house.ann)
    assert client.get(LIST).context["counts"] == {"waiting": 0, "decided": 0}
    assert client.post(
        page("decide", Vote.objects.get()), {"decision": "approved"}
    ).status_code == (404)
    assert state_of(process) == "running"


def test_approving_from_the_list_leads_back_to_it(house, process, signed_in):
    client = signed_in(house.max)
    response = client.post(page("decide", Vote.objects.get()), {"decision": "approved"})
    assert (response.status_code, response.url) == (303, LIST)
    assert b"Approved: Laptop for Ann" in client.get(LIST).content
    assert state_of(process) == "approved"
    decided = client.get(LIST + "?show=decided")
    assert decided.context["counts"] == {"waiting": 0, "decided": 1}
    assert b"Laptop for Ann" in decided.content


def test_declining_without_a_reason_keeps_what_was_typed(house, process, signed_in):
    client, vote = signed_in(house.max), Vote.objects.get()
    response = client.post(page("decide", vote), {"decision": "rejected", "note": "Wait for May"})
    assert response.status_code == 422
    assert b"Say why; the requester reads it." in response.content
    assert b"Wait for May" in response.content
    sent = client.post(page("decide", vote), {"decision": "rejected", "reason": "Too dear"})
    assert sent.status_code == 303
    assert state_of(process) == "rejected"


@pytest.mark.parametrize("decision", ["", "maybe", "waiting", "void"])
def test_a_decision_that_is_none_is_refused(house, process, signed_in, decision):
    response = signed_in(house.max).post(page("decide", Vote.objects.get()), {"decision": decision})
    assert response.status_code == 422
    assert state_of(process) == "running"


def test_a_decision_that_comes_too_late_is_told_and_keeps_what_was_typed(house, now, signed_in):
    one, two = colleagues(house.cast, "One", "Two")
    step = {"source": "team", "team": team_of(one, two), "rule": "any"}
    process = begun(house, policy(step), at=now - HOUR)
    late = vote_of(two, process)
    give(process, one, "approved", at=now - HOUR)
    response = signed_in(two).post(
        page("decide", late), {"decision": "rejected", "reason": "I disagree"}
    )
    assert response.status_code == 409
    assert b"already decided" in response.content
    assert b"I disagree" in response.content
    assert b"Laptop" not in response.content
    assert state_of(process) == "approved"


def test_the_page_shows_the_matter_and_the_earlier_votes_but_not_the_ticket(house, now, signed_in):
    Message.objects.filter(ticket=house.ticket).update(text="Secret words of the conversation")
    rules = policy({"source": "manager", "label": "Manager"}, {"source": "managers_manager"})
    process = begun(house, rules, at=now - 2 * HOUR)
    actions.vote(
        vote_of(house.max, process),
        "approved",
        by=house.max,
        reason="She needs it",
        note="Spare budget",
        at=now - HOUR,
    )
    text = signed_in(house.rita).get(page("vote", vote_of(house.rita, process))).content.decode()
    for said in ("Laptop for Ann", "Creator 14", "Manager", "She needs it", "Spare budget"):
        assert said in text
    assert "Secret words" not in text
    assert house.ticket.get_absolute_url() not in text


def test_abstaining_is_offered_only_where_others_decide_too(house, process, now, signed_in):
    assert b"Abstain" not in signed_in(house.max).get(page("vote", Vote.objects.get())).content
    one, two = colleagues(house.cast, "One", "Two")
    rules = policy({"source": "team", "team": team_of(one, two)}, name="Board")
    board = actions.start(make.incident(house.cast), rules, matter(house), at=now)
    assert b"Abstain" in signed_in(one).get(page("vote", vote_of(one, board))).content


def test_an_approver_of_a_later_step_sees_nothing_yet(house, now, signed_in):
    begun(house, policy({"source": "manager"}, {"source": "managers_manager"}), at=now - HOUR)
    assert signed_in(house.rita).get(LIST).context["counts"]["waiting"] == 0


def test_a_stand_in_sees_for_whom(house, process, signed_in, now):
    stand_in(house.max, house.rita, at=now - DAY)
    client, vote = signed_in(house.rita), Vote.objects.get()
    assert b"You stand in for Max" in client.get(LIST).content
    assert b"You stand in for Max" in client.get(page("vote", vote)).content
    client.post(page("decide", vote), {"decision": "approved"})
    assert b"Rita for Max" in client.get(LIST + "?show=decided").content


def test_a_stand_in_sees_confidential_matters_only_when_told_so(house, process, signed_in, now):
    house.ticket.is_confidential = True
    house.ticket.save()
    delegation = stand_in(house.max, house.rita, at=now - DAY)
    client = signed_in(house.rita)
    assert client.get(LIST).context["counts"]["waiting"] == 0
    assert client.get(page("vote", Vote.objects.get())).status_code == 404
    delegation.includes_confidential = True
    delegation.save()
    assert client.get(LIST).context["counts"]["waiting"] == 1


def test_an_ended_stand_in_sees_nothing(house, process, signed_in, now):
    stand_in(house.max, house.rita, at=now - 3 * DAY, days=2)
    client = signed_in(house.rita)
    assert client.get(LIST).context["counts"]["waiting"] == 0
    assert client.get(page("vote", Vote.objects.get())).status_code == 404


def test_a_question_goes_to_the_requester_and_the_answer_comes_back(house, process, signed_in):
    vote = Vote.objects.get()
    response = signed_in(house.max).post(page("ask", vote), {"text": "Which color?"})
    assert response.status_code == 303
    question = ApprovalQuestion.objects.get()
    url = reverse("approvals:question", args=[question.uuid])
    assert signed_in(house.rita).get(url).status_code == 404
    client = signed_in(house.ann)
    assert b"Which color?" in client.get(url).content
    empty = client.post(url, {"text": ""})
    assert (empty.status_code, "Write your answer." in empty.content.decode()) == (422, True)
    assert client.post(url, {"text": "Gray."}).status_code == 303
    assert b"Gray." in signed_in(house.max).get(page("vote", vote)).content


def test_the_chain_on_a_page_of_the_request_asks_whom_it_concerns(house, process, now, rf):
    actions.ask(vote_of(house.max, process), by=house.max, text="Which color?", at=now)

    def chain(person):
        request = rf.get("/")
        request.user = person
        given = {"process": ApprovalProcess.objects.get()}
        return render_to_string("itil/approvals/_chain.html", given, request=request)

    assert "Which color?" in chain(house.ann)
    assert "Which color?" not in chain(house.cast.bo)
    assert "Max" in chain(house.cast.bo)


def test_an_answer_that_comes_too_late_keeps_what_was_typed(house, process, signed_in, now):
    question = actions.ask(vote_of(house.max, process), by=house.max, text="Why?", at=now)
    actions.cancel(house.ticket, at=now)
    url = reverse("approvals:question", args=[question.uuid])
    response = signed_in(house.ann).post(url, {"text": "Because of the spring"})
    assert response.status_code == 409
    assert b"Because of the spring" in response.content


def test_an_open_vote_is_taken_back_on_its_page(house, now, signed_in):
    one, two = colleagues(house.cast, "One", "Two")
    process = begun(house, policy({"source": "team", "team": team_of(one, two)}), at=now - HOUR)
    give(process, one, "approved", at=now - HOUR)
    client, vote = signed_in(one), vote_of(one, process)
    assert b"Take it back" in client.get(page("vote", vote)).content
    assert client.post(page("withdraw", vote)).status_code == 303
    assert vote_of(one, process).state == "waiting"


def test_a_changed_request_says_so_and_hides_what_it_was(house, process, signed_in, now):
    vote = vote_of(house.max, process)
    actions.void(house.ticket, "Another model", at=now)
    text = signed_in(house.max).get(page("vote", vote)).content.decode()
    assert "Your decision is no longer needed" in text
    assert "Laptop for Ann" not in text


def test_the_list_costs_the_same_for_one_and_for_many(house, process, signed_in, now):
    client = signed_in(house.max)

    def statements():
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(LIST).status_code == 200
        return len(queries)

    one = statements()
    rules = manager_policy(name="Again")
    for number in range(6):
        ticket = make.incident(house.cast, title=f"Laptop {number}")
        actions.start(ticket, rules, matter(house), at=now)
    assert statements() == one <= 8


def test_nothing_is_decided_by_looking(house, process, signed_in):
    client, vote = signed_in(house.max), Vote.objects.get()
    before = TicketEvent.objects.count()
    for url in (LIST, page("vote", vote)):
        client.get(url)
    for verb in ("decide", "withdraw", "ask"):
        assert client.get(page(verb, vote)).status_code == 405
    assert TicketEvent.objects.count() == before


def test_the_files_of_the_matter_open_for_voters_only(house, signed_in, now):
    path = default_storage.save("attachments/quote", ContentFile(b"%PDF-1.7 quote"))
    gone = MatterFile("gone.txt", "attachments/gone", "text/plain")
    files = (MatterFile("quote.pdf", path, "application/pdf"), gone)
    process = begun(house, manager_policy(), at=now - HOUR, files=files)
    vote = vote_of(house.max, process)

    def address(number):
        return reverse("approvals:file", args=[vote.uuid, number])

    client = signed_in(house.max)
    assert "quote.pdf" in client.get(page("vote", vote)).content.decode()
    response = client.get(address(1))
    assert b"".join(response.streaming_content) == b"%PDF-1.7 quote"
    assert response.headers["Content-Disposition"] == 'attachment; filename="quote.pdf"'
    assert [client.get(address(number)).status_code for number in (0, 2, 3)] == [404, 404, 404]
    for person in (house.ann, house.rita, house.cast.dov):
        assert signed_in(person).get(address(1)).status_code == 404
    actions.void(house.ticket, "Changed", at=now)
    assert signed_in(house.max).get(address(1)).status_code == 404
