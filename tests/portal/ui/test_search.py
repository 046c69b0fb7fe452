"""The words under which texts are found."""

import pytest

from portal.ui.search import alternatives, index_tokens, is_long_enough, tokens_of


@pytest.mark.parametrize(
    ("stored", "asked"),
    [
        ("Printers on the second floor", "printer"),
        ("Принтер не печатает", "ПРИНТЕРЫ"),
        ("Cara mengganti kata sandi", "ganti sandi"),
        ("VPNに接続できないとき", "VPN 接続"),
        ("無法連接VPN", "連接"),
        ("Straße gesperrt", "strasse"),
        ("ＶＰＮ ｆｕｌｌ width", "vpn"),
        ("Wachtwoorden vergeten", "wachtwoord"),
    ],
)
def test_every_word_that_is_asked_for_is_among_the_tokens_of_the_text(stored, asked):
    tokens = set(tokens_of(stored))
    assert [group for group in alternatives(asked) if not tokens & set(group)] == []


def test_words_that_say_nothing_are_not_asked_for():
    assert alternatives("the VPN is not connecting") == [("vpn",), ("connecting", "connect")]


def test_a_query_of_fillers_alone_asks_for_them():
    assert alternatives("it is") == [("it",), ("is",)]


def test_japanese_particles_are_not_asked_for():
    assert alternatives("VPNに接続できない") == [("vpn",), ("接続",)]


def test_a_single_chinese_character_is_asked_for_as_it_is():
    assert alternatives("網") == [("網",)]


def test_a_chinese_run_is_stored_as_characters_and_pairs():
    assert index_tokens("連接網") == "連 接 網 連接 接網"


def test_an_empty_text_has_no_tokens():
    assert index_tokens("") == ""


def test_a_pasted_page_asks_for_a_bounded_number_of_words():
    assert len(alternatives(" ".join(f"word{number}" for number in range(500)))) == 24


@pytest.mark.parametrize(
    ("text", "enough"), [("", False), ("v", False), (" v ", False), ("vp", True), ("網", True)]
)
def test_two_letters_or_one_character_are_enough_to_look(text, enough):
    assert is_long_enough(text) is enough
