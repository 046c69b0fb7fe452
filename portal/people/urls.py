from django.urls import path

from . import views

app_name = "people"

urlpatterns = [
    path("", views.own_settings, name="settings"),
    path("stand-ins/", views.name_stand_in, name="name_stand_in"),
    path("stand-ins/<int:pk>/end/", views.end_stand_in, name="end_stand_in"),
    path("start/", views.start, name="start"),
]
