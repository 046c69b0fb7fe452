"""Paths below /reports/."""

from django.urls import path

from . import views

app_name = "reports"
urlpatterns = [
    path("", views.OverviewPage.as_view(), name="overview"),
    path("status/", views.StatusFragment.as_view(), name="status"),
]
