"""Paths below /reports/."""

from django.urls import path

from . import views

app_name = "reports"
urlpatterns = [
    path("", views.OverviewPage.as_view(), name="overview"),
    path("sla/", views.LevelsPage.as_view(), name="levels"),
    path("sla/promises/", views.ClocksPage.as_view(), name="clocks"),
    path("sla/unmeasured/", views.UnmeasuredPage.as_view(), name="unmeasured"),
    path("csat/", views.SatisfactionPage.as_view(), name="csat"),
    path("csat/forms/", views.ConsultationsPage.as_view(), name="consultations"),
    path("csat/ratings/", views.RatingsPage.as_view(), name="ratings"),
    path("what-if/", views.WhatIfPage.as_view(), name="what-if"),
    path("status/", views.StatusFragment.as_view(), name="status"),
]
