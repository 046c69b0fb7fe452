"""Paths of costs and margins, under /billing/margins/."""

from django.urls import path

from . import views

app_name = "margins"
urlpatterns = [
    path("", views.Margins.as_view(), name="list"),
    path("costs/", views.CostList.as_view(), name="costs"),
    path("costs/new/", views.NewCost.as_view(), name="new-cost"),
    path("costs/<int:pk>/end/", views.EndCost.as_view(), name="end-cost"),
    path("costs/<int:pk>/remove/", views.RemoveCost.as_view(), name="remove-cost"),
    path("<uuid:uuid>/<str:month>/", views.MarginEntries.as_view(), name="entries"),
]
