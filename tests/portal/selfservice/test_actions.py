"""Reporting and answering once, however often the form is sent."""

import uuid

import pytest

from itil.conversation.models import Message
from itil.tickets.errors import Refused
from itil.tickets.models import Ticket
from knowledgebase.models import Feedback
from portal.selfservice import actions
from portal.selfservice.models import HomePage, Submission
from tests import make
from tests.knowledgebase import shelf


def report(cast, **changes):
    return actions.report_problem(
        **{
            "by": cast.ann,
            "key": uuid.uuid4(),
            "title": "Mail does not arrive",
            "text": "Since this morning.",
            "urgency": 1,
        }
        | changes
    )


def test_a_report_becomes_an_incident_of_the_person(cast):
    ticket = report(cast, service=cast.mail_service)
    assert (ticket.kind, ticket.requester, ticket.channel, ticket.urgency, ticket.team) == (
        "incident",
        cast.ann,
        "portal",
        1,
        cast.desk_team,
    )


def test_the_same_form_sent_twice_makes_one_ticket(cast):
    key = uuid.uuid4()
    assert report(cast, key=key).pk == report(cast, key=key).pk
    assert Ticket.objects.count() == 1


def test_the_key_of_one_person_says_nothing_about_another(cast):
    key = uuid.uuid4()
    report(cast, key=key)
    report(cast, key=key, by=cast.dov)
    assert Ticket.objects.count() == 2


def test_a_refused_report_leaves_no_trace(cast):
    cast.ann.organization = None
    with pytest.raises(Refused):
        report(cast)
    assert (Ticket.objects.count(), Submission.objects.count()) == (0, 0)


def test_an_article_that_did_not_help_is_told_and_counted(cast):
    ticket = report(cast, article=shelf.article())
    assert ticket.messages.get().text == (
        "Since this morning.\n\nRead before, without success: VPN connects but nothing loads"
    )
    assert Feedback.objects.get().solved is False


def test_a_report_after_a_closed_request_is_linked_to_it(cast):
    before = make.incident(cast)
    ticket = report(cast, after=before)
    link = ticket.links_out.get()
    assert (link.type, link.target_id) == ("follow_up_of", before.pk)


def test_the_same_message_sent_twice_is_said_once(cast):
    ticket, key = make.incident(cast), uuid.uuid4()
    first = actions.say_more(ticket, by=cast.ann, key=key, text="And the phone too.")
    second = actions.say_more(ticket, by=cast.ann, key=key, text="And the phone too.")
    assert first.pk == second.pk
    assert Message.objects.filter(text="And the phone too.").count() == 1


def test_the_home_page_is_made_once_and_is_the_root_of_the_site(cast):
    home = actions.ensure_home()
    assert actions.ensure_home().pk == home.pk
    assert (HomePage.objects.count(), home.url) == (1, "/")
