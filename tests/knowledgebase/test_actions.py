"""Votes on articles."""

from knowledgebase.actions import give_feedback
from knowledgebase.models import AnswersPage, Feedback
from portal.selfservice.actions import ensure_home

from . import shelf


def votes() -> list[tuple]:
    return list(Feedback.objects.order_by("pk").values_list("user__name", "solved", "query"))


def test_a_vote_is_counted_with_what_was_searched(cast):
    give_feedback(shelf.article(), by=cast.ann, solved=True, query="vpn")
    assert votes() == [("Ann", True, "vpn")]


def test_voting_again_changes_the_vote(cast):
    article = shelf.article()
    give_feedback(article, by=cast.ann, solved=True)
    give_feedback(article, by=cast.ann, solved=False)
    assert votes() == [("Ann", False, "")]


def test_visitors_are_counted_without_a_name(cast):
    article = shelf.article()
    give_feedback(article, by=None, solved=True)
    give_feedback(article, by=None, solved=True)
    assert votes() == [(None, True, ""), (None, True, "")]


def test_the_section_is_made_once(cast):
    ensure_home()
    ensure_home()
    assert AnswersPage.objects.count() == 1
