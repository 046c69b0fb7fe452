from django.urls import path

from . import views

app_name = "people"

urlpatterns = [
    path("", views.own_settings, name="settings"),
    path("start/", views.start, name="start"),
]
