"""One sentence that says why work costs what it costs ('explain this rate')."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Protocol

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from billing.contracts.models import Coverage, RateSource, Reason, TimePrice

from .pricing import Priced
from .terms import Terms


class Part(Protocol):
    """A segment, before or after it was stored."""

    @property
    def minutes(self) -> int: ...
    @property
    def multiplier(self) -> Decimal: ...
    @property
    def reason(self) -> str: ...


def facts_of(priced: Priced, terms: Terms) -> dict[str, str]:
    """The names that the explanation tells, as they are now; stored with the price."""
    payer = priced.contract.organization if priced.contract else priced.worked.organization
    since = priced.rate.since if priced.rate else None
    return {
        "contract": priced.contract.number if priced.contract else "",
        "customer": terms.names.get(payer, ""),
        "role": terms.role_names.get(priced.role or 0, ""),
        "activity": priced.worked.activity_name,
        "since": since.isoformat() if since else "",
        "fixed": priced.fixed,
        "own": "yes" if priced.worked.organization in terms.own and not priced.contract else "",
    }


def explain(priced: Priced, terms: Terms) -> str:
    """The sentence for a price that is not stored (yet)."""
    return _sentence(
        priced.coverage,
        priced.source,
        priced.base_rate,
        priced.currency,
        facts_of(priced, terms),
        priced.segments,
    )


def explain_price(price: TimePrice) -> str:
    """The sentence for a stored price, from what was frozen. Its segments should be prefetched."""
    return _sentence(
        price.coverage,
        price.source,
        price.base_rate,
        price.currency,
        price.facts,
        price.segments.all(),
    )


def _sentence(
    coverage: str,
    source: str,
    rate: Decimal | None,
    currency: str,
    facts: Mapping[str, Any],
    segments: Iterable[Part],
) -> str:
    if source == RateSource.FIXED:
        return _("Included: %(fixed)s is a fixed price.") % facts
    if coverage == Coverage.INCLUDED:
        if facts.get("contract"):
            return _("Included in contract %(contract)s.") % facts
        return _("Included, as it was booked.")
    if coverage == Coverage.NON_BILLABLE or rate is None:
        if facts.get("own"):
            return _("Not billable: work for our own organization, without a contract.")
        return _("Not billable; the entry says why.")
    since = facts.get("since")
    told = {
        **facts,
        "rate": f"{rate.normalize():f} {currency}",
        "origin": _origins()[source] % facts,
        "since": date_format(date.fromisoformat(since), "SHORT_DATE_FORMAT") if since else "",
    }
    text = (
        _("%(rate)s an hour, %(origin)s, valid from %(since)s")
        if since
        else _("%(rate)s an hour, %(origin)s")
    ) % told
    if coverage == Coverage.PREPAID:
        text += _("; drawn from prepaid hours first")
    return text + _multipliers(list(segments)) + "."


def _origins() -> dict[str, str]:
    return {
        RateSource.CONTRACT_ROLE_ACTIVITY: _(
            "the rate for %(role)s and %(activity)s of contract %(contract)s"
        ),
        RateSource.CONTRACT_ROLE: _("the rate for %(role)s of contract %(contract)s"),
        RateSource.CONTRACT_ACTIVITY: _("the rate for %(activity)s of contract %(contract)s"),
        RateSource.CONTRACT_DEFAULT: _("the general rate of contract %(contract)s"),
        RateSource.CUSTOMER_ROLE_ACTIVITY: _(
            "the rate of %(customer)s for %(role)s and %(activity)s"
        ),
        RateSource.CUSTOMER_ROLE: _("the rate of %(customer)s for %(role)s"),
        RateSource.CUSTOMER_ACTIVITY: _("the rate of %(customer)s for %(activity)s"),
        RateSource.CUSTOMER_DEFAULT: _("the general rate of %(customer)s"),
        RateSource.ROLE: _("the price list's rate for %(role)s"),
        RateSource.ACTIVITY: _("the price list's rate for %(activity)s"),
        RateSource.DEFAULT: _("the price list's general rate"),
    }


def _multipliers(segments: list[Part]) -> str:
    """What of the work costs more, and why; that it could not be told when."""
    reasons = {str(value): label for value, label in Reason.choices}
    dearer = [
        _("%(minutes)d min times %(factor)s (%(reason)s)")
        % {
            "minutes": part.minutes,
            "factor": f"{part.multiplier.normalize():f}",
            "reason": reasons[part.reason],
        }
        for part in segments
        if part.multiplier != 1
    ]
    if dearer:
        return "; " + ", ".join(dearer)
    if any(part.reason == Reason.NO_TIMES for part in segments):
        return _("; as normal hours, because no start and end were recorded")
    return ""
