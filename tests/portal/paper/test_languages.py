"""The words of printed documents are known while something is printed, and no longer."""

from django.utils import translation
from django.utils.translation import get_language, gettext, gettext_lazy, ngettext

from portal.paper.languages import printed_in

PERIOD = gettext_lazy("Period")


def test_what_is_printed_speaks_a_language_that_pages_do_not():
    with translation.override("nl"):
        page = str(PERIOD)
        with printed_in("nl"):
            paper = str(PERIOD)
            assert get_language() == "nl"
        assert (page, paper, str(PERIOD)) == ("Period", "Periode", "Period")


def test_one_language_within_another_and_back_again():
    with printed_in("de"):
        with printed_in("nl"):
            assert gettext("All teams") == "Alle teams"
        assert gettext("All teams") == "Alle Teams"
        told = (
            "%(counter)s more row is in the workbook.",
            "%(counter)s more rows are in the workbook.",
        )
        assert ngettext(*told, 1) != ngettext(*told, 2) != told[1]
    assert gettext("All teams") == "All teams"
