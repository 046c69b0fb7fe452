"""Speaking to a customer in the language of an invoice or estimate: pages of links, and mails."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from babel import Locale
from babel.core import UnknownLocaleError
from django.utils.translation.trans_real import DjangoTranslation
from django.utils.translation.trans_real import translation as spoken

from portal.paper.languages import speaking

from .phrases import ENGLISH, PHRASES

# What a customer reads whose language our phrases do not know.
OTHERWISE = "en-gb"
PLACE = re.compile(r"\{(\w+)\}")
# Of the plural forms of a language, the phrases know so many: one, a few, many.
LATE = ("Late, %(days)d day", "late_0", "late_1", "late_2")
MOST_FORMS = 4


class CustomersLanguage(DjangoTranslation):
    """A language with our phrases in the place of their English."""

    def __init__(self, language: str, phrases: dict[str, str]) -> None:
        super().__init__(language)
        self.said = {_placed(ENGLISH[key]): _placed(text) for key, text in phrases.items()}
        counted, *keys = LATE
        self.counted = {
            (counted, form): _placed(phrases[keys[min(form, len(keys) - 1)]])
            for form in range(MOST_FORMS)
        }

    def gettext(self, message: str) -> str:
        return self.said.get(message) or str(super().gettext(message))

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        found = self.counted.get((msgid1, int(self.plural(n))))
        return found or str(super().ngettext(msgid1, msgid2, n))


@contextmanager
def spoken_to_customer(language: str) -> Iterator[None]:
    """Speak `language`, that of what was sent: words, dates and amounts alike. All of it is
    English where our phrases do not know the language, so that no page is half in another. Who
    spoke before speaks again in the end.
    """
    name = _name_of(language)
    if name in PHRASES and name != "en":
        words = _of(language)
    else:
        words = spoken(language if name == "en" else OTHERWISE)
    with speaking(words):
        yield


@cache
def _of(language: str) -> CustomersLanguage:
    return CustomersLanguage(language, PHRASES[_name_of(language)])


def _name_of(language: str) -> str:
    """ "de" of "de-at"; "" of what is no language."""
    try:
        return str(Locale.parse(language, sep="-").language)
    except (UnknownLocaleError, ValueError):
        return ""


def _placed(text: str) -> str:
    """As templates write it: %(number)s for {number}."""
    return PLACE.sub(r"%(\1)s", text)
