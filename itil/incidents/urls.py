from django.urls import path

from . import views

app_name = "incidents"

urlpatterns = [
    path("new/", views.NewIncident.as_view(), name="new"),
    path("new/people/", views.PeopleFound.as_view(), name="people"),
]
