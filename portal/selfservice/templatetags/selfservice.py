"""Small things that only the employees' pages need."""

from django import template
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from portal.selfservice.models import home_of
from portal.ui.search import IS_CJK, WORD, alternatives, variants

register = template.Library()


@register.filter
def marked(text: str, query: str) -> SafeString:
    """`text` with the words that `query` asks for in <mark>; of a CJK run only what was asked."""
    text = str(text)
    groups = alternatives(query)
    asked = {word for group in groups for word in group}
    beginning = groups[-1][0] if groups else ""
    out, done = [], 0
    for word in WORD.finditer(text):
        for start, end in _hits(word.group(), asked, beginning):
            start, end = word.start() + start, word.start() + end
            out += [conditional_escape(text[done:start]), _mark(text[start:end])]
            done = end
    return mark_safe("".join([*out, conditional_escape(text[done:])]))  # noqa: S308 - all escaped


def _mark(words: str) -> SafeString:
    return format_html("<mark>{}</mark>", words)


def _hits(word: str, asked: set[str], beginning: str) -> list[tuple[int, int]]:
    """Which parts of `word` were asked for, as positions in it."""
    folded = word.casefold()
    if not IS_CJK.match(word):
        begins = len(beginning) > 1 and folded.startswith(beginning)
        return [(0, len(word))] if begins or asked & set(variants(folded)) else []
    found: list[tuple[int, int]] = []
    for at in range(len(word)):
        length = 2 if word[at : at + 2] in asked else 1 if word[at] in asked else 0
        if length and found and found[-1][1] >= at:
            found[-1] = (found[-1][0], at + length)
        elif length:
            found.append((at, at + length))
    return found


@register.simple_tag
def greeting(hour: int, name: str) -> str:
    """Good morning until noon, good evening from six."""
    if hour < 12:
        return _("Good morning, %(name)s") % {"name": name}
    if hour < 18:
        return _("Good afternoon, %(name)s") % {"name": name}
    return _("Good evening, %(name)s") % {"name": name}


@register.inclusion_tag("portal/selfservice/_help_line.html", takes_context=True)
def help_line(context) -> dict[str, object]:
    """How to reach a person, the same on every page. One query, none where Wagtail found it."""
    return {"home": home_of(context["request"]), "frame": context.get("frame")}
