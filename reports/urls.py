"""Paths below /reports/."""

from django.urls import path

from . import views
from .charts.dashboards import BOARDS, OVERVIEW

app_name = "reports"
urlpatterns = [
    path("", views.BoardPage.as_view(board=OVERVIEW), name=OVERVIEW.key),
    path("sla/", views.LevelsPage.as_view(), name="levels"),
    path("sla/promises/", views.ClocksPage.as_view(), name="clocks"),
    path("sla/unmeasured/", views.UnmeasuredPage.as_view(), name="unmeasured"),
    path("csat/", views.SatisfactionPage.as_view(), name="csat"),
    path("csat/forms/", views.ConsultationsPage.as_view(), name="consultations"),
    path("csat/ratings/", views.RatingsPage.as_view(), name="ratings"),
    path("flow/", views.FlowPage.as_view(), name="flow"),
    path("flow/tickets/", views.FlowTicketsPage.as_view(), name="flow-tickets"),
    path("forecast/", views.ForecastPage.as_view(), name="forecast"),
    path("what-if/", views.WhatIfPage.as_view(), name="what-if"),
    path("key/", views.KeyPage.as_view(), name="key"),
    path("kpis.json", views.kpis_file, {"form": "json"}, name="kpis-json"),
    path("kpis.csv", views.kpis_file, {"form": "csv"}, name="kpis-csv"),
    path("status/", views.StatusFragment.as_view(), name="status"),
    path("list/", views.RecordsPage.as_view(), name="list"),
    path("pivot/", views.PivotPage.as_view(), name="pivot"),
    path("own/", views.OwnListPage.as_view(), name="own-list"),
    path("own/new/", views.NewOwnPage.as_view(), name="own-new"),
    path("own/<int:pk>/", views.OwnPage.as_view(), name="own"),
    path("own/<int:pk>/edit/", views.OwnEditPage.as_view(), name="own-edit"),
    path("own/<int:pk>/copy/", views.CopyOwnPage.as_view(), name="own-copy"),
    path("own/<int:pk>/delete/", views.DeleteOwnPage.as_view(), name="own-delete"),
    path("own/<int:pk>/tiles/new/", views.TilePage.as_view(), name="own-tile-new"),
    path("own/<int:pk>/tiles/<int:tile>/", views.TilePage.as_view(), name="own-tile"),
    path("own/<int:pk>/tiles/<int:tile>/move/", views.MoveTilePage.as_view(), name="own-tile-move"),
    path(
        "own/<int:pk>/tiles/<int:tile>/remove/",
        views.RemoveTilePage.as_view(),
        name="own-tile-remove",
    ),
    *(
        path(f"{board.key}/", views.BoardPage.as_view(board=board), name=board.key)
        for board in BOARDS
        if board is not OVERVIEW
    ),
    path("mailed/", views.SubscriptionList.as_view(), name="subscriptions"),
    path("mailed/new/", views.NewSubscription.as_view(), name="subscription-new"),
    path("mailed/<int:pk>/", views.SubscriptionPage.as_view(), name="subscription"),
    path("mailed/<int:pk>/edit/", views.EditSubscription.as_view(), name="subscription-edit"),
    path("mailed/<int:pk>/pause/", views.PauseSubscription.as_view(), name="subscription-pause"),
    path("mailed/<int:pk>/test/", views.TestSubscription.as_view(), name="subscription-test"),
    path("mailed/<int:pk>/delete/", views.DeleteSubscription.as_view(), name="subscription-delete"),
    path(
        "mailed/<int:pk>/release/<str:first>/<str:last>/",
        views.ReleaseDrafts.as_view(),
        name="subscription-release",
    ),
    path("mailed/files/<uuid:uuid>/", views.MailedFile.as_view(), name="mailed-file"),
]
