"""Paths below /rate/."""

from django.urls import path

from . import views

app_name = "surveys"
urlpatterns = [
    path("<str:token>/", views.rate_by_link, name="rate"),
    path("<str:token>/reopen/", views.reopen_by_link, name="reopen"),
]
