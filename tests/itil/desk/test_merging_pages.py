"""The pages that merge and split tickets: who gets them, what they show before, what they do."""

import pytest

from itil.conversation.files import NewFile
from itil.desk import actions as desk
from itil.incidents.models import Incident
from itil.tickets import actions as tickets
from itil.tickets.models import Ticket, TicketEvent
from tests import make
from tests.cast import person

QUEUE = "/desk/tickets/"


def page_of(response) -> str:
    return response.content.decode()


def address(ticket, step="") -> str:
    return f"{QUEUE}{ticket.number}/{step}"


def said(response) -> list[str]:
    return [str(message) for message in response.context["messages"]]


@pytest.fixture
def eve(cast):
    """A colleague of Ann."""
    return person("Eve", cast.acme)


@pytest.fixture
def pair(cast, eve):
    """Eve's ticket, which repeats Ann's."""
    target = make.taken_incident(cast, title="Mail does not arrive")
    return make.incident(cast, by=eve, requester=eve, title="No mail"), target


# --- Getting there ------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "offered"), [("bo", True), ("cleo", True), ("mia", False)])
def test_the_ticket_offers_merging_and_splitting_to_its_people(signed_in, cast, name, offered):
    ticket = make.incident(cast)
    desk.note(ticket, by=cast.bo, text="Inside.")
    desk.reply(ticket, by=cast.bo, text="On it.")
    own, *others = ticket.messages.order_by("pk")

    page = page_of(signed_in(getattr(cast, name)).get(address(ticket)))

    assert (address(ticket, "merge/") in page) == offered
    assert (address(ticket, f"split/{own.uuid}/") in page) == offered
    assert not any(str(message.uuid) in page for message in others)


def test_what_is_over_offers_no_merge(signed_in, cast):
    ticket = make.resolved_incident(cast)

    assert address(ticket, "merge/") not in page_of(signed_in(cast.bo).get(address(ticket)))


@pytest.mark.parametrize(
    ("name", "status"),
    [("ann", 404), ("dov", 404), ("ned", 404), ("bea", 404)]
    + [("bo", 200), ("cleo", 200), ("mia", 200), ("root", 200)],
)
def test_the_pages_are_for_those_who_may_see_the_ticket(signed_in, cast, pair, name, status):
    source, target = pair
    message = source.messages.get()
    client = signed_in(getattr(cast, name))
    # Who has no part in the desk, or reads no texts, meets no message either.
    reads = {"mia": 404}.get(name, status)

    assert client.get(address(source, "merge/")).status_code == status
    assert client.get(address(source, f"merge/?into={target.number}")).status_code == status
    assert client.get(address(source, f"split/{message.uuid}/")).status_code == reads


@pytest.mark.parametrize("name", ["mia", "root"])
def test_who_only_reads_is_refused_with_a_sentence(signed_in, cast, pair, name):
    source, target = pair
    events = TicketEvent.objects.count()
    client = signed_in(getattr(cast, name))

    shown = client.get(address(source, "merge/"), {"into": target.number})
    refused = client.post(address(source, "merge/"), {"into": target.number})

    for response, status in ((shown, 200), (refused, 409)):
        assert response.status_code == status
        text = f"You cannot merge {source.number}: another team works on it."
        assert page_of(response).count(text) == 1
        assert 'method="post"' not in page_of(response).split('class="act"')[1]
    assert TicketEvent.objects.count() == events


# --- Choosing the other ticket ------------------------------------------------------------------


def offered(client, ticket, **query) -> list[str]:
    return [t.title for t in client.get(address(ticket, "merge/"), query).context["offered"]]


def test_open_tickets_of_the_organization_are_offered_the_requesters_own_first(
    signed_in, cast, eve
):
    ticket = make.incident(cast, title="This one")
    for title, changes in (
        ("Mine", {}),
        ("Of Eve", {"by": eve, "requester": eve}),
        ("Of Globex", {"by": cast.dov, "requester": cast.dov}),
        ("Of Network", {"team": cast.network_team}),
    ):
        make.incident(cast, title=title, **changes)
    make.resolved_incident(cast, title="Done")

    assert offered(signed_in(cast.bo), ticket) == ["Mine", "Of Eve"]
    # A lead sees the other team's ticket too, but may not merge into it.
    assert offered(signed_in(cast.cleo), ticket) == ["Mine", "Of Eve"]


def test_a_confidential_ticket_is_offered_none_that_is_not(signed_in, cast):
    ticket, hidden = make.incident(cast, title="This"), make.incident(cast, title="Hidden")
    make.incident(cast, title="Open to all")
    Ticket.objects.filter(pk__in=(ticket.pk, hidden.pk)).update(is_confidential=True)

    assert offered(signed_in(cast.bo), ticket) == ["Hidden"]


def test_words_and_numbers_find_the_other_ticket(signed_in, cast, pair):
    source, target = pair
    client = signed_in(cast.bo)

    by_number = client.get(address(source, "merge/"), {"q": target.number.lower()})
    nothing = client.get(address(source, "merge/"), {"q": "inc-999999"})

    assert by_number.url == f"{address(source, 'merge/')}?into={target.number}"
    assert "No open ticket matches" in page_of(nothing)
    assert offered(client, source, q="\0") == ["Mail does not arrive"]


def test_a_ticket_out_of_sight_is_absent(signed_in, cast, pair):
    hidden = make.incident(cast, team=cast.network_team, title="Vault")
    client = signed_in(cast.bo)

    for number in (hidden.number, "INC-999999", "nonsense", "\0"):
        assert client.get(address(pair[0], "merge/"), {"into": number}).status_code == 404
        assert client.post(address(pair[0], "merge/"), {"into": number}).status_code == 404
    found = page_of(client.get(address(pair[0], "merge/"), {"q": hidden.number}))
    assert "Vault" not in found


def test_a_merged_ticket_leads_to_the_one_that_goes_on_if_that_is_in_sight(signed_in, cast, pair):
    source, target = pair
    new = make.incident(cast, title="Third")
    desk.merge(source, target, by=cast.bo)
    client = signed_in(cast.bo)
    into = {"into": source.number}

    assert client.get(address(new, "merge/"), into).context["other"].pk == target.pk
    Ticket.objects.filter(pk=target.pk).update(team=cast.network_team, assignee=None)
    assert client.get(address(new, "merge/"), into).status_code == 404


# --- Before and after the merge -----------------------------------------------------------------


def test_the_page_says_what_will_happen_and_changes_nothing(signed_in, cast, pair):
    source, target = pair
    child = make.incident(cast, title="Third floor")
    Ticket.objects.filter(pk=child.pk).update(parent=source)
    tickets.watch(source, cast.dov)
    desk.note(source, by=cast.bo, text="Same relay.")
    events = TicketEvent.objects.count()

    page = page_of(signed_in(cast.bo).get(address(source, "merge/"), {"into": target.number}))

    for words in (
        "Mail does not arrive",
        "Ann",
        "In progress",
        f"{source.number} is cancelled as a duplicate of {target.number}.",
        f"Its 2 messages show on {target.number}, with their files.",
        f"Mail that answers {source.number} goes to {target.number} from now on.",
        f"These follow {target.number} from now on and get its messages: Eve",
        f"These may not see {target.number} and will not hear of it: Dov",
        f"1 ticket below it moves to {target.number}.",
        f"Merge {source.number} into {target.number}",
    ):
        assert words in page
    assert TicketEvent.objects.count() == events


def test_confirming_merges_and_leads_to_the_ticket_that_goes_on(signed_in, cast, pair):
    source, target = pair

    response = signed_in(cast.bo).post(
        address(source, "merge/"), {"into": target.number, "note": "Same relay."}, follow=True
    )

    assert response.redirect_chain == [(address(target), 303)]
    assert said(response) == [f"{source.number} is part of {target.number} now."]
    assert f"from {source.number}" in page_of(response)
    assert Incident.objects.get(pk=source.pk).merged_into_id == target.pk


def test_confirming_twice_says_that_it_is_done(signed_in, cast, pair):
    source, target = pair
    client = signed_in(cast.bo)
    values = {"into": target.number, "note": "Typed words"}
    client.post(address(source, "merge/"), values)

    again = client.post(address(source, "merge/"), values)

    assert again.status_code == 409
    assert page_of(again).count(f"{source.number} was merged into {target.number} already.") == 1
    assert TicketEvent.objects.filter(kind="merged").count() == 2


def test_a_confirmation_without_a_ticket_goes_back_to_choosing(signed_in, cast, pair):
    response = signed_in(cast.bo).post(address(pair[0], "merge/"), {"note": "x"})

    assert response.status_code == 422
    assert "Which ticket is about the same?" in page_of(response)


def test_the_ticket_page_costs_the_same_whatever_was_merged_into_it(
    signed_in, cast, eve, django_assert_max_num_queries
):
    target = make.taken_incident(cast)
    client = signed_in(cast.bo)

    def absorb(count):
        for number in range(count):
            source = make.incident(
                cast, by=eve, requester=eve, attachments=[NewFile(f"{number}.txt", b"words")]
            )
            desk.merge(source, target, by=cast.bo)

    absorb(1)
    with django_assert_max_num_queries(16) as one:
        client.get(address(target))
    absorb(8)
    with django_assert_max_num_queries(16) as many:
        response = client.get(address(target))

    assert page_of(response).count("8.txt") + page_of(response).count("7.txt") == 1
    assert len(one) == len(many)


def test_the_pages_of_a_merge_cost_little(signed_in, cast, pair, django_assert_max_num_queries):
    source, target = pair
    for number in range(12):
        make.incident(cast, title=f"Other {number}")
    client = signed_in(cast.bo)

    with django_assert_max_num_queries(8):
        client.get(address(source, "merge/"))
    with django_assert_max_num_queries(14):
        client.get(address(source, "merge/"), {"into": target.number})


# --- Splitting ----------------------------------------------------------------------------------


@pytest.fixture
def story(cast):
    """A ticket, the second problem Ann writes about on it, and what she adds."""
    ticket = make.taken_incident(cast)
    first = desk.comment(ticket, by=cast.ann, text="The printer is out of ink.\nThe blue one.")
    more = desk.comment(ticket, by=cast.ann, text="It is the printer on the third floor.")
    return ticket, first, more


def test_the_message_its_owner_and_the_later_ones_are_shown(signed_in, cast, story):
    ticket, first, more = story

    response = signed_in(cast.bo).get(address(ticket, f"split/{first.uuid}/"))
    page = page_of(response)

    assert 'value="The printer is out of ink."' in page
    assert "The new ticket belongs to Ann, who gets a receipt with its number." in page
    assert list(response.context["form"].fields["later"].queryset) == [more]
    assert "It is the printer on the third floor." in page


def test_splitting_leads_to_the_new_ticket(signed_in, cast, story):
    ticket, first, more = story
    values = {"title": "No ink", "later": [more.pk]}

    response = signed_in(cast.bo).post(address(ticket, f"split/{first.uuid}/"), values, follow=True)

    opened = Incident.objects.get(title="No ink")
    assert response.redirect_chain == [(address(opened), 303)]
    assert said(response) == [f"{opened.number} is open, split out of {ticket.number}."]
    assert opened.messages.count() == 2


def test_splitting_twice_says_so_and_keeps_what_was_typed(signed_in, cast, story):
    ticket, first, _more = story
    client = signed_in(cast.bo)
    client.post(address(ticket, f"split/{first.uuid}/"), {"title": "No ink"})

    again = client.post(address(ticket, f"split/{first.uuid}/"), {"title": "No ink"})
    empty = client.post(address(ticket, f"split/{first.uuid}/"), {"title": " "})

    assert (again.status_code, empty.status_code) == (409, 422)
    assert "This message is a ticket of its own already" in page_of(again)
    assert 'value="No ink"' in page_of(again)
    assert Incident.objects.count() == 2


def test_only_public_messages_of_the_requesters_side_of_this_ticket_have_the_page(
    signed_in, cast, story
):
    ticket, _first, _more = story
    messages = [
        desk.note(ticket, by=cast.bo, text="Inside."),
        desk.reply(ticket, by=cast.bo, text="On it."),
        make.incident(cast).messages.get(),
    ]
    client = signed_in(cast.bo)

    for message in messages:
        assert client.get(address(ticket, f"split/{message.uuid}/")).status_code == 404
        values = {"title": "No ink"}
        assert client.post(address(ticket, f"split/{message.uuid}/"), values).status_code == 404
    wrong = {"title": "No ink", "later": [messages[0].pk]}
    response = client.post(address(ticket, f"split/{story[1].uuid}/"), wrong)
    assert (response.status_code, Incident.objects.count()) == (422, 2)


def test_who_only_reads_the_conversation_gets_no_button(signed_in, cast, story):
    ticket, first, _more = story
    client = signed_in(cast.root)

    shown = client.get(address(ticket, f"split/{first.uuid}/"))
    refused = client.post(address(ticket, f"split/{first.uuid}/"), {"title": "No ink"})

    assert "Open the new ticket" not in page_of(shown)
    assert (refused.status_code, Incident.objects.count()) == (409, 1)
    assert "another team works on it" in page_of(refused)
