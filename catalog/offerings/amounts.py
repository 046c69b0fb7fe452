"""Prices and delivery times in words, as cards and forms show them."""

from copy import copy
from decimal import Decimal

from babel import Locale
from django.utils.translation import get_language, ngettext, to_locale
from django.utils.translation import gettext as _

from itil.fields.definition import Definition, Kind


def money_text(amount: Decimal, currency: str) -> str:
    """ "€980", "€12.50": in the viewer's language, without decimals when there are none."""
    locale = Locale.parse(to_locale(get_language() or "en-gb"))
    pattern = copy(locale.currency_formats["standard"])
    is_whole = amount == amount.to_integral_value()
    if is_whole:
        pattern.frac_prec = (0, 0)
    return str(pattern.apply(amount, locale, currency=currency, currency_digits=not is_whole))


def least_price(form: Definition) -> Decimal:
    """What the cheapest answers add to a price: of each choice that everybody has to make, the
    option that costs least.
    """
    choices = (
        question
        for section in form.sections
        for question in section.questions
        if question.required
        and question.kind in (Kind.CHOICE, Kind.TREE)
        and not question.conditions
        and not section.conditions
    )
    nothing = Decimal(0)
    return sum(
        (
            min((option.price or nothing for option in one.chosen.values()), default=nothing)
            for one in choices
        ),
        nothing,
    )


def price_text(amount: Decimal, currency: str, *, monthly: bool, starting: bool) -> str:
    """ "Free", "€22 a month", "From €980": `starting` when choices in the form add to it."""
    if not amount:
        return _("Price by choice") if starting else _("Free")
    money = money_text(amount, currency)
    if monthly:
        text = _("From %(money)s a month") if starting else _("%(money)s a month")
    else:
        text = _("From %(money)s") if starting else "%(money)s"
    return text % {"money": money}


def days_text(days: int, *, working: bool = True) -> str:
    """ "Same day", "1 working day", "5 working days"; "45 days" where every day counts."""
    if days == 0:
        return _("Same day")
    if working:
        text = ngettext("%(count)d working day", "%(count)d working days", days)
    else:
        text = ngettext("%(count)d day", "%(count)d days", days)
    return text % {"count": days}
