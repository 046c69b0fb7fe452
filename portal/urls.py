"""The one URL map."""

from django.urls import include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

urlpatterns = [
    path("", include("portal.signin.urls")),
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("me/", include("portal.people.urls")),
    path("desk/", include("itil.desk.urls")),
    path("desk/schedules/", include("itil.schedules.urls")),
    path("desk/incidents/", include("itil.incidents.urls")),
    path("desk/tasks/", include("itil.tasks.urls")),
    path("desk/problems/", include("itil.problems.urls")),
    path("desk/changes/", include("itil.changes.urls")),
    path("desk/releases/", include("itil.releases.urls")),
    path("desk/", include("itil.cmdb.urls")),
    path("billing/", include("billing.contracts.urls")),
    path("billing/estimates/", include("billing.estimates.urls")),
    path("billing/margins/", include("billing.margins.urls")),
    path("billing/invoices/", include("billing.invoices.urls")),
    path("reports/", include("reports.urls")),
    path("fields/", include("itil.fields.urls")),
    path("approvals/", include("itil.approvals.urls")),
    path("attachments/", include("itil.conversation.urls")),
    path("rate/", include("itil.surveys.urls")),
    path("catalog/", include("catalog.offerings.urls")),
    path("", include("catalog.requests.urls")),
    path("", include("knowledgebase.urls")),
    path("", include("portal.selfservice.urls")),
    # Pages that editors make; last, because it takes every path.
    path("", include(wagtail_urls)),
]
