from django.urls import path

from portal.ui import converters  # noqa: F401 - makes <record:...> known

from . import views

app_name = "selfservice"

urlpatterns = [
    path("", views.home, name="home"),
    path("search/", views.search, name="search"),
    path("search/suggest", views.suggest, name="suggest"),
    path("requests/", views.list_requests, name="requests"),
    path("requests/new/", views.report, name="report"),
    path("requests/new/answer/", views.read_answer, name="read-answer"),
    path("requests/new/solved/", views.end_with_answer, name="end-with-answer"),
    path("requests/<record:number>/", views.show_request, name="request"),
    path("requests/<record:number>/comment/", views.comment, name="comment"),
    path("requests/<record:number>/solved/", views.confirm, name="confirm"),
    path("requests/<record:number>/rate/", views.rate, name="rate"),
    path("requests/<record:number>/reopen/", views.reopen, name="reopen"),
    path("requests/<record:number>/withdraw/", views.withdraw, name="withdraw"),
    path("q/<uuid:code>/", views.report_by_label, name="item-report"),
    path("q/<uuid:code>/me-too/", views.affects_me_too, name="me-too"),
    path("q/sent/<uuid:report>/", views.report_sent, name="report-sent"),
    path("q/confirm/<uuid:report>/", views.confirm_report, name="confirm-report"),
    path("devices/", views.my_devices, name="devices"),
    path("devices/<record:number>/report/", views.report_device, name="report-device"),
]
