"""The page tree for tests whose database was emptied by an earlier one."""

from django.conf import settings
from wagtail.models import Locale, Page


def plant_root() -> None:
    """The root that Wagtail's migrations make, when it is gone."""
    if Page.objects.filter(depth=1).exists():
        return
    Locale.objects.get_or_create(language_code=settings.LANGUAGE_CODE)
    Page.add_root(title="Root", slug="root")
