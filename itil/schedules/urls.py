from django.urls import path

from .views import keeping, listing, running, schedule

app_name = "schedules"

urlpatterns = [
    path("", listing.Schedules.as_view(), name="list"),
    path("new/", keeping.ChooseKind.as_view(), name="choose"),
    path("new/<slug:kind>/", keeping.NewSchedule.as_view(), name="new"),
    path("<int:pk>/", schedule.SchedulePage.as_view(), name="schedule"),
    path("<int:pk>/edit/", keeping.EditSchedule.as_view(), name="edit"),
    path("<int:pk>/switch/", running.Switch.as_view(), name="switch"),
    path("<int:pk>/run/", running.RunNow.as_view(), name="run"),
    path("<int:pk>/link/", schedule.LinkToIt.as_view(), name="link"),
]
