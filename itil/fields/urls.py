from django.urls import path

from . import views

app_name = "fields"

urlpatterns = [
    path("people/", views.PeopleFound.as_view(), name="people"),
    path("items/", views.ItemsFound.as_view(), name="items"),
]
