"""What editors put on the home page."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks


class PopularSearches(blocks.StreamBlock):
    """Searches offered below the search box."""

    search = blocks.CharBlock(max_length=40, label=_("Search"), icon="search")

    class Meta:
        max_num = 8
