from django.urls import path, register_converter
from django.urls.converters import StringConverter

from .views import acting, queue, ticket, time

app_name = "desk"


class TicketNumber(StringConverter):
    """Letters, digits and hyphens; any other sign is in no number, and some no database takes."""

    regex = r"[A-Za-z0-9-]{1,20}"


register_converter(TicketNumber, "ticket")

urlpatterns = [
    path("tickets/", queue.Queue.as_view(), name="queue"),
    path("tickets/filter/", queue.FilterPanel.as_view(), name="filter"),
    path("tickets/take/", queue.TakeSelected.as_view(), name="take_selected"),
    path("tickets/<ticket:number>/", ticket.TicketPage.as_view(), name="ticket"),
    path("tickets/<ticket:number>/say/", acting.Say.as_view(), name="say"),
    path("tickets/<ticket:number>/take/", acting.Take.as_view(), name="take"),
    path("tickets/<ticket:number>/take-over/", acting.TakeOver.as_view(), name="take_over"),
    path("tickets/<ticket:number>/assign/", acting.Assign.as_view(), name="assign"),
    path("tickets/<ticket:number>/hand-over/", acting.HandOver.as_view(), name="hand_over"),
    path("tickets/<ticket:number>/edit/", acting.Edit.as_view(), name="edit"),
    path("tickets/<ticket:number>/priority/", acting.SetPriority.as_view(), name="priority"),
    path("tickets/<ticket:number>/priority/lift/", acting.LiftPriority.as_view(), name="lift"),
    path("tickets/<ticket:number>/time/", acting.BookTime.as_view(), name="book_time"),
    path("tickets/<ticket:number>/timer/start/", acting.StartTimer.as_view(), name="start_timer"),
    path("tickets/<ticket:number>/timer/stop/", acting.StopTimer.as_view(), name="stop_timer"),
    path("tickets/<ticket:number>/move/<slug:verb>/", acting.Move.as_view(), name="move"),
    path("time/", time.MyTime.as_view(), name="time"),
]
