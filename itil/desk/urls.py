from django.urls import path

from portal.ui import converters  # noqa: F401 - makes <record:...> known

from .views import acting, deadlines, merging, promising, queue, ticket, time

app_name = "desk"


urlpatterns = [
    path("tickets/", queue.Queue.as_view(), name="queue"),
    path("tickets/filter/", queue.FilterPanel.as_view(), name="filter"),
    path("tickets/take/", queue.TakeSelected.as_view(), name="take_selected"),
    path("tickets/<record:number>/", ticket.TicketPage.as_view(), name="ticket"),
    path("tickets/<record:number>/deadlines/", deadlines.Deadlines.as_view(), name="deadlines"),
    path("tickets/<record:number>/say/", acting.Say.as_view(), name="say"),
    path("tickets/<record:number>/take/", acting.Take.as_view(), name="take"),
    path("tickets/<record:number>/take-over/", acting.TakeOver.as_view(), name="take_over"),
    path("tickets/<record:number>/assign/", acting.Assign.as_view(), name="assign"),
    path("tickets/<record:number>/hand-over/", acting.HandOver.as_view(), name="hand_over"),
    path("tickets/<record:number>/edit/", acting.Edit.as_view(), name="edit"),
    path("tickets/<record:number>/priority/", acting.SetPriority.as_view(), name="priority"),
    path("tickets/<record:number>/priority/lift/", acting.LiftPriority.as_view(), name="lift"),
    path(
        "tickets/<record:number>/supplier-answered/",
        promising.SupplierAnswered.as_view(),
        name="supplier_answered",
    ),
    path("tickets/<record:number>/exclude/", promising.Exclude.as_view(), name="exclude"),
    path("tickets/<record:number>/time/", acting.BookTime.as_view(), name="book_time"),
    path("tickets/<record:number>/timer/start/", acting.StartTimer.as_view(), name="start_timer"),
    path("tickets/<record:number>/timer/stop/", acting.StopTimer.as_view(), name="stop_timer"),
    path("tickets/<record:number>/move/<slug:verb>/", acting.Move.as_view(), name="move"),
    path("tickets/<record:number>/merge/", merging.Merge.as_view(), name="merge"),
    path("tickets/<record:number>/split/<uuid:message>/", merging.Split.as_view(), name="split"),
    path("time/", time.MyTime.as_view(), name="time"),
]
