"""The part of an article that answers what was typed."""

import pytest

from knowledgebase.matching import passage_of, share_of_words
from portal.ui.search import alternatives

from . import shelf


def steps_of(passage) -> list[str]:
    return [step.source for step in passage.steps]


def test_the_steps_come_first_when_nothing_says_otherwise(cast):
    passage = passage_of(shelf.article(), "vpn")
    assert steps_of(passage) == ["Quit the VPN app fully.", "Choose another server."]
    assert passage.text == ""


def test_a_paragraph_that_has_the_words_is_the_passage(cast):
    passage = passage_of(shelf.article(), "router drops connection")
    assert (passage.steps, passage.text) == ((), "Some home routers drop the connection.")


def test_a_long_paragraph_is_cut_and_has_no_markup(cast):
    article = shelf.article(paragraph="<b>Router</b> " + "word " * 100)
    passage = passage_of(article, "router")
    assert passage.text.startswith("Router word")
    assert passage.text.endswith("…")
    assert len(passage.text.split()) <= 61


def test_no_more_than_five_steps_are_shown(cast):
    article = shelf.article(steps=[f"Step {number}" for number in range(9)])
    assert len(passage_of(article, "step").steps) == 5


def test_an_article_without_steps_and_paragraphs_shows_its_summary(cast):
    article = shelf.article(body=[("heading", "Nothing here")])
    assert passage_of(article, "vpn").text == "What to do when pages stay empty."


@pytest.mark.parametrize(
    ("typed", "share"), [("mail arrives", 1.0), ("mail printer", 0.5), ("printer", 0.0), ("", 0.0)]
)
def test_the_share_of_words_knows_their_forms(typed, share):
    assert share_of_words(alternatives(typed), "Mail does not arrive") == share
