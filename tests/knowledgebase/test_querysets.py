"""Who may read which article (`KBA-3`)."""

import pytest
from django.contrib.auth.models import AnonymousUser

from knowledgebase.models import ArticlePage

from . import shelf


@pytest.fixture
def three_articles(cast):
    """One for each audience."""
    for audience in ("public", "employees", "staff"):
        shelf.article(f"Article for {audience}", audience=audience)


def titles(user) -> list[str]:
    return sorted(ArticlePage.objects.visible_to(user).values_list("title", flat=True))


def test_a_visitor_reads_public_articles(three_articles):
    assert titles(AnonymousUser()) == ["Article for public"]


def test_a_person_reads_public_articles_and_those_for_people_who_sign_in(cast, three_articles):
    assert titles(cast.ann) == ["Article for employees", "Article for public"]


@pytest.mark.parametrize("name", ["bo", "cleo", "mia", "bea", "root"])
def test_staff_read_all(cast, three_articles, name):
    assert titles(getattr(cast, name)) == [
        "Article for employees",
        "Article for public",
        "Article for staff",
    ]


def test_an_unpublished_article_is_read_by_nobody(cast):
    page = shelf.article()
    page.unpublish()
    assert titles(cast.root) == []


def test_popular_articles_are_those_that_solved_it_for_most(cast):
    first, second = shelf.article("First"), shelf.article("Second")
    for person in (cast.ann, cast.dov):
        second.feedback.create(user=person, solved=True)
    first.feedback.create(user=cast.ann, solved=False)
    assert [
        (page.title, page.solved_count, page.vote_count) for page in ArticlePage.objects.popular()
    ] == [("Second", 2, 2), ("First", 0, 1)]
