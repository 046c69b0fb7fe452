from django.urls import path

from portal.ui import converters  # noqa: F401 - makes <record:...> known

from .views import acting, boards, calendar, feed, listing, opening, sheet, templates, windows

app_name = "changes"

# Meetings are named with their board.
MEETING = "boards/<int:board_key>/meetings/<int:pk>/"

urlpatterns = [
    path("", listing.ChangeList.as_view(), name="list"),
    path("new/", opening.New.as_view(), name="new"),
    path("new/standard/", opening.FromTemplate.as_view(), name="new_standard"),
    path("for/<record:number>/", opening.Answer.as_view(), name="answer"),
    path("templates/", templates.TemplateList.as_view(), name="templates"),
    path("templates/new/", templates.Propose.as_view(), name="propose"),
    path("templates/<int:pk>/", templates.TemplatePage.as_view(), name="template"),
    path("templates/<int:pk>/edit/", templates.Edit.as_view(), name="edit_template"),
    path("templates/<int:pk>/approve/", templates.Approve.as_view(), name="approve_template"),
    path("templates/<int:pk>/vote/", templates.VoteOnIt.as_view(), name="vote_template"),
    path("templates/<int:pk>/suspend/", templates.Suspend.as_view(), name="suspend_template"),
    path("templates/<int:pk>/again/", templates.Again.as_view(), name="again_template"),
    path("templates/<int:pk>/retire/", templates.Retire.as_view(), name="retire_template"),
    path("boards/", boards.Boards.as_view(), name="boards"),
    path("boards/<int:pk>/", boards.BoardPage.as_view(), name="board"),
    path("boards/<int:pk>/call/", boards.Call.as_view(), name="call_meeting"),
    path(MEETING, boards.MeetingPage.as_view(), name="meeting"),
    path(MEETING + "minutes/", boards.Minutes.as_view(), name="minutes"),
    path(MEETING + "postpone/", boards.Postpone.as_view(), name="postpone"),
    path(MEETING + "add/", boards.AddItem.as_view(), name="add_item"),
    path(MEETING + "take/", boards.TakeMinutes.as_view(), name="take_minutes"),
    path(MEETING + "close/", boards.CloseMeeting.as_view(), name="close_meeting"),
    path(MEETING + "items/<int:item>/off/", boards.RemoveItem.as_view(), name="remove_item"),
    path("calendar/", calendar.Calendar.as_view(), name="calendar"),
    path("calendar/address/", feed.FeedPage.as_view(), name="feed"),
    path("calendar/feed/<slug:token>.ics", feed.feed_file, name="feed_file"),
    path("windows/", windows.Windows.as_view(), name="windows"),
    path("windows/<slug:kind>/new/", windows.NewWindow.as_view(), name="new_window"),
    path("windows/<slug:kind>/<int:pk>/", windows.WindowPage.as_view(), name="window"),
    path(
        "windows/<slug:kind>/<int:pk>/switch/", windows.SwitchWindow.as_view(), name="switch_window"
    ),
    path("conflicts/<int:pk>/accept/", windows.ConflictAction.as_view(), name="accept_conflict"),
    path("conflicts/<int:pk>/exempt/", windows.Exempt.as_view(), name="exempt"),
    path("<record:number>/", sheet.Sheet.as_view(), name="sheet"),
    path("<record:number>/vote/", sheet.GiveVote.as_view(), name="vote"),
    path("<record:number>/note/", sheet.AddNote.as_view(), name="note"),
    path("<record:number>/files/<uuid:uuid>/", sheet.NoteFile.as_view(), name="note_file"),
    path("<record:number>/plan/", acting.Plan.as_view(), name="plan"),
    path("<record:number>/window/", acting.MoveWindow.as_view(), name="move_window"),
    path("<record:number>/type/", acting.Retype.as_view(), name="retype"),
    path("<record:number>/assess/", acting.Assess.as_view(), name="assess"),
    path("<record:number>/review/", acting.Review.as_view(), name="review"),
    path("<record:number>/items-confirmed/", acting.ConfirmItems.as_view(), name="confirm_items"),
    path("<record:number>/causes/<int:pk>/", acting.Cause.as_view(), name="cause"),
    path("<record:number>/announce/", acting.Announce.as_view(), name="announce"),
    path("<record:number>/withdraw/", acting.Withdraw.as_view(), name="withdraw"),
    path("<record:number>/move/<slug:verb>/", acting.Move.as_view(), name="move"),
]
