"""Who hears of tickets that are merged and split."""

import pytest

from itil.desk import actions as desk
from tests import make
from tests.cast import person

from .post import dispatched


@pytest.fixture
def eve(cast):
    """A colleague of Ann."""
    return person("Eve", cast.acme)


def test_a_merge_itself_is_mailed_to_nobody_and_answers_reach_both_requesters(cast, eve):
    source = make.incident(cast, by=eve, requester=eve)
    target = make.taken_incident(cast)
    dispatched()

    desk.merge(source, target, by=cast.bo, note="The same relay.")
    assert dispatched() == []
    desk.reply(target, by=cast.bo, text="It runs again.")

    assert sorted(mail.to for mail in dispatched()) == [cast.ann.email, eve.email]


def test_a_split_gives_its_author_a_receipt_with_the_new_number_and_nothing_else(cast, eve):
    ticket = make.taken_incident(cast, watchers=[eve])
    message = desk.comment(ticket, by=eve, text="My screen flickers.")
    more = desk.comment(ticket, by=eve, text="Since Monday.")
    dispatched()

    opened = desk.split(ticket, message, by=cast.bo, title="Screen", later=[more])

    (mail,) = dispatched()
    assert (mail.to, mail.subject) == (eve.email, f"[#{opened.number}] Screen")
