"""What keeps a margin from being told, in words."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from billing.margins.matching.reading import NO_COST, NO_PRICE, NO_RATE


def missing_in_words(missing: Iterable[tuple[str, str]]) -> str:
    """Each kind once, with the names it is about; empty when nothing is missing."""
    texts = {
        NO_COST: _("No cost rate: %(names)s"),
        NO_RATE: _("No exchange rate: %(names)s"),
        NO_PRICE: _("No hourly rate: %(names)s"),
    }
    names: dict[str, list[str]] = {}
    for kind, name in missing:
        names.setdefault(kind, []).append(name)
    return "; ".join(
        texts[kind] % {"names": ", ".join(sorted(set(found)))} for kind, found in names.items()
    )
