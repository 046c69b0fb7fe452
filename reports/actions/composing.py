"""The report of a period for one reader: figures that this reader may see, in the own language."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from itil.sla.models import SlaClock
from itil.tickets.models import Ticket
from portal.people.models import Team, User
from reports.charts import mailed
from reports.charts.differences import than_before
from reports.charts.lines import Reading
from reports.matter import LeftOut, Report
from reports.metrics.indicator import Step
from reports.metrics.period import Period
from reports.models import ReportSubscription
from reports.permissions import tiles_told

from .boarding import answer_board, catalog, records_behind
from .boards import AGENT, BoardScope, Compare, people_of, plain_tile
from .narrowing import Share, is_customer_report, narrowed_by, title_of

EXCLUDED = "promises_excluded"
Frequency = ReportSubscription.Frequency


def compose(
    subscription: ReportSubscription,
    share: Share,
    reader: User,
    period: Period,
    *,
    comment: str,
    now: datetime,
) -> Report:
    """All of it in the language that is active; computed as of `now`."""
    tiles = tiles_told(share.tiles, catalog()["indicators"], share.reach, share.teams)
    scope = BoardScope(
        period=period,
        step=Step.WEEK if subscription.frequency == Frequency.MONTHLY else Step.DAY,
        compare=Compare.BEFORE,
        teams=share.teams,
        organization=share.organization,
        service=subscription.service_id,
        priority=subscription.priority,
        kind=subscription.kind or None,
    )
    filters = scope.as_filters() | {"tiles": [plain_tile(tile) for tile in tiles]}
    if any(AGENT in tile.dimensions for tile in tiles):
        filters["people"] = sorted(people_of(reader))
    data = answer_board(filters, now)
    reading = Reading(
        indicators=data["indicators"],
        step=scope.step,
        query={},
        than=_than(subscription.frequency),
        titles=share.titles,
    )
    return Report(
        title=subscription.name,
        subtitle=_days(period),
        brand=settings.WAGTAIL_SITE_NAME,
        language=get_language() or settings.LANGUAGE_CODE,
        zone=period.zone,
        first=period.first,
        last=period.last,
        data_until=now,
        facts=_facts(subscription, share, reader, period),
        comment=comment,
        figures=mailed.key_figures(tiles, data, reading),
        sections=mailed.sections(tiles, data, reading),
        definitions=mailed.definitions(tiles, reading),
        left_out=_left_out(filters, reader, now) if is_customer_report(subscription) else None,
        records=mailed.records(tiles, data, reading),
        listing=mailed.listing(tiles, data, reading),
    )


def _than(frequency: str) -> str:
    return {
        Frequency.DAILY: than_before(1),
        Frequency.WEEKLY: _("than the week before"),
        Frequency.MONTHLY: _("than in the same number of days before"),
    }[Frequency(frequency)]


def _days(period: Period) -> str:
    """`October 2026` for a month, else its days."""
    first, last = period.first, period.last
    if first == last:
        return date_format(first, "DATE_FORMAT")
    if first.day == 1 and period.days >= 28:
        return date_format(first, "YEAR_MONTH_FORMAT")
    return _from_to(period)


def _from_to(period: Period) -> str:
    """`1 October 2026 – 31 October 2026`, as the language writes dates."""
    return f"{date_format(period.first, 'DATE_FORMAT')} – {date_format(period.last, 'DATE_FORMAT')}"


def _facts(
    subscription: ReportSubscription, share: Share, reader: User, period: Period
) -> list[tuple[str, str]]:
    """The lines that say what was asked."""
    teams = _("All teams")
    if share.teams is not None:
        found = Team.objects.filter(pk__in=share.teams).order_by("name")
        teams = ", ".join(found.values_list("name", flat=True))
    organization = subscription.organization
    facts = [
        (_("Period"), f"{_from_to(period)} ({period.zone})"),
        (_("Organization"), organization.name if organization else _("All organizations")),
    ]
    if not is_customer_report(subscription):
        facts.append((_("Team"), teams))
        facts.append((_("Dashboard"), title_of(subscription)))
    facts += narrowed_by(subscription)
    return [*facts, (_("For"), reader.name)]


def _left_out(filters: Mapping[str, Any], reader: User, now: datetime) -> list[LeftOut]:
    """The promises that the figure counts, by the names of their tickets; of those that the reader
    may not open, the number alone (`SLA-28`)."""
    asked = {**filters, "compare": str(Compare.NONE), "indicator": EXCLUDED, "point": []}
    _told, keys = records_behind(asked, now)
    clocks = list(
        SlaClock.objects.filter(pk__in=keys).select_related("ticket").order_by("ticket_id", "pk")
    )
    seen = set(
        Ticket.objects.visible_to(reader)
        .filter(pk__in={clock.ticket_id for clock in clocks})
        .values_list("pk", flat=True)
    )
    return [
        LeftOut(
            number=clock.ticket.number,
            title=clock.ticket.title if clock.ticket_id in seen else "",
            promise=str(clock.get_metric_display()),
            reason=str(clock.get_exclusion_display()),
        )
        for clock in clocks
    ]
