"""The list of indicators in the documents is written from the code."""

from django.core.management import call_command


def test_the_list_of_indicators_is_fresh():
    call_command("draw_indicators", "--check")
