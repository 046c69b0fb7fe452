"""Small things that only the employees' pages need."""

import re

from django import template
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from wagtail.models import Site

from portal.selfservice.models import HomePage
from portal.ui.search import alternatives, words_of

register = template.Library()

_PARTS = re.compile(r"(\w+)")


@register.filter
def marked(text: str, query: str) -> SafeString:
    """`text` with the words that `query` asks for in <mark>."""
    groups = alternatives(query)
    asked = {word for group in groups for word in group}
    beginning = groups[-1][0] if groups else ""
    out = []
    for part in _PARTS.split(str(text)):
        forms = {form for group in alternatives(part) for form in group}
        begins = len(beginning) > 1 and part.casefold().startswith(beginning)
        is_hit = bool(words_of(part)) and (bool(forms & asked) or begins)
        out.append(format_html("<mark>{}</mark>", part) if is_hit else conditional_escape(part))
    return mark_safe("".join(out))  # noqa: S308 - every part was escaped above


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
    """How to reach a person, the same on every page. One query, none on the home page itself."""
    page = context.get("page")
    if not isinstance(page, HomePage):
        site = Site.find_for_request(context["request"])
        page = HomePage.objects.filter(pk=site.root_page_id).first() if site else None
    return {"home": page, "frame": context.get("frame")}
