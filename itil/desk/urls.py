from django.urls import path

from .views import acting, queue, ticket, time

app_name = "desk"

urlpatterns = [
    path("tickets/", queue.Queue.as_view(), name="queue"),
    path("tickets/filter/", queue.FilterPanel.as_view(), name="filter"),
    path("tickets/take/", queue.TakeSelected.as_view(), name="take_selected"),
    path("tickets/<str:number>/", ticket.TicketPage.as_view(), name="ticket"),
    path("tickets/<str:number>/say/", acting.Say.as_view(), name="say"),
    path("tickets/<str:number>/take/", acting.Take.as_view(), name="take"),
    path("tickets/<str:number>/take-over/", acting.TakeOver.as_view(), name="take_over"),
    path("tickets/<str:number>/assign/", acting.Assign.as_view(), name="assign"),
    path("tickets/<str:number>/hand-over/", acting.HandOver.as_view(), name="hand_over"),
    path("tickets/<str:number>/edit/", acting.Edit.as_view(), name="edit"),
    path("tickets/<str:number>/priority/", acting.SetPriority.as_view(), name="priority"),
    path("tickets/<str:number>/priority/lift/", acting.LiftPriority.as_view(), name="lift"),
    path("tickets/<str:number>/time/", acting.BookTime.as_view(), name="book_time"),
    path("tickets/<str:number>/timer/start/", acting.StartTimer.as_view(), name="start_timer"),
    path("tickets/<str:number>/timer/stop/", acting.StopTimer.as_view(), name="stop_timer"),
    path("tickets/<str:number>/move/<slug:verb>/", acting.Move.as_view(), name="move"),
    path("time/", time.MyTime.as_view(), name="time"),
]
