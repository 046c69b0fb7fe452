from django.urls import path

from portal.ui import converters  # noqa: F401 - makes <record:...> known

from .views import (
    acting,
    deadlines,
    filling,
    items,
    merging,
    promising,
    queue,
    relating,
    ticket,
)
from .views.time import booking, calendar, entry, importing, listing, timers
from .views.time import week as week_of_time

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
    path("tickets/<record:number>/fields/", filling.FillIn.as_view(), name="fill_in"),
    path("tickets/<record:number>/priority/", acting.SetPriority.as_view(), name="priority"),
    path("tickets/<record:number>/priority/lift/", acting.LiftPriority.as_view(), name="lift"),
    path(
        "tickets/<record:number>/supplier-answered/",
        promising.SupplierAnswered.as_view(),
        name="supplier_answered",
    ),
    path("tickets/<record:number>/exclude/", promising.Exclude.as_view(), name="exclude"),
    path("tickets/<record:number>/time/", booking.BookTime.as_view(), name="book_time"),
    path("tickets/<record:number>/timer/start/", timers.StartTimer.as_view(), name="start_timer"),
    path("tickets/<record:number>/timer/pause/", timers.PauseTimer.as_view(), name="pause_timer"),
    path(
        "tickets/<record:number>/timer/discard/",
        timers.DiscardTimer.as_view(),
        name="discard_timer",
    ),
    path("tickets/<record:number>/timer/stop/", timers.StopTimer.as_view(), name="stop_timer"),
    path("tickets/<record:number>/move/<slug:verb>/", acting.Move.as_view(), name="move"),
    path("tickets/<record:number>/merge/", merging.Merge.as_view(), name="merge"),
    path("tickets/<record:number>/unmerge/", merging.Unmerge.as_view(), name="unmerge"),
    path("tickets/<record:number>/related/", relating.Related.as_view(), name="related"),
    path("tickets/<record:number>/related/end/", relating.Unrelate.as_view(), name="unrelate"),
    path("tickets/<record:number>/split/<uuid:message>/", merging.Split.as_view(), name="split"),
    path("tickets/<record:number>/items/", items.AttachItem.as_view(), name="attach_item"),
    path(
        "tickets/<record:number>/items/<record:item>/detach/",
        items.DetachItem.as_view(),
        name="detach_item",
    ),
    path(
        "tickets/<record:number>/items/<record:item>/evidence/",
        items.KeepEvidence.as_view(),
        name="keep_evidence",
    ),
    path(
        "tickets/<record:number>/evidence/<int:kept>/",
        items.Evidence.as_view(),
        name="evidence",
    ),
    path("items/<record:number>/tickets/", items.TicketsOfItem.as_view(), name="item_tickets"),
    path("services/<int:pk>/tickets/", items.TicketsOfService.as_view(), name="service_tickets"),
    path("time/", week_of_time.Week.as_view(), name="time"),
    path("time/running/", timers.Running.as_view(), name="running_timer"),
    path("time/book/", booking.BookAnywhere.as_view(), name="book"),
    path("time/calendar/", calendar.Calendar.as_view(), name="time_calendar"),
    path("time/import/", importing.Upload.as_view(), name="time_upload"),
    path("time/import/<uuid:uuid>/", importing.Import.as_view(), name="time_import"),
    path("time/entries/", listing.Entries.as_view(), name="time_entries"),
    path("time/entries/ticked/", listing.Ticked.as_view(), name="time_ticked"),
    path("time/entries/<uuid:uuid>/", entry.EntryPage.as_view(), name="entry"),
    path("time/entries/<uuid:uuid>/correct/", entry.Correct.as_view(), name="entry_correct"),
    *(
        path(
            f"time/entries/<uuid:uuid>/{verb}/",
            entry.Step.as_view(),
            {"verb": verb},
            name=f"entry_{verb}",
        )
        for verb in entry.Step.verbs
    ),
    *(
        path(
            f"time/entries/<uuid:uuid>/{verb}/",
            entry.StepBack.as_view(),
            {"verb": verb},
            name=f"entry_{verb.replace('-', '_')}",
        )
        for verb in entry.StepBack.steps
    ),
]
