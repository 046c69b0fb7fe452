from django.urls import path

from . import views

app_name = "selfservice"

urlpatterns = [
    path("search/", views.search, name="search"),
    path("search/suggest", views.suggest, name="suggest"),
    path("requests/", views.list_requests, name="requests"),
    path("requests/new/", views.report, name="report"),
    path("requests/<str:number>/", views.show_request, name="request"),
    path("requests/<str:number>/comment/", views.comment, name="comment"),
    path("requests/<str:number>/solved/", views.confirm, name="confirm"),
    path("requests/<str:number>/reopen/", views.reopen, name="reopen"),
    path("requests/<str:number>/withdraw/", views.withdraw, name="withdraw"),
]
