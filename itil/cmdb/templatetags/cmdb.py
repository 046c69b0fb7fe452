"""What the pages of items need beyond the common parts."""

from collections.abc import Mapping
from typing import Any

from django import template

register = template.Library()


@register.filter
def at(names: Mapping[Any, Any], key: Any) -> Any:
    """The entry of a mapping under a key; empty without."""
    return names.get(key, "")
