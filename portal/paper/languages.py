"""The words of what is printed and mailed, which pages do not know.

Not every page is translated: were these words known everywhere, the pages of a Dutch user would be
half Dutch. So they stand in the catalogues `paper` of our apps, which the framework does not read.
"""

import gettext
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from django.apps import apps
from django.utils import translation
from django.utils.translation import to_locale, trans_real

DOMAIN = "paper"


@contextmanager
def printed_in(language: str) -> Iterator[None]:
    """Speak a language with the words of printed documents as well; the one before speaks again in
    the end. `get_language` says the language, and dates and numbers are written as it writes them.
    """
    with speaking(_with_paper(language)):
        yield


@contextmanager
def speaking(language: trans_real.DjangoTranslation) -> Iterator[None]:
    """Speak with the words of `language`, which may know more than the framework does; the one
    before speaks again in the end. The framework's `override` only remembers its name: whatever is
    called inside uses this one when its caller has more to say.
    """
    before = getattr(trans_real._active, "value", None)
    trans_real._active.value = language
    try:
        yield
    finally:
        translation.deactivate()
        if before is not None:
            trans_real._active.value = before


@cache
def _with_paper(language: str) -> trans_real.DjangoTranslation:
    found = trans_real.DjangoTranslation(language)
    for app in apps.get_app_configs():
        folder = Path(app.path) / "locale"
        found.merge(gettext.translation(DOMAIN, folder, [to_locale(language)], fallback=True))
    return found
