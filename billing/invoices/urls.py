"""Paths of invoices, under /billing/invoices/."""

from django.urls import path

from . import views

app_name = "invoices"
urlpatterns = [
    path("", views.InvoiceList.as_view(), name="list"),
    path("run/", views.Run.as_view(), name="run"),
    path("runs/", views.Runs.as_view(), name="runs"),
    path("runs/<uuid:uuid>/", views.RunDetail.as_view(), name="billing-run"),
    path("runs/<uuid:uuid>/progress/", views.RunProgress.as_view(), name="run-progress"),
    path("runs/<uuid:uuid>/cancel/", views.CancelRun.as_view(), name="run-cancel"),
    path("runs/<uuid:uuid>/issue/", views.IssueRun.as_view(), name="run-issue"),
    path("this-month/", views.ThisMonth.as_view(), name="this-month"),
    path("<uuid:uuid>/", views.Detail.as_view(), name="detail"),
    path("<uuid:uuid>/lines/<int:position>/", views.Line.as_view(), name="line"),
    path("<uuid:uuid>/issue/", views.Issue.as_view(), name="issue"),
    path("<uuid:uuid>/progress/", views.Progress.as_view(), name="progress"),
    path("<uuid:uuid>/pdf/", views.Pdf.as_view(), name="pdf"),
    path("<uuid:uuid>/hours/", views.Hours.as_view(), name="hours"),
]
