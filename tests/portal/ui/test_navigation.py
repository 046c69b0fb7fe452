from types import ModuleType

import pytest
from django.test import RequestFactory
from django.urls import include, path
from django.views.generic import TemplateView

from portal.people.models import Grants, Role
from portal.ui import navigation


def pages(*names):
    return [path(f"{name}/", TemplateView.as_view(), name=name) for name in names]


FULL = [
    path("desk/", include((pages("queue", "time"), "desk"))),
    path("reports/", include((pages("overview"), "reports"))),
    path("invoices/", include((pages("list"), "invoices"))),
    path("requests/", include((pages("requests"), "selfservice"))),
    path("admin/", TemplateView.as_view(), name="wagtailadmin_home"),
]


@pytest.fixture
def installed(settings):
    """A function that makes a site of the given paths."""

    def install(patterns):
        site = ModuleType("site_of_navigation")
        site.urlpatterns = patterns
        settings.ROOT_URLCONF = site

    return install


def labels(grants, path_asked="/nowhere/"):
    request = RequestFactory().get(path_asked)
    groups = navigation.staff_groups(grants, request)
    return {group.key: [str(link.label) for link in group.links] for group in groups}


AGENT = Grants(roles=frozenset({Role.AGENT}), team_ids=frozenset({1}))
LEAD = Grants(roles=frozenset({Role.LEAD}), team_ids=frozenset({1}), led_team_ids=frozenset({1}))
VIEWS = ["Breaching soon", "Assigned to me", "Unassigned"]


def test_an_agent_works_tickets_and_logs_time(installed):
    installed(FULL)
    assert labels(AGENT) == {"work": ["Tickets", "Time"], "views": VIEWS}


def test_a_lead_reads_reports_too(installed):
    installed(FULL)
    assert labels(LEAD) == {"work": ["Tickets", "Time"], "views": VIEWS, "manage": ["Reports"]}


def test_a_manager_sees_all_but_owns_no_queue(installed):
    installed(FULL)
    assert labels(Grants(roles=frozenset({Role.MANAGER}))) == {
        "work": ["Tickets"],
        "views": ["Breaching soon", "Unassigned"],
        "manage": ["Reports", "Invoices"],
    }


def test_a_billing_clerk_sees_invoices_only(installed):
    installed(FULL)
    assert labels(Grants(roles=frozenset({Role.BILLING_CLERK}))) == {"manage": ["Invoices"]}


def test_an_administrator_sees_settings_and_holds_no_business_duty(installed):
    installed(FULL)
    assert labels(Grants(is_administrator=True))["manage"] == ["Reports", "Settings"]


def test_an_employee_has_no_desk(installed):
    installed(FULL)
    assert labels(Grants()) == {}


def test_a_page_that_is_not_installed_is_not_offered(installed):
    installed([path("reports/", include((pages("overview"), "reports")))])
    assert labels(LEAD) == {"manage": ["Reports"]}


def current(path_asked):
    request = RequestFactory().get(path_asked)
    return [
        str(link.label)
        for group in navigation.staff_groups(AGENT, request)
        for link in group.links
        if link.is_current
    ]


def test_a_page_below_a_list_keeps_the_list_current(installed):
    installed(FULL)
    assert current("/desk/queue/INC-000001/") == ["Tickets"]


def test_a_view_is_current_instead_of_its_list(installed):
    installed(FULL)
    assert current("/desk/queue/?view=mine") == ["Assigned to me"]


def test_employees_have_the_same_places_on_every_device(installed):
    installed(FULL)
    request = RequestFactory().get("/requests/requests/")
    found = navigation.links(navigation.EMPLOYEE, Grants(), request)
    assert [(str(link.label), link.is_current) for link in found] == [
        ("Home", False),
        ("Answers", False),
        ("My requests", True),
    ]
