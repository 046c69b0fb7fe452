"""Paths of invoices, under /billing/invoices/."""

from django.urls import path

from . import views

app_name = "invoices"
urlpatterns = [
    path("", views.InvoiceList.as_view(), name="list"),
    path("run/", views.Run.as_view(), name="run"),
    path("runs/", views.Runs.as_view(), name="runs"),
    path("runs/<uuid:uuid>/", views.RunDetail.as_view(), name="billing-run"),
    path("runs/<uuid:uuid>/progress/", views.RunProgress.as_view(), name="run-progress"),
    path("runs/<uuid:uuid>/cancel/", views.CancelRun.as_view(), name="run-cancel"),
    path("runs/<uuid:uuid>/issue/", views.IssueRun.as_view(), name="run-issue"),
    path("this-month/", views.ThisMonth.as_view(), name="this-month"),
    path("accounts/<uuid:uuid>/", views.Account.as_view(), name="account"),
    path("ageing/", views.Ageing.as_view(), name="ageing"),
    path("ageing/invoices/", views.Owed.as_view(), name="owed"),
    path("bank/", views.EntryList.as_view(), name="entries"),
    path("bank/accept/", views.AcceptMany.as_view(), name="accept-entries"),
    path("bank/lines/<uuid:uuid>/", views.AcceptEntry.as_view(), name="entry"),
    path("bank/lines/<uuid:uuid>/ignore/", views.IgnoreEntry.as_view(), name="ignore-entry"),
    path("bank/lines/<uuid:uuid>/restore/", views.RestoreEntry.as_view(), name="restore-entry"),
    path("bank/files/", views.StatementList.as_view(), name="statements"),
    path("bank/files/new/", views.Upload.as_view(), name="upload-statement"),
    path("bank/files/<uuid:uuid>/", views.StatementDetail.as_view(), name="statement"),
    path("bank/files/<uuid:uuid>/file/", views.StatementFile.as_view(), name="statement-file"),
    path(
        "bank/files/<uuid:uuid>/columns/",
        views.StatementColumns.as_view(),
        name="statement-columns",
    ),
    path("confirmations/", views.ConfirmationList.as_view(), name="confirmations"),
    path("confirmations/<uuid:uuid>/", views.Decide.as_view(), name="decide"),
    path("payments/", views.PaymentList.as_view(), name="payments"),
    path("payments/new/", views.RecordPayment.as_view(), name="record-payment"),
    path("payments/<uuid:uuid>/", views.PaymentDetail.as_view(), name="payment"),
    path("payments/<uuid:uuid>/allocate/", views.Allocate.as_view(), name="allocate"),
    path("payments/<uuid:uuid>/pay-back/", views.PayBack.as_view(), name="pay-back"),
    path("payments/<uuid:uuid>/reverse/", views.Reverse.as_view(), name="reverse"),
    path(
        "payments/<uuid:uuid>/take-off/<int:allocation>/", views.TakeOff.as_view(), name="take-off"
    ),
    path("reminders/", views.ReminderList.as_view(), name="reminders"),
    path("reminders/send/", views.SendReminders.as_view(), name="send-reminders"),
    path("<uuid:uuid>/credit/", views.Credit.as_view(), name="credit"),
    path("<uuid:uuid>/difference/", views.Differ.as_view(), name="differ"),
    path(
        "<uuid:uuid>/difference/<int:difference>/end/",
        views.EndDifference.as_view(),
        name="end-difference",
    ),
    path("<uuid:uuid>/hold/", views.Hold.as_view(), name="hold"),
    path("<uuid:uuid>/hold/lift/", views.LiftHold.as_view(), name="lift-hold"),
    path("<uuid:uuid>/void/", views.Void.as_view(), name="void"),
    path("<uuid:uuid>/", views.Detail.as_view(), name="detail"),
    path("<uuid:uuid>/lines/<int:position>/", views.Line.as_view(), name="line"),
    path("<uuid:uuid>/issue/", views.Issue.as_view(), name="issue"),
    path("<uuid:uuid>/progress/", views.Progress.as_view(), name="progress"),
    path("<uuid:uuid>/pdf/", views.Pdf.as_view(), name="pdf"),
    path("<uuid:uuid>/hours/", views.Hours.as_view(), name="hours"),
]
