from django.urls import path

from . import views

app_name = "offerings"

urlpatterns = [
    path("", views.front, name="front"),
    path("view-as/", views.choose_person, name="choose_person"),
    path("view-as/<uuid:uuid>/", views.front_as, name="front_as"),
    path("view-as/<uuid:uuid>/<slug:slug>/", views.department_as, name="department_as"),
    path("view-as/<uuid:uuid>/<slug:slug>/<slug:item>/", views.item_as, name="item_as"),
    path("<slug:slug>/", views.department, name="department"),
]
