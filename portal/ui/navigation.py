"""What a person can go to, by duty. An item whose page does not exist is not offered."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


def _everybody(_grants) -> bool:
    return True


def _works_tickets(grants) -> bool:
    return grants.is_agent


def _sees_tickets(grants) -> bool:
    return grants.is_agent or grants.sees_all_tickets


def _has_no_desk_of_changes(grants) -> bool:
    """Others find the boards beside the changes."""
    return not _sees_tickets(grants)


def _sees_schedules(grants) -> bool:
    return (
        grants.is_agent
        or grants.is_problem_manager
        or grants.is_change_manager
        or grants.is_administrator
    )


def _sees_reports(grants) -> bool:
    return grants.sees_all_tickets


def _sees_own_figures(grants) -> bool:
    """Of the own teams; the figures of the whole desk are another page."""
    return grants.is_agent and not grants.sees_all_tickets


def _sees_money(grants) -> bool:
    return grants.is_billing_clerk and not grants.is_agent and not grants.sees_all_tickets


def _reads_time(grants) -> bool:
    """Has no time of one's own, and looks at that of others."""
    reads = grants.is_manager or grants.is_billing_clerk or grants.is_administrator
    return reads and not grants.is_agent


def _sees_invoices(grants) -> bool:
    return grants.is_billing_clerk or grants.is_manager


def _sees_rates(grants) -> bool:
    return grants.is_billing_clerk or grants.is_manager or grants.is_lead


def _is_manager(grants) -> bool:
    return grants.is_manager


def _only_keeps_costs(grants) -> bool:
    """Managers find the cost rates beside the margins."""
    return grants.is_administrator and not grants.is_manager


def _looks_after_bills(grants) -> bool:
    return grants.is_billing_contact


def _configures(grants) -> bool:
    return grants.is_administrator or grants.is_catalog_manager


@dataclass(frozen=True)
class Place:
    """Somewhere to go: a URL name (or a path of the page tree) and the duties it is for."""

    label: str | Promise
    icon: str
    url_name: str = ""
    path: str = ""
    query: str = ""
    for_whom: Callable[..., bool] = _everybody
    # A shorter word for the bar at the foot of a phone.
    short_label: str | Promise = ""
    # What a template finds the number under that stands beside the word: how much waits there.
    number: str = ""
    # What a template finds the answer under whether it is offered at all, where duties do not tell.
    condition: str = ""
    # The URL name of a page of an upper app that is one of its tabs.
    also: str = ""

    def address(self) -> str | None:
        """The URL, or None when no such page is installed."""
        try:
            found = self.path or reverse(self.url_name)
        except NoReverseMatch:
            return None
        return f"{found}?{self.query}" if self.query else found

    def is_at(self, path: str) -> bool:
        """Whether `path` is the page that belongs to it from another app."""
        try:
            return bool(self.also) and reverse(self.also) == path
        except NoReverseMatch:
            return False


@dataclass(frozen=True)
class Link:
    """A place as one page shows it."""

    label: str | Promise
    icon: str
    url: str
    is_current: bool = False
    short_label: str | Promise = ""
    number: str = ""
    condition: str = ""


@dataclass(frozen=True)
class Group:
    """Links under one heading of the sidebar; the first group has none."""

    key: str
    heading: str | Promise
    links: tuple[Link, ...]


WORK = (
    Place(_("Tickets"), icon="list-details", url_name="desk:queue", for_whom=_sees_tickets),
    Place(_("Major incidents"), icon="flame", url_name="incidents:board", for_whom=_sees_tickets),
    Place(_("Tasks"), icon="list-check", url_name="tasks:inbox", for_whom=_sees_tickets),
    Place(_("Problems"), icon="bug", url_name="problems:list", for_whom=_sees_tickets),
    Place(_("Changes"), icon="calendar-event", url_name="changes:list", for_whom=_sees_tickets),
    Place(_("Releases"), icon="package", url_name="releases:list", for_whom=_sees_tickets),
    Place(_("Schedules"), icon="refresh", url_name="schedules:list", for_whom=_sees_schedules),
    Place(_("Items"), icon="topology-star-3", url_name="cmdb:items", for_whom=_sees_tickets),
    Place(_("Services"), icon="heart-handshake", url_name="cmdb:services", for_whom=_sees_tickets),
    Place(
        _("Time"),
        icon="clock",
        url_name="desk:time",
        for_whom=_works_tickets,
        also="contracts:time",
    ),
)
VIEWS = (
    Place(
        _("Breaching soon"),
        icon="flame",
        url_name="desk:queue",
        query="view=breaching",
        for_whom=_sees_tickets,
    ),
    Place(
        _("Assigned to me"),
        icon="user",
        url_name="desk:queue",
        query="view=mine",
        for_whom=_works_tickets,
    ),
    Place(
        _("Unassigned"),
        icon="user-question",
        url_name="desk:queue",
        query="view=unassigned",
        for_whom=_sees_tickets,
    ),
)
MANAGE = (
    Place(_("Reports"), icon="chart-line", url_name="reports:overview", for_whom=_sees_reports),
    Place(_("Reports"), icon="chart-line", url_name="reports:response", for_whom=_sees_own_figures),
    Place(_("Reports"), icon="chart-line", url_name="reports:money", for_whom=_sees_money),
    Place(
        _("Estimates"),
        icon="file-invoice",
        url_name="estimates:list",
        for_whom=_sees_rates,
    ),
    Place(_("Invoices"), icon="receipt", url_name="invoices:list", for_whom=_sees_invoices),
    Place(
        _("Time"),
        icon="clock",
        url_name="desk:time_entries",
        for_whom=_reads_time,
        also="contracts:time",
    ),
    Place(_("Charges"), icon="coin", url_name="contracts:charges", for_whom=_sees_invoices),
    Place(_("Contracts"), icon="file-text", url_name="contracts:list", for_whom=_sees_rates),
    Place(_("Margins"), icon="chart-line", url_name="margins:list", for_whom=_is_manager),
    Place(_("Cost rates"), icon="coin", url_name="margins:costs", for_whom=_only_keeps_costs),
    Place(_("Settings"), icon="settings", url_name="wagtailadmin_home", for_whom=_configures),
)
EMPLOYEE = (
    Place(_("Home"), icon="home", path="/"),
    Place(_("Catalog"), icon="layout-grid", url_name="offerings:front"),
    Place(_("Answers"), icon="book-2", path="/answers/"),
    Place(
        _("My requests"),
        icon="ticket",
        url_name="selfservice:requests",
        short_label=_("Requests"),
    ),
    Place(_("Approvals"), icon="checkbox", url_name="approvals:list", number="approvals_waiting"),
    Place(
        _("Boards"),
        icon="users",
        url_name="changes:boards",
        for_whom=_has_no_desk_of_changes,
        number="board_votes_waiting",
        condition="sits_on_board",
    ),
    Place(_("Invoices"), icon="receipt", url_name="invoices:own-list", for_whom=_looks_after_bills),
)


def _is_current(url: str, request: HttpRequest) -> bool:
    """Whether `url` is this page or, without a query of its own, the list that it belongs to."""
    parts = urlsplit(url)
    if parts.query:
        asked = {key: request.GET.getlist(key) for key in parse_qs(parts.query)}
        return request.path == parts.path and asked == parse_qs(parts.query)
    if parts.path == "/":
        return request.path == "/"
    return request.path.startswith(parts.path)


def links(places: tuple[Place, ...], grants, request: HttpRequest) -> tuple[Link, ...]:
    """The places this person may go to, the current one marked."""
    found = []
    for place in places:
        url = place.address() if place.for_whom(grants) else None
        if url is not None:
            found.append(
                Link(
                    place.label,
                    place.icon,
                    url,
                    _is_current(url, request) or place.is_at(request.path),
                    place.short_label or place.label,
                    place.number,
                    place.condition,
                )
            )
    return tuple(found)


def staff_groups(grants, request: HttpRequest) -> tuple[Group, ...]:
    """The sidebar. A chosen view is the current item instead of the list it narrows."""
    views = links(VIEWS, grants, request)
    work = links(WORK, grants, request)
    if any(link.is_current for link in views):
        work = tuple(Link(link.label, link.icon, link.url) for link in work)
    groups = (
        Group("work", "", work),
        Group("views", _("My views"), views),
        Group("manage", _("Manage"), links(MANAGE, grants, request)),
    )
    return tuple(group for group in groups if group.links)
