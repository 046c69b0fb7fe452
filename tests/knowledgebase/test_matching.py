"""Suggestions: the right article first, in every language, within its audience."""

import pytest
from django.contrib.auth.models import AnonymousUser

from knowledgebase.matching import suggest

from . import shelf

TITLES = [
    "VPN connects but nothing loads",
    "Set up VPN on a new phone",
    "Reset your password",
    "Принтер не печатает",
    "VPNに接続できないとき",
    "パスワードを変更する",
    "無法連接印表機",
    "Cara mengganti kata sandi",
]


@pytest.fixture
def library(cast):
    for title in TITLES:
        shelf.article(title, summary="In short.", paragraph="", steps=["Do it."])


def found(text, user, **options) -> list[str]:
    return [match.article.title for match in suggest(text, user, **options)]


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("vpn connec", "VPN connects but nothing loads"),
        ("my vpn is not connecting", "VPN connects but nothing loads"),
        ("vpn phone", "Set up VPN on a new phone"),
        ("forgot PASSWORDS", "Reset your password"),
        ("pass", "Reset your password"),
        ("принтеры", "Принтер не печатает"),
        ("ПРИНТЕР печатает плохо", "Принтер не печатает"),
        ("VPN接続", "VPNに接続できないとき"),
        ("パスワード", "パスワードを変更する"),
        ("印表機", "無法連接印表機"),
        ("ganti sandi", "Cara mengganti kata sandi"),
        ("kata sandi", "Cara mengganti kata sandi"),
    ],
)
def test_the_fitting_article_comes_first(cast, library, typed, title):
    assert found(typed, cast.ann)[0] == title


def test_an_article_with_most_of_the_words_is_offered_as_the_answer(cast, library):
    assert [match.is_good for match in suggest("vpn connects", cast.ann)][0] is True


def test_an_article_with_one_word_of_many_is_not_the_answer(cast, library):
    [*matches] = suggest("password of the coffee machine kitchen", cast.ann)
    assert [(match.article.title, match.is_good) for match in matches] == [
        ("Reset your password", False)
    ]


def test_unknown_words_find_nothing(cast, library):
    assert found("zebra", cast.ann) == []


@pytest.mark.parametrize("typed", ["", "  ", "!?", "%", '"', "vpn\x00", "OR AND NOT", "*"])
def test_odd_input_breaks_nothing(cast, library, typed):
    assert set(found(typed, cast.ann)) <= set(TITLES)


def test_words_of_the_text_alone_find_an_article_when_no_other_fits(cast):
    shelf.article(paragraph="Turn on Compatibility mode.")
    assert found("compatibility", cast.ann) == ["VPN connects but nothing loads"]


def test_other_words_given_by_the_editor_find_an_article(cast):
    shelf.article(keywords="tunnel remote")
    assert found("tunnel", cast.ann) == ["VPN connects but nothing loads"]


def test_an_article_outside_its_audience_is_not_suggested(cast):
    shelf.article("Unlock an account", audience="staff")
    shelf.article("Account for guests", audience="employees")
    assert found("account", AnonymousUser()) == []
    assert found("account", cast.ann) == ["Account for guests"]
    assert sorted(found("account", cast.bo)) == ["Account for guests", "Unlock an account"]


def test_an_unpublished_article_is_not_suggested(cast):
    shelf.article().unpublish()
    assert found("vpn", cast.ann) == []


def test_no_more_than_the_limit_is_suggested(cast):
    for number in range(5):
        shelf.article(f"VPN part {number}")
    assert len(found("vpn", cast.ann, limit=3)) == 3


@pytest.mark.parametrize("articles", [1, 30])
def test_suggesting_takes_the_same_queries_for_any_number_of_articles(
    cast, articles, django_assert_num_queries
):
    for number in range(articles):
        shelf.article(f"VPN part {number}")
    suggest("vpn", cast.ann)
    with django_assert_num_queries(2):
        suggest("vpn par", cast.ann)
