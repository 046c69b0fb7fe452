"""Contracts, rates and histories as rows of words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .models import Contract, ContractEvent, CreditUnit, Grouping, RoundingMode
from .models.rates import HourlyRate
from .templatetags.contracts import times


@dataclass(frozen=True)
class Term:
    """One line of the contract: what it is about, and what was agreed."""

    label: str
    text: str


@dataclass(frozen=True)
class RateRow:
    """A rate and whether it applies today: "now", "coming" or "past"."""

    rate: HourlyRate
    standing: str


def terms_in_words(contract: Contract) -> list[Term]:
    """What the contract says, in sentences. Four queries for what it covers."""
    return [
        *_coverage(contract),
        Term(_("Hours"), _hours(contract)),
        Term(_("Rounding"), _rounding(contract)),
        Term(_("Approval"), _approval(contract)),
        Term(_("Orders"), _orders(contract)),
        Term(_("Missed targets"), _credits(contract)),
        Term(_("Payment"), _payment(contract)),
        Term(_("Invoices"), str(Grouping(contract.grouping).label)),
        Term(_("VAT"), _vat(contract)),
    ]


def _coverage(contract: Contract) -> list[Term]:
    services = _names(contract.services.all())
    rows = [Term(_("Covers"), services or _("All services"))]
    included = [
        text
        for text in (
            _names(contract.included_services.all()),
            _names(contract.included_activities.all()),
        )
        if text
    ]
    rows.append(Term(_("Included"), "; ".join(included) or _("Nothing, all work is charged")))
    call_outs = _names(contract.call_out_activities.all())
    if call_outs:
        rows.append(Term(_("Call-out"), f"{call_outs} ({times(contract.call_out_multiplier)})"))
    return rows


def _hours(contract: Contract) -> str:
    if contract.hours is None:
        return _("The same rate at all times.")
    return _(
        "The plain rate within “%(hours)s”; %(late)s outside, %(free)s on Sundays and holidays. "
        "The highest applies; they are not multiplied."
    ) % {
        "hours": contract.hours.name,
        "late": times(contract.out_of_hours_multiplier),
        "free": times(contract.holiday_multiplier),
    }


def _rounding(contract: Contract) -> str:
    if contract.rounding_mode == RoundingMode.NONE:
        text = _("Minutes are not rounded.")
    else:
        text = {
            RoundingMode.UP: _("Up to %(minutes)d minutes, %(scope)s."),
            RoundingMode.NEAREST: _("To the nearest %(minutes)d minutes, %(scope)s."),
        }[RoundingMode(contract.rounding_mode)] % {
            "minutes": contract.rounding_increment,
            "scope": contract.get_rounding_scope_display().lower(),
        }
    if contract.minimum_minutes:
        scope = contract.get_minimum_scope_display() or contract.get_rounding_scope_display()
        text += " " + _("At least %(minutes)d minutes, %(scope)s.") % {
            "minutes": contract.minimum_minutes,
            "scope": str(scope).lower(),
        }
    return text


def _approval(contract: Contract) -> str:
    return " ".join(
        [
            _("A team lead approves hours before they are billed.")
            if contract.time_approval
            else _("Hours are billed as they were booked."),
            _("Work may begin before an estimate is accepted.")
            if contract.work_before_acceptance
            else _("Work waits until an estimate is accepted."),
        ]
    )


def _orders(contract: Contract) -> str:
    since = contract.orders_charged_from
    if since is None:
        return _("Orders of the catalog are not charged.")
    return _("Orders delivered from %(day)s are charged.") % {"day": day_in_words(since)}


def _credits(contract: Contract) -> str:
    """What is proposed as a credit after a month."""
    if not contract.gives_credits:
        return _("No credits.")
    is_share = contract.credit_unit == CreditUnit.PERCENT
    unit = "%" if is_share else contract.currency
    parts = [
        text % {"credit": f"{value.normalize():f} {unit}"}
        for value, text in (
            (contract.response_credit, _("%(credit)s for each late first response.")),
            (contract.resolution_credit, _("%(credit)s for each late solution.")),
            (contract.credit_cap, _("At most %(credit)s in a month.")),
        )
        if value is not None
    ]
    if contract.credit_cap is None:
        parts.append(_("At most what the month costs."))
    return " ".join(parts)


def _payment(contract: Contract) -> str:
    days = contract.payment_terms_days
    if contract.terms_from_month_end:
        return ngettext(
            "%(days)d day after the end of the month of the invoice",
            "%(days)d days after the end of the month of the invoice",
            days,
        ) % {"days": days}
    return ngettext("%(days)d day net", "%(days)d days net", days) % {"days": days}


def _vat(contract: Contract) -> str:
    if contract.vat_category == "S":
        return f"{contract.vat_rate.normalize():f} %"
    # The reason is what is printed, and mostly begins with the name of the category.
    return contract.vat_exemption_reason or str(contract.get_vat_category_display())


def _names(found: Iterable[object]) -> str:
    return ", ".join(str(one) for one in found)


def rates_by_validity(rates: Iterable[HourlyRate], day: date) -> list[RateRow]:
    """Rates with the newest of each kind that has begun as the present one."""
    rows, present = [], {}
    for rate in rates:
        whom = getattr(rate, "organization_id", None), getattr(rate, "currency", "")
        key = (*whom, rate.role_id, rate.activity_id)
        rows.append((key, rate))
        since = rate.valid_from or date.min
        if since <= day and since >= present.get(key, date.min):
            present[key] = since
    return [
        RateRow(rate, _standing(rate.valid_from or date.min, present.get(key), day))
        for key, rate in rows
    ]


def _standing(since: date, present: date | None, day: date) -> str:
    if since > day:
        return "coming"
    return "now" if since == present else "past"


@dataclass(frozen=True)
class Happening:
    """An event with its changes in words."""

    event: ContractEvent
    changes: list[str]


def history(events: Iterable[ContractEvent]) -> list[Happening]:
    """Events with what changed, each field by its name."""
    labels = {
        field.name: field.verbose_name
        for field in Contract._meta.get_fields()
        if hasattr(field, "verbose_name")
    }
    return [
        Happening(
            event,
            [
                _("%(field)s: from “%(before)s” to “%(after)s”")
                % {"field": labels.get(name, name), "before": before, "after": after}
                for name, (before, after) in event.changes.items()
            ],
        )
        for event in events
    ]


def day_in_words(day: date | None) -> str:
    return date_format(day, "j M Y") if day else ""
