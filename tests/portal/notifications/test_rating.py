"""How a solution was rated: who is asked in which mail, who hears of a low score."""

from datetime import timedelta

import pytest

from itil.desk import actions as desk
from itil.surveys.actions import rate
from itil.surveys.models import Survey
from itil.tickets.actions import watch
from itil.tickets.models import Ticket, TicketEvent
from portal.notifications.reactions import react
from portal.outbox.models import OutgoingMail
from tests import make
from tests.cast import MONDAY

from .post import dispatched


@pytest.fixture
def solved(cast):
    """Ann's incident, solved by Bo; all mails so far are written."""
    ticket = make.resolved_incident(cast)
    dispatched()
    return ticket


def test_only_whom_it_is_for_gets_the_faces(cast):
    ticket = make.taken_incident(cast)
    watch(ticket, cast.dov)
    values = {"resolution_code": "fixed", "note": "It runs again."}
    ticket = desk.move(ticket, "resolve", by=cast.bo, values=values, at=MONDAY)
    to_ann, to_dov = dispatched()[-2:]
    assert (to_ann.to, to_dov.to) == (cast.ann.email, cast.dov.email)
    assert "/rate/" in to_ann.text
    assert "/rate/" not in to_dov.text + to_dov.html
    assert to_ann.key == Survey.objects.get().mail_key


def test_the_same_reaction_twice_asks_in_one_mail(cast, solved):
    react(TicketEvent.objects.get(kind="moved", data__verb="resolve"))
    assert OutgoingMail.objects.filter(text__contains="/rate/").count() == 1
    assert Survey.objects.count() == 1


def test_who_was_asked_this_week_gets_the_mail_without_faces(cast, solved):
    make.resolved_incident(cast, at=MONDAY + timedelta(days=2))
    mail = dispatched()[-1]
    assert "We think that your request is solved." in mail.text
    assert "How did we do?" not in mail.text + mail.html


def test_who_cannot_be_mailed_is_not_asked(cast):
    cast.ann.mail_undeliverable_at = MONDAY
    cast.ann.save()
    make.resolved_incident(cast)
    dispatched()
    assert Survey.objects.count() == 0


def test_a_low_score_is_told_to_the_assignee_and_the_leads(cast, solved):
    rate(solved, by=cast.ann, score=2, comment="It <came> back.", at=MONDAY)
    mails = dispatched()
    assert [mail.to for mail in mails] == [cast.bo.email, cast.cleo.email]
    assert f"Ann rated the solution of {solved.number}: Bad." in mails[0].text
    assert "It <came> back." in mails[0].text
    assert "It &lt;came&gt; back." in mails[0].html
    assert f"/desk/tickets/{solved.number}/" in mails[0].text


@pytest.mark.parametrize("score", [3, 4, 5])
def test_other_scores_are_mailed_to_nobody(cast, solved, score):
    rate(solved, by=cast.ann, score=score, comment="Fine.", at=MONDAY)
    assert dispatched() == []


def test_a_score_that_stays_low_is_told_again_only_with_words(cast, solved):
    rate(solved, by=cast.ann, score=2, at=MONDAY)
    assert len(dispatched()) == 2
    rate(solved, by=cast.ann, score=1, at=MONDAY)
    assert dispatched() == []
    rate(solved, by=cast.ann, score=1, comment="It came back.", at=MONDAY)
    assert len(dispatched()) == 2


def test_a_low_score_of_a_confidential_ticket_is_not_quoted(cast, solved):
    Ticket.objects.update(is_confidential=True)
    rate(Ticket.objects.get(), by=cast.ann, score=1, comment="Secret words.", at=MONDAY)
    for mail in dispatched():
        assert "Secret" not in mail.text + mail.html
        assert "Very bad" not in mail.text + mail.html
